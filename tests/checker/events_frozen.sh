#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# events.h is a versioned ABI: its text without comments is that of version 1.
# A new kind or a use for a reserved field changes the golden file on purpose
# (FLUSHDEP_UPDATE_GOLDEN=1); a moved field or a changed value needs a new version.
# Usage: events_frozen.sh GCC EVENTS_H GOLDEN
set -euo pipefail
# gcc: clang cannot strip comments without expanding macros.
text=$("$1" -x c -fpreprocessed -dD -E -P "$2" 2>/dev/null)
[[ -z ${FLUSHDEP_UPDATE_GOLDEN:-} ]] || printf '%s\n' "$text" >"$3"
diff -u "$3" <(printf '%s\n' "$text") || { echo "events.h differs from version 1"; exit 1; }
# And it is C11, gnu11 kernel C and C++ for both compilers.
for mode in "clang-19 -xc -std=c11" "clang++-19 -xc++ -std=c++17" "gcc-12 -xc -std=c11" "g++-12 -xc++ -std=c++20"; do
  # shellcheck disable=SC2086
  $mode -fsyntax-only -Wall -Wextra -Werror -pedantic - <<<"#include \"$2\""
done
