#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# llvm-symbolizer missing, dead, hanging, talking nonsense: reports still come,
# with module and offset, and the reason is said once. And it is no child of the program's.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
scenarios

fake() {
  printf '#!/bin/bash\n%s\n' "$2" >"$1"
  chmod +x "$1"
}
without_symbols() {
  run env FLUSHDEP_SYMBOLIZER="$work/$1" FLUSHDEP_OPTIONS=log_path=log timeout 100 ./scenarios two_bugs
  expect_status 66
  expect_reports 2 FD001
  expect_err "/scenarios+0x"
  expect_no_err "scenarios.c:"
  says_once "set FLUSHDEP_SYMBOLIZER"
  records log.*.jsonl 2
  rm -f log.*
}
fake dies 'exit 1'
fake dies_later 'read -r line; exit 0'
fake garbage 'while read -r line; do printf "what?\n\n"; done'
fake endless 'exec yes'
without_symbols dies
without_symbols dies_later
without_symbols garbage
without_symbols endless

# One that never answers costs one wait, not one for each frame.
fake hangs 'exec sleep 100'
before=$SECONDS
without_symbols hangs
((SECONDS - before < 60)) || problem "waited more than once"

# One that cannot be run is passed over for the one that flushdep was built with.
run env FLUSHDEP_SYMBOLIZER=/nonexistent ./scenarios bug
expect_status 66
expect_reports 1
expect_err "scenarios.c:"

# --- No child of the program's, no signal -------------------------------------------
for scenario in wait_no_children sigchld errno_kept; do
  with "" ./scenarios $scenario
  expect_status 66
  expect_reports 1 FD001
done
finish
