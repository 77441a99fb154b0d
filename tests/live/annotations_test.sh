#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Annotations in programs as users build them: C, C++, optimised or not; and in one that is linked
# without flushdep.
source "$(dirname "$0")/common.sh"

finds() {
  local scenario=$1 rule=$2
  with "$options" ./annotations "$scenario"
  expect_status 66
  expect_err "[$rule]"
  [[ $(count "$err" '^\(BUG\|WARNING\): ') == 1 ]] || problem "$scenario: more than one report"
}
silent() {
  with "$options" ./annotations "$1"
  expect_status 0
  [[ $err == "" ]] || problem "$1 says something"
}

check_all() {
  options=$1:fail_on=possible
  finds free_it FD001
  silent cancelled
  finds lucky FD004
  silent handed_over
  finds assert_flushed_too_early FD001
  silent assert_flushed
  finds assert_not_mapped_too_early FD002
  silent assert_not_mapped
  silent unchecked
  silent unchecked_scope
  finds checked_again FD001
  finds one_class FD005
  silent two_classes
  silent two_subclasses
  finds one_subclass FD005
  silent wrapped
  finds not_wrapped FD005
}

for flags in -O0 -O2; do
  build "$flags" "$here/annotations.c" -o annotations
  check_all "stacks=16"
  check_all "stacks=0"
  run "$bin/flushdep-clang++" --flushdep-summary=none -Wno-flushdep "$flags" -x c++ "$here/annotations.c" \
    -o annotations
  expect_status 0
  check_all "stacks=16"
done

# Without flushdep they are nothing.
cat >plain.c <<'PLAIN'
#include <annotations.h>
FLUSHDEP_WRAPPER int wrapper(void) { return 1; }
FLUSHDEP_FREES(1) void frees(unsigned long page) { FLUSHDEP_IGNORE("FD001", "by design"); (void)page; }
int main(void) {
  FLUSHDEP_UNCHECKED_SCOPE;
  flushdep_class_begin(1, 0);
  flushdep_debt_handover(1, 2);
  flushdep_debt_cancel(1);
  flushdep_passes(1, 2);
  flushdep_assert_flushed(1);
  flushdep_assert_not_mapped(1);
  flushdep_class_end();
  flushdep_check_off();
  flushdep_check_on();
  frees(1);
  return wrapper() - 1;
}
PLAIN
for compiler in gcc-12 clang-19; do
  run "$compiler" -Wall -Wextra -Werror -std=gnu11 -I"$BUILD/share/flushdep/include" plain.c -o plain
  expect_status 0
  run ./plain
  expect_status 0
  run "$compiler" -x c++ -Wall -Wextra -Werror -I"$BUILD/share/flushdep/include" plain.c -lstdc++ -o plain
  expect_status 0
  run ./plain
  expect_status 0
done

finish
