#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# @files: seen through, and passed on as they are unless options of ours are inside.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

echo 'int f(void) { return 1; }' >a.c
cc=$bin/flushdep-clang

# -c inside the file must be seen, or a runtime would be linked.
echo '-c a.c -DQUOTED="a b"' >plain.rsp
run "$cc" -### @plain.rsp
expect_status 0
expect_err "FlushdepPlugin.so"
expect_no_err "libflushdep_rt.a"
run "$cc" --flushdep-summary=none @plain.rsp
expect_status 0
expect_file a.o

# Ours inside, also in a file named by a file.
echo '--flushdep-no-static @inner.rsp' >ours.rsp
echo '-Wno-flushdep-unflushed-free -c a.c' >inner.rsp
rm a.o
run "$cc" -### @ours.rsp
expect_status 0
expect_no_err "FlushdepPlugin.so"
run "$cc" @ours.rsp
expect_status 0
expect_silent
expect_file a.o

# The twin without them still loads the plugin.
echo '@inner2.rsp' >others.rsp
echo '-c a.c' >inner2.rsp
run "$cc" -### @others.rsp
expect_err "FlushdepPlugin.so"

run "$cc" @missing.rsp
[[ $status != 0 ]] || problem "a missing response file is no error"
expect_err "missing.rsp"

finish
