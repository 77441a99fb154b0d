// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/validator.h"

#include <type_traits>

#include "checker/rules/free_while_mapped.h"
#include "checker/rules/insufficient_flush.h"
#include "checker/rules/invalid_free.h"
#include "checker/rules/stale_access.h"
#include "checker/rules/unflushed_free.h"
#include "checker/rules/unmapped_access.h"

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
  Moment moment{host_.now(event), kNoStack, event.cpu, event.reason};
  if (with_stack && max_frames_ != 0) {
    uint64_t pcs[kMaxFrames];
    const uint32_t size = host_.unwind(event, /*thorough=*/false, pcs,
                                       max_frames_ < kMaxFrames ? max_frames_ : kMaxFrames);
    moment.stack = state_.stacks().Put(pcs, size);
  }
  return moment;
}

bool Validator::Handle(const flushdep_event& event) {
  events_.fetch_add(1, std::memory_order_relaxed);
  if (event.kind == FLUSHDEP_EV_MACHINE) return state_.Boot(event.u.machine, max_frames_ != 0);
  if (!state_.booted()) return true;
  switch (event.kind) {
    case FLUSHDEP_EV_REGION:
    case FLUSHDEP_EV_REGION_END:
      state_.ApplyRegion(event);
      break;
    case FLUSHDEP_EV_MM_CREATE:
    case FLUSHDEP_EV_MM_END:
    case FLUSHDEP_EV_CPU_LOAD:
    case FLUSHDEP_EV_CPU_LAZY:
    case FLUSHDEP_EV_CPU_ONLINE:
    case FLUSHDEP_EV_CPU_OFFLINE:
      state_.ApplyCpu(event);
      break;
    case FLUSHDEP_EV_FLUSH_ISSUE:
      state_.ApplyFlush(event, MomentOf(event, (event.flags & FLUSHDEP_F_INTERNAL) == 0));
      break;
    case FLUSHDEP_EV_FLUSH_ACK:
    case FLUSHDEP_EV_FLUSH_RETURN:
      state_.ApplyFlush(event, Moment{});
      break;
    case FLUSHDEP_EV_PAGE_ALLOC:
      state_.ApplyAlloc(event, MomentOf(event, true));
      break;
    case FLUSHDEP_EV_PAGE_FREE:
    case FLUSHDEP_EV_PAGE_TRANSFER:
      Judge(event, state_.ApplyOwnerChange(event, MomentOf(event, true)));
      break;
    case FLUSHDEP_EV_DEBT_CANCEL:
      state_.ApplyDebtCancel(event);
      break;
    case FLUSHDEP_EV_PTE_SET: {
      MapChange change;
      if (state_.ApplyPteSet(event, MomentOf(event, true), &change)) Judge(event, change);
      break;
    }
    case FLUSHDEP_EV_PTE_CLEAR:
      state_.ApplyPteClear(event, MomentOf(event, true));
      break;
    case FLUSHDEP_EV_ACCESS:
      if ((event.flags & FLUSHDEP_F_TRAPPED) != 0) Judge(event, state_.DescribeAccess(event));
      break;
    default:
      break;
  }
  return true;
}

void Validator::Judge(const flushdep_event& event, const OwnerChange& change) {
  Verdict verdict;
  if (AskRules(state_, change, &verdict)) Report(event, verdict);
}

void Validator::Judge(const flushdep_event& event, const MapChange& change) {
  Verdict verdict;
  if (AskRules(state_, change, &verdict)) Report(event, verdict);
}

void Validator::Judge(const flushdep_event& event, const Access& access) {
  Verdict verdict;
  if (AskRules(state_, access, &verdict)) Report(event, verdict);
}

void Validator::Fill(const Evidence& evidence, RawEvent* out) const {
  out->role = evidence.role;
  out->cpu = evidence.moment.cpu == FLUSHDEP_NO_CPU ? kNoCpu : evidence.moment.cpu;
  out->time = host_.to_ns(evidence.moment.time);
  out->text = evidence.text;
  const StackView stack = state_.stacks().Get(evidence.moment.stack);
  for (uint32_t i = 0; i < stack.size && i < kMaxRawFrames; ++i)
    out->pcs[out->frames++] = stack.pcs[i];
}

void Validator::Report(const flushdep_event& event, const Verdict& verdict) {
  RawReport report;
  report.rule = verdict.rule;
  report.severity = verdict.severity;
  report.doing = verdict.doing;
  report.message = verdict.message;
  report.note = verdict.note;
  report.time = host_.to_ns(host_.now(event));
  report.cpu = event.cpu == FLUSHDEP_NO_CPU ? kNoCpu : event.cpu;
  report.mm = verdict.mm;
  report.pfn = verdict.pfn;
  report.va = verdict.va;

  RawEvent& now = report.events[report.events_count++];
  now.role = verdict.now;
  now.cpu = report.cpu;
  now.time = report.time;
  // Of a trap; an access that instrumentation tells was called from where `site` is.
  now.exact_top = event.kind == FLUSHDEP_EV_ACCESS && event.u.access.ucontext != 0;
  now.frames = host_.unwind(event, /*thorough=*/true, now.pcs, kMaxRawFrames);
  for (uint32_t i = 0; i < verdict.evidence_count; ++i)
    Fill(verdict.evidence[i], &report.events[report.events_count++]);

  findings_[static_cast<size_t>(verdict.severity)].fetch_add(1, std::memory_order_relaxed);
  if (!IsNewProblem(report, event.site)) return;
  problems_count_.fetch_add(1, std::memory_order_relaxed);
  host_.report(report, (event.flags & FLUSHDEP_F_SIGNAL) != 0);
}

uint64_t Validator::findings(Severity at_least) const {
  uint64_t sum = 0;
  for (size_t i = static_cast<size_t>(at_least); i < 3; ++i)
    sum += findings_[i].load(std::memory_order_relaxed);
  return sum;
}

// The same rule at the same place, about a put (or map) at the same place, is
// the same problem. Lock-free: of two threads with one problem, one reports.
bool Validator::IsNewProblem(const RawReport& report, uint64_t site) {
  uint64_t key = Mix(1, static_cast<uint64_t>(report.rule));
  key = Mix(key, report.events[0].frames != 0 ? report.events[0].pcs[0] : site);
  for (uint32_t i = 1; i < report.events_count; ++i) {
    const RawEvent& event = report.events[i];
    if (event.role != Role::Put && event.role != Role::Map) continue;
    key = Mix(key, event.frames != 0 ? event.pcs[0] : 0);
    break;
  }
  if (key == 0) key = 1;
  for (size_t probe = 0; probe < kMaxProblems; ++probe) {
    std::atomic<uint64_t>& slot = problems_[(key + probe) % kMaxProblems];
    uint64_t held = slot.load(std::memory_order_relaxed);
    if (held == 0 && slot.compare_exchange_strong(held, key, std::memory_order_relaxed))
      return true;
    if (held == key) return false;
  }
  state_.limits().Hit(Limit::Problems);
  return true;
}

}  // namespace flushdep
