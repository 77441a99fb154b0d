#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# FLUSHDEP_OPTIONS: what is wrong is said, with a way out; each key has its effect.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
scenarios

# --- Wrong ones: status 2, nothing runs -----------------------------------------
refused() {
  with "$1" ./scenarios bug_then_print
  expect_status 2
  expect_err "FLUSHDEP_OPTIONS: $2"
  expect_err "$3"
  expect_no_out "still here"
  expect_reports 0
}
refused "nosuch=1" "nosuch=1" "help=1 lists them"
refused "cpus" "cpus" "expected key=value"
refused "pcid=1:cpus=0" "cpus=0" "expected 1 to 256"
refused "cpus=257" "cpus=257" "expected 1 to 256"
refused "cpus=4x" "cpus=4x" "expected 1 to 256"
refused "cpus=-1" "cpus=-1" "expected 1 to 256"
refused "mem=1M" "mem=1M" "16M to 64G"
refused "mem=17M" "mem=17M" "whole pageblocks"
refused "mem=99999999999G" "mem=99999999999G" "16M to 64G"
refused "pcid=maybe" "pcid=maybe" "expected 0 or 1"
refused "stacks=33" "stacks=33" "0 to 32"
refused "exitcode=256" "exitcode=256" "0 to 255"
refused "fail_on=advice" "fail_on=advice" "expected error or possible"
refused "backend=kvm" "backend=kvm" "expected mmu or model"
refused "holes=punch" "holes=punch" "expected auto, guard, uffd or mprotect"
refused "direct_map=maybe" "direct_map=maybe" "expected 0 or 1"
refused "strength=guessed" "strength=guessed" "expected speculative or accessed"
refused "suppressions=nosuch" "suppressions=nosuch" "No such file"
printf 'race:x\n' >wrong_list
refused "suppressions=wrong_list" "suppressions=wrong_list: race:x" "expected a rule"
refused "limit_Sites=1" "limit_Sites=1" "expected a number from 2"

with "::cpus=2:" ./scenarios clean
expect_status 0
expect_silent
with "help=1" ./scenarios bug_then_print
expect_status 0
expect_no_out "still here"
for key in backend holes strength cpus mem pcid direct_map inference stacks log_path exitcode fail_on halt_on_error \
           seed suppressions symbolize advice print_stats help; do
  expect_err "  $key="
done

# --- Each has its effect ------------------------------------------------------
with "cpus=7" ./scenarios threads_in_turn 1
expect_out "cpus=7"
with "mem=16M" ./scenarios out_of_memory
expect_status 0
expect_out "pages=4031 of 4096"
expect_reports 0

for backend in mmu model; do
  with "backend=$backend" ./scenarios bug
  expect_status 66
  expect_reports 1 FD001
  with "backend=$backend" ./scenarios clean
  expect_status 0
  expect_silent
done
# A machine that cannot change its direct map has no unmapped pages to hand out.
with "direct_map=0" ./scenarios bug
[[ $status != 0 && $status != 66 ]] || problem "status $status with direct_map=0"
expect_reports 0

# Without PCIDs a context switch flushes, and no CPU holds anything: luck, and no bug that happened.
with "pcid=1" ./scenarios switched
expect_status 66
expect_reports 1 FD001
with "pcid=0:inference=0" ./scenarios switched
expect_status 0
expect_silent
with "pcid=0" ./scenarios switched
expect_status 0
expect_err "WARNING: possible lucky-flush [FD004]"
with "pcid=0:fail_on=possible" ./scenarios switched
expect_status 66

# What is suppressed is no finding.
printf '# known\nFD001:map_once\n' >list
with "suppressions=list:print_stats=1" ./scenarios bug
expect_status 0
expect_reports 0
expect_err "flushdep: suppressed 1: FD001:map_once"
with "suppressions=list" ./scenarios clean
expect_status 0
expect_silent

with "stacks=0" ./scenarios bug
expect_status 66
expect_reports 1 FD001
# The free's own stack is taken for the report; nothing was kept of the put.
expect_err "stack backtrace"
expect_no_err "a flush is owed, on"
with "stacks=0:inference=0" ./scenarios bug
expect_status 66
expect_reports 1 FD001
with "stacks=0:inference=0" ./scenarios clean
expect_status 0
expect_silent
with "stacks=1" ./scenarios bug
[[ ${err%%stack backtrace*} != *"#1"* ]] || problem "more than one frame was kept"
with "symbolize=0" ./scenarios bug
expect_status 66
expect_reports 1 FD001
expect_err "/scenarios+0x"
expect_no_err "scenarios.c:"

with "exitcode=5" ./scenarios bug_status_7
expect_status 5
expect_reports 1
with "" ./scenarios bug_status_7
expect_status 66
# No status of ours: the program's own failure must not turn into a success.
with "exitcode=0" ./scenarios bug_status_7
expect_status 7
expect_reports 1
with "exitcode=0" ./scenarios bug
expect_status 0
expect_reports 1

for level in error possible; do
  with "fail_on=$level" ./scenarios bug
  expect_status 66
  with "fail_on=$level" ./scenarios clean
  expect_status 0
  expect_silent
done

with "halt_on_error=1" ./scenarios bug_then_print
expect_status 66
expect_no_out "still here"
with "halt_on_error=0" ./scenarios bug_then_print
expect_status 66
expect_out "still here"
with "halt_on_error=1" ./scenarios clean
expect_status 0

with "print_stats=1" ./scenarios loop
expect_err "flushdep: statistics"
# Columns are for people.
[[ $err =~ ' errors:'\ +100 ]] || problem "not 100 errors"
[[ $err =~ 'problems reported:'\ +1\ '[max: 8192]' ]] || problem "no limit of problems"
with "print_stats=1" ./scenarios clean
expect_status 0
[[ $err =~ ' errors:'\ +0 ]] || problem "there are errors"
[[ $err =~ 'page-classes:'\ +[1-9][0-9]*\ '[max: 4096]' ]] || problem "no classes"
grep -q '  flush site [a-z_]* .*scenarios\.c:[0-9]*: [0-9]* flushes' <<<"$err" || problem "no flush site"

# A limit that is reached is said once; what it is for stops learning, the invariant does not.
with "limit_Sites=2" ./scenarios bug
expect_status 66
expect_reports 1 FD001
says_once "limit Sites [max: 2] was reached"
# --- strength: who may hold a translation ---------------------------------------
for backend in model mmu; do
  with "backend=$backend:strength=speculative" ./scenarios untouched
  expect_status 66
  expect_reports 1 FD001
  with "backend=$backend:strength=accessed" ./scenarios untouched
  expect_status 0
  expect_silent
  with "backend=$backend:strength=accessed" ./scenarios bug
  expect_status 66
  expect_reports 1 FD001
  with "backend=$backend:strength=accessed:stacks=0:inference=0" ./scenarios bug
  expect_reports 1 FD001
  with "backend=$backend:strength=accessed" ./scenarios clean
  expect_status 0
  expect_silent
done

finish
