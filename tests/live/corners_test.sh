#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Rules where something else than the rule itself stands in the way: options, short ways, forks.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build -pthread "$here/corners.c" -o corners

# finds RULE OPTIONS PROGRAM: this report and no other, of any severity.
finds() {
  with "$2:fail_on=possible" ./corners "$3"
  expect_status 66
  [[ $(grep -oE '^(BUG|WARNING): .*\[FD[0-9]+\]' <<<"$err" | grep -oE 'FD[0-9]+') == "$1" ]] ||
    problem "$3 ($2): not $1 alone"
}
quiet() {
  with "$1:fail_on=possible" ./corners "$2"
  expect_status 0
  expect_silent
}

for backend in mmu model; do
  for program in stored loaded translated; do
    finds FD001 "strength=accessed:backend=$backend" $program
    finds FD001 "backend=$backend" $program
  done
  quiet "strength=accessed:backend=$backend" not_used
  finds FD001 "backend=$backend" not_used

  quiet "backend=$backend" zeroed
  quiet "backend=$backend:stacks=0" zeroed
  finds FD004 "backend=$backend" zeroed_between

  for options in inference=1 inference=0 inference=0:stacks=0 limit_Sites=2 limit_LifeStates=2; do
    finds FD013 "$options:backend=$backend" leaked
  done
  quiet "inference=0:backend=$backend" put_in_time
  quiet "backend=$backend" put_in_time

  finds FD004 "cpus=4:backend=$backend" readers
  quiet "cpus=4:backend=$backend" writers
  quiet "cpus=4:backend=$backend" writer_after_reader

  with "backend=$backend" ./corners forked
  expect_status 66
  expect_reports 1 FD001
  [[ $out == *"child counts 0"*"child ended with 0"* ]] || problem "the child has its parent's findings"
  with "backend=$backend" ./corners forked_again
  expect_status 66
  expect_reports 2 FD001
  [[ $out == *"child ended with 66"* ]] || problem "the child's finding is lost"
done

with "suppressions=/" ./corners not_used
expect_status 2
expect_err "FLUSHDEP_OPTIONS: suppressions=/: Is a directory"
finish
