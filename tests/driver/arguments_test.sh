#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Options of the driver: what they add, and what wrong ones say.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"

echo 'int f(void) { return 1; }' >a.c
echo 'int main(void) { return 0; }' >m.c
cp a.c b.cc
cc=$bin/flushdep-clang cxx=$bin/flushdep-clang++

# A compile gets plugin, pass and what reports need; no archive.
run "$cc" -### -c a.c
expect_status 0
expect_err "lib/FlushdepPlugin.so"
expect_err "lib/FlushdepPass.so"
expect_err '"-debug-info-kind='
expect_err '"-mframe-pointer=all"'
expect_err '"-fno-optimize-sibling-calls"'
expect_err "share/flushdep/include"
expect_no_err "libflushdep_rt.a"

# A link gets the runtime, once, and no plugin if there is nothing to compile.
run "$cc" -### m.c -o m
expect_err "libflushdep_rt.a"
expect_no_err "libflushdep_kernel.a"
run "$cc" -### --flushdep-kernel m.c
for archive in kunit_main kernel rt; do expect_err "libflushdep_$archive.a"; done
run "$cc" -### m.o
expect_err "libflushdep_rt.a"
expect_no_err "FlushdepPlugin.so"

# What the user says otherwise comes later and wins.
run "$cc" -### -g0 -fomit-frame-pointer -foptimize-sibling-calls -c a.c
expect_no_err '"-debug-info-kind='
expect_no_err '"-mframe-pointer=all"'
expect_no_err '"-fno-optimize-sibling-calls"'

# Parts switched off.
run "$cc" -### --flushdep-no-static -c a.c
expect_no_err "FlushdepPlugin.so"
expect_err "FlushdepPass.so"
run "$cc" -### --flushdep-no-instrument -c a.c
expect_err "FlushdepPass.so"
run "$cc" -### --flushdep-no-runtime m.c
expect_no_err "libflushdep"
run "$cc" -### -shared -fPIC a.c
expect_no_err "libflushdep_rt.a"
run "$cc" -### -r a.c
expect_no_err "libflushdep_rt.a"

# flushdep-clang++ is clang++.
run "$cxx" -### b.cc
expect_err '"-lstdc++"'
run "$cc" -### m.c
expect_no_err '"-lstdc++"'

# Nothing of ours where clang does nothing with it.
run "$cc" --version
expect_status 0
expect_out "clang version 19"
run "$cc" -print-resource-dir
expect_out "/clang/19"
run "$cc"
expect_status 1
expect_err "no input files"

# Protocols, records and summaries reach the plugin.
echo 'flushdep-protocol: 1' >p.yaml
run "$cc" -### --flushdep-protocol=p.yaml --flushdep-records=r.jsonl --flushdep-summary=none -c a.c
expect_err "protocol=p.yaml"
expect_err "records=r.jsonl"
expect_err "summary=none"
run "$cc" --flushdep-print-kcflags --flushdep-protocol=p.yaml
expect_status 0
expect_out "-fplugin=$BUILD/lib/FlushdepPlugin.so"
expect_out "-fplugin-arg-FlushdepPlugin-protocol="
expect_no_out "FlushdepPass.so"

# Fingerprints: stable, and another one with another protocol.
run "$cc" --flushdep-fingerprint
expect_status 0
first=$out
[[ $first =~ ^[0-9a-f]{32}$ ]] || problem "no fingerprint"
run "$cc" --flushdep-fingerprint
[[ $out == "$first" ]] || problem "the fingerprint changed by itself"
run "$cc" --flushdep-fingerprint --flushdep-protocol=p.yaml
expect_status 0
[[ $out != "$first" ]] || problem "a protocol does not change the fingerprint"

# Wrong usage is named, with what was probably meant; status 2.
run "$cc" --flushdep-kernal -c a.c
expect_status 2
expect_err "flushdep-clang: error: unknown option '--flushdep-kernal'; did you mean '--flushdep-kernel'?"
run "$cxx" --flushdep-xyzzy -c a.c
expect_status 2
expect_err "flushdep-clang++: error: unknown option '--flushdep-xyzzy'"
expect_no_err "did you mean"
run "$cc" --flushdep-backend=model -c --flushdep-summary=none a.c
expect_status 0
run "$cc" --flushdep-backend=mnu -c a.c
expect_status 2
expect_err "did you mean 'mmu'?"
run "$cc" --flushdep-protocol= -c a.c
expect_status 2
expect_err "needs a value"
run "$cc" --flushdep-protocol -c a.c
expect_status 2
run "$cc" --flushdep-backend=mmu --flushdep-summary=none -c a.c
expect_status 0
expect_silent
run "$cc" --flushdep-help
expect_status 0
expect_out "--flushdep-kernel"

# Bad input: status 3.
run "$cc" --flushdep-protocol=missing.yaml -c a.c
expect_status 3
expect_err "protocol file 'missing.yaml' does not exist"
FLUSHDEP_CLANG=$work/none run "$cc" -c a.c
expect_status 3
expect_err "cannot run '$work/none'"
expect_err "install clang-19"
FLUSHDEP_CLANG=$CLANG run "$cc" --flushdep-summary=none -c a.c
expect_status 0

finish
