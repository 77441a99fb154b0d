#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# sequences_test.sh DRIVER SOURCES SCRATCH
#
# Every file of SOURCES, built by DRIVER as it stands: no warning, and on both backends it passes in
# silence. Then with each of the mistakes that its head lists ("BUG_NR=n FDnnn: what"): on both
# backends exactly that report, once, and nothing else.
set -uo pipefail
driver=$1
sources=$2
scratch=$3
failures=0
runs=0
mkdir -p "$scratch"

fail() {
  failures=$((failures + 1))
  printf 'FAIL: %s\n' "$*"
}

# build SOURCE PROGRAM FLAGS...: compiles; what the compiler said is left in $messages.
build() {
  local source=$1 program=$2
  shift 2
  messages=$("$driver" --flushdep-kernel -O1 -g "$@" "$source" -o "$program" 2>&1)
}

# run PROGRAM BACKEND RULE: RULE empty means silence and success.
run() {
  local program=$1 backend=$2 rule=$3 status=0 wanted=66 reports
  # "Possible" is no failure.
  [[ $rule == FD017 ]] && wanted=0
  runs=$((runs + 1))
  FLUSHDEP_OPTIONS=backend=$backend timeout 60 "$program" >"$program.$backend.out" \
    2>"$program.$backend.err" || status=$?
  if [[ -z $rule ]]; then
    if [[ $status != 0 || -s $program.$backend.err ]] || grep -q 'not ok' "$program.$backend.out"; then
      fail "$(basename "$program") ($backend): status $status" \
        "$(cat "$program.$backend.err" "$program.$backend.out")"
    fi
    return
  fi
  reports=$(grep -oE '^(BUG|WARNING): .*\[F[DA][0-9]+\]' "$program.$backend.err" |
    grep -oE 'F[DA][0-9]+' | tr '\n' ' ')
  [[ $reports == "$rule " && $status == "$wanted" ]] ||
    fail "$(basename "$program") ($backend): status $status, reports '$reports', not '$rule'" \
      "$(cat "$program.$backend.err" "$program.$backend.out")"
}

both() {
  run "$1" mmu "$2"
  run "$1" model "$2"
}

for source in "$sources"/*.c; do
  name=$(basename "$source" .c)
  if build "$source" "$scratch/$name" && [[ -z $messages ]]; then
    both "$scratch/$name" ""
  else
    fail "$name does not build in silence: $messages"
  fi
  bugs=$(sed -n 's/^ \* BUG_NR=\([0-9]*\) \(FD[0-9]*\): .*/\1 \2/p' "$source")
  [[ -n $bugs ]] || fail "$name lists no mistakes"
  while read -r number rule; do
    if build "$source" "$scratch/$name.$number" "-DBUG_NR=$number"; then
      both "$scratch/$name.$number" "$rule"
    else
      fail "$name with BUG_NR=$number does not build: $messages"
    fi
  done <<<"$bugs"
done
echo "$runs runs, $failures failures"
((failures == 0 && runs >= 16))
