#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Instrumented code in every form in which it gets into a process: object, shared library linked or
# opened, LTO, beside ASan and UBSan, and in a program without flushdep.
source "$(dirname "$0")/../live/common.sh"
from=$here/../instrument
cc=$bin/flushdep-clang
quiet="--flushdep-no-static --flushdep-summary=none"

compile() {
  # shellcheck disable=SC2086 # several words
  run "$cc" $quiet "$@"
  expect_status 0
}
# Of ./user, as it was built last.
judged() {
  with "$options" ./user load good "$@"
  expect_status 0
  expect_out "end 1"
  with "$options" ./user load bad "$@"
  expect_reports 1 FD008
  expect_err "library_load"
  expect_err "library.c:7:"
  expect_no_err "found by a trap"
  with "$options" ./user copy good "$@"
  expect_status 0
  expect_out "end 0"
  with "$options" ./user copy bad "$@"
  expect_reports 1 FD008
  expect_err "library.c:10:"
}

for backend in mmu model; do
  options=backend=$backend
  for level in -O0 -O2; do
    compile $level "$from/user.c" "$from/library.c" -o user
    judged
  done
  for lto in -flto -flto=thin; do
    compile -O2 $lto -fuse-ld=lld "$from/user.c" "$from/library.c" -o user
    judged
  done
  compile -O2 -fPIC -shared "$from/library.c" -o liblibrary.so
  compile -O2 "$from/user.c" liblibrary.so -Wl,-rpath,. -o user
  judged
  compile -O2 -DOPENED "$from/user.c" -ldl -o user
  judged ./liblibrary.so
done

# What is not instrumented traps where mappings are real.
compile -O2 "$from/user.c" "$from/library.c" -o user
options=backend=mmu
with "$options" ./user quiet bad
expect_reports 1 FD008
expect_err "library_quiet"
expect_err "found by a trap"
with "backend=model" ./user quiet good
expect_status $sigsegv

# A library of another compiler is named.
for compiler in clang-19 gcc-12; do
  run $compiler -O2 -g -fPIC -shared "-I$BUILD/share/flushdep/include" "$from/library.c" -o liblibrary.so
  expect_status 0
  compile -O2 "$from/user.c" liblibrary.so -Wl,-rpath,. -o user
  with "$options" ./user load bad
  expect_reports 1 FD008
  expect_err "found by a trap"
  expect_err "library.c:7:"
  [[ $err =~ library\.c:7(:[0-9]+)?\ \[liblibrary\.so\] ]] || problem "the library is not named"
  expect_no_err "[user]"
done

# Ways to generate code.
while read -r -a flags; do
  compile -O2 "${flags[@]}" "$from/user.c" "$from/library.c" -o user
  options=backend=mmu judged
done <<'FLAGS'
-masm=intel
-fno-integrated-as
-fno-pic -no-pie
-static-pie
-static
-mcmodel=large
-fcf-protection=full
-fomit-frame-pointer
-ffunction-sections -Wl,--gc-sections
-fuse-ld=lld -Wl,--icf=all
-fsplit-machine-functions
-fbasic-block-sections=all
-gsplit-dwarf
-mno-sse
-Oz
FLAGS

# Beside other sanitizers, each finds what is its own.
compile -O1 -fsanitize=address,undefined "$from/user.c" "$from/library.c" -o user
judged
with "" ./user overflow good
expect_status 0
with "" ./user overflow bad
expect_err "heap-buffer-overflow"

# Without the runtime an instrumented object is like any other.
cat >plain.c <<'PLAIN'
#include <stdio.h>
#include <string.h>
long library_load(const long* v);
void library_copy(char* to, const char* from, size_t size);
int main(void) {
  long v = 7;
  char to[8] = "", from[8] = "copied";
  library_copy(to, from, sizeof(from));
  printf("%ld %s %zu\n", library_load(&v), to, strlen(to));
  return 0;
}
PLAIN
compile -O2 -c "$from/library.c" -o library.o
compile -O2 -c plain.c -o plain.o
for compiler in clang-19 gcc-12; do
  run $compiler plain.o library.o -o plain
  expect_status 0
  run ./plain
  expect_out "7 copied 6"
done
compile -O2 --flushdep-no-instrument "$from/user.c" "$from/library.c" -o user
with "backend=model" ./user load good
expect_status $sigsegv
finish
