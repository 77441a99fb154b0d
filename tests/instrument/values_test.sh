#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What instrumented code computes is what it would without (values.c), with LTO and without; and
# what the pass makes is valid to LLVM, which looks at it closely only if it is asked to.
source "$(dirname "$0")/../live/common.sh"
from=$here/../instrument

values=$(grep -c '^VALUE(' "$from/values.c")
for level in -O0 -O1 -O2 -O3; do
  for lto in "" -flto -flto=thin "-flto=thin -fuse-ld=lld"; do
    # shellcheck disable=SC2086 # several words
    build $level $lto --flushdep-no-static "$from/values.c" -o values
    for backend in mmu model; do
      with "backend=$backend" ./values
      expect_status 0
      expect_out "values: $values"
      expect_reports 0
    done
  done
done

for level in -O0 -O1 -O2 -Oz "-O3 -mavx2" "-O3 -mavx512f -mprefer-vector-width=512"; do
  for source in calls grid library loops repeats values; do
    # shellcheck disable=SC2086 # several words
    build $level --flushdep-no-static -emit-llvm -c "$from/$source.c" -o code.bc
    run /usr/lib/llvm-19/bin/opt -passes=verify -disable-output code.bc
    expect_status 0
    expect_silent
  done
done
finish
