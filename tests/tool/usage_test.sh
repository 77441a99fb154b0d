#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# flushdep without a subcommand, with a wrong one, and what it says of itself.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"
flushdep=$bin/flushdep

run "$flushdep"
expect_status 2
expect_err "Usage: flushdep COMMAND"
run "$flushdep" --help
expect_status 0
for command in check explain report run; do expect_out "  $command "; done
run "$flushdep" --version
expect_status 0
[[ $out =~ ^flushdep\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || problem "no version"
run "$flushdep" explian
expect_status 2
expect_err "unknown command 'explian'; did you mean 'explain'?"
run "$flushdep" frobnicate
expect_status 2
expect_no_err "did you mean"
for command in check explain report run; do
  run "$flushdep" "$command" --help
  expect_status 0
  expect_out "Usage: flushdep $command"
  run "$flushdep" "$command"
  expect_status 2
  expect_err "flushdep $command: error: "
done

finish
