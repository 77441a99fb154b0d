#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# runtime_faults_test.sh BUILD TOP LIST SCRATCH SUITE
#
# Each mistake of LIST (runtime_faults.txt) that SUITE is to find is put into a copy of the runtime's
# file, alone, and the suite linked with that runtime: the named case fails. Without a mistake, by
# the same steps, all cases pass.
set -uo pipefail
build=$1 top=$2 list=$3 scratch=$4 suite=$5
objects=$build/runtime/CMakeFiles/flushdep_runtime.dir
mkdir -p "$scratch"
work=$(mktemp -d "$scratch/faults.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
export FLUSHDEP_OPTIONS=mem=64M:cpus=2
failures=0 count=0

fail() {
  failures=$((failures + 1))
  printf 'FAIL: %s\n' "$*"
}

# FILE of the source, by its own compile command, from the copy in $work into $work/part.o.
compile() {
  local file=$1 command
  command=$(sed -n "s|^ *\"command\": \"\(.*\) -o runtime/CMakeFiles/flushdep_runtime.dir/${file#runtime/}.o -c .*|\1|p" \
    "$build/compile_commands.json")
  [[ -n $command ]] || { echo "no compile command for $file" && return 1; }
  (cd "$build" && eval "$command -w -g0 -o '$work/part.o' -c '$work/part.cc'")
}

# The suite with the runtime in which $work/part.o stands for FILE. As FlushdepPrelink.cmake links it.
link() {
  local file=$1 object members=()
  while read -r object; do
    [[ $object == "$objects/${file#runtime/}.o" ]] || members+=("$object")
  done < <(find "$objects" -name '*.o')
  ld.bfd -r --force-group-allocation -T "$top/scripts/cmake/prelink.ld" -o "$work/whole.o" \
    "$work/part.o" "${members[@]}" --whole-archive "$build"/obj/libflushdep_{report,checker,live,no_cxx_runtime}.a \
    --no-whole-archive "$(clang++-19 -print-file-name=libgcc_eh.a)" &&
    objcopy --wildcard --keep-global-symbol='flushdep_*' --keep-global-symbol='__flushdep_*' "$work/whole.o" &&
    clang-19 "$work/suite.o" "$build"/lib/libflushdep_{kunit_main,kernel}.a "$work/whole.o" -pthread -o "$work/suite"
}

run() {
  status=0
  timeout 120 "$work/suite" >"$work/ktap" 2>"$work/log" || status=$?
}

# The mistake that $fault, $file, $was, $is and $fails describe.
try_fault() {
  local text rest
  count=$((count + 1))
  text=$(<"$top/$file")
  rest=${text#*"$was"}
  [[ $rest != "$text" && $rest != *"$was"* ]] ||
    { fail "$fault: not exactly one place of $file reads '$was'" && return; }
  printf '%s\n' "${text%%"$was"*}$is$rest" >"$work/part.cc"
  compile "$file" && link "$file" || { fail "$fault: cannot be built" && return; }
  run
  if ((status != 0)) && grep -qE "^ *not ok [0-9]+ $fails$" "$work/ktap"; then
    echo "$fault: $fails fails"
  else
    fail "$fault: $fails passes (status $status)"
    grep 'not ok' "$work/ktap"
    tail -n 5 "$work/log"
  fi
}

"$build/bin/flushdep-clang" --flushdep-kernel -O1 -c "$top/tests/kernel/$suite.c" -o "$work/suite.o" || exit 1

# The same steps with a file as it is.
cp "$top/runtime/mermap/slice.cc" "$work/part.cc"
compile runtime/mermap/slice.cc && link runtime/mermap/slice.cc || exit 1
run
((status == 0)) && ! grep -q 'not ok' "$work/ktap" && [[ ! -s $work/log ]] ||
  { fail "fails without a mistake (status $status)" && cat "$work/ktap" "$work/log"; }

mine=
while read -r key value; do
  case $key in
    suite) [[ $value == "$suite" ]] && mine=yes || mine= ;;
    fault) fault=$value ;;
    file) file=$value ;;
    was) was=$value ;;
    is) is=$value ;;
    fails)
      fails=$value
      [[ -z $mine ]] || try_fault
      ;;
    '' | '#'*) ;;
    *) fail "$list: '$key' is no key" ;;
  esac
done <"$list"
((count > 0)) || fail "no mistakes for $suite in $list"
echo "$count mistakes, $failures failures"
((failures == 0))
