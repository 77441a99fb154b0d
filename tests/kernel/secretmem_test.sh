#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# secretmem_test.sh DRIVER HEADERS USER SCRATCH
#
# mm/secretmem.c of linux-source-6.12, taken from the package and not edited, is built by DRIVER and
# linked with USER (secretmem_user.c): it passes in silence on both backends. Copies of it with a
# mistake put in are reported, each by its rule and by no other.
#
# The source: $FLUSHDEP_LINUX_SOURCE (an unpacked tree), what scripts/kernel-check unpacked, or the
# tarball of the package; else the test is skipped (status 77).
set -uo pipefail
driver=$1
headers=$2
user=$3
scratch=$4
tarball=/usr/src/linux-source-6.12.tar.xz
failures=0
mkdir -p "$scratch"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

fail() {
  failures=$((failures + 1))
  printf 'FAIL: %s\n' "$*"
}

# Linux's file, into the temporary folder.
get_source() {
  local tree
  for tree in "${FLUSHDEP_LINUX_SOURCE:-}" "${XDG_CACHE_HOME:-$HOME/.cache}"/flushdep/linux*6.12*; do
    [[ -n $tree && -f $tree/mm/secretmem.c ]] && cp "$tree/mm/secretmem.c" "$work/" && return
  done
  [[ -r $tarball ]] &&
    tar -xJf "$tarball" -C "$work" --strip-components=2 --occurrence=1 linux-source-6.12/mm/secretmem.c
}

# compile SOURCE OBJECT FLAGS...
compile() {
  local source=$1 object=$2
  shift 2
  "$driver" --flushdep-kernel "-I$headers/mm" -O1 -g "$@" -c "$source" -o "$object"
}

# run NAME BACKEND CASES: leaves $status and $reports.
run() {
  status=0
  FLUSHDEP_OPTIONS=backend=$2 timeout 120 "$work/$1" "--filter_glob=secretmem.$3" \
    >"$scratch/$1.$2.out" 2>"$scratch/$1.$2.err" || status=$?
  reports=$(grep -oE '^(BUG|WARNING): .*\[F[DA][0-9]+\]' "$scratch/$1.$2.err" |
    grep -oE 'F[DA][0-9]+' | tr '\n' ' ')
}

show() { cat "$scratch/$1.$2.out" "$scratch/$1.$2.err"; }

# silent NAME: all cases, both backends.
silent() {
  local backend
  for backend in mmu model; do
    run "$1" "$backend" '*'
    if [[ $status != 0 || -s $scratch/$1.$backend.err ]] || grep -q 'not ok' "$scratch/$1.$backend.out"; then
      fail "$1 ($backend): status $status $(show "$1" "$backend")"
    fi
  done
}

# planted NAME RULE CASE SED...: the mistake that sed makes is reported in CASE.
planted() {
  local name=$1 rule=$2 case=$3 backend
  shift 3
  sed "$@" "$work/secretmem.c" >"$work/$name.c" || fail "$name: sed"
  if cmp -s "$work/secretmem.c" "$work/$name.c"; then
    fail "$name: nothing to change in this secretmem.c"
    return
  fi
  if ! compile "$work/$name.c" "$work/$name.o" -w -Dfilemap_add_folio=racing_add_folio 2>"$work/log" ||
    ! "$driver" --flushdep-kernel "$work/$name.o" "$work/race.o" -o "$work/$name" 2>>"$work/log"; then
    fail "$name does not build: $(cat "$work/log")"
    return
  fi
  for backend in mmu model; do
    run "$name" "$backend" "$case"
    [[ $status == 66 && $reports == "$rule " ]] ||
      fail "$name ($backend): status $status, reports '$reports', not '$rule' $(show "$name" "$backend")"
  done
}

if ! get_source; then
  echo "skipped: no linux-source-6.12 (scripts/setup --kernel installs it)"
  exit 77
fi

# As it stands.
if ! messages=$(compile "$work/secretmem.c" "$work/secretmem.o" 2>&1) || [[ -n $messages ]]; then
  fail "secretmem.c does not build in silence: $messages"
fi
compile "$user" "$work/user.o" || fail "$user does not build"
"$driver" --flushdep-kernel "$work/secretmem.o" "$work/user.o" -o "$work/plain" || exit 1
silent plain

# With a lost race in each insert that a case wants lost.
compile "$work/secretmem.c" "$work/raced.o" -Dfilemap_add_folio=racing_add_folio || exit 1
compile "$user" "$work/race.o" -DSECRETMEM_RACE || exit 1
"$driver" --flushdep-kernel "$work/raced.o" "$work/race.o" -o "$work/raced" || exit 1
silent raced

planted no_flush FD011 fault_takes_it_out '/flush_tlb_kernel_range(/d'
planted short_flush FD011 fault_takes_it_out 's/flush_tlb_kernel_range(addr, addr + PAGE_SIZE)/flush_tlb_kernel_range(addr, addr)/'
planted never_restored FD010 release_puts_it_back '/^static void secretmem_free_folio/,/^}/{/set_direct_map_default_noflush/d}'
# The block that the first -e opens ends in the second.
planted zeroed_first FD010 release_puts_it_back \
  -e '/^static void secretmem_free_folio/,/^}/{/set_direct_map_default_noflush/d' \
  -e 's/^\(.*folio_zero_segment.*\)$/\1 set_direct_map_default_noflush(\&folio->page);/}'
planted loser_not_restored FD001 loser_takes_the_winners '/^static vm_fault_t secretmem_fault/,/^}/{/set_direct_map_default_noflush/d}'

echo "$failures failures"
((failures == 0))
