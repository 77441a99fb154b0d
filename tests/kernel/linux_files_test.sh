#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# linux_files_test.sh DRIVER LIST SCRATCH [FILE...]
#
# Unedited files of Linux 6.12 through the compiler driver, as LIST (linux_files.txt) says of each,
# or of the FILEs only, and the KTAP of our own suites through kunit.py. The source is what scripts/kernel-check keeps unpacked, or comes out of
# /usr/src/linux-source-6.12.tar.xz (Debian's linux-source-6.12); none of it is stored.
# LINUX_SOURCE=DIR, LINUX_TARBALL=FILE name others. Status: 0 all as listed, 1 not, 77 no source.
set -uo pipefail
driver=$1 list=$2 scratch=$3
shift 3
tarball=${LINUX_TARBALL:-/usr/src/linux-source-6.12.tar.xz}
kept=${XDG_CACHE_HOME:-$HOME/.cache}/flushdep/linux-6.12
parts=(kernel/time lib mm tools/testing/kunit tools/testing/selftests/kselftest_module.h)

mkdir -p "$scratch"
work=$(mktemp -d "$scratch/linux_files.XXXXXX")
trap 'rm -rf "$work"' EXIT

find_source() {
  local candidate
  for candidate in "${LINUX_SOURCE:-}" "$kept"; do
    if [[ -n $candidate && -f $candidate/lib/list-test.c && -f $candidate/tools/testing/kunit/kunit.py ]]; then
      linux=$candidate
      return
    fi
  done
  if [[ ! -f $tarball ]]; then
    echo "SKIP: neither $kept nor $tarball (scripts/setup --kernel)"
    exit 77
  fi
  tar -xJf "$tarball" -C "$work" "${parts[@]/#/linux-source-6.12/}" || exit 1
  linux=$work/linux-source-6.12
}

failures=0
fail() {
  failures=$((failures + 1))
  printf 'FAIL: %s\n' "$*"
}

# What the kernel's own parser makes of the KTAP on stdout.
parses() { PYTHONDONTWRITEBYTECODE=1 python3 "$linux/tools/testing/kunit/kunit.py" parse "$work/ktap" >"$work/parsed" 2>&1; }

# How FILE does with FLAGS: suites, module (without suites, its init succeeds), or what went wrong, in words, and its evidence in $work/evidence.
try() {
  local file=$1 status=0
  shift
  if ! timeout 120 "$driver" --flushdep-kernel "$@" "$linux/$file" -o "$work/program" >"$work/evidence" 2>&1; then
    verdict='does not compile'
    return
  fi
  # The compiler's own warnings are the file's business.
  if grep -qE 'warning:.*\[FD[0-9]' "$work/evidence"; then
    verdict='warns'
    return
  fi
  timeout 300 "$work/program" >"$work/ktap" 2>"$work/evidence" || status=$?
  # Reports of the checker have no place in these files.
  if ((status == 66)); then
    verdict='is reported'
  elif ((status > 1)); then
    verdict="ends with status $status"
  elif grep -q '^1\.\.0$' "$work/ktap" || [[ ! -s $work/ktap ]]; then
    # No suites. Some modules only print what failed.
    verdict=module
    grep -qE 'failed [1-9]|FAIL|ERROR|Error|BUG|wrong for|, expected ' "$work/evidence" && verdict='prints failures'
    ((status == 0)) || [[ $verdict != module ]] || verdict="ends with status $status"
  elif ((status != 0)); then
    cat "$work/ktap" >>"$work/evidence"
    verdict='fails cases'
  else
    verdict=suites
    parses || { cp "$work/parsed" "$work/evidence" && verdict='prints KTAP that kunit.py refuses'; }
  fi
}

# One line of the list: FILE | EXPECTED | REASON or the flags.
check() {
  local file=$1 expected=$2 rest=$3 flags=()
  case $expected in
    suites | module)
      read -ra flags <<<"$rest"
      try "$file" "${flags[@]}"
      [[ $verdict == "$expected" ]] && return
      fail "$file is listed as '$expected', but $verdict:"
      tail -n 40 "$work/evidence"
      ;;
    refuses)
      # Its init fails on purpose, so that it need not be unloaded; REASON is what it prints when all is well.
      try "$file"
      [[ $verdict == 'ends with status 1' ]] && grep -qE -- "$rest" "$work/evidence" && return
      fail "$file is listed as printing '$rest', but $verdict:"
      tail -n 40 "$work/evidence"
      ;;
    not)
      [[ -n $rest ]] || fail "$file: no reason is given"
      try "$file"
      if [[ $verdict == suites || $verdict == module ]]; then
        fail "$file works now ($verdict): take it off the list of those that do not"
      fi
      ;;
    *) fail "$file: '$expected' is none of suites, module, refuses, not" ;;
  esac
}

find_source
total=0 working=0
while IFS='|' read -r file expected rest; do
  read -r file <<<"$file"
  read -r expected <<<"$expected"
  read -r rest <<<"$rest"
  [[ -n $file && $file != \#* ]] || continue
  if (($#)) && [[ " $* " != *" $file "* ]]; then
    continue
  fi
  total=$((total + 1))
  if [[ ! -f $linux/$file ]]; then
    fail "$file is not in the source"
    continue
  fi
  check "$file" "$expected" "$rest"
  [[ $expected == not ]] || working=$((working + 1))
done <"$list"
((total > 0)) || fail "nothing to try in $list"

# Suites of our own, beside the list: the kernel's parser reads them as it does the kernel's.
for suite in mermap_kunit page_alloc_unmapped_kunit; do
  "$driver" --flushdep-kernel "${list%/*}/$suite.c" -o "$work/program" || fail "$suite does not compile"
  cases=$("$work/program" 2>&1 >"$work/ktap" && sed -n 's/^# Totals: pass:\([0-9]*\) fail:0 .*/\1/p' "$work/ktap")
  if parses && grep -qE "Testing complete\. Ran [0-9]+ tests: passed: $cases\b" "$work/parsed"; then
    echo "$suite: $(tail -n 1 "$work/parsed")"
  else
    fail "kunit.py on $suite:"
    tail -n 20 "$work/parsed"
  fi
done
echo "$total files, $working of them work; $failures failures"
((failures == 0))
