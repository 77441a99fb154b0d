#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# flushdep-clang as the compiler of make, CMake, Kbuild's ways and with precompiled headers and
# ccache: what comes out is checked, so a bad access in a library is found at its line.
source "$(dirname "$0")/../live/common.sh"
from=$here/../instrument
share=$BUILD/share/flushdep

# found PROGRAM [FUNCTION LINE]: good is silent, bad is reported once.
found() {
  with "" "$1" load good
  expect_status 0
  expect_reports 0
  with "" "$1" load bad
  expect_reports 1 FD008
  expect_err "${2:-library_load}"
  expect_err "library.c${3:+c}:${3:-7}:"
}
prepare() {
  rm -rf "$1"
  mkdir "$1"
  cp "$from/user.c" "$from/library.c" "$1"
}

# --- make, by its own rules --------------------------------------------------------------
prepare made
printf 'user: user.o library.o\n' >made/Makefile
run make -C made CC="$bin/flushdep-clang" CFLAGS=-O2 user
expect_status 0
found made/user

# --- CMake: C and C++, archive and shared library, precompiled header ----------------------
prepare mixed
cp "$from/library.c" mixed/library.cc
sed -i 's/^\(long\|void\) library/extern "C" &/; s/^FLUSHDEP_NO_INSTRUMENT long library/extern "C" &/' mixed/library.cc
cat >mixed/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(mixed C CXX)
set(CMAKE_BUILD_TYPE RelWithDebInfo)
add_library(fixed STATIC library.cc)
target_precompile_headers(fixed PRIVATE <vector> <annotations.h>)
add_library(shared SHARED library.c)
target_precompile_headers(shared PRIVATE <string.h>)
foreach(library fixed shared)
  add_executable(user_${library} user.c)
  target_link_libraries(user_${library} PRIVATE ${library})
endforeach()
CMAKE
run cmake -S mixed -B mixed/build -DCMAKE_TOOLCHAIN_FILE="$share/cmake/flushdep-toolchain.cmake"
expect_status 0
run cmake --build mixed/build
expect_status 0
expect_no_err "warning"
found mixed/build/user_fixed library_load 7
found mixed/build/user_shared

# --- precompiled headers by hand ------------------------------------------------------------
prepare headers
cat >headers/all.h <<'HEADER'
#pragma once
#include <annotations.h>
#include <flushdep.h>
#include <string.h>
static inline long through(const long* v) { return *v; }
HEADER
sed -i 's/^long library_load(const long\* v) {.*/#line 7\nlong library_load(const long* v) { return through(v); }/' headers/library.c
run "$bin/flushdep-clang" -O2 -x c-header headers/all.h -o headers/all.h.pch
expect_status 0
expect_silent
expect_file headers/all.h.pch
run "$bin/flushdep-clang" -O2 -include-pch headers/all.h.pch headers/library.c headers/user.c -o headers/user
expect_status 0
with "" headers/user load bad
expect_reports 1 FD008
expect_err "all.h:5:"
expect_err "library.c:7:"
rm headers/all.h.pch
run "$bin/flushdep-clang" headers/all.h
expect_status 0
expect_silent
[[ -e headers/all.h.gch || -e headers/all.h.pch ]] || problem "no precompiled header"

# --- as Kbuild does it: dependencies beside the object, ld -r, thin archives ----------------
prepare kbuild
cat >kbuild/Makefile <<'MAKE'
quiet_cmd = @echo '  CC      $@'
%.o: %.c
	$(quiet_cmd)
	@$(CC) -Wp,-MMD,$(@D)/.$(@F).d -O2 -std=gnu11 -fno-strict-aliasing -c -o $@ $<
parts.o: library.o
	@$(LD) -m elf_x86_64 -r -o $@ $<
built-in.a: parts.o
	@rm -f $@; $(AR) cDPrsT $@ $^
user: user.o built-in.a
	@$(CC) -o $@ user.o -Wl,--whole-archive built-in.a -Wl,--no-whole-archive
MAKE
run make -C kbuild CC="$bin/flushdep-clang" user
expect_status 0
grep -q "^library.o: library.c" kbuild/.library.o.d || problem "no dependencies beside the object"
found kbuild/user

# --- what is not to be instrumented ---------------------------------------------------------
prepare listed
ignored() {
  printf '%s\n' "$@" >listed/list
  run "$bin/flushdep-clang" -O2 --flushdep-ignorelist=listed/list -MMD -MF listed/d listed/user.c listed/library.c -o listed/user
  expect_status 0
  with "backend=mmu" listed/user load bad
  expect_reports 1 FD008
}
for list in "fun:library_load" "src:*/library.c" "mainfile:*library.c" $'[flushdep]\nfun:*_load' \
  $'[{flushdep,address}]\nsrc:*library*'; do
  ignored "$list"
  expect_err "found by a trap"
done
for list in "fun:other" "src:*/user.c" $'[address]\nfun:library_load' "type:library_load"; do
  ignored "$list"
  expect_no_err "found by a trap"
done
run "$bin/flushdep-clang" -c --flushdep-ignorelist=listed/list -MMD -MF listed/d listed/library.c -o listed/o
grep -q "listed/list" listed/d || problem "make does not learn of the list"
run "$bin/flushdep-clang" -c --flushdep-ignorelist=listed/none listed/library.c -o listed/o
expect_status 3
expect_err "error: ignore list 'listed/none'"
echo "fun[" >listed/list
run "$bin/flushdep-clang" -c --flushdep-ignorelist=listed/list listed/library.c -o listed/o
expect_status 3
expect_err "malformed line 1"

# --- ccache ---------------------------------------------------------------------------------
if command -v ccache >/dev/null; then
  prepare cached
  export CCACHE_DIR=$PWD/cache
  echo "fun:library_load" >cached/list
  compile_cached() {
    run env CCACHE_COMPILERCHECK="%compiler% --flushdep-fingerprint --flushdep-ignorelist=$PWD/cached/list" \
      ccache "$bin/flushdep-clang" -O2 --flushdep-ignorelist="$PWD/cached/list" -c cached/library.c -o cached/library.o
    expect_status 0
  }
  hits() { ccache --print-stats | awk '/^(direct|preprocessed)_cache_hit/ {n += $2} END {print n}'; }
  compile_cached
  cp cached/library.o cached/first.o
  compile_cached
  [[ $(hits) == 1 ]] || problem "the second compile was no hit: $(hits)"
  expect_same cached/library.o cached/first.o
  echo "fun:nothing" >cached/list
  compile_cached
  [[ $(hits) == 1 ]] || problem "another list was a hit"
  run "$bin/flushdep-clang" cached/user.c cached/library.o -o cached/user
  expect_status 0
  found cached/user
fi
finish
