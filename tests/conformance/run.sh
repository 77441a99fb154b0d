#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The contract from outside: run.sh PREFIX WORK. PREFIX is a build folder or an
# install prefix; WORK is emptied. Uses nothing but what docs/contract.md names.
set -euo pipefail
prefix=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
rm -rf "$2"
mkdir -p "$2"
cd "$2"

fail() { echo "conformance: $*" >&2; exit 1; }

# status WANTED COMMAND...: runs it, output to ./out, and checks the status.
status() {
  local wanted=$1 got=0
  shift
  "$@" >out 2>&1 || got=$?
  [[ $got == "$wanted" ]] || { cat out >&2; fail "status $got, not $wanted: $*"; }
}

# The records of a file, header checked and left out.
findings() {
  head -n 1 "$1" | grep -q '^{"schema":1,"header":"flushdep"' || fail "$1: no header line"
  grep -v '^{"schema":1,"header":' "$1" || true
}
count() { findings "$1" | grep -c . || true; }
fingerprint() { findings "$1" | sed -n 's/.*"fingerprint":"\([0-9a-f]*\)".*/\1/p'; }

# one_finding STATIC RUNTIME RULE: one each, the same one.
one_finding() {
  [[ $(count "$1") == 1 ]] || fail "$1: $(count "$1") findings, not 1"
  [[ $(count "$2") == 1 ]] || fail "$2: $(count "$2") findings, not 1"
  findings "$1" | grep -q "\"kind\":\"static\",\"rule\":\"$3\"" || fail "$1: not $3"
  findings "$2" | grep -q "\"kind\":\"runtime\",\"rule\":\"$3\"" || fail "$2: not $3"
  [[ $(fingerprint "$1") == "$(fingerprint "$2")" ]] || fail "fingerprints differ: $1 $2"
}

for file in bin/flushdep bin/flushdep-clang bin/flushdep-clang++ lib/FlushdepPlugin.so \
            lib/FlushdepPass.so lib/libflushdep_rt.a lib/libflushdep_kernel.a \
            lib/libflushdep_kunit_main.a share/flushdep/include/flushdep.h \
            share/flushdep/include/flushdep_sync.h \
            share/flushdep/include/events.h share/flushdep/include/annotations.h \
            share/flushdep/kernel/include/linux/mm.h; do
  [[ -e $prefix/$file ]] || fail "$file is missing"
done
ls "$prefix"/share/flushdep/protocols/*.yaml >/dev/null

echo "archive: only flushdep's own names are visible"
visible=$(nm --defined-only --extern-only "$prefix/lib/libflushdep_rt.a" 2>/dev/null |
  awk 'NF == 3 {print $3}' | grep -v -E '^(__)?flushdep_' || true)
[[ -z $visible ]] || fail "libflushdep_rt.a also defines: $visible"

# foreign FOLDER CMAKE-ARGUMENTS...: builds the project and checks both variants.
foreign() {
  local folder=$1
  shift
  status 0 cmake -S "$here/foreign" -B "$folder" -G Ninja -DFLUSHDEP="$prefix" "$@"
  status 0 cmake --build "$folder"
  [[ $(grep -c 'warning:.*\[FD001 unflushed-free\]' out) == 1 ]] || { cat out; fail "not one warning"; }
  FLUSHDEP_OPTIONS=log_path=$PWD/$folder/bad status 66 "$folder/pool_bad"
  grep -q '^drained$' out || fail "the program did not run to its end"
  FLUSHDEP_OPTIONS=log_path=$PWD/$folder/good status 0 "$folder/pool_good"
  [[ $(<out) == drained ]] || { cat out; fail "the good variant is not silent"; }
  one_finding "$folder/pool_bad.static.jsonl" "$folder"/bad.*.jsonl FD001
  [[ $(count "$folder/pool_good.static.jsonl") == 0 && $(count "$folder"/good.*.jsonl) == 0 ]] ||
    fail "findings in the good variant"
  FLUSHDEP_OPTIONS= status 0 "$folder/guest"
}
export FLUSHDEP_OPTIONS

echo "foreign CMake project, ordinary clang 19"
foreign plain -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19
echo "the same, optimised, with the compiler driver"
foreign driven -DCMAKE_BUILD_TYPE=Release -DPLUGIN=OFF \
  -DCMAKE_C_COMPILER="$prefix/bin/flushdep-clang" -DCMAKE_CXX_COMPILER="$prefix/bin/flushdep-clang++"

echo "the same C program, linked by gcc"
status 0 gcc-12 -g -fno-omit-frame-pointer -DSKIP_FLUSH -I"$prefix/share/flushdep/include" \
  "$here/foreign/pool.c" "$here/foreign/drain.c" "$prefix/lib/libflushdep_rt.a" -o pool_gcc
FLUSHDEP_OPTIONS= status 66 ./pool_gcc

echo "a producer of another events.h is refused"
for version in 1 2; do
  printf '#include <events.h>\nint main(void) { flushdep_events_check(%s, sizeof(struct flushdep_event)); }\n' \
    $version >producer.c
  status 0 gcc-12 -I"$prefix/share/flushdep/include" producer.c "$prefix/lib/libflushdep_rt.a" -o producer
  FLUSHDEP_OPTIONS= status $([[ $version == 1 ]] && echo 0 || echo 4) ./producer
done
grep -q 'events.h version 2 .* this checker speaks version 1' out || fail "the refusal does not say why"

echo "a stranger's KUnit file"
for variant in bad good; do
  define=()
  [[ $variant == good ]] || define=(-DSKIP_FLUSH)
  status 0 "$prefix/bin/flushdep-clang" --flushdep-kernel "${define[@]}" \
    -fplugin-arg-FlushdepPlugin-records="$PWD/kunit_$variant.static.jsonl" \
    "$here/kunit_case.c" -o "kunit_$variant"
  [[ $(grep -c 'warning:' out || true) == "$([[ $variant == bad ]] && echo 1 || echo 0)" ]] ||
    { cat out; fail "warnings of the $variant variant"; }
done
FLUSHDEP_OPTIONS=log_path=$PWD/kunit_bad status 66 ./kunit_bad
grep -q '^    not ok 1 stranger_fills' out || fail "the case with a report did not fail"
FLUSHDEP_OPTIONS=log_path=$PWD/kunit_good status 0 ./kunit_good
grep -q '^    ok 1 stranger_fills' out || fail "the good case did not pass"
one_finding kunit_bad.static.jsonl kunit_bad.[0-9]*.jsonl FD001
[[ $(count kunit_good.static.jsonl) == 0 && $(count kunit_good.[0-9]*.jsonl) == 0 ]] ||
  fail "findings in the good KUnit variant"

echo "conformance: all as the contract says"
