# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What the shell tests share. A test script sources this, runs commands with
# `run` and states what must hold; the script fails if any statement did.
#
#   BUILD      the build tree under test (environment)
#   run CMD    runs CMD in an empty folder of this test; sets $status, $out, $err
# shellcheck shell=bash
set -uo pipefail

: "${BUILD:?the build tree under test}"
bin=$BUILD/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

failed=0
status=0 out="" err=""
last=""

run() {
  last="$*"
  "$@" >"$work/.out" 2>"$work/.err" </dev/null
  status=$?
  out=$(<"$work/.out") err=$(<"$work/.err")
}

problem() {
  failed=$((failed + 1))
  # The line of the test script, however deep the statement is.
  local line=${BASH_LINENO[${#BASH_LINENO[@]} - 2]}
  printf 'FAILED (line %s): %s\n  after: %s\n  status: %s\n' "$line" "$1" "$last" "$status"
  printf '  stdout: %.2000s\n  stderr: %.2000s\n' "$out" "$err"
}

expect_status() { [[ $status == "$1" ]] || problem "status is not $1"; }
expect_out() { [[ $out == *"$1"* ]] || problem "stdout lacks: $1"; }
expect_err() { [[ $err == *"$1"* ]] || problem "stderr lacks: $1"; }
expect_no_out() { [[ $out != *"$1"* ]] || problem "stdout has: $1"; }
expect_no_err() { [[ $err != *"$1"* ]] || problem "stderr has: $1"; }
expect_silent() { [[ -z $out$err ]] || problem "there is output"; }
expect_file() { [[ -e $1 ]] || problem "there is no file $1"; }
expect_no_file() { [[ ! -e $1 ]] || problem "there is a file $1"; }
expect_same() { cmp -s "$1" "$2" || problem "$1 and $2 differ"; }

# count TEXT PATTERN: how many lines of TEXT match
count() { grep -c -- "$2" <<<"$1"; }

# How many statements failed decides the test.
finish() {
  if ((failed > 0)); then
    echo "$failed statements failed"
    exit 1
  fi
  echo "all statements held"
}
