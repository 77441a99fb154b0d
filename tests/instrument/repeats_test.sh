#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A mistake is told once, however many instructions the compiler made of its line.
source "$(dirname "$0")/../live/common.sh"
repeats=$here/../instrument/repeats.c

for level in -O0 -O1 -O2 -O3; do
  build $level --flushdep-no-static "$repeats" -o repeats
  for backend in mmu model; do
    rm -f log.*.jsonl
    with "backend=$backend:log_path=log:symbolize=1" ./repeats
    expect_status 66
    expect_reports 4 FD009
    expect_err "#0  sum_of "
    [[ $(grep -c '"rule":"FD009"' log.*.jsonl) == 4 ]] || problem "$level $backend: not four records"
    # Where the source is not known, each instruction stands for itself.
    with "backend=$backend:symbolize=0" ./repeats
    expect_status 66
    [[ $(count "$err" '^BUG: ') -ge 4 ]] || problem "$level $backend: less than four without names"
  done
done
# The compiler did make several of them, or this test shows nothing.
[[ $(count "$err" '^BUG: ') -ge 6 ]] || problem "the loop was not unrolled"
finish
