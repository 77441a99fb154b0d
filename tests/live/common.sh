# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What the tests of running programs share, beside the shell tests' own.
#
#   scenarios [FLAGS]   builds scenarios.c as ./scenarios
#   with OPTIONS CMD    runs CMD under FLUSHDEP_OPTIONS=OPTIONS
# shellcheck shell=bash
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
source "$here/../support/shell_test.sh"
unset FLUSHDEP_OPTIONS FLUSHDEP_SYMBOLIZER
ulimit -c 0

# A program that does not build leaves nothing to look at.
build() {
  run "$bin/flushdep-clang" --flushdep-summary=none -Wno-flushdep "$@"
  [[ $status == 0 ]] && return
  problem "the program does not build"
  finish
}
scenarios() { build "$here/scenarios.c" -pthread -o scenarios "$@"; }

with() {
  local options=$1
  shift
  run env FLUSHDEP_OPTIONS="$options" timeout 60 "$@"
}

# Reports in the text of the last run; one after the other where several are expected.
expect_reports() {
  local wanted=$1 got
  shift
  got=$(count "$err" '^BUG: ')
  [[ $got == "$wanted" ]] || problem "$got reports, not $wanted"
  for rule in "$@"; do expect_err "[$rule]"; done
}

# Statuses of the shell for death by a signal.
readonly sigabrt=134 sigkill=137 sigsegv=139

# says_once TEXT: once in stderr, however often there was a reason.
says_once() {
  local got
  got=$(grep -cF -- "$1" <<<"$err")
  [[ $got == 1 ]] || problem "said $got times, not once: $1"
}

# records FILE COUNT: a header, then so many records, each a line of its own.
records() {
  local file=$1 wanted=$2
  [[ -f $file ]] || { problem "there is no file $file"; return; }
  head -n 1 "$file" | grep -q '^{"schema":1,"header":"flushdep","kind":"runtime"' ||
    problem "$file does not begin with a header"
  [[ $(wc -l <"$file") == $((wanted + 1)) ]] || problem "$file: not $wanted records"
  [[ $(grep -c '^{.*}$' "$file") == $((wanted + 1)) ]] || problem "$file: a torn line"
}
