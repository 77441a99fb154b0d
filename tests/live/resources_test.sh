#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The machine's limits: memory, CPUs, threads.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
scenarios

with "mem=16M" ./scenarios out_of_memory
expect_status 0
expect_out "pages=4031 of 4096"
expect_reports 0

# Each thread has a CPU of its own while they last, then they share.
for cpus in 1 4 5; do
  with "cpus=$cpus" ./scenarios threads_at_once 5
  expect_status 0
  expect_out "used=$cpus"
  expect_reports 0
done

# One after the other they share.
with "cpus=1" ./scenarios threads_in_turn 20
expect_status 0
expect_out "cpus=1"
expect_reports 0
with "cpus=256" ./scenarios threads_at_once 256
expect_status 0
expect_out "used=256"
expect_reports 0

# The smallest stacks that threads can have; and less than that.
with "" ./scenarios small_stack
expect_status 66
expect_reports 1 FD001
expect_err "scenarios.c:"
with "" bash -c "./scenarios small_stack_trap"
expect_status $sigsegv
expect_reports 1 FD010
for bytes in 1200 2500 5000 9000; do
  with "log_path=log" bash -c "./scenarios tight_stack $bytes"
  expect_status $sigsegv
  says_once "the thread's stack is too small"
  expect_err "[FD001]"
  records log.*.jsonl "$(count "$err" '^BUG: ')"
  rm -f log.*
done
with "" ./scenarios tight_stack 32768
expect_status 66
expect_reports 2

# Signals all the time; no descriptor left for a symboliser; a report while exiting.
with "" ./scenarios alarms
expect_status 66
expect_reports 1
expect_err "scenarios.c:"
with "" ./scenarios no_more_files
expect_status 66
expect_reports 1
says_once "too many open files?"
with "" ./scenarios at_exit
expect_status 66
expect_reports 1

for cpus in 1 256; do
  with "cpus=$cpus" ./scenarios bug
  expect_status 66
  expect_reports 1 FD001
  with "cpus=$cpus" ./scenarios clean
  expect_status 0
  expect_silent
done
finish
