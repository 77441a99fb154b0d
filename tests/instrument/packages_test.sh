#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# bzip2, zlib, lua and gzip (autoconf), as Debian has their sources, built with CC=flushdep-clang, alone
# and with ASan: they pass their own tests. The sources are fetched; status 77 if they cannot be had.
source "$(dirname "$0")/../live/common.sh"

source "$here/../support/fetch_sources.sh"
if ! fetch_sources bzip2 zlib lua5.4 gzip; then
  echo "the sources cannot be fetched: $(tail -1 apt.log)"
  exit 77
fi

for sanitize in "" " -fsanitize=address"; do
  cc="$bin/flushdep-clang --flushdep-summary=none$sanitize"
  rm -rf built
  mkdir built
  cp -a bzip2-* zlib-* lua-* gzip-* built/
  # Its default target ends with tests.
  run make -C built/bzip2-* CC="$cc"
  expect_status 0
  (cd built/zlib-* && CC=$cc ./configure) >zlib.log 2>&1 || problem "zlib: $(tail -5 zlib.log)"
  run make -C built/zlib-*
  expect_status 0
  run make -C built/zlib-* test
  expect_status 0
  expect_out "zlib test OK"
  expect_out "zlib shared test OK"
  run make -C built/lua-*/src CC="$cc -std=gnu99" linux
  expect_status 0
  cat >lines.lua <<'LUA'
local t = {}
for i = 1, 20000 do t[i] = (i * 7919) % 10007 end
table.sort(t)
local s = table.concat(t, ","):gsub("%d+", function(n) return n % 3 == 0 and "x" or n end)
print(#t, t[1], t[#t], #s, pcall(error, "caught"))
LUA
  run built/lua-*/src/lua lines.lua
  expect_status 0
  expect_out "20000	0	10006"
  expect_out "caught"
  # Of leaks its tests know nothing.
  (cd built/gzip-* && ASAN_OPTIONS=detect_leaks=0 ./configure CC="$cc") >gzip.log 2>&1 ||
    problem "gzip: $(tail -5 gzip.log)"
  run env ASAN_OPTIONS=detect_leaks=0 make -C built/gzip-*
  expect_status 0
  run env ASAN_OPTIONS=detect_leaks=0 make -C built/gzip-* check
  expect_status 0
  expect_out "# FAIL:  0"
done
finish
