#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Objects that flushdep-clang did not compile, at link.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

cc=$bin/flushdep-clang
quiet=--flushdep-summary=none
echo 'int f(void); int main(void) { return f(); }' >main.c
echo 'int f(void) { return 0; }' >f.c
echo '.globl f
.section .note.GNU-stack,"",@progbits
.text
f: xorl %eax, %eax
ret' >f_asm.s
run "$cc" -c $quiet main.c f.c
expect_status 0
run "$CLANG" -c f.c -o foreign.o
run "$CLANG" -c f_asm.s -o asm.o
run "$CLANG" -flto -c f.c -o lto.o
run ar rc libforeign.a foreign.o

# Ours, hand-written assembler, archives: linked.
run "$cc" main.o f.o -o good
expect_status 0
expect_silent
run ./good
expect_status 0
run "$cc" main.o asm.o -o with_asm
expect_status 0
run "$cc" main.o libforeign.a -o with_archive
expect_status 0
run "$cc" -fuse-ld=lld -flto main.o lto.o -o with_lto
expect_status 0

# A foreign one: named, with its compiler and the way out; nothing is linked.
run "$cc" main.o foreign.o -o bad
expect_status 3
expect_err "'foreign.o' was not compiled by flushdep-clang"
expect_err "clang version 19"
expect_err "--flushdep-allow-foreign"
expect_no_file bad
run "$cc" main.o foreign.o --flushdep-allow-foreign -o allowed
expect_status 0
run "$cc" main.o foreign.o --flushdep-no-runtime -o plain
expect_status 0
# With -x none as without -x; in a response file too.
echo 'foreign.o' >objects.rsp
run "$cc" main.o @objects.rsp -o bad
expect_status 3

# Compiled with parts off is still ours.
run "$cc" -c --flushdep-no-static --flushdep-no-instrument f.c -o parts.o
run "$cc" main.o parts.o -o parts
expect_status 0
# A partial link of ours is ours.
run "$cc" -r main.o f.o -o both.o
expect_status 0
run "$cc" both.o -o from_both
expect_status 0

# A stamp of another event version, or garbage in its place.
cp f.o damaged.o
printf 'garbage' >garbage
run objcopy --update-section .note.flushdep=garbage damaged.o
run "$cc" main.o damaged.o -o bad
expect_status 3
expect_err "'damaged.o' has a damaged .note.flushdep section"
run objcopy -O binary --only-section=.note.flushdep --set-section-flags .note.flushdep=alloc f.o note
expect_status 0
printf '\x63' | dd of=note bs=1 seek=28 conv=notrunc status=none
cp f.o other.o
run objcopy --update-section .note.flushdep=note other.o
run "$cc" main.o other.o -o bad
expect_status 3
expect_err "'other.o' was compiled for event version 99"

# A shared library holds no runtime of ours.
run "$cc" -shared -fPIC $quiet f.c -o libf.so
expect_status 0
run nm -D libf.so
expect_no_out "flushdep"
run nm good
expect_out "flushdep_emit"

# Missing files are the linker's to report.
run "$cc" main.o missing.o -o bad
expect_status 1
expect_err "missing.o"

finish
