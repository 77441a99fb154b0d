#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The machine's limits: memory, CPUs, threads.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
scenarios

with "mem=16M" ./scenarios out_of_memory
expect_status 0
expect_out "pages=4095 of 4096"
expect_reports 0

# A thread that comes when all CPUs are taken.
with "cpus=4" ./scenarios threads_at_once 5
expect_status 2
expect_err "cpus=4 are taken"
expect_err "FLUSHDEP_OPTIONS=cpus="
expect_no_out "used="
with "cpus=5" ./scenarios threads_at_once 5
expect_status 0
expect_out "used=5"
expect_reports 0
with "cpus=1" ./scenarios threads_at_once 2
expect_status 2
expect_err "cpus=1 are taken"

# One after the other they share.
with "cpus=1" ./scenarios threads_in_turn 20
expect_status 0
expect_out "cpus=1"
expect_reports 0
with "cpus=256" ./scenarios threads_at_once 256
expect_status 0
expect_out "used=256"
expect_reports 0
for cpus in 1 256; do
  with "cpus=$cpus" ./scenarios bug
  expect_status 66
  expect_reports 1 FD001
  with "cpus=$cpus" ./scenarios clean
  expect_status 0
  expect_silent
done
finish
