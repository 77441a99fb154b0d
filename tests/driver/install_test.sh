#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The driver finds its parts below the prefix it runs from, and says what is missing.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

echo 'int main(void) { return 0; }' >m.c
mkdir -p prefix/bin prefix/lib prefix/share/flushdep
cp "$bin/flushdep-clang" prefix/bin/
ln -s flushdep-clang prefix/bin/flushdep-clang++
cc=$work/prefix/bin/flushdep-clang

run "$cc" -c m.c
expect_status 3
expect_err "'$work/prefix/lib/FlushdepPlugin.so' does not exist"
run "$cc" --flushdep-no-static -c m.c
expect_status 3
expect_err "'$work/prefix/lib/FlushdepPass.so' does not exist"
cp "$BUILD"/lib/Flushdep*.so prefix/lib/
run "$cc" --flushdep-summary=none -c m.c
expect_status 3
expect_err "'$work/prefix/share/flushdep/protocols' does not exist"
run "$cc" --flushdep-no-static -c m.c
expect_status 0
cp -r "$BUILD/share/flushdep/protocols" prefix/share/flushdep/
run "$cc" --flushdep-summary=none -c m.c
expect_status 0
run "$cc" m.c
expect_status 3
expect_err "'$work/prefix/lib/libflushdep_rt.a' does not exist"
run "$cc" --flushdep-kernel -c m.c
expect_status 3
expect_err "kernel/include"

# By a link from elsewhere, and by a relative path.
cp -r "$BUILD/lib/libflushdep_rt.a" prefix/lib/
cp -r "$BUILD/share/flushdep/include" prefix/share/flushdep/
ln -s prefix/bin/flushdep-clang++ cxx++
run ./cxx++ -### -x c++ m.c
expect_status 0
expect_err "$work/prefix/lib/FlushdepPlugin.so"
expect_err '"-lstdc++"'
run prefix/bin/flushdep-clang --flushdep-summary=none m.c -o m
expect_status 0
run ./m
expect_status 0

finish
