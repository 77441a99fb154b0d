#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# -E, -M, -S, -x, "--", several inputs and languages: as clang does them.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

cat >a.c <<'END'
#define ANSWER 42
int f(void) { return ANSWER; }
END
echo 'extern "C" int g() { return 2; }' >b.cc
echo '.globl h
.section .note.GNU-stack,"",@progbits
.text
h: ret' >c.s
echo '#define NAME k
.globl NAME
NAME: ret' >d.S
cc=$bin/flushdep-clang
quiet=--flushdep-summary=none

run "$cc" -E a.c
expect_status 0
expect_out "return 42"
run "$cc" -### -E a.c
expect_no_err "FlushdepPlugin.so"
run "$cc" -M a.c
expect_status 0
expect_out "a.o: a.c"
run "$cc" -S $quiet a.c
expect_status 0
expect_silent
grep -q note.flushdep a.s || problem "assembler output has no stamp"
run "$cc" -fsyntax-only a.c
expect_status 0
expect_silent
run "$cc" -### -fsyntax-only a.c
expect_err "FlushdepPlugin.so"
expect_no_err "FlushdepPass.so"

# C, C++ and both kinds of assembler at once; assembler needs no plugin.
run "$cc" -Werror -c $quiet a.c b.cc c.s d.S
expect_status 0
expect_silent
for object in a.o b.o c.o d.o; do expect_file $object; done
run "$cc" -Werror -### -c c.s
expect_status 0
expect_no_err "Flushdep"

# Only linking, and linking with nothing to compile: no flag may be called unused.
run "$cc" -Werror -shared -o lib.so a.o c.o
expect_status 0
expect_silent

# -x holds for later inputs, but not for our archives.
cp a.c plain.txt
run "$cc" -Werror -c $quiet -x c plain.txt -o plain.o
expect_status 0
run "$cc" -### -x c plain.txt -o plain
expect_status 0
[[ $(count "$err" '-cc1') == 1 ]] || problem "an archive was taken for C"

# After "--" everything is a file.
cp a.c ./-dash.c
run "$cc" -c $quiet -o dash.o -- -dash.c
expect_status 0
expect_file dash.o

# Standard input.
run bash -c "echo 'int x;' | '$cc' $quiet -c -x c - -o stdin.o"
expect_status 0
expect_file stdin.o

# A name that looks like an option's value is no input.
run "$cc" -### -c a.c -o fake.cc -include a.c
[[ $(count "$err" '-cc1') == 1 ]] || problem "a value was taken for an input"

# Clang's errors and status stay clang's.
echo 'int f( {' >bad.c
run "$cc" -c $quiet bad.c
expect_status 1
expect_err "bad.c:1:"
run "$cc" -c a.c --no-such-option
expect_status 1

finish
