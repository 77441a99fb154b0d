// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What flushes end: FLUSH_ISSUE, FLUSH_TARGET, FLUSH_ACK and FLUSH_RETURN applied to
// the TLB model, and for ranges to addresses and pages.
#include "checker/model/state.h"

namespace flushdep {

bool State::ApplyFlush(const flushdep_event& event, const Moment& now, LockCycle* cycle) {
  uint32_t lock = 0;
  switch (event.kind) {
    case FLUSHDEP_EV_FLUSH_ISSUE:
      lock = IssueFlush(event, now);
      break;
    case FLUSHDEP_EV_FLUSH_TARGET:
      Target(event);
      break;
    case FLUSHDEP_EV_FLUSH_ACK:
      AckFlush(event);
      break;
    default:
      ReturnFlush(event);
      break;
  }
  if (lock == 0) return false;
  const LockClass found = inference_.LockClassAt(lock);
  *cycle = {found, found.through == 0 ? LockClass{} : inference_.LockClassAt(found.through), true,
            now};
  return true;
}

// Whom the caller asked for. Who does not have the mm loaded counts where the
// generation is bumped: that CPU flushes before it uses the mm again.
CpuSet State::Requested(const flushdep_event& event, SpaceIndex space) const {
  const flushdep_event_flush& flush = event.u.flush;
  const bool bumps = (flush.flags & FLUSHDEP_FLUSH_BUMPS_GEN) != 0;
  const bool broadcast = (flush.flags & FLUSHDEP_FLUSH_BROADCAST) != 0;
  CpuSet cpus;
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu) {
    const bool loaded = tlb_.LoadedOn(cpu) == space;
    bool asked = broadcast;
    switch (flush.req_who) {
      case FLUSHDEP_CPUS_LOCAL:
        asked |= cpu == event.cpu;
        break;
      case FLUSHDEP_CPUS_ALL:
        asked = true;
        break;
      case FLUSHDEP_CPUS_SPACE:
        asked |= loaded || bumps;
        break;
      case FLUSHDEP_CPUS_SPACE_BUSY:
        asked |= loaded ? !tlb_.IsLazy(cpu) : bumps;
        break;
      default:  // a mask: FLUSH_TARGET adds to it
        asked |= !loaded && bumps;
        break;
    }
    // An invalidation of an mm's own addresses as kernel ones works where it is loaded.
    if (flush.req_what == FLUSHDEP_FLUSH_KERNEL_RANGE && space != kKernelSpace && !loaded)
      asked = false;
    if (asked) cpus.Add(cpu);
  }
  return cpus;
}

uint32_t State::IssueFlush(const flushdep_event& event, const Moment& now) {
  {
    SpinGuard guard(lock_);
    if (!MustSettleOldest()) return Record(event, now);
  }
  RetireOldest();
  SpinGuard guard(lock_);
  return Record(event, now);
}

uint32_t State::Record(const flushdep_event& event, const Moment& now) {
  const flushdep_event_flush& flush = event.u.flush;
  const SpaceIndex space = tlb_.FindSpace(flush.mm);
  FlushRecord& record = flushes_.Add();
  record.id = flush.id;
  record.issued = clock_.Tick();
  record.space = space == kNoSpace ? kKernelSpace : space;
  record.mm = flush.mm;
  record.start = flush.start;
  record.end = flush.end;
  record.req_what = flush.req_what;
  record.req_who = flush.req_who;
  record.eff_what = flush.eff_what;
  record.flags = flush.flags;
  record.thread = event.thread;
  // A batch bumps the generation when a page is added to it: that is the caller's doing.
  record.internal =
      (event.flags & FLUSHDEP_F_INTERNAL) != 0 && (flush.flags & FLUSHDEP_FLUSH_BUMPS_GEN) == 0;
  record.moment = now;
  record.site = event.site;
  // A kernel-range flush of an mm's own addresses works on that mm, where loaded.
  if (record.eff_what == FLUSHDEP_FLUSH_KERNEL_RANGE)
    if (const Region* region = regions_.Find(record.start)) record.space = region->space;
  record.requested = Requested(event, record.space);
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu) AckedAt(record, cpu) = kNever;
  if ((flush.flags & FLUSHDEP_FLUSH_BUMPS_GEN) != 0 && record.space != kKernelSpace)
    tlb_.BumpGen(record.space, flush.gen, record.issued);
  if (!record.internal) last_explicit_.store(record.issued, std::memory_order_release);
  const uint32_t lock = inference_.IssueFlush(event, now, &record.sequence);
  if (inference_.enabled()) inference_.Snapshot(event.thread, record.place);
  return lock;
}

void State::Target(const flushdep_event& event) {
  SpinGuard guard(lock_);
  FlushRecord* record = flushes_.Find(event.u.target.id);
  if (record != nullptr) record->requested.AddWord(event.u.target.first_cpu, event.u.target.cpus);
}

// False if nothing was dropped, since the CPU runs another mm.
bool State::DropOn(uint32_t cpu, uint8_t what, const FlushRecord& record, Epoch at) {
  const bool loaded = tlb_.LoadedOn(cpu) == record.space;
  switch (what) {
    case FLUSHDEP_FLUSH_EVERYTHING:
      tlb_.DropEverything(cpu, at, /*global=*/true);
      return true;
    case FLUSHDEP_FLUSH_NON_GLOBAL:
      tlb_.DropEverything(cpu, at, /*global=*/false);
      return true;
    case FLUSHDEP_FLUSH_SPACE:
      if (record.IsBroadcast()) {
        tlb_.DropSpaceBroadcast(cpu, record.space, at);
        return true;
      }
      tlb_.DropSpace(cpu, record.space, at);
      return loaded;
    default:
      // A range of an mm: invalidations act on the mm that is loaded.
      if (record.space != kKernelSpace && !loaded && !record.IsBroadcast()) return false;
      if (record.IsBroadcast())
        tlb_.NoteBroadcast(cpu, record.space);
      else if (what == FLUSHDEP_FLUSH_SPACE_RANGE)
        tlb_.NoteRangeFlush(cpu, record.space, at);
      DropAccessed(cpu, record, at);
      return true;
  }
}

void State::DropAccessed(uint32_t cpu, const FlushRecord& record, Epoch at) {
  if (strength_ != Strength::Accessed) return;
  constexpr uint64_t kLarge = 512 * FLUSHDEP_PAGE_SIZE;
  for (uint64_t va = record.start & ~(FLUSHDEP_PAGE_SIZE - 1); va < record.end;
       va += FLUSHDEP_PAGE_SIZE)
    accessed_.Drop(cpu, record.space, va, false, at);
  for (uint64_t va = record.start & ~(kLarge - 1); va < record.end; va += kLarge)
    accessed_.Drop(cpu, record.space, va, true, at);
}

void State::AckFlush(const flushdep_event& event) {
  SpinGuard guard(lock_);
  if (event.cpu >= tlb_.cpus()) return;
  FlushRecord* record = flushes_.Find(event.u.flush.id);
  if (record == nullptr) return;
  const Epoch at = clock_.Tick();
  const uint8_t what = event.u.flush.eff_what != 0 ? event.u.flush.eff_what : record->eff_what;
  // A batch is for no mm in particular: each CPU drops what it has loaded.
  const SpaceIndex acked = record->mm == 0 ? tlb_.FindSpace(event.u.flush.mm) : record->space;
  const bool batch = what == FLUSHDEP_FLUSH_SPACE && acked != kNoSpace && acked != kKernelSpace;
  if (batch && record->mm == 0)
    tlb_.DropSpace(event.cpu, acked, at);
  else if (!DropOn(event.cpu, what, *record, at))
    return;
  record->acked.Add(event.cpu);
  record->last_ack = AckedAt(*record, event.cpu) = at;
  inference_.AckFlush(record->thread, event.cpu);
}

void State::ReturnFlush(const flushdep_event& event) {
  FlushRecord done;
  Complete complete = Complete::No;
  {
    SpinGuard guard(lock_);
    FlushRecord* record = flushes_.Find(event.u.flush.id);
    if (record == nullptr) return;
    const Epoch at = clock_.Tick();
    for (uint32_t cpu = 0; record->IsBroadcast() && cpu < tlb_.cpus(); ++cpu) {
      if (record->acked.Has(cpu) || !DropOn(cpu, record->eff_what, *record, at)) continue;
      record->acked.Add(cpu);
      record->last_ack = AckedAt(*record, cpu) = at;
    }
    record->returned = at;
    record->return_point = inference_.ReturnFlush(record->thread, record->sequence);
    sites_.Account(*record, tlb_, tlb_.end());
    if (record->eff_what == FLUSHDEP_FLUSH_SPACE)
      tlb_.NoteFlushed(record->space, record->issued);
    else if (!record->IsRanged())
      tlb_.NoteFlushedEverywhere(record->issued);
    NoteFullFlush(*record);
    done = *record;
    if (record->IsRanged()) complete = IsComplete(*record);
  }
  Settle(done, complete, /*retiring=*/false);
}

// For IsContractOpen(): the newest that anybody may rely on without a look at the log.
void State::NoteFullFlush(const FlushRecord& flush) {
  if (flush.internal || flush.AsksForRange() || flush.thread >= 1u << 16) return;
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
    if (!flush.requested.Has(cpu)) return;
  const uint64_t mark = flush.issued << 16 | flush.thread;
  const bool one = flush.req_what == FLUSHDEP_FLUSH_SPACE;
  const bool kernel_too = flush.req_what == FLUSHDEP_FLUSH_EVERYTHING;
  for (SpaceIndex space = one ? flush.space : 0; space < (one ? flush.space + 1 : tlb_.end());
       ++space)
    if (space != kKernelSpace || kernel_too)
      full_flush_[space].store(mark, std::memory_order_release);
}

// Did a ranged flush reach every CPU that may hold entries of its space from before it?
State::Complete State::IsComplete(const FlushRecord& flush) const {
  Complete complete = Complete::Yes;
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu) {
    if (flush.acked.Has(cpu) || !tlb_.MayHold(cpu, flush.space, kNever, flush.issued - 1)) continue;
    if (!tlb_.WillFlushWhenBusy(cpu, flush.space, flush.issued - 1)) return Complete::No;
    complete = Complete::ButLazy;
  }
  return complete;
}

// Pages and addresses have their own locks, which come before ours.
void State::Settle(const FlushRecord& flush, Complete complete, bool retiring) {
  if (complete == Complete::No) return;
  // With inference the record stays, since the contract is not settled by hardware.
  if (complete == Complete::Yes && flush.space == kKernelSpace &&
      (retiring || !inference_.enabled()))
    ForgetDirectMap(flush);
  StampAddresses(flush, complete == Complete::ButLazy);
}

bool State::MustSettleOldest() {
  const FlushRecord* oldest = flushes_.Oldest();
  return oldest != nullptr && oldest->IsRanged() && oldest->returned != kNever;
}

// A flush that falls out of the log: what it did for its addresses is kept with them. Where it
// did not reach all, a CPU may count as holding what that flush took from it.
void State::RetireOldest() {
  FlushRecord flush;
  Complete complete;
  {
    SpinGuard guard(lock_);
    if (!MustSettleOldest()) return;
    flush = *flushes_.Oldest();
    complete = IsComplete(flush);
  }
  if (complete == Complete::No) limits_.Hit(Limit::RecentFlushes);
  Settle(flush, complete, /*retiring=*/true);
}

void State::StampAddresses(const FlushRecord& flush, bool user_only) {
  regions_.ForEach([&](Region& region) {
    if (region.space != flush.space || !region.HasTable()) return;
    if (user_only && region.policy != FLUSHDEP_POLICY_USER) return;
    const uint64_t from = flush.start > region.start ? flush.start : region.start;
    const uint64_t to = flush.end < region.end ? flush.end : region.end;
    // Not where another mm has the addresses now.
    if (from >= to || regions_.Find(from) != &region) return;
    for (uint64_t va = from & ~(FLUSHDEP_PAGE_SIZE - 1); va < to; va += FLUSHDEP_PAGE_SIZE)
      region.FlushedAt(va).store(flush.issued, std::memory_order_release);
  });
}

// The direct map has one address a page, so its ranged flushes settle the
// pages at once. Ranges are short: long ones are promoted to a full flush.
void State::ForgetDirectMap(const FlushRecord& flush) {
  const uint64_t grain =
      any_large_.load(std::memory_order_relaxed) ? 512 * FLUSHDEP_PAGE_SIZE : FLUSHDEP_PAGE_SIZE;
  regions_.ForEach([&](Region& region) {
    if (region.type != FLUSHDEP_REGION_DIRECT_MAP || !(flush.start < region.end)) return;
    const uint64_t from = flush.start > region.start ? flush.start : region.start;
    const uint64_t to = flush.end < region.end ? flush.end : region.end;
    for (uint64_t va = from & ~(grain - 1); va < ((to + grain - 1) & ~(grain - 1));
         va += FLUSHDEP_PAGE_SIZE) {
      const uint64_t pfn = (va - region.start) >> FLUSHDEP_PAGE_SHIFT;
      if (!shadow_.Has(pfn)) return;
      // Pages that owe nothing, free ones among them, are left alone.
      if (!shadow_.MayOwe(pfn)) continue;
      Shadow::Guard page(shadow_, pfn);
      page.FilterStale([&](const StaleTranslation& stale) {
        return stale.space != kKernelSpace || stale.clear >= flush.issued ||
               !flush.Covers(stale.va, stale.Bytes());
      });
    }
  });
}

}  // namespace flushdep
