// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker in a running program: events in, reports out, exit status.
#include "checker/live/live.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atomic>
#include <new>

#include "checker/event/events.h"
#include "checker/live/annotations.h"
#include "checker/live/clock.h"
#include "checker/live/statistics.h"
#include "checker/live/unwind.h"
#include "checker/model/options.h"
#include "checker/model/spinlock.h"
#include "checker/report/reporter.h"
#include "checker/validator.h"

#define FLUSHDEP_EXPORT extern "C" __attribute__((visibility("default")))

namespace flushdep {

constinit thread_local int CheckerScope::depth_ __attribute__((tls_model("initial-exec"))) = 0;

namespace {

constinit thread_local Seen last_seen
    __attribute__((tls_model("initial-exec"))) = {0, FLUSHDEP_NO_CPU};

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

void SuppressReport(const RawReport& report) {
  validator.load(std::memory_order_acquire)->Suppress(report);
}

void MergeReport(const RawReport&) { validator.load(std::memory_order_acquire)->Merge(); }

// What the parent found is the parent's.
void InForkedChild() {
  Validator* live = validator.load(std::memory_order_acquire);
  if (live != nullptr && !CheckerScope::Inside()) live->StartAnew();
}

void TakeReport(const RawReport& report, bool) {
  // The books are kept for statistics too; advice is for who asks for it.
  if (report.severity == Severity::Advice && !GetOptions().advice) return;
  QueueReport(report);
}

void PrintReports(bool in_signal) {
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
  if (!StartReporter(options.log_path, options.cpus, options.symbolize,
                     {SuppressReport, MergeReport})) {
    FixedText<4400> message;
    message.Add("log_path: cannot write ").Add(LogFileName()).Add(": ");
    message.Add(strerrordesc_np(errno));
    Die(2, message.view());
  }
  FixedText<4500> problem;
  if (!options.suppressions.empty() && !LoadSuppressions(options.suppressions, &problem))
    Die(2, problem.view());
  ValidatorOptions wanted;
  wanted.max_frames = options.stacks;
  wanted.inference = options.inference;
  wanted.advice = options.advice || options.print_stats;
  wanted.strength = options.strength;
  wanted.limits = options.limits;
  live = new (validator_memory)
      Validator({Now, ToNs, Unwind, TakeReport, PrintReports, ClassSite}, wanted);
  validator.store(live, std::memory_order_release);
  return *live;
}

// An allocation to which the thread gave a class.
bool HandleClassed(Validator& live, flushdep_event event) {
  AddAllocationClass(&event);
  return live.Handle(event);
}

SpaceIndex SpaceOf(uint32_t mm) { return Get().state().SpaceOf(mm); }

Moment MomentHere(Who who) {
  Validator& live = *validator.load(std::memory_order_relaxed);
  const StackId stack =
      StackHere(who.site, who.cpu, live.options().max_frames, live.state().stacks());
  return {TscClock::Now(), stack, static_cast<uint16_t>(who.cpu), who.reason};
}

// Where no books are wanted, common operations need no event.
void OpenShortWay(Validator& live) {
  if (live.options().advice) return;
  g_wrappers = LinkedWrappers();
  g_hot.space_of = SpaceOf;
  g_hot.moment = MomentHere;
  live.state().Open(&g_hot);
}

// A limit that was reached is said once, with what it cost.
void PrintLimits(Validator& live) {
  for (size_t i = 0; i < kNumLimits; ++i) {
    const uint64_t count = live.state().limits().Count(static_cast<Limit>(i));
    if (count == 0) continue;
    FixedText<256> text;
    text.Add("flushdep: limit ").Add(kLimits[i].name).Add(" [max: ");
    text.Number(live.state().limits().Max(static_cast<Limit>(i)));
    text.Add("] was reached ").Number(count).Add(" times: ").Add(kLimits[i].lost);
    text.Add(" (limit_").Add(kLimits[i].name).Add("=N raises it)\n");
    [[maybe_unused]] const ssize_t written =
        write(STDERR_FILENO, text.view().data(), text.view().size());
  }
}

// Wrong options are said at once, and a record file exists from the start.
__attribute__((constructor(101))) void StartEarly() {
  Get();
  if (pthread_atfork(nullptr, nullptr, InForkedChild) != 0)
    Die(4, "cannot register a fork handler for the checker; out of memory");
}

// After the program's own exit handlers: destructors run in falling priority.
__attribute__((destructor(101))) void Finish() {
  Validator* live = validator.load(std::memory_order_acquire);
  if (live == nullptr) return;
  {
    CheckerScope scope;
    live->Finish();
  }
  DrainReports();
  PrintLimits(*live);
  const Options& options = GetOptions();
  if (options.print_stats) {
    PrintStatistics(*live, dropped_events.load(std::memory_order_relaxed));
    ListSuppressions();
  }
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

const Seen& LastSeen() { return last_seen; }

bool InsideChecker() { return CheckerScope::Inside(); }

uint64_t ReportCount() {
  Validator* live = validator.load(std::memory_order_acquire);
  return live == nullptr ? 0 : live->findings(Severity::Possible);
}

uint64_t FailureCount() {
  Validator* live = validator.load(std::memory_order_acquire);
  return live == nullptr ? 0 : live->findings(GetOptions().fail_on);
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
    if (event->thread != 0 && event->kind != FLUSHDEP_EV_FLUSH_ACK)
      last_seen = {event->thread, event->cpu};
    if (!(event->kind == FLUSHDEP_EV_PAGE_ALLOC && HasAllocationClass()
              ? HandleClassed(live, *event)
              : live.Handle(*event)))
      Die(4, "no memory for the checker's tables: lower mem= or raise the address-space limit");
    if (event->kind == FLUSHDEP_EV_MACHINE) OpenShortWay(live);
  }
  errno = saved_errno;
}
