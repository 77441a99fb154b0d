#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The same programs however they are built: optimised, not PIE, static, with lld,
# with LTO, beside the sanitizers; and C++ with exceptions, whose names are readable in the text and linkage names in records.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# behaves: a bug, its twin and a trap of ./scenarios
behaves() {
  with "" ./scenarios bug
  expect_status 66
  expect_reports 1 FD001
  expect_err "scenarios.c:"
  with "" ./scenarios clean
  expect_status 0
  expect_silent
  with "" bash -c "./scenarios trap_store"
  expect_status $sigsegv
  expect_reports 1 FD010
  expect_err "scenarios.c:"
}
for flags in -O0 -O1 -O2 -O3 -no-pie -static -fuse-ld=lld "-O2 -flto -fuse-ld=lld" \
  -fsanitize=address,undefined -fsanitize=thread "-O2 -g0"; do
  # shellcheck disable=SC2086
  scenarios $flags
  [[ $flags == *-g0* ]] || behaves
done
# Without debug information a function's name is all there is.
with "" ./scenarios bug
expect_status 66
expect_reports 1 FD001
expect_err "bug"

# --- Two problems are two reports, a hundred of the same one report --------------------
with "" ./scenarios two_bugs
expect_status 66
expect_reports 2 FD001
with "" ./scenarios loop
expect_status 66
expect_reports 1 FD001
expect_out "count=100"
with "" ./scenarios clean_loop
expect_status 0
expect_out "count=0"
expect_reports 0

# --- C++ ---------------------------------------------------------------------------
for flags in -O0 -O2 "-O2 -static"; do
  # shellcheck disable=SC2086
  run "$bin/flushdep-clang++" --flushdep-summary=none -Wno-flushdep $flags "$here/machine.cc" -o machine
  expect_status 0
  with "log_path=log" ./machine bug
  expect_status 66
  expect_reports 1 FD001
  expect_err "guest::Release "
  expect_err "guest::Populate "
  expect_no_err "_ZN"
  records log.*.jsonl 1
  grep -q '"function":"_ZN5guest7Release' log.*.jsonl || problem "no linkage name in the record"
  rm -f log.*
  with "" ./machine throws
  expect_status 66
  expect_out "caught cannot fill"
  expect_reports 1 FD001
  expect_err "guest::Mapping::~Mapping "
  for clean in clean throws_clean; do
    with "" ./machine $clean
    expect_status 0
    expect_reports 0
  done
done
finish
