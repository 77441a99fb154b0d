#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cases_alone.sh PROGRAM OPTIONS...: runs each case of the program alone, with each of the
# FLUSHDEP_OPTIONS given. fdNNN_* must end with exactly that report and status 66, others
# without any and status 0; all of them pass but for the report.
set -uo pipefail
program=$1
shift
failures=0
total=0

# check SUITE.CASE RULE OPTIONS: RULE empty means silence.
check() {
  local status=0 out reports wanted=${2:+$2 }
  out=$(FLUSHDEP_OPTIONS=$3 "$program" "--filter_glob=$1" 2>&1) || status=$?
  reports=$(grep -oE '^(BUG|WARNING): .*\[F[DA][0-9]+\]' <<<"$out" | grep -oE 'F[DA][0-9]+' | tr '\n' ' ')
  total=$((total + 1))
  [[ $reports == "$wanted" && $status == "$([[ -n $2 ]] && echo 66 || echo 0)" ]] &&
    ! grep -q 'expected\|EXPECTATION\|ASSERTION' <<<"$out" && return
  failures=$((failures + 1))
  printf 'FAIL: %s (%s): reports "%s", not "%s"; status %s\n%s\n' \
    "$1" "$3" "$reports" "$wanted" "$status" "$out"
}

cases=$("$program" --list | grep -F .)
[[ -n $cases ]] || { echo "FAIL: no cases"; exit 1; }
for name in $cases; do
  rule=
  [[ $name =~ \.fd([0-9]+)_ ]] && rule=FD${BASH_REMATCH[1]}
  for options in "$@"; do check "$name" "$rule" "$options"; done
done
echo "$total runs, $failures failures"
((failures == 0))
