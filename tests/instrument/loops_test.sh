#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Loops whose pages are looked at before they run: what loops.c expects is what the records hold, no
# more and no less, at each level of optimisation and in both backends.
source "$(dirname "$0")/../live/common.sh"
loops=$here/../instrument/loops.c

# RULE PAGE FUNCTION of each record; where a put mapping is concerned, any page.
found() {
  sed -n 's/.*"rule":"\([^"]*\)".*"va":"\(0x[0-9a-f]*\)[0-9a-f]\{3\}","site".*"function":"\(loop_[a-z_]*\)".*/\1 \2000 \3/p' \
    log.*.jsonl | sed 's/^FD008 0x[0-9a-f]*/FD008 0x0/'
}

levels=(-O0 -O1 -O2 -O3 "-O0 -flto" "-O2 -flto" "-O3 -flto=thin" "-O2 -flto=thin -fuse-ld=lld")
grep -qw avx2 /proc/cpuinfo && levels+=("-O2 -mavx2")
for level in "${levels[@]}"; do
  # shellcheck disable=SC2086 # several words
  build $level --flushdep-no-static "$loops" -o loops
  for backend in mmu model; do
    rm -f log.*.jsonl
    with "backend=$backend:log_path=log:symbolize=1" ./loops
    expect_status 66
    sort <<<"$out" >expected
    found | sort >got
    [[ $(wc -l <expected) == 26 ]] || problem "not every loop was expected"
    diff expected got >differences || problem "$level $backend: $(head -20 differences)"
    [[ $(grep -c '"rule"' log.*.jsonl) == $(wc -l <expected) ]] || problem "other records besides"
  done
done
# The optimised ones do look first.
build -O2 --flushdep-no-static -S "$loops" -o loops.s
[[ $(grep -c '__flushdep_plain@\|__flushdep_plain$' loops.s) -ge 10 ]] || problem "loops do not look first"
finish
