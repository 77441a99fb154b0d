#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# FlushdepPass.so in clang's pipelines and in opt.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

cc=$bin/flushdep-clang
opt=$(dirname "$CLANG")/opt
plain="--flushdep-no-static -c"
echo 'int f(void) { return 1; }' >a.c

# Once, at every level, with no symbol of ours.
for level in -O0 -O1 -O2 -O3 -Os -Oz "-O2 -g"; do
  run "$cc" $plain $level a.c -o a.o
  expect_status 0
  run readelf -n a.o
  [[ $(count "$out" "^  flushdep ") == 1 ]] || problem "not one stamp at $level"
done
run nm a.o
expect_no_out "flushdep"

# Without code, too: an object of data is still compiled by us.
echo 'int x = 1;' >data.c
run "$cc" $plain data.c -o data.o
run readelf -n data.o
expect_out "flushdep"

# LTO: through bitcode into the program.
echo 'int f(void); int main(void) { return f() - 1; }' >main.c
run "$cc" $plain -flto a.c main.c
expect_status 0
run "$cc" -flto -fuse-ld=lld --flushdep-no-runtime a.o main.o -o lto
expect_status 0
run readelf -n lto
expect_out "flushdep"

# opt: by name, once even if asked twice, and nothing for other formats.
echo 'define void @f() { ret void }' >f.ll
run "$opt" -load-pass-plugin="$BUILD/lib/FlushdepPass.so" -mtriple=x86_64-linux-gnu \
  -passes=flushdep-stamp,flushdep-stamp -S f.ll
expect_status 0
[[ $(count "$out" 'section ".note.flushdep"') == 1 ]] || problem "not one stamp"
run "$opt" -load-pass-plugin="$BUILD/lib/FlushdepPass.so" -mtriple=x86_64-apple-macos \
  -passes=flushdep-stamp -S f.ll
expect_status 0
expect_no_out "note.flushdep"

finish
