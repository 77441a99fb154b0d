#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# count_verified.sh FOLDER: how many functions the -verify tests have: by their names the bad ones
# must be warned about, and the good and silent ones not. At least 300 of them are about what the
# engine follows, in C and C++, and every rule's folder has bad beside good.
set -eu
cd "$1"
wanted=300
# functions KIND FILES...: definitions, whose line ends without a semicolon.
functions() {
  kind=$1
  shift
  cat "$@" | grep -ciE "^[a-z][a-z0-9_ *]*[ *]$kind[a-z0-9_]*\([^;]*\$" || true
}
failed=0
total=0
for folder in engine summaries cxx fd0*; do
  bad=$(functions bad "$folder"/*.c*)
  good=$(($(functions good "$folder"/*.c*) + $(functions silent "$folder"/*.c*)))
  warnings=$(cat "$folder"/*.c* | grep -c 'expected-warning')
  echo "$folder: $bad bad, $good good, $warnings places with a warning"
  if [ "$bad" -eq 0 ] || [ "$good" -eq 0 ]; then
    echo "FAIL: $folder needs bad functions and good ones" >&2
    failed=1
  fi
  case $folder in fd0*) ;; *) total=$((total + bad + good)) ;; esac
done
echo "engine, summaries and cxx: $total functions, $wanted wanted"
[ "$total" -ge "$wanted" ] || failed=1
# One folder for each rule that the plugin has.
rules=$(grep -c '^FLUSHDEP_STATIC_RULE' ../../clang-plugin/rules/rules.def)
folders=$(ls -d fd0* | wc -l)
echo "$folders folders for $rules rules"
[ "$rules" -eq "$folders" ] || failed=1
exit $failed
