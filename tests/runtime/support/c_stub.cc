// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker's side for the plain C program: counts events.
#include <unistd.h>

#include <atomic>

#include "checker/event/events.h"
#include "checker/model/hot.h"
#include "checker/model/options.h"
#include "checker/report/reporter.h"

namespace flushdep {

// Closed: everything comes as events.
constinit HotPath g_hot = {};
constinit Bias g_bias = {};

namespace {
constinit const Options kOptions = {};
constinit std::atomic<uint64_t> g_events{0};
}  // namespace

const Options& GetOptions() { return kOptions; }
void DrainReports() {}
void DrainReportsRaw() {}
bool InsideChecker() { return false; }
uint64_t ReportCount() { return g_events; }
uint64_t FailureCount() { return g_events; }
void HaltIfAsked() {}
void DescribePlace(uint64_t, FixedText<1200>*) {}
uint32_t CallersOf(uint64_t, uint64_t*, uint32_t) { return 0; }
void Die(int status, std::string_view) { _exit(status); }

}  // namespace flushdep

extern "C" {
void flushdep_emit(const flushdep_event*) { flushdep::g_events++; }
void flushdep_events_check(flushdep_u32, flushdep_u32) {}
}
