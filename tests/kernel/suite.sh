#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# suite.sh DRIVER SOURCE SCRATCH OPTIONS...: a KUnit suite, built by the driver without warnings. With
# each of the FLUSHDEP_OPTIONS it passes and nothing but KTAP is printed.
set -uo pipefail
driver=$1 source=$2 scratch=$3
shift 3
mkdir -p "$scratch"
program=$scratch/$(basename "$source" .c)
failures=0

warnings=$("$driver" --flushdep-kernel -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
  "$source" -o "$program" 2>&1) || failures=1
[[ -z $warnings ]] || { echo "FAIL: $warnings"; exit 1; }
for options in "$@"; do
  status=0
  log=$(FLUSHDEP_OPTIONS=$options "$program" 2>&1 >"$program.ktap") || status=$?
  [[ $status == 0 && -z $log ]] && ! grep -q 'not ok' "$program.ktap" && continue
  failures=$((failures + 1))
  printf 'FAIL (%s): status %s\n%s\n%s\n' "$options" "$status" "$(<"$program.ktap")" "$log"
done
echo "$# runs, $failures failures"
((failures == 0))
