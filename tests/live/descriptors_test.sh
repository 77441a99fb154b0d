#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Programs that close, reuse or lack descriptors.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
scenarios

with "log_path=log" ./scenarios closed_fds
expect_status 66
expect_reports 2
expect_err "scenarios.c:"
records log.*.jsonl 2
rm -f log.*
with "log_path=log" ./scenarios closed_fds_clean
expect_status 0
expect_silent
rm -f log.*
with "" ./scenarios closed_fds_map
expect_status 4
expect_err "which is the simulated memory"

# Its own files get our numbers: nothing of ours may land in them.
with "log_path=log" ./scenarios reused_fds
expect_status 66
expect_reports 2
expect_err "scenarios.c:"
records log.*.jsonl 2
rm -f log.*

# Started with descriptors closed: our files must not become its stdout or stderr.
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
  with "log_path=log" bash -c "exec ./scenarios two_bugs $closed"
  expect_status 66
  [[ $closed == *"2>&-"* ]] || expect_reports 2
  [[ $closed == *"2>&-"* ]] || expect_err "scenarios.c:"
  records log.*.jsonl 2
  grep -q '"function":"other_bug"' log.*.jsonl || problem "no symbols"
  rm -f log.*
  with "log_path=log" bash -c "exec ./scenarios clean $closed"
  expect_status 0
  rm -f log.*
done

# A reader of stderr that is slow, on a pipe that does not block: all of it arrives.
run bash -c "{ ./scenarios nonblocking_stderr; echo \$? >status; } 2>&1 >/dev/null | { sleep 1; cat >text; }"
err=$(<text) status=$(<status)
expect_status 66
expect_reports 40
finish
