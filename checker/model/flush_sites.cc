// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/flush_sites.h"

#include "checker/model/flush_log.h"

namespace flushdep {

FlushSite* FlushSites::For(const FlushRecord& flush) {
  uint32_t index = index_.Find(flush.site);
  if (index == 0) {
    index = index_.Insert(flush.site);
    if (index == 0) {
      limits_.Hit(Limit::FlushSites);
      return nullptr;
    }
    sites_[index] = FlushSite{};
    sites_[index].pc = flush.site;
    sites_[index].first = flush.moment;
  }
  return &sites_[index];
}

// What of the space's debts the flush ends. One CPU alone ends none for good.
uint64_t FlushSites::Take(const FlushRecord& flush, SpaceIndex space) {
  uint64_t ended = owed_[space];
  const uint64_t pages = (flush.end - flush.start) >> FLUSHDEP_PAGE_SHIFT;
  if (flush.IsRanged() && pages < ended) ended = pages;
  if (flush.req_who != FLUSHDEP_CPUS_LOCAL) owed_[space] -= ended;
  return ended;
}

void FlushSites::Account(const FlushRecord& flush, const TlbModel& tlb, SpaceIndex spaces) {
  if (!enabled_) return;
  const bool one = flush.eff_what == FLUSHDEP_FLUSH_SPACE || flush.IsRanged();
  const bool kernel_too = flush.eff_what != FLUSHDEP_FLUSH_NON_GLOBAL;
  CpuSet useful;
  uint64_t ended = 0;
  for (SpaceIndex space = one ? flush.space : 0; space < (one ? flush.space + 1 : spaces);
       ++space) {
    if (owed_[space] == 0 || (space == kKernelSpace && !kernel_too)) continue;
    for (uint32_t cpu = 0; cpu < tlb.cpus(); ++cpu)
      if (tlb.Ran(cpu, space, 0, flush.issued)) useful.Add(cpu);
    ended += Take(flush, space);
  }
  // What the machine flushes for itself is gone, too, but is nobody's to be advised about.
  FlushSite* const site = flush.internal ? nullptr : For(flush);
  if (site == nullptr) return;
  ++site->count;
  site->ended += ended;
  site->useless += ended == 0 ? 1 : 0;
  for (uint32_t cpu = 0; cpu < tlb.cpus(); ++cpu) {
    if (!flush.acked.Has(cpu) || cpu == flush.moment.cpu) continue;
    ++site->interrupts;
    site->idle += ended != 0 && !useful.Has(cpu) ? 1 : 0;
  }
}

void FlushSites::Early(const FlushRecord& flush) {
  if (FlushSite* const site = For(flush)) ++site->early;
}

}  // namespace flushdep
