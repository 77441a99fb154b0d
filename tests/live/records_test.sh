#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Record files: who writes which, what is in them, and what happens when they
# cannot be written. Reports already made are never lost.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
scenarios

# of_this_run: the only record file, as ./r.jsonl
of_this_run() {
  local files=(log.*.jsonl)
  [[ ${#files[@]} == 1 && -e ${files[0]} ]] || problem "not one record file: ${files[*]}"
  mv -f "${files[0]}" r.jsonl
}

# --- What is in them -----------------------------------------------------------
with "log_path=log" ./scenarios two_bugs
expect_status 66
expect_reports 2
of_this_run
records r.jsonl 2
run "$bin/flushdep" report r.jsonl
expect_status 1
with "log_path=log" ./scenarios clean
expect_status 0
expect_silent
of_this_run
records r.jsonl 0

# Each line by one write, the header first.
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
  with "log_path=log" strace -f -e trace=write -o trace ./scenarios two_bugs
  of_this_run
  [[ $(grep -c 'write(.*"{\\"schema' trace) == 3 ]] || problem "not one write for each line"
fi

# --- Ends that nobody planned: what was reported stays -----------------------------
for end in "bug_kill $sigkill" "bug_abort $sigabrt" "bug_null_store $sigsegv"; do
  read -r scenario wanted <<<"$end"
  with "log_path=log" bash -c "./scenarios $scenario"
  expect_status "$wanted"
  expect_reports 1 FD001
  of_this_run
  records r.jsonl 1
done
with "log_path=log" bash -c "./scenarios null_store"
expect_status $sigsegv
expect_reports 0
expect_no_err "flushdep"
of_this_run
records r.jsonl 0

# --- fork and exec ----------------------------------------------------------------
with "log_path=log" ./scenarios fork_bugs
expect_status 66
expect_reports 2
[[ $out =~ parent=([0-9]+)\ child=([0-9]+)\ status=66 ]] || problem "no pids, or status"
records "log.${BASH_REMATCH[1]}.jsonl" 1
records "log.${BASH_REMATCH[2]}.jsonl" 1
grep -q '"function":"other_bug"' "log.${BASH_REMATCH[2]}.jsonl" || problem "not the child's report"
rm -f log.*
with "log_path=log" ./scenarios fork_clean
expect_status 0
expect_silent
rm -f log.*

with "log_path=log" ./scenarios exec_bug
expect_status 66
expect_reports 2
of_this_run
[[ $(grep -c '"header":"flushdep"' r.jsonl) == 2 ]] || problem "not a header of each program"
[[ $(grep -c '"rule":"FD001"' r.jsonl) == 2 ]] || problem "not a record of each program"

# --- Files that cannot be written -----------------------------------------------
with "log_path=$work/no/such/folder/log" ./scenarios bug_then_print
expect_status 2
expect_err "log_path: cannot write $work/no/such/folder/log."
expect_err "No such file or directory"
expect_no_out "still here"

# A limit on the size of files that holds the header and no second record.
with "log_path=log" ./scenarios limited_files 4096
expect_status 66
expect_reports 2
says_once "cannot write records to log."
head -n 1 log.*.jsonl | grep -q '"header":"flushdep"' || problem "no header"
rm -f log.*

# A disk that is full, where we may make one: full from the start, and in the middle.
if mkdir -p disk && mount -t tmpfs -o size=8k tmpfs disk 2>/dev/null; then
  with "log_path=disk/log" ./scenarios two_bugs
  expect_reports 2
  says_once "cannot write records to disk/log."
  expect_status 66
  rm -f disk/log.*
  dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null
  with "log_path=disk/log" ./scenarios clean
  expect_status 2
  expect_err "log_path: cannot write disk/log."
  umount disk
fi

# The same without a limit.
with "log_path=log" ./scenarios limited_files 1000000
expect_reports 2
expect_no_err "cannot write"
of_this_run
records r.jsonl 2

# A child whose file cannot be made goes on on stderr.
mkdir gone
with "log_path=gone/log" ./scenarios fork_unlinked gone
expect_status 66
expect_reports 2
says_once "cannot write records to gone/log."
finish
