#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# verdicts.sh PROGRAM [OPTIONS]
#
# Runs each case of the program given alone: fdNNN_* must end with exactly that
# report and status 66, quiet_* without any and status 0. With PCID off, a
# context switch flushes: nothing has happened in the one case about it, which is quiet without inference.
set -uo pipefail
program=$1
failures=0
total=0

# check CASE RULE OPTIONS: RULE empty means silence.
check() {
  local name=$1 rule=$2 status=0 out
  out=$(FLUSHDEP_OPTIONS=$3 "$program" "--filter_glob=verdicts.$name" 2>&1) || status=$?
  local reports wanted
  reports=$(grep -oE '^(BUG|WARNING): .*\[F[DA][0-9]+\]' <<<"$out" | grep -oE 'F[DA][0-9]+' | tr '\n' ' ')
  wanted=${rule:+$rule }
  total=$((total + 1))
  if [[ $reports == "$wanted" && $status == "$([[ -n $rule ]] && echo 66 || echo 0)" ]] &&
    grep -q "ok 1 $name\$" <<<"$out"; then
    return
  fi
  failures=$((failures + 1))
  printf 'FAIL: %s (%s): reports "%s", not "%s"; status %s\n%s\n' \
    "$name" "$3" "$reports" "$wanted" "$status" "$out"
}

cases=$("$program" --list | sed -n 's/^verdicts\.//p')
[[ -n $cases ]] || { echo "FAIL: no cases"; exit 1; }
for name in $cases; do
  rule=
  [[ $name == quiet_* ]] || rule=$(cut -c1-5 <<<"$name" | tr fd FD)
  check "$name" "$rule" "${2:-pcid=1}"
done
if [[ -n ${2:-} ]]; then
  echo "$total runs, $failures failures"
  exit $((failures != 0))
fi
check fd001_switch_away_and_back_is_no_flush "" pcid=0:inference=0
check fd001_put_then_free FD001 pcid=0
check fd001_put_then_free FD001 cpus=1
check fd001_put_then_free FD001 cpus=256
check quiet_put_flush_mm_free "" cpus=1
check quiet_put_flush_mm_free "" cpus=256
check fd001_put_then_free FD001 stacks=0
echo "$total runs, $failures failures"
((failures == 0))
