#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Each function of the C library that the pass redirects (calls.c): it does in simulated memory
# what it does elsewhere, and where it may not reach, that is reported once, in the function that called it.
source "$(dirname "$0")/../live/common.sh"
from=$here/../instrument

sed -n 's/^FLUSHDEP_LIBRARY_CALL(\(.*\))$/\1/p' "$here/../../runtime/access/library_calls.def" |
  sort >wanted
for level in -O0 -O2; do
  build $level --flushdep-no-static -fno-builtin "$from/calls.c" -o calls
  ./calls list | sort >cases
  diff wanted cases >differences || problem "without a case, or unknown: $(cat differences)"
  for backend in mmu model; do
    with "backend=$backend" ./calls good
    expect_status 0
    expect_reports 0
  done
done
# Where nothing is mapped the call itself must tell.
while read -r name; do
  with "backend=model" ./calls bad "$name"
  expect_reports 1 FD008
  expect_err "do_$name "
done <cases
finish
