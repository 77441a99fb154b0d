#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# -W[no-][error=]flushdep-NAME.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

echo 'int f(void) { return 1; }' >a.c
cc=$bin/flushdep-clang

run "$cc" -### -Wno-flushdep-unflushed-free -c a.c
expect_status 0
expect_err '"no-FD001"'
run "$cc" -### -Wno-flushdep-FD002 -c a.c
expect_err '"no-FD002"'
expect_no_err '"no-FD001"'
run "$cc" -### -Werror=flushdep-insufficient-flush -c a.c
expect_err '"error=FD003"'
run "$cc" -### -Werror=flushdep -c a.c
expect_err '"error"'
# The last one wins.
run "$cc" -### -Wno-flushdep -Wflushdep-unflushed-free -c a.c
expect_err '"no-FD002"'
expect_no_err '"no-FD001"'
run "$cc" -### -Werror=flushdep-unflushed-free -Wno-error=flushdep-unflushed-free -c a.c
expect_no_err 'error=FD001'
run "$cc" -### -Wno-flushdep-unflushed-free -Werror=flushdep-unflushed-free -c a.c
expect_err '"error=FD001"'
expect_no_err '"no-FD001"'
# Nothing said, nothing passed.
run "$cc" -### -c a.c
expect_no_err "-plugin-arg-"
# Clang's own warnings stay clang's.
run "$cc" -### -Wno-unused -Werror -c a.c
expect_status 0
expect_err '"-Wno-unused"'
expect_err '"-Werror"'

run "$cc" -Wflushdep-unflushed-fre -c a.c
expect_status 2
expect_err "unknown rule 'unflushed-fre'; did you mean 'unflushed-free'?"
expect_no_file a.o

finish
