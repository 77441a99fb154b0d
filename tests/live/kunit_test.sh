#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# KUnit programs in kernel mode: options, statuses, and a report that fails its
# own case and no other.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build --flushdep-kernel "$here/cases.c" -o cases

with "" ./cases
expect_status 66
expect_reports 2 FD001 FD010
expect_out "not ok 1 wrong"
expect_out "    ok 2 right"
expect_out "not ok 3 fails"
expect_out "not ok 4 traps"
expect_out "not ok 5 wild"
says_once "flushdep: store to 0x7ebffffff000"

with "" ./cases --filter_glob=live.right
expect_status 0
expect_out "ok 1 live"
expect_reports 0
with "" ./cases --filter_glob=live.fails
expect_status 1
expect_out "not ok 1 fails"
expect_reports 0
with "" ./cases --filter_glob=live.wrong
expect_status 66
expect_reports 1 FD001
# A possible bug fails its case where it fails the run.
with "" ./cases --filter_glob=possible.*
expect_status 0
expect_err "[FD004]"
expect_no_out "not ok"
with "fail_on=possible" ./cases --filter_glob=possible.*
expect_status 66
expect_err "[FD004]"
expect_out "not ok 1 lucky"
expect_out "    ok 2 right"
with "exitcode=0" ./cases --filter_glob=live.fails
expect_status 1

# The first error ends it, also one that was found by a trap.
with "halt_on_error=1" ./cases
expect_status 66
expect_reports 1 FD001
expect_no_out "ok 2"
with "halt_on_error=1" ./cases --filter_glob="live.[tw]*"
expect_reports 1
with "halt_on_error=1" ./cases --filter_glob="live.[tr]*"
expect_status 66
expect_reports 1 FD010

with "" ./cases --list
expect_status 0
expect_out "live.wrong"
expect_reports 0
for option in --nosuch nosuch --filter_glob; do
  with "" ./cases $option
  expect_status 2
  expect_err "$option"
  expect_no_out "ok 1"
done
with "" ./cases --filter_glob=nothing.here
expect_reports 0
expect_no_out "ok 1 right"

with "cpus=nonsense" ./cases
expect_status 2
expect_err "FLUSHDEP_OPTIONS: cpus=nonsense"
finish
