// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The way of a report out of the process: queue, symbolise, write.
//
// A report made in normal context is symbolised (by an llvm-symbolizer process)
// and written before flushdep_emit() returns. A report made in a signal handler
// is queued; the thread that took the signal drains the queue once it is out of
// the handler. Reports that cannot be drained any more, because the process is
// dying, are written with module and offset only. Nothing here allocates from the heap.
#ifndef FLUSHDEP_CHECKER_REPORT_REPORTER_H_
#define FLUSHDEP_CHECKER_REPORT_REPORTER_H_

#include <cstdint>
#include <string_view>

#include "checker/report/format.h"
#include "checker/report/raw_report.h"

namespace flushdep {

// Called for a report that is not written after all, which shows once it is symbolised.
struct ReportFates {
  void (*suppressed)(const RawReport&) = nullptr;  // a suppression asks for it
  void (*repeated)(const RawReport&) = nullptr;    // the same place was told (told.h)
};

// Makes the record file (log_path empty: none). False if that failed; errno says why.
bool StartReporter(std::string_view log_path, uint64_t cpus, bool symbolize, ReportFates fates);
// Reads a suppression file. False, with a message that names file and line, if it
// cannot be read or understood.
bool LoadSuppressions(std::string_view path, FixedText<4500>* problem);
// "flushdep: suppressed N: TYPE:PATTERN" for each line that was used.
void ListSuppressions();

// Name of the record file, or of the one that could not be made.
std::string_view LogFileName();
// Did a record get lost (disk full)? It was written to stderr all the same.
bool RecordsIncomplete();

// Async-signal-safe.
void QueueReport(const RawReport& report);

// A return address, as "function file:line", or in its module. Not from a signal handler.
void DescribePlace(uint64_t pc, FixedText<1200>* text);

// Writes what is queued, symbolised. Not from a signal handler.
void DrainReports();

// Writes what is queued, without symbols, for a process that is dying. Gives a
// thread that is writing a report right now some seconds to end it.
void DrainReportsRaw();

// Ends the process if a finding was made and halt_on_error asks for that; for
// reports that were made in a signal handler, once they are drained.
void HaltIfAsked();

// The callers of an API call that returns to `site`, innermost first, frames of flushdep's own
// skipped; fewer where frame pointers end. Async-signal-safe.
uint32_t CallersOf(uint64_t site, uint64_t* pcs, uint32_t max);

// Is the calling thread inside flushdep_emit() or a drain? A fault there is
// the checker's own, not the program's. Async-signal-safe.
bool InsideChecker();

// Distinct reports (errors and possibles) made so far in this process.
uint64_t ReportCount();
// Findings so far for which the run will fail (fail_on).
uint64_t FailureCount();

// Writes "flushdep: MESSAGE\n" to stderr after draining, then _exit(status).
// Statuses are those of docs/contract.md: 2 usage, 4 internal.
[[noreturn]] void Die(int status, std::string_view message);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_REPORTER_H_
