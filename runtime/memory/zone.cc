// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/zone.h"

#include "runtime/machine/arena.h"

namespace flushdep {

constinit Zone g_zone;

namespace {

uint64_t SquareRoot(uint64_t value) {
  uint64_t root = 0;
  while ((root + 1) * (root + 1) <= value) root++;
  return root;
}

Watermarks WatermarksFor(uint64_t npages) {
  uint64_t min = 4 * SquareRoot(npages * kPageBytes / 1024) * 1024 / kPageBytes;
  if (min > npages / kMinWatermarkShare) min = npages / kMinWatermarkShare;
  return {min, min + min / 4, min + min / 2};
}

uint32_t PcpHighFor(uint64_t npages, uint32_t cpus, uint64_t most) {
  uint64_t high = npages / kPcpShare / cpus;
  if (high > most) high = most;
  return high < kPcpLeastHigh ? kPcpLeastHigh : static_cast<uint32_t>(high);
}

void BootPcp(uint64_t npages) {
  g_zone.pcp_high_min = PcpHighFor(npages, g_machine.cpus, kPcpHighMin);
  g_zone.pcp_high_max = PcpHighFor(npages, g_machine.cpus, kPcpHighMax);
  g_zone.pcp_batch = g_zone.pcp_high_min / 4 < kPcpBatch ? g_zone.pcp_high_min / 4 : kPcpBatch;
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++)
    g_machine.cpu[cpu].pages.high = g_zone.pcp_high_min;
}

bool ShortOfMappedLocked() { return MappedFreeLocked() < g_zone.marks.high; }

// A CPU that comes for more may keep more, while there is plenty (nr_pcp_alloc()).
void GrowPcp(CpuPages& pcp) {
  const uint32_t high = pcp.high + g_zone.pcp_batch;
  pcp.high = high < g_zone.pcp_high_max ? high : g_zone.pcp_high_max;
}

// nr_pcp_high(), below the high watermark.
void ShrinkPcp(CpuPages& pcp) {
  const uint32_t least = g_zone.pcp_high_min;
  pcp.high = pcp.high > least + g_zone.pcp_batch ? pcp.high - g_zone.pcp_batch : least;
}

uint64_t Limit(Reserve reserve) {
  if (reserve == Reserve::Keep) return g_zone.marks.min;
  return reserve == Reserve::Dip ? AtomicWatermark(g_zone.marks.min) : 0;
}

// What is unmapped is reserved for nobody.
bool AboveWatermark(const Request& request) {
  return request.type.unmapped() ||
         MappedFreeLocked() >= Limit(request.reserve) + (1ull << request.order);
}

uint64_t TakeLocked(const Request& request) {
  if (!AboveWatermark(request)) return 0;
  if (uint64_t pfn = g_zone.buddy.Take(request.type, request.order); pfn != 0) return pfn;
  Buddy::Fallback how;
  uint64_t pfn = g_zone.buddy.TakeFallback(request.type, request.order, &how);
  if (how == Buddy::Fallback::Claimed) Count(AllocCounter::kFallbackClaim);
  if (how == Buddy::Fallback::Stolen) Count(AllocCounter::kFallbackSteal);
  return pfn;
}

bool LockFor(const Request& request) {
  if (request.no_lock) return g_zone.lock.TryLock();
  g_zone.lock.Lock();
  return true;
}

// Blocks that a refill brings. Nobody takes a batch out of the reserve, or others would be
// served from it.
unsigned BatchFor(const Request& request) {
  if (request.reserve != Reserve::Keep) return 1;
  unsigned batch = g_zone.pcp_batch >> request.order;
  return batch > 0 ? batch : 1;
}

// Under the zone's lock: what lay longest goes first.
void GiveDownTo(CpuPages& pcp, PcpList& list, unsigned order, uint32_t pages) {
  while (list.size() > 0 && pcp.pages > pages) {
    g_zone.buddy.Give(list.PopOldest(), order);
    pcp.pages -= 1u << order;
  }
}

void GiveOlder(CpuPages& pcp, PcpList& list, unsigned order, uint32_t pages) {
  unsigned keep = list.size() - list.size() / 2;
  while (list.size() > keep && pcp.pages > pages) {
    g_zone.buddy.Give(list.PopOldest(), order);
    pcp.pages -= 1u << order;
  }
}

// Of a CPU's lists, whichever side of their lock the caller is on.
class AnyPcpGuard {
 public:
  explicit AnyPcpGuard(uint32_t cpu) : lock_(g_machine.cpu[cpu].pages.lock), own_(IsOwn(cpu)) {
    if (own_)
      lock_.LockByOwner();
    else
      lock_.LockByOther();
  }
  ~AnyPcpGuard() {
    if (own_)
      lock_.UnlockByOwner();
    else
      lock_.UnlockByOther();
  }
  AnyPcpGuard(const AnyPcpGuard&) = delete;
  AnyPcpGuard& operator=(const AnyPcpGuard&) = delete;

 private:
  static bool IsOwn(uint32_t cpu) { return t_thread.attached && t_thread.cpu == cpu; }
  OwnerLock& lock_;
  bool own_;
};

}  // namespace

void BootZone(uint64_t npages) {
  BootOwnerLocks();
  g_zone.npages = npages;
  g_zone.pages = MapTable<PageInfo>(npages);
  g_zone.buddy.Init(g_zone.pages, MapTable<Buddy::BlockType>(npages / kPageblockPages), npages);
  g_zone.marks = WatermarksFor(npages);
  BootPcp(npages);
}

uint64_t MappedFreeLocked() {
  uint64_t total = 0;
  for (unsigned type = 0; type < kNumPcpMigratetypes; type++)
    total += g_zone.buddy.free_pages(Freetype(static_cast<Migratetype>(type)));
  return total;
}

uint64_t ReadCounter(AllocCounter counter) {
  uint64_t total = 0;
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++)
    total += g_machine.cpu[cpu].pages.counters[static_cast<unsigned>(counter)].load(
        std::memory_order_relaxed);
  return total;
}

uint64_t ZoneTake(const Request& request) {
  if (!LockFor(request)) return 0;
  uint64_t pfn = TakeLocked(request);
  g_zone.lock.Unlock();
  return pfn;
}

// Are there neighbours of the last block in its cache line that could still come?
bool InsideLine(const Request& request, const uint64_t* taken, unsigned count) {
  static_assert(kApart / sizeof(PageInfo) == kLinePages);
  if (request.order != 0 || count < 2) return false;
  const bool rising = taken[count - 1] > taken[count - 2];
  return taken[count - 1] % kLinePages != (rising ? kLinePages - 1 : 0);
}

// The first block is the caller's; the others are pushed so that they are handed out in the
// order in which the buddy lists gave them.
uint64_t PcpTakeSlow(CpuPages& pcp, const Request& request) {
  PcpList& list = pcp.list[PcpBank(request.type)][request.order];
  uint64_t taken[kPcpBatch + kLinePages];
  unsigned count = 0, batch = BatchFor(request);
  if (!LockFor(request)) return 0;
  while ((count < batch || (count < batch + kLinePages && InsideLine(request, taken, count))) &&
         (taken[count] = TakeLocked(request)) != 0)
    count++;
  if (!ShortOfMappedLocked()) GrowPcp(pcp);
  g_zone.lock.Unlock();
  if (count == 0) return 0;
  Count(AllocCounter::kPcpRefill);
  while (count-- > 1) {
    PageInfo& page = g_zone.pages[taken[count]];
    page.SetOrder(request.order);
    page.SetState(PageState::Pcp);
    list.Push(taken[count]);
    pcp.pages += 1u << request.order;
  }
  return taken[0];
}

void ZoneGive(uint64_t pfn, unsigned order) {
  MutexLock lock(g_zone.lock);
  g_zone.buddy.Give(pfn, order);
}

// Too many: a batch goes back. First the older half of each list, beginning with the one that
// grew, so that what is hot stays.
void PcpGiveSlow(CpuPages& pcp, unsigned bank, unsigned order) {
  Count(AllocCounter::kPcpDrain);
  uint32_t target = pcp.pages - (pcp.pages < g_zone.pcp_batch ? pcp.pages : g_zone.pcp_batch);
  MutexLock lock(g_zone.lock);
  if (ShortOfMappedLocked()) ShrinkPcp(pcp);
  GiveOlder(pcp, pcp.list[bank][order], order, target);
  for (auto& lists : pcp.list)
    for (unsigned i = 0; i < kPcpOrders; i++) GiveOlder(pcp, lists[i], i, target);
  for (auto& lists : pcp.list)
    for (unsigned i = 0; i < kPcpOrders; i++) GiveDownTo(pcp, lists[i], i, target);
}

void DrainAll() {
  Count(AllocCounter::kPcpDrainAll);
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) {
    AnyPcpGuard guard(cpu);
    CpuPages& pcp = g_machine.cpu[cpu].pages;
    MutexLock lock(g_zone.lock);
    pcp.high = g_zone.pcp_high_min;
    for (auto& lists : pcp.list)
      for (unsigned i = 0; i < kPcpOrders; i++) GiveDownTo(pcp, lists[i], i, 0);
  }
}

uint64_t PagesInPcp(unsigned bank) {
  uint64_t total = 0;
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) {
    AnyPcpGuard guard(cpu);
    for (unsigned order = 0; order < kPcpOrders; order++)
      total += static_cast<uint64_t>(g_machine.cpu[cpu].pages.list[bank][order].size()) << order;
  }
  return total;
}

}  // namespace flushdep
