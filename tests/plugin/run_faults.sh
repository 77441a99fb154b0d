#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run_faults.sh RANDOM_TEST CLANG FAULTY_PLUGIN TOP PROTOCOLS: every fault of
# clang-plugin/engine/fault.h, planted alone, makes the random test fail, and none makes it pass.
set -eu
test=$1 clang=$2 plugin=$3 top=$4 protocols=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The plugin looks for the shipped protocols beside itself.
mkdir -p "$work/lib" "$work/share/flushdep" "$work/files"
cp "$plugin" "$work/lib/"
cp -r "$protocols" "$work/share/flushdep/"
plugin=$work/lib/$(basename "$plugin")
count=$(sed -n '/^enum class Fault/,/kCount/p' "$top/clang-plugin/engine/fault.h" |
  grep -c '^  [A-Z][A-Za-z]*,$')
run() {
  FLUSHDEP_FAULT=$1 "$test" "$clang" "$plugin" "$top/tests/plugin/inputs" --seed=11 \
    --functions=8000 --keep="$work/files" --stop-early >"$work/log" 2>&1
}
run 0 || { cat "$work/log" >&2; echo "fails without a fault" >&2; exit 1; }
missed=0
fault=1
while [ $fault -lt "$count" ]; do
  name=$(sed -n '/^enum class Fault/,/kCount/p' "$top/clang-plugin/engine/fault.h" |
    grep '^  [A-Z][A-Za-z]*,$' | sed -n "$((fault + 1))p" | tr -d ' ,')
  if run $fault; then
    echo "fault $fault, $name: NOT FOUND"
    missed=$((missed + 1))
  else
    echo "fault $fault, $name: found after $(sed -n 's/^\([0-9]*\) functions with.*/\1/p' "$work/log") functions"
  fi
  fault=$((fault + 1))
done
echo "$((count - 1)) faults, $missed not found"
[ $missed -eq 0 ]
