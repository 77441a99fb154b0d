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
  if (stale.space == kKernelSpace || stale.va == kManyAddresses) return false;
  Region* region = regions_.Find(stale.va);
  return region != nullptr && region->type == FLUSHDEP_REGION_MERMAP &&
         region->At(stale.va).flushed.load(std::memory_order_acquire) > stale.clear;
}

// Exactly, CPU by CPU.
bool State::IsOpen(const StaleTranslation& stale, CpuSet* holders) {
  SpinGuard guard(lock_);
  CpuSet ranged;
  flushes_.ForEachNewestFirst([&](FlushRecord& flush) {
    if (flush.issued <= stale.clear) return false;
    if (!flush.IsRanged() || flush.space != stale.space || !flush.Covers(stale.va)) return true;
    for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
      if (flush.acked.Has(cpu)) ranged.Add(cpu);
    return true;
  });
  const CpuSet all = tlb_.Holders(stale.space, stale.set, stale.clear);
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
    if (all.Has(cpu) && !ranged.Has(cpu)) holders->Add(cpu);
  return !holders->empty();
}

// The page's oldest-looking open debt; closed ones are dropped on the way.
bool State::FindDebt(uint64_t pfn, Shadow::Guard& page, Debt* debt) {
  bool open = false;
  page.FilterStale([&](const StaleTranslation& stale) {
    CpuSet holders;
    if (IsClosedCheaply(stale) || !IsOpen(stale, &holders)) return false;
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
      if (flush.Covers(stale.va))
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
  flushes_.ForEachNewestFirst([&](const FlushRecord& flush) {
    if (flush.issued <= debt->stale.clear) return false;
    if (flush.internal) {
      if (flush.req_who == FLUSHDEP_CPUS_LOCAL) debt->local_wrap = true;
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
