#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What gets into an executable, and that it runs: C and C++, user and kernel mode.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

cc=$bin/flushdep-clang cxx=$bin/flushdep-clang++
quiet=--flushdep-summary=none

# The machine is in and boots, even if the program names nothing of it.
echo 'int main(void) { return 7; }' >plain.c
run "$cc" $quiet plain.c -o plain
expect_status 0
expect_silent
run ./plain
expect_status 7
FLUSHDEP_OPTIONS=nonsense=1 run ./plain
expect_status 2
run "$cc" $quiet --flushdep-no-runtime plain.c -o without
FLUSHDEP_OPTIONS=nonsense=1 run ./without
expect_status 7

# C++, and C++ with C in one command.
echo '#include <string>
extern "C" unsigned cpus(); int main() { return std::to_string(cpus()).size() == 1 ? 0 : 1; }' >main.cc
echo '#include <flushdep.h>
unsigned cpus(void); unsigned cpus(void) { return flushdep_cpu_count(); }' >cpus.c
run "$cc" $quiet -c cpus.c
expect_status 0
run "$cxx" $quiet main.cc cpus.o -o mixed
expect_status 0
expect_silent
run ./mixed
expect_status 0
run "$cc" $quiet main.cc cpus.c -lstdc++ -o mixed2
expect_status 0
run ./mixed2
expect_status 0

# Other linkers and shapes of an executable.
for flags in "-fuse-ld=lld" "-no-pie -fno-pie" "-Wl,--gc-sections" "-O2 -flto -fuse-ld=lld" "-pthread"; do
  run "$cc" $quiet $flags plain.c -o shape
  expect_status 0
  run ./shape
  expect_status 7
done

# Kernel mode: KUnit's main for a suite, none of it for a program with its own.
cat >suite.c <<'END'
#include <kunit/test.h>
static void passes(struct kunit *test) { KUNIT_EXPECT_EQ(test, 1, 1); }
static struct kunit_case cases[] = { KUNIT_CASE(passes), {} };
static struct kunit_suite suite = { .name = "link", .test_cases = cases };
kunit_test_suite(suite);
END
run "$cc" --flushdep-kernel $quiet suite.c -o suite
expect_status 0
expect_silent
run ./suite --list
expect_status 0
expect_out "link.passes"
run ./suite
expect_status 0
expect_out "ok 1 link"
echo 'int main(void) { return 9; }' >own.c
run "$cc" --flushdep-kernel $quiet own.c -o own
expect_status 0
run ./own --list
expect_status 9
run nm suite
expect_out " T main"
run nm own
expect_no_out "kunit_main"

# Neither in a shared library nor in a partial link.
run "$cc" --flushdep-kernel $quiet -shared -fPIC suite.c -o suite.so
expect_status 0
run nm suite.so
expect_no_out " T main"
run "$cc" --flushdep-kernel $quiet -r suite.c -o suite.o
expect_status 0
run nm suite.o
expect_no_out " T main"

finish
