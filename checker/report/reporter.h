// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The way of a report out of the process: queue, symbolise, write. What rules
// and the runtime need of it; formats are elsewhere.
//
// A report made in normal context is symbolised (by an llvm-symbolizer process)
// and written before flushdep_emit() returns. A report made in a signal handler
// is queued; the thread that took the signal drains the queue once it is out of the handler.
// Reports that cannot be drained any more, because the process is dying, are
// written with module and offset only. Nothing here allocates from the heap.
#ifndef FLUSHDEP_CHECKER_REPORT_REPORTER_H_
#define FLUSHDEP_CHECKER_REPORT_REPORTER_H_

#include <cstdint>
#include <string_view>

namespace flushdep {

// Writes what is queued, symbolised. Not from a signal handler.
void DrainReports();

// Writes what is queued, without symbols; only async-signal-safe calls.
void DrainReportsRaw();

// Is the calling thread inside flushdep_emit() or a drain? A fault there is
// the checker's own, not the program's. Async-signal-safe.
bool InsideChecker();

// Writes "flushdep: MESSAGE\n" to stderr after draining, then _exit(status).
// Statuses are those of docs/contract.md: 2 usage, 4 internal.
[[noreturn]] void Die(int status, std::string_view message);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_REPORTER_H_
