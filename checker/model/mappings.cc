// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Page-table entries: PTE_SET, PTE_CLEAR, tables, and accesses through them.
#include "checker/model/state.h"

namespace flushdep {
namespace {

constexpr uint64_t kLargePage = 512 * FLUSHDEP_PAGE_SIZE;

// The kind of what stays behind when an entry allows less than before; 0 if it does not.
uint8_t LostPermission(uint16_t old, uint16_t now) {
  const int lost = old & ~now & kPermissions;
  return lost == 0 ? 0 : static_cast<uint8_t>(kLostPermission | lost << kLostShift);
}

}  // namespace

bool State::ApplyPteSet(const flushdep_event& event, const Moment& now, MapChange* change) {
  const flushdep_event_pte& pte = event.u.pte;
  Region* region = regions_.Find(pte.va);
  if (region == nullptr || region->policy == FLUSHDEP_POLICY_IGNORE) return false;
  for (uint32_t i = 0; i < pte.npages && shadow_.Has(pte.pfn + i); ++i) {
    const uint64_t va = pte.va + i * FLUSHDEP_PAGE_SIZE;
    if (region->type == FLUSHDEP_REGION_DIRECT_MAP)
      SetDirect(event, pte.pfn + i, now);
    else
      SetMapped(event, region, va, pte.pfn + i, now, i == 0 ? change : nullptr);
  }
  return region->type != FLUSHDEP_REGION_DIRECT_MAP;
}

// The entry that the page's owner is granted anyway is back. With PTI an old one
// may live on where the new one was never filled, and is looked at again when it goes.
void State::SetDirect(const flushdep_event& event, uint64_t pfn, const Moment& now) {
  Shadow::Guard page(shadow_, pfn);
  const uint8_t lost = LostPermission(event.u.pte.old_prot, event.u.pte.prot);
  if (lost != 0) {
    const Epoch at = clock_.Now();
    const uint64_t va = event.u.pte.va + (pfn - event.u.pte.pfn) * FLUSHDEP_PAGE_SIZE;
    history_.Store(pfn, &RareHistory::unmap, now);
    return AddDebt(event, pfn, page, {kKernelSpace, va, at, at, lost}, now);
  }
  page.SetDirectMapAbsent(false);
  if (pti_) direct_set_[pfn] = clock_.Now();
  if (!page.any_stale()) return;
  if (!pti_) page.FilterStale([](const StaleTranslation& s) { return s.space != kKernelSpace; });
  if (inference_.enabled()) Pass(event, pfn, StandingOf(pfn, page, event.thread), now);
}

void State::SetMapped(const flushdep_event& event, Region* region, uint64_t va, uint64_t pfn,
                      const Moment& now, MapChange* change) {
  if (event.u.pte.old_pfn != FLUSHDEP_NO_PFN && event.u.pte.old_prot != 0)
    return ReplaceOld(event, region, va, pfn, now);
  const Epoch at = clock_.Now();
  Shadow::Guard page(shadow_, pfn);
  if (change != nullptr) {
    *change = MapChange{};
    change->pfn = pfn;
    change->va = va;
    change->mm = region->mm;
    change->region = region->type;
    change->in_memory = true;
    change->life = page.life();
  }
  page.AddLiveMapping();
  history_.Store(pfn, &PageHistory::map, now);
  if (region->Has(va)) {
    Address& address = region->At(va);
    if (change != nullptr) CheckReuse(*region, address, va, pfn, change);
    address.page.store(pfn + 1, std::memory_order_relaxed);
    if (AddressHistory* history = region->HistoryAt(va)) history->map.Store(now);
    address.SetLive(at);
  }
  if (inference_.enabled()) Pass(event, pfn, StandingOf(pfn, page, event.thread), now);
}

// A present entry is changed. For another page that is a removal and a new one;
// for the same page, less permission leaves the stronger entry in TLBs.
void State::ReplaceOld(const flushdep_event& event, Region* region, uint64_t va, uint64_t pfn,
                       const Moment& now) {
  const flushdep_event_pte& pte = event.u.pte;
  const uint64_t old_pfn = pte.old_pfn + (pfn - pte.pfn);
  if (old_pfn != pfn) {
    if (shadow_.Has(old_pfn)) ClearMapped(event, region, va, old_pfn, now);
    flushdep_event fresh = event;
    fresh.u.pte.old_pfn = FLUSHDEP_NO_PFN;
    return SetMapped(fresh, region, va, pfn, now, nullptr);
  }
  const uint8_t lost = LostPermission(pte.old_prot, pte.prot);
  if (lost == 0 || !region->Has(va)) return;
  Shadow::Guard page(shadow_, pfn);
  history_.Store(pfn, &PageHistory::put, now);
  if (AddressHistory* history = region->HistoryAt(va)) history->put.Store(now);
  AddDebt(event, pfn, page, {region->space, va, region->At(va).Get().SetAt(), clock_.Now(), lost},
          now);
}

// Another page at an address whose owner may still hold the old one: the slice's
// CPU, in other regions whoever runs there.
void State::CheckReuse(Region& region, Address& address, uint64_t va, uint64_t pfn,
                       MapChange* change) {
  const uint64_t held = address.page.load(std::memory_order_relaxed);
  const Address::Times times = address.Get();
  if (held == 0 || held == pfn + 1 || times.IsLive()) return;
  const StaleTranslation old{region.space, va, times.SetAt(), times.ClearedAt(), 0};
  if (IsClosedCheaply(old)) return;
  CpuSet holders = HoldersOf(held - 1, old, region.policy);
  if (region.type == FLUSHDEP_REGION_MERMAP) {
    const uint32_t owner = region.OwnerCpu(va);
    const bool holds = owner < tlb_.cpus() && holders.Has(owner);
    holders = CpuSet{};
    if (holds) holders.Add(owner);
  }
  if (holders.empty()) return;
  change->reuses = true;
  change->old_pfn = held - 1;
  if (const AddressHistory* history = region.HistoryAt(va)) {
    change->old_map = history->map.Load();
    change->old_put = history->put.Load();
  }
  change->holders = holders;
}

void State::ApplyPteClear(const flushdep_event& event, const Moment& now) {
  const flushdep_event_pte& pte = event.u.pte;
  Region* region = regions_.Find(pte.va);
  if (region == nullptr || region->policy == FLUSHDEP_POLICY_IGNORE) return;
  for (uint32_t i = 0; i < pte.npages && shadow_.Has(pte.pfn + i); ++i) {
    const uint64_t va = pte.va + i * FLUSHDEP_PAGE_SIZE;
    if (region->type == FLUSHDEP_REGION_DIRECT_MAP)
      ClearDirect(event, pte.pfn + i, va, now);
    else
      ClearMapped(event, region, va, pte.pfn + i, now);
  }
}

void State::ClearDirect(const flushdep_event& event, uint64_t pfn, uint64_t va, const Moment& now) {
  // A CPU may have cached the kernel's own entry at any time: `set` is moot.
  const Epoch at = clock_.Now();
  StaleTranslation stale{kKernelSpace, va, pti_ ? direct_set_[pfn] : at, at, 0};
  if (event.u.pte.level >= FLUSHDEP_LEVEL_PMD) {
    stale.kind = kLargeEntry;
    any_large_.store(true, std::memory_order_relaxed);
  }
  Shadow::Guard page(shadow_, pfn);
  page.SetDirectMapAbsent(true);
  if ((event.flags & FLUSHDEP_F_FAILED) != 0) return;
  history_.Store(pfn, &RareHistory::unmap, now);
  AddDebt(event, pfn, page, stale, now);
}

void State::ClearMapped(const flushdep_event& event, Region* region, uint64_t va, uint64_t pfn,
                        const Moment& now) {
  const Epoch at = clock_.Now();
  Shadow::Guard page(shadow_, pfn);
  page.RemoveLiveMapping();
  if (!region->Has(va)) return;
  Address& address = region->At(va);
  StaleTranslation stale{region->space, va, address.Get().SetAt(), at, 0};
  if (event.u.pte.level >= FLUSHDEP_LEVEL_PMD) {
    stale.kind = kLargeEntry;
    any_large_.store(true, std::memory_order_relaxed);
  }
  if (AddressHistory* history = region->HistoryAt(va)) history->put.Store(now);
  address.SetCleared(stale.set, at);
  // A page that was freed under its mapping has been reported; the put
  // must not be charged to whoever gets the page next.
  if (page.life() != Life::Allocated) return;
  if ((event.flags & FLUSHDEP_F_FAILED) != 0) return;
  history_.Store(pfn, &PageHistory::put, now);
  // Free first, flush later: due when the address is used again.
  if (region->policy == FLUSHDEP_POLICY_REUSE_ONLY) return;
  AddDebt(event, pfn, page, stale, now);
}

void State::AddDebt(const flushdep_event& event, uint64_t pfn, Shadow::Guard& page,
                    const StaleTranslation& stale, const Moment& now) {
  Standing standing{false, false};
  if (page.any_stale()) {
    if (inference_.enabled()) standing = StandingOf(pfn, page, event.thread);
    // What is settled in every respect makes room; so does what the new one says anew.
    page.FilterStale([&](const StaleTranslation& old) {
      if (!IsClosedCheaply(old)) return true;
      if (!inference_.enabled() || (old.space == stale.space && old.va == stale.va)) return false;
      return IsContractOpen(pfn, old, event.thread);
    });
  }
  page.AddStale(stale);
  if (sites_.enabled()) {
    SpinGuard guard(lock_);
    sites_.Owe(stale.space);
  }
  if (!inference_.enabled()) return;
  const HappensBefore::Point put = inference_.OrderNow(event.thread);
  PageLife& life = inference_.Life(pfn);
  life.put_clock = put.clock;
  life.put_slot = static_cast<uint16_t>(put.slot);
  standing.open = true;
  Pass(event, pfn, standing, now);
}

void State::ApplyTable(const flushdep_event& event, const Moment& now) {
  const flushdep_event_pte& pte = event.u.pte;
  if (!shadow_.Has(pte.pfn)) return;
  StaleTranslation stale{kKernelSpace, pte.va, clock_.Now(), clock_.Now(), kTableEntry};
  Shadow::Guard page(shadow_, pte.pfn);
  {
    SpinGuard guard(lock_);
    uint32_t table = tables_.Find(pte.pfn);
    if (event.kind == FLUSHDEP_EV_TABLE_LINK) {
      if (table == 0) table = tables_.Insert(pte.pfn);
      if (table == 0) return limits_.Hit(Limit::Tables);
      table_set_[table] = stale.set;
      return page.SetTable(true);
    }
    if (table == 0) return;
    page.SetTable(false);
    stale.set = table_set_[table];
    tables_.Erase(table);
    const SpaceIndex space = tlb_.FindSpace(pte.mm);
    if (space == kNoSpace) return;
    stale.space = space;
  }
  history_.Store(pte.pfn, &PageHistory::put, now);
  AddDebt(event, pte.pfn, page, stale, now);
}

// The page that `va` reaches now, or FLUSHDEP_NO_PFN.
static uint64_t Reached(Region& region, uint64_t va) {
  Address& address = region.At(va);
  const uint64_t page = address.page.load(std::memory_order_relaxed);
  return address.IsLive() && page != 0 ? page - 1 : FLUSHDEP_NO_PFN;
}

Access State::ApplyAccess(const flushdep_event& event) {
  Access access;
  access.va = event.u.access.va;
  access.size = event.u.access.size;
  access.write = (event.u.access.flags & FLUSHDEP_ACCESS_WRITE) != 0;
  access.by_hardware = event.u.access.ucontext != 0;
  access.trapped = (event.flags & FLUSHDEP_F_TRAPPED) != 0;
  access.cpu = event.cpu;
  Region* region = regions_.Find(access.va);
  if (region == nullptr) return access;
  access.region = region->type;
  access.mm = region->mm;
  if (region->type == FLUSHDEP_REGION_DIRECT_MAP) {
    access.pfn = (access.va - region->start) >> FLUSHDEP_PAGE_SHIFT;
    if (!shadow_.Has(access.pfn)) return access;
    access.absent = Shadow::Guard(shadow_, access.pfn).direct_map_absent();
    access.live = !access.absent;
  } else {
    Address& address = region->At(access.va);
    if (region->type == FLUSHDEP_REGION_MERMAP) access.owner_cpu = region->OwnerCpu(access.va);
    access.live = address.IsLive();
    if (const uint64_t page = address.page.load(std::memory_order_relaxed)) access.pfn = page - 1;
    if (AddressHistory* history = region->HistoryAt(access.va)) {
      access.map = history->map.Load();
      access.put = history->put.Load();
    }
  }
  if (strength_ == Strength::Accessed && access.live && event.cpu < tlb_.cpus()) {
    SpinGuard guard(lock_);
    const uint64_t va = access.va & ~(FLUSHDEP_PAGE_SIZE - 1);
    accessed_.Use(event.cpu, region->space, va, false, access.pfn, clock_.Now());
    // Which size the entry has is known only when it goes.
    accessed_.Use(event.cpu, region->space, va & ~(kLargePage - 1), true,
                  access.pfn - (va & (kLargePage - 1)) / FLUSHDEP_PAGE_SIZE, clock_.Now());
  }
  return access;
}

// The mm loses its right to addresses, or to the pages that are named: no
// translation of them may be left in it.
AccessLost State::ApplyAccessLost(const flushdep_event& event) {
  const flushdep_event_pte& pte = event.u.pte;
  AccessLost lost;
  lost.mm = pte.mm;
  lost.va = pte.va;
  const SpaceIndex space = SpaceOf(pte.mm);
  if (space == kNoSpace) return lost;
  for (uint64_t i = 0; i < pte.npages; ++i) {
    const uint64_t va = pte.va + i * FLUSHDEP_PAGE_SIZE;
    uint64_t pfn = pte.pfn == FLUSHDEP_NO_PFN ? pte.pfn : pte.pfn + i;
    Region* region = regions_.Find(va);
    // "Everything" is mostly nothing: on to the next region, or to the end.
    if (region == nullptr && !shadow_.Has(pfn)) {
      const uint64_t next = regions_.NextStart(va);
      if (next == kNoRegion) break;
      i = (next - pte.va) / FLUSHDEP_PAGE_SIZE - 1;
      continue;
    }
    const bool known = region != nullptr && region->HasTable() && region->space == space;
    if (known && Reached(*region, va) != FLUSHDEP_NO_PFN) {
      lost.mapped = true;
      lost.debt.pfn = Reached(*region, va);
    }
    if (known && pfn == FLUSHDEP_NO_PFN)
      pfn = region->At(va).page.load(std::memory_order_relaxed) - 1;
    if (!shadow_.Has(pfn)) continue;
    Shadow::Guard page(shadow_, pfn);
    page.FilterStale([&](const StaleTranslation& stale) {
      CpuSet holders;
      if (stale.space != space || IsClosedCheaply(stale) || !IsOpen(pfn, stale, &holders))
        return true;
      ++lost.debt.pages;
      if (lost.owes) return true;
      lost.owes = true;
      lost.debt.pfn = pfn;
      lost.debt.stale = stale;
      lost.debt.holders = holders;
      return true;
    });
  }
  if (lost.owes) ExplainDebt(event.thread, &lost.debt);
  return lost;
}

}  // namespace flushdep
