// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events that change machine, pages and translations. Flushes are in
// flushes.cc, the question of what is still owed in debt.cc.
#include "checker/model/state.h"

namespace flushdep {

bool State::Boot(const flushdep_event_machine& machine, bool keep_history) {
  SpinGuard guard(lock_);
  const bool pcid = (machine.knobs & FLUSHDEP_KNOB_PCID) != 0;
  if (!tlb_.Init(machine.cpus, pcid, machine.asids) || !regions_.Init(keep_history) ||
      !shadow_.Init(machine.pfns) || !stacks_.Init())
    return false;
  if (keep_history && !history_.Init(machine.pfns)) return false;
  flushes_.Clear();
  booted_.store(true, std::memory_order_release);
  return true;
}

void State::ApplyRegion(const flushdep_event& event) {
  SpaceIndex space;
  {
    SpinGuard guard(lock_);
    space = tlb_.FindSpace(event.u.region.mm);
  }
  if (space == kNoSpace) return;
  if (event.kind == FLUSHDEP_EV_REGION)
    regions_.Add(event.u.region, space);
  else
    regions_.End(event.u.region.start, space);
}

void State::ApplyCpu(const flushdep_event& event) {
  SpinGuard guard(lock_);
  const bool has_cpu = event.cpu < tlb_.cpus();
  switch (event.kind) {
    case FLUSHDEP_EV_MM_CREATE:
      tlb_.CreateSpace(event.u.mm.mm);
      return;
    case FLUSHDEP_EV_MM_END:
      if (const SpaceIndex space = tlb_.FindSpace(event.u.mm.mm);
          space != kNoSpace && space != kKernelSpace)
        tlb_.EndSpace(space);
      return;
    case FLUSHDEP_EV_CPU_LOAD:
      if (const SpaceIndex space = tlb_.FindSpace(event.u.mm.mm); has_cpu && space == kKernelSpace)
        tlb_.LoadKernel(event.cpu);
      else if (has_cpu && space != kNoSpace)
        tlb_.Load(event.cpu, space, static_cast<TlbModel::Kept>(event.u.mm.cr3_noflush));
      return;
    case FLUSHDEP_EV_CPU_LAZY:
      if (has_cpu) tlb_.Lazy(event.cpu);
      return;
    case FLUSHDEP_EV_CPU_ONLINE:
      if (has_cpu) tlb_.Online(event.cpu);
      return;
    case FLUSHDEP_EV_CPU_OFFLINE:
      if (has_cpu) tlb_.Offline(event.cpu);
      return;
    default:
      return;
  }
}

void State::ApplyAlloc(const flushdep_event& event, const Moment& now) {
  const uint64_t first = event.u.page.pfn;
  for (uint64_t pfn = first; pfn < first + event.u.page.npages && shadow_.Has(pfn); ++pfn) {
    Shadow::Guard page(shadow_, pfn);
    page.SetAllocated(pfn == first, event.u.page.order);
    Remember(pfn, &PageHistory::alloc, now);
  }
}

OwnerChange State::ApplyOwnerChange(const flushdep_event& event, const Moment& now) {
  OwnerChange change;
  change.pfn = event.u.page.pfn;
  change.order = event.u.page.order;
  change.transfer = event.kind == FLUSHDEP_EV_PAGE_TRANSFER;
  change.in_memory = shadow_.Has(change.pfn);
  if (!change.in_memory) return change;
  {
    Shadow::Guard head(shadow_, change.pfn);
    change.life = head.life();
    change.is_head = head.is_head();
    change.allocated_order = head.order();
  }
  // What the allocator refuses stays as it was.
  const bool refused = (event.u.page.flags & FLUSHDEP_PAGE_REFUSED) != 0;
  const bool valid = change.life == Life::Allocated && change.is_head &&
                     (change.transfer || change.allocated_order == change.order);
  if (refused || !valid) return change;

  const uint64_t end = change.pfn + event.u.page.npages;
  for (uint64_t pfn = change.pfn; pfn < end && shadow_.Has(pfn); ++pfn) {
    Shadow::Guard page(shadow_, pfn);
    if (page.live_mappings() != 0 && change.mapped_pfn == FLUSHDEP_NO_PFN) change.mapped_pfn = pfn;
    if (page.any_stale() && FindDebt(pfn, page, change.owes ? nullptr : &change.debt)) {
      change.owes = true;
      ++change.debt.pages;
    }
    // The old owner's debt has been judged; the next owner starts clean.
    page.ClearStale();
    if (change.transfer) continue;
    page.SetFree();
    Remember(pfn, &PageHistory::free, now);
  }
  if (change.owes) ExplainDebt(event.thread, &change.debt);
  return change;
}

void State::ApplyDebtCancel(const flushdep_event& event) {
  const uint64_t first = event.u.page.pfn;
  for (uint64_t pfn = first; pfn < first + event.u.page.npages && shadow_.Has(pfn); ++pfn)
    Shadow::Guard(shadow_, pfn).ClearStale();
}

bool State::ApplyPteSet(const flushdep_event& event, const Moment& now, MapChange* change) {
  const flushdep_event_pte& pte = event.u.pte;
  Region* region = regions_.Find(pte.va);
  if (region == nullptr) return false;
  const bool mermap = region->type == FLUSHDEP_REGION_MERMAP;
  if (!mermap && region->type != FLUSHDEP_REGION_DIRECT_MAP) return false;
  const Epoch at = clock_.Now();
  for (uint32_t i = 0; i < pte.npages && shadow_.Has(pte.pfn + i); ++i) {
    const uint64_t pfn = pte.pfn + i;
    const uint64_t va = pte.va + i * FLUSHDEP_PAGE_SIZE;
    Shadow::Guard page(shadow_, pfn);
    if (i == 0) *change = {pfn, va, region->mm, true, page.life()};
    if (!mermap) {
      // The entry that the page's owner is granted anyway is back.
      page.SetDirectMapAbsent(false);
      page.FilterStale([](const StaleTranslation& s) { return s.space != kKernelSpace; });
      continue;
    }
    page.AddLiveMapping();
    Remember(pfn, &PageHistory::map, now);
    if (!region->Has(va)) continue;
    Address& address = region->At(va);
    address.page.store(pfn + 1, std::memory_order_relaxed);
    address.set.store(at, std::memory_order_relaxed);
    if (AddressHistory* history = region->HistoryAt(va)) history->map.Store(now);
    address.live.store(1, std::memory_order_release);
  }
  return mermap;
}

void State::ApplyPteClear(const flushdep_event& event, const Moment& now) {
  const flushdep_event_pte& pte = event.u.pte;
  Region* region = regions_.Find(pte.va);
  if (region == nullptr) return;
  const bool mermap = region->type == FLUSHDEP_REGION_MERMAP;
  if (!mermap && region->type != FLUSHDEP_REGION_DIRECT_MAP) return;
  const bool never_was = (event.flags & FLUSHDEP_F_FAILED) != 0;
  const Epoch at = clock_.Now();
  for (uint32_t i = 0; i < pte.npages && shadow_.Has(pte.pfn + i); ++i) {
    const uint64_t pfn = pte.pfn + i;
    const uint64_t va = pte.va + i * FLUSHDEP_PAGE_SIZE;
    // A CPU may have cached the kernel's own entry at any time: `set` is moot.
    StaleTranslation stale{region->space, va, at, at};
    Shadow::Guard page(shadow_, pfn);
    if (!mermap) {
      page.SetDirectMapAbsent(true);
    } else if (region->Has(va)) {
      Address& address = region->At(va);
      stale.set = address.set.load(std::memory_order_relaxed);
      if (AddressHistory* history = region->HistoryAt(va)) history->put.Store(now);
      address.live.store(0, std::memory_order_release);
      page.RemoveLiveMapping();
      // A page that was freed under its mapping has been reported; the put
      // must not be charged to whoever gets the page next.
      if (page.life() != Life::Allocated) continue;
    }
    if (never_was) continue;
    Remember(pfn, mermap ? &PageHistory::put : &PageHistory::unmap, now);
    if (page.any_stale())
      page.FilterStale([&](const StaleTranslation& old) { return !IsClosedCheaply(old); });
    page.AddStale(stale);
  }
}

Access State::DescribeAccess(const flushdep_event& event) {
  Access access;
  access.va = event.u.access.va;
  access.write = (event.u.access.flags & FLUSHDEP_ACCESS_WRITE) != 0;
  access.trapped = (event.flags & FLUSHDEP_F_TRAPPED) != 0;
  Region* region = regions_.Find(access.va);
  if (region == nullptr) return access;
  access.region = region->type;
  access.mm = region->mm;
  if (region->type == FLUSHDEP_REGION_DIRECT_MAP) {
    access.pfn = (access.va - region->start) >> FLUSHDEP_PAGE_SHIFT;
    if (shadow_.Has(access.pfn))
      access.absent = Shadow::Guard(shadow_, access.pfn).direct_map_absent();
  } else if (region->type == FLUSHDEP_REGION_MERMAP) {
    Address& address = region->At(access.va);
    access.owner_cpu = region->OwnerCpu(access.va);
    access.live = address.live.load(std::memory_order_acquire) != 0;
    if (const uint64_t page = address.page.load(std::memory_order_relaxed)) access.pfn = page - 1;
    if (AddressHistory* history = region->HistoryAt(access.va)) {
      access.map = history->map.Load();
      access.put = history->put.Load();
    }
  }
  return access;
}

// An address remembers its own last mapping; a page only its newest one.
const AddressHistory* State::HistoryOf(uint64_t pfn, uint64_t va) {
  Region* region = regions_.Find(va);
  if (region == nullptr || region->type != FLUSHDEP_REGION_MERMAP) return nullptr;
  const bool same = region->At(va).page.load(std::memory_order_relaxed) == pfn + 1;
  return same ? region->HistoryAt(va) : nullptr;
}

Moment State::MapOf(uint64_t pfn, uint64_t va) {
  const AddressHistory* history = HistoryOf(pfn, va);
  return history != nullptr ? history->map.Load() : History(pfn, &PageHistory::map);
}

Moment State::PutOf(uint64_t pfn, uint64_t va) {
  const AddressHistory* history = HistoryOf(pfn, va);
  return history != nullptr ? history->put.Load() : History(pfn, &PageHistory::put);
}

}  // namespace flushdep
