// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What flushes end: FLUSH_ISSUE, FLUSH_ACK and FLUSH_RETURN applied to the
// TLB model, and for ranges to addresses and pages.
#include "checker/model/state.h"

namespace flushdep {

void State::ApplyFlush(const flushdep_event& event, const Moment& now) {
  switch (event.kind) {
    case FLUSHDEP_EV_FLUSH_ISSUE:
      return IssueFlush(event, now);
    case FLUSHDEP_EV_FLUSH_ACK:
      return AckFlush(event);
    case FLUSHDEP_EV_FLUSH_RETURN:
      return ReturnFlush(event);
    default:
      return;  // FLUSH_TARGET: whom an explicit mask asked; the ACKs say who did
  }
}

void State::IssueFlush(const flushdep_event& event, const Moment& now) {
  const flushdep_event_flush& flush = event.u.flush;
  SpinGuard guard(lock_);
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
  record.thread = event.thread;
  record.internal = (event.flags & FLUSHDEP_F_INTERNAL) != 0;
  record.moment = now;
  // A kernel-range flush of an mm's own addresses works on that mm, where loaded.
  if (record.eff_what == FLUSHDEP_FLUSH_KERNEL_RANGE)
    if (const Region* region = regions_.Find(record.start))
      if (region->type == FLUSHDEP_REGION_MERMAP) record.space = region->space;
  if ((flush.flags & FLUSHDEP_FLUSH_BUMPS_GEN) != 0 && record.space != kKernelSpace)
    tlb_.BumpGen(record.space, flush.gen, record.issued);
}

void State::AckFlush(const flushdep_event& event) {
  SpinGuard guard(lock_);
  if (event.cpu >= tlb_.cpus()) return;
  FlushRecord* record = flushes_.Find(event.u.flush.id);
  if (record == nullptr) return;
  const Epoch at = clock_.Tick();
  const uint8_t what = event.u.flush.eff_what != 0 ? event.u.flush.eff_what : record->eff_what;
  switch (what) {
    case FLUSHDEP_FLUSH_EVERYTHING:
      tlb_.DropEverything(event.cpu, at, /*global=*/true);
      break;
    case FLUSHDEP_FLUSH_NON_GLOBAL:
      tlb_.DropEverything(event.cpu, at, /*global=*/false);
      break;
    case FLUSHDEP_FLUSH_SPACE: {
      // A batch is for no mm in particular: each CPU drops what it has loaded.
      const SpaceIndex acked = tlb_.FindSpace(event.u.flush.mm);
      tlb_.DropSpace(event.cpu, record->mm == 0 && acked != kNoSpace ? acked : record->space, at);
      break;
    }
    default:
      // A range of an mm: invalidations act on the mm that is loaded.
      if (record->space != kKernelSpace && tlb_.LoadedOn(event.cpu) != record->space) return;
      if (what == FLUSHDEP_FLUSH_SPACE_RANGE) tlb_.NoteRangeFlush(event.cpu, record->space, at);
      break;
  }
  record->acked.Add(event.cpu);
}

void State::ReturnFlush(const flushdep_event& event) {
  FlushRecord done;
  bool complete;
  {
    SpinGuard guard(lock_);
    FlushRecord* record = flushes_.Find(event.u.flush.id);
    if (record == nullptr) return;
    record->returned = clock_.Tick();
    if (record->eff_what == FLUSHDEP_FLUSH_SPACE)
      tlb_.NoteFlushed(record->space, record->issued);
    else if (!record->IsRanged())
      tlb_.NoteFlushedEverywhere(record->issued);
    done = *record;
    complete = record->IsRanged() && IsComplete(*record);
  }
  if (!complete) return;
  // Pages and addresses have their own locks, which come before ours.
  if (done.space == kKernelSpace)
    ForgetDirectMap(done);
  else
    StampAddresses(done);
}

// Did a ranged flush reach every CPU that may hold entries of its space?
bool State::IsComplete(const FlushRecord& flush) const {
  for (uint32_t cpu = 0; cpu < tlb_.cpus(); ++cpu)
    if (tlb_.IsResident(cpu, flush.space) && !flush.acked.Has(cpu)) return false;
  return true;
}

void State::StampAddresses(const FlushRecord& flush) {
  regions_.ForEach([&](Region& region) {
    if (region.space != flush.space || region.type != FLUSHDEP_REGION_MERMAP) return;
    const uint64_t from = flush.start > region.start ? flush.start : region.start;
    const uint64_t to = flush.end < region.end ? flush.end : region.end;
    for (uint64_t va = from & ~(FLUSHDEP_PAGE_SIZE - 1); va < to; va += FLUSHDEP_PAGE_SIZE)
      region.At(va).flushed.store(flush.issued, std::memory_order_release);
  });
}

// The direct map has one address a page, so its ranged flushes settle the
// pages at once. Ranges are short: long ones are promoted to a full flush.
void State::ForgetDirectMap(const FlushRecord& flush) {
  regions_.ForEach([&](Region& region) {
    if (region.type != FLUSHDEP_REGION_DIRECT_MAP) return;
    const uint64_t from = flush.start > region.start ? flush.start : region.start;
    const uint64_t to = flush.end < region.end ? flush.end : region.end;
    for (uint64_t va = from & ~(FLUSHDEP_PAGE_SIZE - 1); va < to; va += FLUSHDEP_PAGE_SIZE) {
      const uint64_t pfn = (va - region.start) >> FLUSHDEP_PAGE_SHIFT;
      if (!shadow_.Has(pfn)) return;
      // Pages that owe nothing, free ones among them, are left alone.
      if (!shadow_.MayOwe(pfn)) continue;
      Shadow::Guard page(shadow_, pfn);
      page.FilterStale([&](const StaleTranslation& stale) {
        return stale.space != kKernelSpace || stale.clear >= flush.issued;
      });
    }
  });
}

}  // namespace flushdep
