#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What the page allocator does by itself: nothing that a correct caller is reported for.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build "$here/allocator.c" -o allocator

for name in zero_mermap flips compact_clean compact_flushed meminfo; do
  with "mem=32M" ./allocator $name
  expect_status 0
  expect_reports 0
done

with "mem=32M" ./allocator zero_mermap
expect_out "zeroed=2047"
with "mem=32M" ./allocator flips
expect_out "flushes=3"
with "mem=32M" ./allocator compact_clean
expect_out "moves=1"
with "mem=32M" ./allocator meminfo
expect_out "Page block order: 9"

# A page that its owner mapped and did not flush is freed by the move.
with "mem=32M" ./allocator compact_bug
expect_status 66
expect_reports 1 FD001
expect_out "moves=1"
with "mem=32M" ./allocator compact_flushed
expect_out "moves=1"

finish
