#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run_verify.sh CLANG PLUGIN TOP FILE: the warnings of FILE are those that its
# comments expect, and no others. Notes are the golden tests' business.
set -eu
clang=$1 plugin=$2 top=$3 file=$4
lang=
case $file in
*.cc) lang="-std=c++17 -fcxx-exceptions" ;;
esac
# shellcheck disable=SC2086
exec "$clang" -fsyntax-only $lang -I"$top/tests/plugin/inputs" -I"$top" -fplugin="$plugin" \
  -Wno-everything -Xclang -verify -Xclang -verify-ignore-unexpected=note "$file"
