// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/validator.h"

#include <type_traits>

#include "checker/rules/batchable_flush.h"
#include "checker/rules/early_flush.h"
#include "checker/rules/foreign_cpu_access.h"
#include "checker/rules/free_while_mapped.h"
#include "checker/rules/insufficient_flush.h"
#include "checker/rules/invalid_free.h"
#include "checker/rules/last_drop_inversion.h"
#include "checker/rules/lucky_flush.h"
#include "checker/rules/mapping_imbalance.h"
#include "checker/rules/outlives_access.h"
#include "checker/rules/over_broad_flush.h"
#include "checker/rules/possible_unflushed_free.h"
#include "checker/rules/redundant_flush.h"
#include "checker/rules/shootdown_deadlock.h"
#include "checker/rules/stale_access.h"
#include "checker/rules/stale_permission.h"
#include "checker/rules/unflushable_free.h"
#include "checker/rules/unflushed_free.h"
#include "checker/rules/unflushed_handout.h"
#include "checker/rules/unflushed_reuse.h"
#include "checker/rules/unflushed_table_free.h"
#include "checker/rules/unmapped_access.h"
#include "checker/rules/wrong_context.h"

namespace flushdep {
namespace {

template <typename Facts>
using Check = bool (*)(State&, const Facts&, Verdict*);

// `check` if it judges these facts, else null.
template <typename Wanted, typename Facts>
constexpr Check<Wanted> OnlyFor(Check<Facts> check) {
  if constexpr (std::is_same_v<Wanted, Facts>)
    return check;
  else
    return nullptr;
}

template <typename Facts>
bool AskRules(State& state, const Facts& facts, Verdict* verdict) {
#define FLUSHDEP_CHECK(type, function)                               \
  if (constexpr Check<Facts> check = OnlyFor<Facts, type>(function); \
      check != nullptr && check(state, facts, verdict))              \
    return true;
#include "checker/rules/rules.inc"
#undef FLUSHDEP_CHECK
  return false;
}

uint64_t Mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
  return hash ^ (hash >> 29);
}

}  // namespace

Moment Validator::MomentOf(const flushdep_event& event, bool with_stack) {
  const uint32_t max_frames = options_.max_frames;
  // Where no history is kept, the clock is not worth reading.
  Moment moment{max_frames != 0 ? host_.now(event) : kUnknownTime, kNoStack, event.cpu,
                event.reason};
  if (with_stack && max_frames != 0) {
    uint64_t pcs[kMaxFrames];
    const uint32_t size = host_.unwind(event, /*thorough=*/false, pcs,
                                       max_frames < kMaxFrames ? max_frames : kMaxFrames);
    moment.stack = state_.stacks().Put(pcs, size);
  }
  return moment;
}

bool Validator::Handle(const flushdep_event& event) {
  std::atomic<uint64_t>& counter = counters_[event.cpu % kCounters].events;
  if (__libc_single_threaded)
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  else
    counter.fetch_add(1, std::memory_order_relaxed);
  if (event.kind == FLUSHDEP_EV_MACHINE) {
    StateOptions options;
    options.keep_history = options_.max_frames != 0;
    options.inference = options_.inference;
    options.accounting = options_.advice;
    options.strength = options_.strength;
    options.limits = options_.limits;
    return state_.Boot(event.u.machine, options);
  }
  if (!state_.booted()) return true;
  if (!HandlePage(event) && !HandleMapping(event) && !HandleOrder(event))
    unknown_events_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

// What happens to pages and their owners.
bool Validator::HandlePage(const flushdep_event& event) {
  switch (event.kind) {
    case FLUSHDEP_EV_PAGE_ALLOC: {
      OwnerChange change;
      const uint64_t cls = options_.inference ? ClassOf(event) : 0;
      if (state_.ApplyAlloc(event, MomentOf(event, true), cls, &change)) Judge(event, change);
      return true;
    }
    case FLUSHDEP_EV_PAGE_FREE:
    case FLUSHDEP_EV_PAGE_TRANSFER:
    case FLUSHDEP_EV_PAGE_PUBLISH:
    case FLUSHDEP_EV_ASSERT:
      Judge(event, state_.ApplyOwnerChange(event, MomentOf(event, true)));
      return true;
    case FLUSHDEP_EV_REF_GET:
    case FLUSHDEP_EV_REF_PUT:
      if (options_.inference) state_.ApplyReference(event, MomentOf(event, true));
      return true;
    case FLUSHDEP_EV_DEBT_HANDOVER:
      state_.ApplyHandover(event, MomentOf(event, true));
      return true;
    case FLUSHDEP_EV_DEBT_CANCEL:
      state_.ApplyDebtCancel(event, MomentOf(event, true));
      return true;
    case FLUSHDEP_EV_PAGE_SPLIT:
      state_.ApplySplit(event);
      return true;
    case FLUSHDEP_EV_PAGE_RETYPE:
      return true;
    default:
      return false;
  }
}

// Translations, and what is done through them.
bool Validator::HandleMapping(const flushdep_event& event) {
  switch (event.kind) {
    case FLUSHDEP_EV_PTE_SET: {
      MapChange change;
      if (state_.ApplyPteSet(event, MomentOf(event, true), &change)) Judge(event, change);
      return true;
    }
    case FLUSHDEP_EV_PTE_CLEAR:
      if (event.reason == FLUSHDEP_WHY_MERMAP_TEARDOWN && state_.IsMermap(event.u.pte.va)) {
        MapBalance leak;
        leak.what = Imbalance::Leak;
        leak.pfn = event.u.pte.pfn;
        leak.va = event.u.pte.va;
        leak.mm = event.u.pte.mm;
        Judge(event, leak);
      }
      state_.ApplyPteClear(event, MomentOf(event, true));
      return true;
    case FLUSHDEP_EV_TABLE_LINK:
    case FLUSHDEP_EV_TABLE_UNLINK:
      state_.ApplyTable(event, MomentOf(event, true));
      return true;
    case FLUSHDEP_EV_ACCESS_LOST:
      Judge(event, state_.ApplyAccessLost(event));
      return true;
    case FLUSHDEP_EV_ACCESS:
      Judge(event, state_.ApplyAccess(event));
      return true;
    case FLUSHDEP_EV_MAP_END:
      HandleMapEnd(event);
      return true;
    case FLUSHDEP_EV_PTE_SPLIT:  // small entries for a large one: nothing is taken away
    case FLUSHDEP_EV_MAP_BEGIN:
    case FLUSHDEP_EV_MAP_FAIL:
    case FLUSHDEP_EV_MAP_REWIND:
      return true;
    default:
      return false;
  }
}

// CPUs, threads, flushes, and what orders them.
bool Validator::HandleOrder(const flushdep_event& event) {
  LockCycle cycle;
  switch (event.kind) {
    case FLUSHDEP_EV_REGION:
    case FLUSHDEP_EV_REGION_END:
      state_.ApplyRegion(event);
      return true;
    case FLUSHDEP_EV_MM_CREATE:
    case FLUSHDEP_EV_MM_END:
    case FLUSHDEP_EV_CPU_LOAD:
    case FLUSHDEP_EV_CPU_LAZY:
    case FLUSHDEP_EV_CPU_ONLINE:
    case FLUSHDEP_EV_CPU_OFFLINE:
      state_.ApplyCpu(event);
      return true;
    case FLUSHDEP_EV_FLUSH_ISSUE:
      if (state_.ApplyFlush(event, MomentOf(event, true), &cycle)) Judge(event, cycle);
      return true;
    case FLUSHDEP_EV_FLUSH_TARGET:
    case FLUSHDEP_EV_FLUSH_ACK:
    case FLUSHDEP_EV_FLUSH_RETURN:
      state_.ApplyFlush(event, Moment{}, &cycle);
      return true;
    case FLUSHDEP_EV_SYNC:
      if (options_.inference && state_.ApplySync(event, SyncMoment(event), &cycle))
        Judge(event, cycle);
      return true;
    case FLUSHDEP_EV_CONTEXT:
    case FLUSHDEP_EV_WRONG_CONTEXT:
      HandleContext(event);
      return true;
    case FLUSHDEP_EV_THREAD_EXIT:
      HandleThreadExit(event);
      state_.inference().ApplyThread(event);
      return true;
    case FLUSHDEP_EV_THREAD_START:
    case FLUSHDEP_EV_THREAD_ON_CPU:
      state_.inference().ApplyThread(event);
      return true;
    case FLUSHDEP_EV_NONE:
    case FLUSHDEP_EV_LOST:
    case FLUSHDEP_EV_STACK:
      return true;
    case FLUSHDEP_EV_NAME:
      if (event.u.name.kind == FLUSHDEP_EV_WRONG_CONTEXT)
        state_.call_names().Set(event.u.name);
      else
        state_.inference().ApplyName(event);
      return true;
    default:
      return event.kind >= FLUSHDEP_EV_USER;
  }
}

Moment Validator::SyncMoment(const flushdep_event& event) {
  return state_.inference().IsWaitWorthAStack(event) ? MomentOf(event, true) : Moment{};
}

// The pages of one allocation site are a class, unless the program says otherwise.
uint64_t Validator::ClassOf(const flushdep_event& event) const {
  if (event.u.page.class_key != 0) return event.u.page.class_key;
  return host_.class_site != nullptr ? host_.class_site(event) : event.site;
}

void Validator::HandleMapEnd(const flushdep_event& event) {
  const flushdep_event_map& map = event.u.map;
  MapBalance balance;
  balance.pfn = map.pfn;
  balance.va = map.va;
  balance.mm = map.mm;
  balance.cpu = event.cpu;
  balance.owner_cpu = map.owner_cpu;
  balance.caller_mm = state_.LoadedOn(event.cpu);
  if ((event.flags & FLUSHDEP_F_FAILED) != 0)
    balance.what = Imbalance::DoublePut;
  else if (map.owner_cpu != event.cpu)
    balance.what = Imbalance::OtherCpu;
  else if (map.mm != balance.caller_mm && balance.caller_mm != 0)
    balance.what = Imbalance::OtherMm;
  else
    return;
  Judge(event, balance);
}

void Validator::HandleContext(const flushdep_event& event) {
  const flushdep_event_context& context = event.u.context;
  if (event.kind == FLUSHDEP_EV_WRONG_CONTEXT)
    return Judge(event, WrongContext{context.api, context.what, context.depth});
  state_.inference().ApplyContext(event);
  const bool counted = context.what == FLUSHDEP_CTX_PREEMPT || context.what == FLUSHDEP_CTX_MIGRATE;
  if (!counted || context.delta >= 0 || (event.flags & FLUSHDEP_F_FAILED) == 0) return;
  MapBalance balance;
  balance.what = Imbalance::Context;
  balance.context = context.what;
  Judge(event, balance);
}

void Validator::HandleThreadExit(const flushdep_event& event) {
  MapBalance balance;
  balance.what = Imbalance::ThreadExit;
  state_.inference().WithThread(event.thread, [&](const ThreadState& thread) {
    for (uint32_t what : {FLUSHDEP_CTX_MIGRATE, FLUSHDEP_CTX_PREEMPT})
      if (thread.depth[what] > 0) balance.context = what, balance.depth = thread.depth[what];
  });
  if (balance.depth > 0) Judge(event, balance);
}

void Validator::Finish() {
  if (!state_.booted()) return;
  flushdep_event end = {};
  end.cpu = FLUSHDEP_NO_CPU;
  state_.JudgeLives([&](const FlowPath& path) { Judge(end, PossibleFree{path}); });
  if (!options_.advice) return;
  state_.flush_sites().ForEach([&](const FlushSite& site) {
    end.site = site.pc;
    for (Question question : kQuestions) Judge(end, FlushAdvice{site, question});
  });
}

template <typename Facts>
void Validator::Judge(const flushdep_event& event, const Facts& facts) {
  Verdict verdict;
  if (!AskRules(state_, facts, &verdict)) return;
  if (!state_.inference().CheckerOff(event.thread)) Report(event, verdict);
}

void Validator::Fill(const Evidence& evidence, RawEvent* out) const {
  out->role = evidence.role;
  out->cpu = evidence.moment.cpu == FLUSHDEP_NO_CPU ? kNoCpu : evidence.moment.cpu;
  const uint64_t time = evidence.moment.time;
  out->time = time == kUnknownTime ? kNoNumber : host_.to_ns(time);
  out->text = evidence.text.view();
  out->on_path = evidence.on_path;
  const StackView stack = state_.stacks().Get(evidence.moment.stack);
  for (uint32_t i = 0; i < stack.size && i < kMaxRawFrames; ++i)
    out->pcs[out->frames++] = stack.pcs[i];
}

// The event of now; of what is judged at the end, the place that it is about.
void Validator::FillNow(const flushdep_event& event, const Verdict& verdict, RawReport* report) {
  RawEvent& now = report->events[report->events_count++];
  if (verdict.place.time != 0) {
    Fill({verdict.now, verdict.place, {"", 0}, false}, &now);
    now.text = verdict.of_what;
    if (now.frames == 0 && event.site != 0) now.pcs[now.frames++] = event.site;
    return;
  }
  now.role = verdict.now;
  now.cpu = report->cpu;
  now.time = report->time;
  // Of a trap; an access that instrumentation tells was called from where `site` is.
  now.exact_top = event.kind == FLUSHDEP_EV_ACCESS && event.u.access.ucontext != 0;
  now.frames = host_.unwind(event, /*thorough=*/true, now.pcs, kMaxRawFrames);
}

void Validator::Report(const flushdep_event& event, const Verdict& verdict) {
  if (MakeReport(event, verdict) && host_.print != nullptr)
    host_.print((event.flags & FLUSHDEP_F_SIGNAL) != 0);
}

// False if it is nothing new.
bool Validator::MakeReport(const flushdep_event& event, const Verdict& verdict) {
  unsigned spins = 0;
  for (uint32_t i = 0;; i = (i + 1) % kDesks) {
    Desk& desk = desks_[i];
    if (desk.taken.exchange(true, std::memory_order_acquire)) {
      if (i + 1 == kDesks) SpinPause(spins);
      continue;
    }
    desk.report = RawReport{};
    const bool is_new = FillReport(event, verdict, &desk.report);
    desk.taken.store(false, std::memory_order_release);
    return is_new;
  }
}

bool Validator::FillReport(const flushdep_event& event, const Verdict& verdict, RawReport* out) {
  const Moment& place = verdict.place;
  RawReport& report = *out;
  report.rule = verdict.rule;
  report.severity = verdict.severity;
  report.doing = verdict.doing;
  report.message = verdict.message;
  report.note = verdict.note;
  report.remedy = verdict.remedy;
  report.time = place.time == kUnknownTime
                    ? kNoNumber
                    : host_.to_ns(place.time != 0 ? place.time : host_.now(event));
  const uint16_t cpu = place.time != 0 ? place.cpu : event.cpu;
  report.cpu = cpu == FLUSHDEP_NO_CPU ? kNoCpu : cpu;
  report.mm = verdict.mm;
  report.pfn = verdict.pfn;
  report.va = verdict.va;
  report.class_key = verdict.class_key;
  report.user_class = verdict.user_class;
  for (uint32_t i = 0; i < 2; ++i) report.column_heads[i] = verdict.column_heads[i];
  report.scenario_count = verdict.scenario_count;
  for (uint32_t i = 0; i < verdict.scenario_count; ++i) report.scenario[i] = verdict.scenario[i];
  FillNow(event, verdict, &report);
  for (uint32_t i = 0; i < verdict.evidence_count; ++i)
    Fill(verdict.evidence[i], &report.events[report.events_count++]);

  const bool is_new = IsNewProblem(report, event.site, &report.problem);
  const Problem& problem = problems_[report.problem];
  if (!is_new && problem.suppressed.load(std::memory_order_relaxed)) {
    suppressed_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  findings_[static_cast<size_t>(verdict.severity)].fetch_add(1, std::memory_order_relaxed);
  if (!is_new) return false;
  problems_count_.fetch_add(1, std::memory_order_relaxed);
  host_.report(report, (event.flags & FLUSHDEP_F_SIGNAL) != 0);
  return true;
}

void Validator::Suppress(const RawReport& report) {
  Problem& problem = problems_[report.problem];
  if (problem.suppressed.exchange(true, std::memory_order_relaxed)) return;
  // Repeats that came in the meantime count for the problem too.
  const uint64_t count = problem.count.load(std::memory_order_relaxed);
  findings_[static_cast<size_t>(report.severity)].fetch_sub(count, std::memory_order_relaxed);
  problems_count_.fetch_sub(1, std::memory_order_relaxed);
  suppressed_.fetch_add(count, std::memory_order_relaxed);
}

void Validator::StartAnew() {
  for (std::atomic<uint64_t>& count : findings_) count.store(0, std::memory_order_relaxed);
  for (Problem& problem : problems_) {
    problem.key.store(0, std::memory_order_relaxed);
    problem.count.store(0, std::memory_order_relaxed);
    problem.suppressed.store(false, std::memory_order_relaxed);
  }
  problems_count_.store(0, std::memory_order_relaxed);
  suppressed_.store(0, std::memory_order_relaxed);
}

uint64_t Validator::events() const {
  uint64_t sum = 0;
  for (const Counter& counter : counters_) sum += counter.events.load(std::memory_order_relaxed);
  return sum;
}

uint64_t Validator::findings(Severity at_least) const {
  uint64_t sum = 0;
  for (size_t i = static_cast<size_t>(at_least); i < 3; ++i)
    sum += findings_[i].load(std::memory_order_relaxed);
  return sum;
}

// The same rule at the same place, about a put (or map) at the same place, is
// the same problem. Lock-free: of two threads with one problem, one reports. Number 0 is for
// those that the table has no room for.
bool Validator::IsNewProblem(const RawReport& report, uint64_t site, uint32_t* number) {
  uint64_t key = Mix(1, static_cast<uint64_t>(report.rule));
  key = Mix(key, report.events[0].frames != 0 ? report.events[0].pcs[0] : site);
  for (uint32_t i = 1; i < report.events_count; ++i) {
    const RawEvent& event = report.events[i];
    if (event.role != Role::Put && event.role != Role::Map) continue;
    key = Mix(key, event.frames != 0 ? event.pcs[0] : 0);
    break;
  }
  if (key == 0) key = 1;
  const uint32_t max = state_.limits().Max(Limit::Problems) - 1;
  for (uint32_t probe = 0; probe < max; ++probe) {
    *number = static_cast<uint32_t>((key + probe) % max) + 1;
    Problem& slot = problems_[*number];
    uint64_t held = slot.key.load(std::memory_order_relaxed);
    const bool is_new =
        held == 0 && slot.key.compare_exchange_strong(held, key, std::memory_order_relaxed);
    if (!is_new && held != key) continue;
    slot.count.fetch_add(1, std::memory_order_relaxed);
    return is_new;
  }
  *number = 0;
  state_.limits().Hit(Limit::Problems);
  return true;
}

}  // namespace flushdep
