// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker in a running program: events in, reports out, exit status.
#include "checker/live/live.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atomic>
#include <new>

#include "checker/event/events.h"
#include "checker/live/clock.h"
#include "checker/live/unwind.h"
#include "checker/model/options.h"
#include "checker/model/spinlock.h"
#include "checker/report/reporter.h"
#include "checker/validator.h"

#define FLUSHDEP_EXPORT extern "C" __attribute__((visibility("default")))

namespace flushdep {

constinit thread_local int CheckerScope::depth_ __attribute__((tls_model("initial-exec"))) = 0;

namespace {

// In static memory and made on first use: producers boot before constructors run.
alignas(Validator) char validator_memory[sizeof(Validator)];
std::atomic<Validator*> validator{nullptr};
SpinLock start_lock;
constinit TscClock clock;
std::atomic<uint64_t> dropped_events{0};

uint64_t Now(const flushdep_event&) { return TscClock::Now(); }
uint64_t ToNs(uint64_t stamp) { return clock.ToNs(stamp); }

uint32_t Unwind(const flushdep_event& event, bool thorough, uint64_t* pcs, uint32_t max) {
  if (event.kind == FLUSHDEP_EV_ACCESS && event.u.access.ucontext != 0)
    return CaptureAtTrap(reinterpret_cast<const void*>(event.u.access.ucontext),
                         (event.u.access.flags & FLUSHDEP_ACCESS_EXEC) != 0, pcs, max);
  return thorough ? CaptureThorough(event.site, pcs, max) : CaptureFast(event.site, pcs, max);
}

void TakeReport(const RawReport& report, bool in_signal) {
  QueueReport(report);
  if (in_signal) return;
  DrainReports();
  HaltIfAsked();
}

Validator& Get() {
  Validator* live = validator.load(std::memory_order_acquire);
  if (live != nullptr) return *live;
  const Options& options = GetOptions();
  SpinGuard guard(start_lock);
  live = validator.load(std::memory_order_acquire);
  if (live != nullptr) return *live;
  clock.Start();
  if (!StartReporter(options.log_path, options.cpus, options.symbolize)) {
    FixedText<4400> message;
    message.Add("log_path: cannot write ").Add(LogFileName()).Add(": ");
    message.Add(strerrordesc_np(errno));
    Die(2, message.view());
  }
  live = new (validator_memory) Validator({Now, ToNs, Unwind, TakeReport}, options.stacks);
  validator.store(live, std::memory_order_release);
  return *live;
}

SpaceIndex SpaceOf(uint32_t mm) { return Get().state().SpaceOf(mm); }

// Where the invariant is all that is wanted, common operations need no event.
void OpenShortWay(Validator& live) {
  const Options& options = GetOptions();
  if (options.stacks != 0 || options.inference) return;
  g_hot.space_of = SpaceOf;
  live.state().Open(&g_hot);
}

void PrintStats(Validator& live) {
  FixedText<4096> text;
  text.Add("flushdep: statistics\n");
  const auto line = [&](std::string_view name, uint64_t value, uint64_t max) {
    text.Add("  ").Add(name).Add(": ").Number(value);
    if (max != 0) text.Add(" [max: ").Number(max).Add("]");
    text.Add("\n");
  };
  line("events", live.events(), 0);
  line("events dropped in signal handlers", dropped_events.load(), 0);
  line("errors", live.findings(Severity::Error), 0);
  line("problems reported", live.problems(), kMaxProblems);
  line("stacks", live.state().stacks().stacks(), kMaxStacks);
  line("spilled translations", live.state().shadow().spilled(), kMaxSpilledTranslations);
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, text.view().data(), text.view().size());
}

// A limit that was reached is said once, with what it cost.
void PrintLimits(Validator& live) {
  for (size_t i = 0; i < kNumLimits; ++i) {
    const uint64_t count = live.state().limits().Count(static_cast<Limit>(i));
    if (count == 0) continue;
    FixedText<256> text;
    text.Add("flushdep: limit ").Add(kLimits[i].name).Add(" [max: ").Number(kLimits[i].value);
    text.Add("] was reached ").Number(count).Add(" times: ").Add(kLimits[i].lost).Add("\n");
    [[maybe_unused]] const ssize_t written =
        write(STDERR_FILENO, text.view().data(), text.view().size());
  }
}

// Wrong options are said at once, and a record file exists from the start.
__attribute__((constructor(101))) void StartEarly() { Get(); }

// After the program's own exit handlers: destructors run in falling priority.
__attribute__((destructor(101))) void Finish() {
  Validator* live = validator.load(std::memory_order_acquire);
  if (live == nullptr) return;
  DrainReports();
  PrintLimits(*live);
  const Options& options = GetOptions();
  if (options.print_stats) PrintStats(*live);
  if (live->findings(options.fail_on) == 0 && !RecordsIncomplete()) return;
  if (options.exitcode == 0) return;  // leaves the program's own status, which may be a failure
  fflush(nullptr);
  _exit(static_cast<int>(options.exitcode));
}

}  // namespace

void HaltIfAsked() {
  const Options& options = GetOptions();
  const Validator* live = validator.load(std::memory_order_acquire);
  if (!options.halt_on_error || live == nullptr || live->findings(Severity::Error) == 0) return;
  fflush(nullptr);
  _exit(static_cast<int>(options.exitcode));
}

uint32_t CallersOf(uint64_t site, uint64_t* pcs, uint32_t max) {
  return CaptureFast(site, pcs, max);
}

bool InsideChecker() { return CheckerScope::Inside(); }

uint64_t ReportCount() {
  Validator* live = validator.load(std::memory_order_acquire);
  return live == nullptr ? 0 : live->findings(Severity::Possible);
}

void Die(int status, std::string_view message) {
  DrainReports();
  FixedText<4500> text;
  text.Add("flushdep: ").Add(message).Add("\n");
  fflush(nullptr);
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, text.view().data(), text.view().size());
  _exit(status);
}

}  // namespace flushdep

FLUSHDEP_EXPORT void flushdep_events_check(flushdep_u32 version, flushdep_u32 event_size) {
  using namespace flushdep;
  if (version == FLUSHDEP_EVENTS_VERSION && event_size == sizeof(flushdep_event)) {
    Get();
    return;
  }
  FixedText<256> message;
  message.Add("events: the program was compiled against events.h version ").Number(version);
  message.Add(" (").Number(event_size).Add(" bytes an event), this checker speaks version ");
  message.Number(FLUSHDEP_EVENTS_VERSION).Add(" (").Number(sizeof(flushdep_event));
  message.Add(" bytes): rebuild the program with the headers of this flushdep");
  Die(4, message.view());
}

FLUSHDEP_EXPORT void flushdep_emit(const struct flushdep_event* event) {
  using namespace flushdep;
  if (CheckerScope::Inside()) {
    dropped_events.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const int saved_errno = errno;
  {
    Validator& live = Get();
    CheckerScope scope;
    if (!live.Handle(*event))
      Die(4, "no memory for the checker's tables: lower mem= or raise the address-space limit");
    if (event->kind == FLUSHDEP_EV_MACHINE) OpenShortWay(live);
  }
  errno = saved_errno;
}
