// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the machine needs of the checker, as little as possible of it.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "checker/event/events.h"
#include "checker/model/hot.h"
#include "checker/report/reporter.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep {

// Closed: everything comes as events.
constinit HotPath g_hot = {};
constinit Bias g_bias = {};

namespace {

constinit std::atomic<bool> g_inside{false};
constinit std::atomic<uint64_t> g_drains{0};
constinit std::atomic<bool> g_quiet{false};

void Write(std::string_view text) {
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) abort();
}

}  // namespace

namespace testing {

__attribute__((weak)) Options TestOptions() {
  Options options;
  options.mem = 64u << 20;
  return FromEnvironment(options);
}

Options FromEnvironment(Options options) {
  const char* backend = getenv("FLUSHDEP_TEST_BACKEND");
  const char* holes = getenv("FLUSHDEP_TEST_HOLES");
  if (backend != nullptr && strcmp(backend, "model") == 0) options.backend = Backend::Model;
  if (holes != nullptr && strcmp(holes, "guard") == 0) options.holes = Holes::Guard;
  if (holes != nullptr && strcmp(holes, "uffd") == 0) options.holes = Holes::Uffd;
  if (holes != nullptr && strcmp(holes, "mprotect") == 0) options.holes = Holes::Mprotect;
  options.direct_map = getenv("FLUSHDEP_TEST_NO_DIRECT_MAP") == nullptr;
  return options;
}

bool OnModelBackend() { return GetOptions().backend == Backend::Model; }

void SetQuiet(bool quiet) { g_quiet = quiet; }

void SetInsideChecker(bool inside) { g_inside = inside; }
uint64_t NumDrains() { return g_drains; }

}  // namespace testing

const Options& GetOptions() {
  static Options options = testing::TestOptions();
  return options;
}

void DrainReports() {
  g_drains++;
  if (!g_quiet) Write("drained\n");
}
void DrainReportsRaw() {
  g_drains++;
  Write("drained raw\n");
}
bool InsideChecker() { return g_inside; }
// Quiet, every trap looks as if a rule had reported it, so that nothing else is said of it.
uint64_t ReportCount() {
  static std::atomic<uint64_t> reports{7};
  return g_quiet ? reports++ : 7;
}
uint64_t FailureCount() { return ReportCount(); }
void HaltIfAsked() {}
void DescribePlace(uint64_t, FixedText<1200>*) {}
uint32_t CallersOf(uint64_t site, uint64_t* pcs, uint32_t max) {
  if (max == 0 || site == 0) return 0;
  pcs[0] = site;
  return 1;
}

void Die(int status, std::string_view message) {
  Write("flushdep: ");
  Write(message);
  Write("\n");
  _exit(status);
}

}  // namespace flushdep

void flushdep_events_check(flushdep_u32 version, flushdep_u32 event_size) {
  if (version != FLUSHDEP_EVENTS_VERSION || event_size != FLUSHDEP_EVENT_SIZE) abort();
}
