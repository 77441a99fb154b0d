#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# flushdep run: options into the environment, the program's own status out.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"
flushdep=$bin/flushdep
unset FLUSHDEP_OPTIONS
show='echo "[$FLUSHDEP_OPTIONS]"'

run "$flushdep" run sh -c "$show"
expect_status 0
expect_out "[]"
run "$flushdep" run --cpus=8 --halt-on-error --log=records -- sh -c "$show"
expect_out "[cpus=8:halt_on_error=1:log_path=$work/records]"
FLUSHDEP_OPTIONS=cpus=2:seed=7 run "$flushdep" run --cpus=8 sh -c "$show"
expect_out "[cpus=2:seed=7:cpus=8]"
run "$flushdep" run --log=/abs/records sh -c "$show"
expect_out "[log_path=/abs/records]"

run "$flushdep" run sh -c 'exit 42'
expect_status 42
run "$flushdep" run sh -c 'kill -TERM $$'
expect_status 143
# Arguments of the program are the program's.
run "$flushdep" run sh -c 'echo "$@"' sh --cpus=1 -- --log=x
expect_out "--cpus=1 -- --log=x"

run "$flushdep" run ./missing
expect_status 3
expect_err "cannot run './missing': No such file or directory"
run "$flushdep" run -x sh
expect_status 2
expect_err "unknown option '-x'"
run "$flushdep" run --log= sh
expect_status 2
run "$flushdep" run --log=a:b sh
expect_status 2
expect_err "must not contain ':'"
run "$flushdep" run --cpus=8
expect_status 2
expect_err "no program to run"

# With a real program: the runtime takes the last of two values, and judges names.
echo '#include <flushdep.h>
int main(void) { return (int)flushdep_cpu_count(); }' >m.c
run "$bin/flushdep-clang" --flushdep-summary=none m.c -o m
expect_status 0
FLUSHDEP_OPTIONS=cpus=3 run "$flushdep" run --cpus=2 ./m
expect_status 2
FLUSHDEP_OPTIONS=cpus=3 run "$flushdep" run ./m
expect_status 3
run "$flushdep" run --no-such-option=1 ./m
expect_status 2
expect_err "no_such_option"

finish
