#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The detection grid: what grid.c expects of each of its places is what the records hold, no more
# and no less, at each level of optimisation and in both backends.
source "$(dirname "$0")/../live/common.sh"
grid=$here/../instrument/grid.c

# RULE VA SIZE LINE FUNCTION of each record.
found() {
  sed -n 's/.*"rule":"\([^"]*\)".*"message":"[a-z]* of \([0-9]*\) bytes\{0,1\} [a-z]* \(0x[0-9a-f]*\).*"va":"\(0x[0-9a-f]*\)","site":"[^"]*:\([0-9]*\):[0-9]*".*"function":"\([a-z_0-9]*_\(in\|over\)\)".*/\1 \4 \2 \5 \6/p' log.*.jsonl
}

levels=(-O0 -O1 -O2 -O3 "-O0 -flto" "-O2 -flto" "-O3 -flto=thin" "-O2 -flto=thin -fuse-ld=lld")
grep -qw avx2 /proc/cpuinfo && levels+=("-O2 -mavx2")
grep -qw avx512f /proc/cpuinfo && levels+=("-O3 -mavx512f -mprefer-vector-width=512")
for level in "${levels[@]}"; do
  # shellcheck disable=SC2086 # several words
  build $level --flushdep-no-static "$grid" -o grid
  for backend in mmu model; do
    rm -f log.*.jsonl
    with "backend=$backend:log_path=log:symbolize=1" ./grid
    expect_status 66
    sort <<<"$out" >expected
    found | sort >got
    [[ $(wc -l <expected) -gt 150 ]] || problem "hardly anything was expected"
    diff expected got >differences || problem "$level $backend: $(head -20 differences)"
    [[ $(grep -c '"rule"' log.*.jsonl) == $(wc -l <expected) ]] || problem "other records besides"
  done
done
finish
