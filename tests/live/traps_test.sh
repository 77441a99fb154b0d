#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Accesses that the machine's page tables do not allow, at several optimisation
# levels and without frame pointers; faults that are none of the machine's.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

options=
# traps SCENARIO RULE FUNCTION: one report; the backtrace goes through FUNCTION to main.
traps() {
  with "log_path=log:$options" bash -c "./scenarios $1"
  expect_status $sigsegv
  expect_reports 1 "$2"
  local backtrace=${err##*stack backtrace}
  [[ $backtrace == *" $3 "*scenarios.c:* ]] || problem "$3 is not in the backtrace"
  # Where a jump went there are no tables, and so only frame pointers to follow.
  [[ $1 == *thread* || $1$flags == trap_jump*-fomit-frame-pointer || $backtrace == *" main "* ]] || problem "the backtrace does not reach main"
  records log.*.jsonl 1
  grep -q "\"rule\":\"$2\".*\"site\":\"[^\"]*scenarios.c:" log.*.jsonl || problem "the site is not the program's"
  rm -f log.*
}

for flags in -O0 "-O2 -fomit-frame-pointer" "-O3 -fno-plt"; do
  # shellcheck disable=SC2086
  scenarios $flags
  traps trap_load FD010 trap_load
  traps trap_store FD010 trap_store
  traps trap_memcpy FD010 trap_memcpy
  traps trap_libc FD010 trap_libc
  traps trap_thread FD010 trap_thread_body
  traps trap_cpu_thread FD010 trap_thread_body
  traps trap_stale FD008 trap_stale
  traps trap_stale_memcpy FD008 trap_stale_memcpy
  traps trap_jump FD010 trap_jump
  traps trap_altstack FD010 trap_on_altstack_body
  with "" ./scenarios no_trap
  expect_status 0
  expect_silent
done

# The same with each way of taking pages out of the direct map, and through what instrumented
# code calls, which is all that the model backend has.
for options in holes=guard holes=uffd holes=mprotect backend=model; do
  with "$options" ./scenarios clean
  # A host without it says so; the unit tests make sure of that.
  [[ $status == 2 && $err == *"is not possible: this host"* ]] && continue
  if [[ $options != backend=model ]]; then
    traps trap_store FD010 trap_store
    traps trap_libc FD010 trap_libc
  fi
  traps seen_load FD010 seen_load
  traps seen_store FD010 seen_store
  traps seen_copy FD010 seen_copy
  traps seen_stale FD008 seen_stale
  line=$(grep -n "/\* the access \*/" "$here/scenarios.c" | cut -d: -f1)
  [[ ${err##*stack backtrace} == *"scenarios.c:$line:"* ]] || problem "the access has another line"
  with "$options" bash -c "./scenarios seen_write_protected"
  expect_status $sigsegv
  expect_reports 0
  says_once "flushdep: store to 0x7e"
  with "$options" ./scenarios seen_clean
  expect_status 0
  expect_out kept
  [[ -z $err ]] || problem "something is said"
done
# What nobody instrumented reaches no mapping there, and is told why.
with "backend=model" bash -c "./scenarios trap_write_protected"
expect_status $sigsegv
says_once "with backend=model only instrumented code, flushdep_load() and the like"
options=

# In the window, but no rule's: said, and no report.
for scenario in trap_wild trap_write_protected; do
  with "" bash -c "./scenarios $scenario"
  expect_status $sigsegv
  expect_reports 0
  says_once "flushdep: store to 0x7e"
done
# None of the machine's: the program's own end, without a word.
with "" bash -c "./scenarios null_store"
expect_status $sigsegv
expect_no_err flushdep

# --- The program's own SIGSEGV handler ----------------------------------------------
run env EARLY_HANDLER=1 ./scenarios own_fault
expect_status 0
expect_out handled
expect_reports 0
run env EARLY_HANDLER=1 bash -c "./scenarios own_fault_trap"
expect_status $sigsegv
expect_reports 1 FD010
# Installed later it takes the traps away, and nothing else.
with "" ./scenarios own_late
expect_status 66
expect_out handled
expect_reports 1 FD001

# --- Faults in flushdep --------------------------------------------------------------
# own_crash SCENARIO TEXT: says so; what was reported before is there.
own_crash() {
  with "log_path=log" bash -c "./scenarios $1"
  expect_status $sigsegv
  expect_reports 1 FD001
  says_once "$2"
  records log.*.jsonl 1
  rm -f log.*
}
own_crash crash_in_call "flushdep: "
own_crash crash_in_trap "internal error: the checker itself crashed"
own_crash crash_in_everything "internal error: the checker itself crashed"
own_crash bad_mm "a pointer that is no mm or mapping"
with "" bash -c "./scenarios bad_stack"
expect_status $sigsegv
expect_reports 2
finish
