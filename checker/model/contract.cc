// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contract debt: ends only by flushes that callers asked for, after the clear,
// whose requested scopes together cover every CPU that could hold the translation, and
// whose returns happened before what is judged now; or by the mm's end.
// Hardware may have dropped the entry long before: that is luck (FD004).
#include "checker/model/state.h"

namespace flushdep {

// Is the flush, as it was asked for, about this translation?
bool State::CoversSpace(const FlushRecord& flush, const StaleTranslation& stale) const {
  if ((stale.kind & kTableEntry) != 0 && !flush.ReachesTables()) return false;
  switch (flush.req_what) {
    case FLUSHDEP_FLUSH_EVERYTHING:
      return true;
    case FLUSHDEP_FLUSH_NON_GLOBAL:
      return stale.space != kKernelSpace || pti_;
    case FLUSHDEP_FLUSH_SPACE:
      return flush.space == stale.space;
    case FLUSHDEP_FLUSH_SPACE_RANGE:
      return flush.space == stale.space && flush.Covers(stale.va, stale.Bytes());
    case FLUSHDEP_FLUSH_KERNEL_RANGE:
      return flush.Covers(stale.va, stale.Bytes());
    default:
      return false;
  }
}

// Who could ever hold it: under strength=accessed, whoever used it.
CpuSet State::RunnersOf(uint64_t pfn, const StaleTranslation& stale) const {
  CpuSet runners = tlb_.Runners(stale.space, stale.set, stale.clear);
  if (strength_ != Strength::Accessed || (stale.kind & kTableEntry) != 0 || accessed_.full())
    return runners;
  const bool large = (stale.kind & kLargeEntry) != 0;
  const uint64_t va = large ? stale.va & ~(stale.Bytes() - 1) : stale.va;
  const uint64_t page = pfn - (stale.va - va) / FLUSHDEP_PAGE_SIZE;
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
    if (!accessed_.UsedSince(stale.set, cpu, stale.space, va, large, page)) runners.Remove(cpu);
  return runners;
}

bool State::IsContractOpen(uint64_t pfn, const StaleTranslation& stale, uint32_t thread) {
  if (stale.va == kManyAddresses) return false;  // a limit was reached: not known well enough
  // The newest full flush, if it was this thread's own, needs no look at the log.
  const uint64_t mark = full_flush_[stale.space].load(std::memory_order_acquire);
  if (mark >> 16 > stale.clear && (mark & 0xffff) == thread && thread != 0) return false;
  SpinGuard guard(lock_);
  if (tlb_.HasEnded(stale.space) || stale.clear < tlb_.BornAt(stale.space)) return false;
  if (strength_ == Strength::Accessed && RunnersOf(pfn, stale).empty()) return false;
  if (last_explicit_.load(std::memory_order_relaxed) <= stale.clear) return true;
  if (flushes_.forgotten() > stale.clear) return false;
  CpuSet left = RunnersOf(pfn, stale);
  const Region* region = regions_.Find(stale.va);
  const bool user = region != nullptr && region->policy == FLUSHDEP_POLICY_USER &&
                    (stale.kind & kTableEntry) == 0;
  flushes_.ForEachNewestFirst([&](const FlushRecord& flush) {
    if (flush.issued <= stale.clear) return false;
    if (flush.internal || flush.returned == kNever || !CoversSpace(flush, stale)) return true;
    if (!inference_.Happened(flush.return_point, thread)) return true;
    const bool lazy_too = user && (flush.flags & FLUSHDEP_FLUSH_BUMPS_GEN) != 0;
    for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
      if (lazy_too || flush.requested.Has(cpu)) left.Remove(cpu);
    return !left.empty();
  });
  return !left.empty();
}

bool State::FindOpenContract(uint64_t pfn, Shadow::Guard& page, uint32_t thread,
                             OpenContract* out) {
  bool open = false;
  page.FilterStale([&](const StaleTranslation& stale) {
    if (open || IsGranted(pfn, page, stale) || !IsContractOpen(pfn, stale, thread)) return true;
    open = true;
    out->pfn = pfn;
    out->stale = stale;
    return true;
  });
  return open;
}

// Which accident was it? A flush that nothing orders before this, one that nobody
// asked for, or CPUs that went on to other things.
void State::ExplainContract(uint32_t thread, OpenContract* contract) {
  SpinGuard guard(lock_);
  const StaleTranslation& stale = contract->stale;
  contract->mm = stale.space == kKernelSpace ? 0 : tlb_.MmOf(stale.space);
  contract->luck = Luck::Switched;
  flushes_.ForEachNewestFirst([&](const FlushRecord& flush) {
    if (flush.last_ack <= stale.clear) return true;
    if (flush.internal) {
      if (contract->luck == Luck::Switched)
        contract->luck = Luck::Internal, contract->flush = flush;
      return true;
    }
    if (flush.issued <= stale.clear) return true;
    // One that is ordered and is of that entry would have kept the contract, had it asked all CPUs.
    if (!CoversSpace(flush, stale) || inference_.Happened(flush.return_point, thread)) {
      if (contract->fell_short.moment.time == 0) contract->fell_short = flush;
      return true;
    }
    contract->luck = Luck::NotOrdered;
    contract->flush = flush;
    return false;
  });
}

// FD006. The page is freed by the last holder, its contract kept by a flush. Would
// it have been kept had the other holder, who dropped with the flush owed, been last?
void State::FindInversion(const flushdep_event& event, uint64_t pfn, const StaleTranslation& stale,
                          Inversion* inversion) {
  if (!inference_.told() || !inference_.TakeDrop(pfn, &inversion->drop)) return;
  const DropRecord& drop = inversion->drop;
  inversion->stale = stale;
  // Program order or happens-before puts the other's drop first in every run.
  if (drop.thread == event.thread || inference_.MustPrecede(drop.drop, event.thread)) return;
  SpinGuard guard(lock_);
  bool kept = false;
  flushes_.ForEachNewestFirst([&](const FlushRecord& flush) {
    if (flush.issued <= stale.clear) return false;
    if (flush.internal || flush.returned == kNever || !CoversSpace(flush, stale)) return true;
    if (!inference_.Happened(flush.return_point, event.thread)) return true;
    inversion->flush = flush;
    inversion->only_last = drop.last_drop != kNever && flush.issued > drop.last_drop;
    // A flush before the last drop, and after the put in every run, helps in every order.
    kept = !inversion->only_last && inference_.MustPrecedeFlush(drop.put, flush.place);
    inversion->found = true;
    return !kept;
  });
  // A call that says who is last, and a flush by whoever is: the other runs that code as well.
  if (kept || (inversion->only_last && drop.same_code)) inversion->found = false;
}

}  // namespace flushdep
