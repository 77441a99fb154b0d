#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# --flushdep-kernel: the kernel's dialect, our linux/ headers, no C library.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

cc=$bin/flushdep-clang
quiet=--flushdep-summary=none
kernel() { run "$cc" --flushdep-kernel $quiet "$@"; }

# No header of the C library can be reached ...
for header in stdio.h stdlib.h errno.h string.h unistd.h sys/types.h bits/types.h; do
  echo "#include <$header>" >libc.c
  kernel -c libc.c
  expect_status 1
  expect_err "'$header' file not found"
done
# ... and the same file is good outside kernel mode.
echo '#include <errno.h>' >libc.c
run "$cc" $quiet -c libc.c
expect_status 0

# Clang's own headers and ours can.
cat >ours.c <<'END'
#include <stdarg.h>
#include <stddef.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <flushdep.h>
#include <annotations.h>
int f(void);
int f(void) { return -ENOMEM; }
END
kernel -Werror -c ours.c
expect_status 0
expect_silent
kernel -M ours.c
expect_no_out "/usr/include"

# The dialect.
cat >dialect.c <<'END'
_Static_assert((char)-1 > 0, "char is unsigned");
_Static_assert(sizeof(L' ') == 2, "wchar_t is short");
#if __STDC_VERSION__ != 201112L || !defined(__KERNEL__) || defined(__STRICT_ANSI__)
#error "not gnu11"
#endif
struct inner { int x; };
struct outer { struct inner; int y; };
int f(struct outer *o);
int f(struct outer *o) { typeof(o->x) v = ({ o->x; }); return v; }
const char *name(void);
const char *name(void) { return KBUILD_MODNAME ": "; }
END
kernel -Werror -c dialect.c
expect_status 0
expect_silent
kernel -E dialect.c
expect_out '"dialect" ": "'
echo 'int f(void) { return g(); }' >implicit.c
kernel -c implicit.c
expect_status 1

# The user's own headers come first, and his -std later.
mkdir -p mine/linux
echo '#define MINE 1' >mine/linux/errno.h
printf '#include <linux/errno.h>\n#ifndef MINE\n#error "not mine"\n#endif\n' >override.c
kernel -Imine -c override.c
expect_status 0
kernel -c override.c
expect_status 1

# C++ has no place here.
echo 'int x;' >c.cc
kernel -c c.cc
expect_status 2
expect_err "--flushdep-kernel compiles C only"
expect_err "'c.cc' is C++"

finish
