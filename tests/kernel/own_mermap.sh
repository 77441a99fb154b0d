#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# own_mermap.sh DRIVER SOURCES SCRATCH: a mermap of its own replaces ours. Without a mistake it
# passes the mermap's suite and correct callers are silent, as with ours. With each mistake the
# rules that are named here are reported, and no others, and the suite fails.
set -uo pipefail
driver=$1 sources=$2 scratch=$3
runs=0
failures=0

build() { "$driver" --flushdep-kernel -I"$sources" "$@" 2>&1; }

fail() {
  failures=$((failures + 1))
  printf 'FAIL: %s\n' "$@"
}

# What PROGRAM reported, each rule once: "FD009 FD013", "" or "trap". Status, output in $status, $out.
run() {
  runs=$((runs + 1))
  status=0
  out=$(FLUSHDEP_OPTIONS=mem=64M:$2 "$1" 2>&1) || status=$?
  reports=$(grep -oE '^(BUG|WARNING): .*\[F[DA][0-9]+\]' <<<"$out" | grep -oE 'F[DA][0-9]+' |
    sort -u | paste -sd ' ')
  if [[ -z $reports ]] && grep -q 'an address of the simulated machine that no mapping' <<<"$out"; then
    reports="trap"
  fi
}

expect_silent() {
  run "$1" "$2"
  if [[ $status != 0 || -n $reports ]] || grep -qE '^flushdep:|WARNING' <<<"$out"; then
    fail "$1 ($2): status $status, reports '$reports'" "$out"
  fi
}

# The mermap with a mistake, and correct callers: $scratch/mistakeN; and the suite: suiteN.
build_mistake() {
  local text own=$scratch/own$1.o
  text=$(build -DMISTAKE="$1" -c "$sources/own_mermap_full.c" -o "$own" &&
    build "$own" "$scratch/use.o" -o "$scratch/mistake$1" &&
    build "$own" "$scratch/suite.o" -o "$scratch/suite$1") || fail "mistake $1: does not build"
  [[ -z $text ]] || fail "mistake $1: $text"
}

# mistake NUMBER RULES: and the suite fails.
mistake() {
  build_mistake "$1"
  for backend in mmu model; do
    run "$scratch/mistake$1" "cpus=2:backend=$backend"
    [[ $reports == "$2" && $status != 0 ]] ||
      fail "mistake $1 ($backend): reports '$reports', not '$2'; status $status" "$out"
  done
  run "$scratch/suite$1" cpus=2
  if [[ $status == 0 ]] || ! grep -q 'not ok [0-9]* test_' <<<"$out"; then
    fail "mistake $1: the suite passes, status $status" "$out"
  fi
}

# mistake_in_suite NUMBER CASE: the rules have nothing to say of callers; that case fails.
mistake_in_suite() {
  build_mistake "$1"
  run "$scratch/suite$1" cpus=2
  grep -q "not ok [0-9]* $2\$" <<<"$out" || fail "mistake $1: $2 passes" "$out"
}

mkdir -p "$scratch"
text=$(build -c "$sources/mermap_use.c" -o "$scratch/use.o" &&
  build -c "$sources/mermap_kunit.c" -o "$scratch/suite.o" &&
  build "$scratch/use.o" -o "$scratch/use_ours" &&
  build "$scratch/suite.o" -o "$scratch/suite_ours" &&
  build -c "$sources/own_mermap_full.c" -o "$scratch/own.o" &&
  build "$scratch/own.o" "$scratch/use.o" -o "$scratch/use_own" &&
  build "$scratch/own.o" "$scratch/suite.o" -o "$scratch/suite_own") || fail "does not build"
[[ -z $text ]] || fail "warnings: $text"

for backend in mmu model; do
  for program in use_ours use_own; do expect_silent "$scratch/$program" "cpus=2:backend=$backend"; done
  for cpus in 1 2 3 8; do
    for program in suite_ours suite_own; do
      expect_silent "$scratch/$program" "cpus=$cpus:backend=$backend"
    done
  done
done

mistake 1 FD012          # wrap without a flush
mistake 2 FD012          # wrap with a flush of the first page only
mistake 3 FD012          # addresses used again at once
mistake 4 FD012          # the reserve used again without a flush
mistake 5 "FD009 FD013"  # underflow: into the next CPU's slice
mistake 6 "FD009 FD013"  # one slice for all CPUs
mistake 7 "FD002 FD012"  # the put clears the first page only; the rest is overwritten
mistake 8 FD013          # migration is not disabled: put on another CPU
mistake 9 FD013          # migration stays disabled after a failed get
mistake 10 FD013         # the put enables preemption once more than the get disabled it
mistake 11 trap          # ready before the tables are
mistake 12 FD013         # the put leaves migration disabled
mistake 13 "FD002 FD012" # the put clears nothing
mistake 14 "FD008 FD012" # wrap does not look at what is live
mistake 15 "FD009 FD013" # the state of this CPU in a loop over all
mistake 16 "FD002 FD012" # flush before the entries are cleared
mistake 19 "FD002 FD012" # entries are overwritten, without a flush
mistake_in_suite 17 test_reserve     # the reserve fails when four are live
mistake_in_suite 18 test_protections # global protections are not refused

echo "$runs runs, $failures failures"
((failures == 0))
