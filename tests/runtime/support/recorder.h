// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A flushdep_emit() that keeps what it is told, for tests of the machine. Keeps
// from the start of the process, so that boot can be looked at. Events of
// concurrent threads are kept in the order of their submission. Up to
// kMaxEvents since the last Clear(); beyond that the process aborts, loudly.
#ifndef FLUSHDEP_TESTS_RUNTIME_SUPPORT_RECORDER_H_
#define FLUSHDEP_TESTS_RUNTIME_SUPPORT_RECORDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "checker/event/events.h"
#include "checker/model/options.h"

namespace flushdep::testing {

// The machine's options; a test file that wants other ones defines it itself.
Options TestOptions();

// What the environment asks for, as ctest runs every test on both backends and some with each way
// of making holes: FLUSHDEP_TEST_BACKEND=mmu|model, FLUSHDEP_TEST_HOLES=guard|uffd|mprotect,
// FLUSHDEP_TEST_NO_DIRECT_MAP=1. A TestOptions() of one's own passes its result through this.
Options FromEnvironment(Options options);
bool OnModelBackend();

// Stub reporter: a trap says nothing on stderr (for tests with thousands of them).
void SetQuiet(bool quiet);
// InsideChecker() says this; DrainReports*() count.
void SetInsideChecker(bool inside);
uint64_t NumDrains();

void Clear();
// While off, events are dropped (for tests with millions of them).
void SetRecording(bool on);
// Called with every event while it is submitted, to look at the machine as it is
// then. Must not call the machine's API. Null: none.
void SetHook(void (*hook)(const flushdep_event& event));
std::vector<flushdep_event> Events();
// Only those of one kind.
std::vector<flushdep_event> Events(uint16_t kind);
size_t CountEvents(uint16_t kind);
// The kinds in order, by name: {"PTE_SET", "MAP_BEGIN"}.
std::vector<std::string> Kinds();

}  // namespace flushdep::testing

#endif  // FLUSHDEP_TESTS_RUNTIME_SUPPORT_RECORDER_H_
