// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events that change machine, pages and translations. Flushes are in
// flushes.cc, the question of what is still owed in debt.cc.
#include "checker/model/state.h"

namespace flushdep {

bool State::Boot(const flushdep_event_machine& machine, const StateOptions& options) {
  SpinGuard guard(lock_);
  limits_.Set(options.limits);
  strength_ = options.strength;
  const bool pcid = (machine.knobs & FLUSHDEP_KNOB_PCID) != 0;
  pti_ = (machine.knobs & FLUSHDEP_KNOB_PTI) != 0;
  last_explicit_.store(kNever, std::memory_order_relaxed);
  const uint32_t tables = limits_.Max(Limit::Tables);
  if (!tlb_.Init(machine.cpus, pcid, machine.asids, pti_) || !regions_.Init(options.keep_history) ||
      !shadow_.Init(machine.pfns) || !stacks_.Init() || !flushes_.Init() ||
      !acked_at_.Init(flushes_.size() * tlb_.cpus()) ||
      !full_flush_.Init(size_t{limits_.Max(Limit::Spaces)} + 1) || !tables_.Init(tables) ||
      !table_set_.Init(size_t{tables} + 1) || !direct_set_.Init(pti_ ? machine.pfns : 0) ||
      !inference_.Init(machine.pfns, options.inference) || !sites_.Init(options.accounting))
    return false;
  if (strength_ == Strength::Accessed && !accessed_.Init()) return false;
  if (options.keep_history && !history_.Init(machine.pfns)) return false;
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
      if (const SpaceIndex space = tlb_.CreateSpace(event.u.mm.mm); space != kNoSpace)
        full_flush_[space].store(0, std::memory_order_relaxed);
      return;
    case FLUSHDEP_EV_MM_END:
      if (const SpaceIndex space = tlb_.FindSpace(event.u.mm.mm);
          space != kNoSpace && space != kKernelSpace) {
        tlb_.EndSpace(space);
        // What was owed went with the space, and not by a flush.
        full_flush_[space].store(0, std::memory_order_relaxed);
      }
      return;
    case FLUSHDEP_EV_CPU_LOAD:
      if (const SpaceIndex space = tlb_.FindSpace(event.u.mm.mm); has_cpu && space != kNoSpace)
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

bool State::HasEnded(SpaceIndex space) {
  SpinGuard guard(lock_);
  return tlb_.HasEnded(space);
}

uint32_t State::LoadedOn(uint32_t cpu) {
  SpinGuard guard(lock_);
  if (cpu >= tlb_.cpus() || tlb_.LoadedOn(cpu) == kKernelSpace) return 0;
  return tlb_.MmOf(tlb_.LoadedOn(cpu));
}

// A new life. What the allocator itself owed before is its own business, unless it
// hands the page out as unmapped while a CPU may still reach it.
bool State::ApplyAlloc(const flushdep_event& event, const Moment& now, uint64_t class_key,
                       OwnerChange* change) {
  const uint64_t first = event.u.page.pfn;
  change->change = Change::Publish;
  change->cpu = event.cpu;
  change->thread = event.thread;
  change->pfn = first;
  for (uint64_t pfn = first; pfn < first + event.u.page.npages && shadow_.Has(pfn); ++pfn) {
    Shadow::Guard page(shadow_, pfn);
    if (page.any_stale() && page.life() != Life::Allocated) {
      const bool unmapped = (event.u.page.flags & FLUSHDEP_PAGE_UNMAPPED) != 0;
      if (unmapped && FindKernelDebt(pfn, page, change->owes ? nullptr : &change->debt)) {
        change->owes = true;
        ++change->debt.pages;
      }
      page.FilterStale([&](const StaleTranslation& stale) {
        CpuSet holders;
        return !unmapped && !IsClosedCheaply(stale) && IsOpen(pfn, stale, &holders);
      });
    }
    page.SetAllocated(pfn == first, event.u.page.order);
    history_.Store(pfn, &PageHistory::alloc, now);
    if (inference_.enabled()) BeginLife(event, pfn, class_key, now);
  }
  if (change->owes) ExplainDebt(event.thread, &change->debt);
  return change->owes;
}

// What a page that is published may owe: its removal from the direct map, and
// permissions that were taken away.
bool State::FindKernelDebt(uint64_t pfn, Shadow::Guard& page, Debt* debt) {
  bool open = false;
  page.FilterStale([&](const StaleTranslation& stale) {
    CpuSet holders;
    const bool relevant = stale.space == kKernelSpace || (stale.kind & kLostPermission) != 0;
    if (!relevant || IsGranted(pfn, page, stale) || IsClosedCheaply(stale) ||
        !IsOpen(pfn, stale, &holders))
      return true;
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

Change ChangeOf(uint16_t kind) {
  switch (kind) {
    case FLUSHDEP_EV_PAGE_TRANSFER:
      return Change::Transfer;
    case FLUSHDEP_EV_PAGE_PUBLISH:
      return Change::Publish;
    case FLUSHDEP_EV_ASSERT:
      return Change::Assert;
    default:
      return Change::Free;
  }
}

}  // namespace

OwnerChange State::ApplyOwnerChange(const flushdep_event& event, const Moment& now) {
  OwnerChange change;
  change.cpu = event.cpu;
  change.thread = event.thread;
  change.pfn = event.u.page.pfn;
  change.order = event.u.page.order;
  change.change = ChangeOf(event.kind);
  change.in_memory = shadow_.Has(change.pfn);
  change.claims_unmapped =
      change.change == Change::Publish && (event.u.page.flags & FLUSHDEP_PAGE_UNMAPPED) != 0;
  // What an ASSERT claims: 1 flushed, 2 not mapped, 0 both.
  change.asserts_flushed = event.u.page.user[0] != 2;
  change.asserts_unmapped = event.u.page.user[0] != 1;
  if (!change.in_memory) return change;
  {
    Shadow::Guard head(shadow_, change.pfn);
    change.life = head.life();
    change.is_head = head.is_head();
    change.allocated_order = head.order();
  }
  // What the allocator refuses stays as it was.
  const bool refused = (event.u.page.flags & FLUSHDEP_PAGE_REFUSED) != 0;
  const bool free = change.change == Change::Free;
  const bool valid = change.life == Life::Allocated &&
                     (!free || (change.is_head && change.allocated_order == change.order));
  if (refused || !valid) return change;
  const uint64_t end = change.pfn + (event.u.page.npages == 0 ? 1 : event.u.page.npages);
  for (uint64_t pfn = change.pfn; pfn < end && shadow_.Has(pfn); ++pfn)
    JudgePage(event, pfn, now, &change);
  if (change.owes) ExplainDebt(event.thread, &change.debt);
  if (change.owes_contract) ExplainContract(event.thread, &change.contract);
  if (inference_.enabled() && (change.owes || change.owes_contract))
    change.context = inference_.AtomicContext(event.thread);
  change.unflushable = change.context != 0;
  return change;
}

void State::JudgePage(const flushdep_event& event, uint64_t pfn, const Moment& now,
                      OwnerChange* change) {
  const bool free = change->change == Change::Free;
  const bool publish = change->change == Change::Publish;
  Shadow::Guard page(shadow_, pfn);
  if (page.live_mappings() != 0 && change->mapped_pfn == FLUSHDEP_NO_PFN) change->mapped_pfn = pfn;
  if (publish && !page.direct_map_absent() && change->present_pfn == FLUSHDEP_NO_PFN)
    change->present_pfn = pfn;
  if (free && page.is_table()) NoteTable(pfn, page, change);
  const bool stale = page.any_stale();
  if (stale) {
    if (sites_.enabled() && free) AccountFree(page);
    Debt* const debt = change->owes ? nullptr : &change->debt;
    if (publish ? FindKernelDebt(pfn, page, debt) : FindDebt(pfn, page, debt)) {
      change->owes = true;
      ++change->debt.pages;
    }
  }
  if (inference_.enabled()) JudgeContract(event, pfn, page, now, change);
  // The old owner's debt has been judged; the next owner starts clean.
  if (change->change == Change::Assert) return;
  // What is granted now is not settled: it is owed again when it goes.
  if (stale)
    page.FilterStale([&](const StaleTranslation& s) {
      return (publish && s.space != kKernelSpace) || IsGranted(pfn, page, s);
    });
  if (!free) return;
  page.SetFree();
  history_.Store(pfn, &PageHistory::free, now);
}

void State::NoteTable(uint64_t pfn, Shadow::Guard& page, OwnerChange* change) {
  page.SetTable(false);
  SpinGuard guard(lock_);
  const uint32_t table = tables_.Find(pfn);
  if (table == 0) return;
  tables_.Erase(table);
  change->table_pfn = pfn;
}

// What was promised of the page, and the end of its life.
void State::JudgeContract(const flushdep_event& event, uint64_t pfn, Shadow::Guard& page,
                          const Moment& now, OwnerChange* change) {
  const bool free = change->change == Change::Free;
  const bool publish = change->change == Change::Publish;
  const Standing standing = publish ? Standing{false, false} : StandingOf(pfn, page, event.thread);
  const PageLife& life = inference_.Life(pfn);
  if ((life.flags & kHandedOver) != 0) change->handed_over = true;
  if (standing.open && !change->owes && !change->owes_contract)
    change->owes_contract = FindOpenContract(pfn, page, event.thread, &change->contract);
  if (free && standing.flushed && !change->inversion.found && (life.flags & kDropped) != 0 &&
      (life.flags & kHandedOver) == 0) {
    StaleTranslation newest;
    page.FilterStale([&](const StaleTranslation& s) {
      if (s.clear >= newest.clear) newest = s;
      return true;
    });
    FindInversion(event, pfn, newest, &change->inversion);
  }
  if (free)
    EndLife(event, pfn, standing, !inference_.CanShootDown(event.thread), now);
  else
    Pass(event, pfn, standing, now);
}

// Was the flush that the page needed followed by others before its free?
void State::AccountFree(Shadow::Guard& page) {
  page.FilterStale([&](const StaleTranslation& stale) {
    SpinGuard guard(lock_);
    FlushRecord first;
    uint32_t later = 0;
    flushes_.ForEachNewestFirst([&](const FlushRecord& flush) {
      if (flush.issued <= stale.clear) return false;
      if (flush.internal || !CoversSpace(flush, stale)) return true;
      first = flush;
      ++later;
      return true;
    });
    if (later > 1) sites_.Early(first);
    return true;
  });
}

// One allocation becomes single pages, each the head of its own.
void State::ApplySplit(const flushdep_event& event) {
  const uint64_t first = event.u.page.pfn;
  for (uint64_t pfn = first; pfn < first + event.u.page.npages && shadow_.Has(pfn); ++pfn) {
    Shadow::Guard page(shadow_, pfn);
    if (page.life() == Life::Allocated) page.SetAllocated(true, 0);
  }
}

// "Flushed by other means": nothing is owed any more.
void State::ApplyDebtCancel(const flushdep_event& event, const Moment& now) {
  const uint64_t first = event.u.page.pfn;
  const uint64_t npages = event.u.page.npages == 0 ? 1 : event.u.page.npages;
  for (uint64_t pfn = first; pfn < first + npages && shadow_.Has(pfn); ++pfn) {
    Shadow::Guard page(shadow_, pfn);
    const bool owed = page.any_stale();
    page.ClearStale();
    if (inference_.enabled()) Pass(event, pfn, {false, owed}, now);
  }
}

bool State::ApplySync(const flushdep_event& event, const Moment& now, LockCycle* cycle) {
  const uint32_t lock = inference_.ApplySync(event, now);
  if (lock == 0) return false;
  const LockClass found = inference_.LockClassAt(lock);
  *cycle = {found, found.through == 0 ? LockClass{} : inference_.LockClassAt(found.through), false,
            now};
  return true;
}

// An address remembers its own last mapping; a page only its newest one.
const AddressHistory* State::HistoryOf(uint64_t pfn, uint64_t va) {
  Region* region = regions_.Find(va);
  if (region == nullptr || !region->HasTable()) return nullptr;
  const bool same = region->At(va).page.load(std::memory_order_relaxed) == pfn + 1;
  return same ? region->HistoryAt(va) : nullptr;
}

bool State::FindMapping(uint64_t pfn, uint64_t* va, uint32_t* mm, uint32_t* owner_cpu) {
  uint64_t left = 1u << 16;
  bool found = false;
  regions_.ForEach([&](Region& region) {
    if (found || region.type != FLUSHDEP_REGION_MERMAP || !region.HasTable() || region.ended)
      return;
    const uint64_t used = region.slice_pages * tlb_.cpus() * FLUSHDEP_PAGE_SIZE;
    for (uint64_t at = region.start; at < region.end && at < region.start + used && left > 0;
         at += FLUSHDEP_PAGE_SIZE, --left) {
      const Address& address = region.At(at);
      if (address.page.load(std::memory_order_relaxed) != pfn + 1 || !address.IsLive()) continue;
      *va = at;
      *mm = region.mm;
      *owner_cpu = region.OwnerCpu(at);
      found = true;
      return;
    }
  });
  return found;
}

Moment State::MapOf(uint64_t pfn, uint64_t va) {
  const AddressHistory* history = HistoryOf(pfn, va);
  return history != nullptr ? history->map.Load() : history_.Load(pfn, &PageHistory::map);
}

Moment State::PutOf(uint64_t pfn, uint64_t va) {
  const AddressHistory* history = HistoryOf(pfn, va);
  return history != nullptr ? history->put.Load() : history_.Load(pfn, &PageHistory::put);
}

}  // namespace flushdep
