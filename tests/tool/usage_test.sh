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

# Output that cannot be written: neither clean nor findings, whatever prints.
full() { run bash -c '"$@" >/dev/full' full "$@"; }
closed() { run bash -c '"$@" >&-' closed "$@"; }
echo '{"schema":1,"header":"flushdep","kind":"runtime","version":"0","program":"p","pid":1,"cpus":4}' >clean.jsonl
mkdir build
echo '[]' >build/compile_commands.json
# shellcheck disable=SC2034 # used by name
driver=$bin/flushdep-clang
while read -r name command; do
  # shellcheck disable=SC2086
  full ${!name} $command
  expect_status 4
  [[ $err == "${!name##*/}: cannot write to standard output: No space left on device" ]] ||
    problem "not this message alone"
  # shellcheck disable=SC2086
  closed ${!name} $command
  expect_status 4
  [[ $err == "${!name##*/}: cannot write to standard output: Bad file descriptor" ]] ||
    problem "not this message alone"
done <<'END'
flushdep --help
flushdep --version
flushdep explain FD001
flushdep explain --markdown
flushdep report clean.jsonl
flushdep report --help
flushdep check -p build --records=records.jsonl
driver --flushdep-help
driver --flushdep-print-kcflags
driver --flushdep-fingerprint
END
expect_file records.jsonl
[[ -s records.jsonl ]] && problem "output went into the records"
# Nothing to print, nothing lost: the status is the command's own.
closed "$flushdep" frobnicate
expect_status 2
closed "$flushdep" run sh -c 'exit 7'
expect_status 7
full "$flushdep" report missing.jsonl
expect_status 4
expect_err "missing.jsonl: cannot be read"
# Messages that are lost count as well.
run bash -c '"$@" 2>/dev/full' full "$flushdep" report missing.jsonl
expect_status 4
run bash -c '"$@" 2>&-' closed "$flushdep" report missing.jsonl
expect_status 4
# What run starts finds closed descriptors closed.
run bash -c '"$@" 2>&-' closed "$flushdep" run sh -c '[ ! -e /proc/self/fd/2 ]'
expect_status 0

finish
