// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hardware debt: may some CPU still hold an old translation, and if a flush
// after the put touched it, why was that not enough?
#include "checker/model/state.h"

namespace flushdep {

// Without the lock: flushes that were complete left a mark with the space or
// with the address.
bool State::IsClosedCheaply(const StaleTranslation& stale) {
  if (stale.clear < tlb_.FlushedThrough(stale.space)) return true;
  if (stale.va == kManyAddresses || (stale.kind & kTableEntry) != 0) return false;
  Region* region = regions_.Find(stale.va);
  return region != nullptr && region->HasTable() && region->space == stale.space &&
         region->FlushedAt(stale.va).load(std::memory_order_acquire) > stale.clear;
}

// Exactly, CPU by CPU.
CpuSet State::HoldersOf(uint64_t pfn, const StaleTranslation& stale, flushdep_policy policy) {
  SpinGuard guard(lock_);
  CpuSet holders = tlb_.Holders(stale.space, stale.set, stale.clear);
  const bool table = (stale.kind & kTableEntry) != 0;
  const bool large = (stale.kind & kLargeEntry) != 0;
  if (strength_ == Strength::Accessed && !table && !accessed_.full()) {
    const uint64_t va = large ? stale.va & ~(stale.Bytes() - 1) : stale.va;
    const uint64_t page = pfn - (stale.va - va) / FLUSHDEP_PAGE_SIZE;
    for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu) {
      const Epoch used = accessed_.LastUse(cpu, stale.space, va, large, page);
      if (used == kNever || !tlb_.MayHold(cpu, stale.space, used, used)) holders.Remove(cpu);
    }
  }
  if (pti_ && stale.space == kKernelSpace) DropUnderPti(stale, &holders);
  flushes_.ForEachNewestFirst([&](FlushRecord& flush) {
    if (!flush.IsRanged() || flush.space != stale.space || flush.last_ack <= stale.clear ||
        stale.va == kManyAddresses || !flush.Covers(stale.va, stale.Bytes()) ||
        (table && !flush.ReachesTables()))
      return true;
    for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
      if (AckedAt(flush, cpu) > stale.clear) holders.Remove(cpu);
    return true;
  });
  // By Linux's policy for user memory a lazy CPU may be left alone: it flushes before it runs
  // the mm again. Not so for page tables, which it walks all the same.
  if (policy == FLUSHDEP_POLICY_USER && !table)
    for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
      if (tlb_.WillFlushWhenBusy(cpu, stale.space, stale.clear)) holders.Remove(cpu);
  return holders;
}

// With PTI a kernel-range flush takes the entry from all ASIDs of a CPU, and only
// those that the CPU used since can have it again.
void State::DropUnderPti(const StaleTranslation& stale, CpuSet* holders) {
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu) {
    if (!holders->Has(cpu)) continue;
    Epoch since = stale.set;
    flushes_.ForEachNewestFirst([&](FlushRecord& flush) {
      const Epoch at = AckedAt(flush, cpu);
      if (flush.IsRanged() && flush.space == kKernelSpace && at > since && at <= stale.clear &&
          flush.Covers(stale.va, stale.Bytes()))
        since = at;
      return true;
    });
    if (since > stale.set && !tlb_.MayHold(cpu, kKernelSpace, since, stale.clear))
      holders->Remove(cpu);
  }
}

bool State::IsOpen(uint64_t pfn, const StaleTranslation& stale, CpuSet* holders) {
  const Region* region = stale.va == kManyAddresses ? nullptr : regions_.Find(stale.va);
  *holders = HoldersOf(pfn, stale, region == nullptr ? FLUSHDEP_POLICY_STRICT : region->policy);
  return !holders->empty();
}

// Is it what its address maps now, again? Then it is granted, as long as that stays.
bool State::IsGranted(uint64_t pfn, const Shadow::Guard& page, const StaleTranslation& stale) {
  if (stale.va == kManyAddresses || (stale.kind & ~kLargeEntry) != 0) return false;
  Region* region = regions_.Find(stale.va);
  if (region == nullptr || region->space != stale.space) return false;
  if (region->type == FLUSHDEP_REGION_DIRECT_MAP) return !page.direct_map_absent();
  Address& address = region->At(stale.va);
  return address.IsLive() && address.page.load(std::memory_order_relaxed) == pfn + 1;
}

// The page's oldest-looking open debt; with inference closed ones stay for the contract.
bool State::FindDebt(uint64_t pfn, Shadow::Guard& page, Debt* debt) {
  bool open = false;
  page.FilterStale([&](const StaleTranslation& stale) {
    CpuSet holders;
    if (IsGranted(pfn, page, stale)) return true;
    if (IsClosedCheaply(stale) || !IsOpen(pfn, stale, &holders)) return inference_.enabled();
    if (!open && debt != nullptr) {
      debt->pfn = pfn;
      debt->stale = stale;
      debt->holders = holders;
    }
    open = true;
    return true;
  });
  return open;
}

namespace {

// Which way a flush that was issued after the clear fell short, or None if it
// has nothing to do with this translation. `mine`: the thread that now gives
// the page away asked for it, so that a wrong target was probably meant for it.
Shortfall Judge(const FlushRecord& flush, const Debt& debt, bool mine) {
  const StaleTranslation& stale = debt.stale;
  const Shortfall reached =
      flush.returned == kNever ? Shortfall::NotReturned : Shortfall::TooFewCpus;
  switch (flush.req_what) {
    case FLUSHDEP_FLUSH_EVERYTHING:
      return reached;
    case FLUSHDEP_FLUSH_NON_GLOBAL:
      return stale.space == kKernelSpace ? Shortfall::None : reached;
    case FLUSHDEP_FLUSH_SPACE:
      if (flush.space == stale.space) return reached;
      return mine ? Shortfall::WrongSpace : Shortfall::None;
    case FLUSHDEP_FLUSH_SPACE_RANGE:
    case FLUSHDEP_FLUSH_KERNEL_RANGE:
      if (flush.Covers(stale.va, stale.Bytes()))
        return flush.space == stale.space || flush.mm == 0 ? reached : Shortfall::WrongSpace;
      return mine ? Shortfall::ShortRange : Shortfall::None;
    default:
      return Shortfall::None;
  }
}

}  // namespace

// Finds the newest flush since the put that touched the translation.
void State::ExplainDebt(uint32_t thread, Debt* debt) {
  SpinGuard guard(lock_);
  debt->mm = debt->stale.space == kKernelSpace ? 0 : tlb_.MmOf(debt->stale.space);
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
    if (debt->holders.Has(cpu) && tlb_.IsLazy(cpu)) debt->lazy = true;
  flushes_.ForEachNewestFirst([&](const FlushRecord& flush) {
    if (flush.issued <= debt->stale.clear) return false;
    if (flush.internal) {
      // Of the whole TLB: the reserve's address is flushed alone.
      if (debt->mm != 0 && flush.req_what == FLUSHDEP_FLUSH_EVERYTHING &&
          flush.req_who == FLUSHDEP_CPUS_LOCAL && flush.moment.reason == FLUSHDEP_WHY_MERMAP_WRAP)
        debt->local_wrap = true;
      return true;
    }
    const Shortfall shortfall = Judge(flush, *debt, flush.thread == thread);
    if (shortfall == Shortfall::None) return true;
    debt->shortfall = shortfall;
    debt->flush = flush;
    return false;
  });
}

}  // namespace flushdep
