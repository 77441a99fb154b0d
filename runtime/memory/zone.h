// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The zone: all free memory, in the buddy lists and in the CPUs' own lists, with the
// watermarks. Hands out and takes back blocks that nobody owns; knows of no events, owners,
// direct map or contexts.
//
// Locking, outermost first: a CPU's lists, the zone's lock. Neither is held around anything else.
// Cost: O(1) from and to the CPU's lists, without a cache line that another CPU writes;
// else O(batch * kMaxOrder) under the zone's lock.
#ifndef FLUSHDEP_RUNTIME_MEMORY_ZONE_H_
#define FLUSHDEP_RUNTIME_MEMORY_ZONE_H_

#include <cstdint>

#include "checker/model/hot.h"
#include "runtime/machine/call.h"
#include "runtime/machine/cpu.h"
#include "runtime/machine/thread.h"
#include "runtime/memory/buddy.h"
#include "runtime/memory/pcp.h"

namespace flushdep {

// Down to where an allocation may use mapped memory.
enum class Reserve : uint8_t {
  Keep,  // the min watermark
  Dip,   // ATOMIC: part of what is below
  All,
};

struct Watermarks {
  uint64_t min, low, high;  // in mapped pages
};

// What a block is taken for.
struct Request {
  Freetype type;
  unsigned order = 0;
  Reserve reserve = Reserve::Keep;
  bool no_lock = false;  // fails rather than wait for the zone's lock
};

struct Zone {
  Mutex lock;
  Buddy buddy;  // under `lock`, but for TypeOf()
  PageInfo* pages = nullptr;
  uint64_t npages = 0;
  Watermarks marks = {};
  uint32_t pcp_high_min = 0, pcp_high_max = 0;  // pages per CPU
  uint32_t pcp_batch = 0;
};
extern constinit Zone g_zone;

void BootZone(uint64_t npages);

inline CpuPages& OwnPages() { return g_machine.cpu[t_thread.cpu].pages; }

// Counted by the calling CPU alone; read by summing.
inline void Count(AllocCounter counter, uint64_t by = 1) {
  std::atomic<uint64_t>& value = OwnPages().counters[static_cast<unsigned>(counter)];
  value.store(value.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}
uint64_t ReadCounter(AllocCounter counter);

// A block in state None, by its first page; 0: none. ZoneTake() passes the CPU's lists by.
uint64_t PcpTakeSlow(CpuPages& pcp, const Request& request);
inline uint64_t PcpTake(const Request& request) {
  CpuPages& pcp = OwnPages();
  PcpList& list = pcp.list[PcpBank(request.type)][request.order];
  OwnerLockGuard guard(pcp.lock);
  if (__builtin_expect(list.size() == 0, 0)) return PcpTakeSlow(pcp, request);
  pcp.pages -= 1u << request.order;
  const uint64_t soon = list.Ahead();
  __builtin_prefetch(&g_zone.pages[soon], 1);
  if (kHooks) hot::Expect(soon);
  return list.Pop();
}
uint64_t ZoneTake(const Request& request);

// Back to the CPU's list if it keeps such blocks, else to the zone. Of any state; on return the
// block is anybody's.
void PcpGiveSlow(CpuPages& pcp, unsigned bank, unsigned order);
void ZoneGive(uint64_t pfn, unsigned order);
inline void GiveBack(uint64_t pfn, unsigned order) {
  int bank = order <= kPcpMaxOrder ? PcpBank(g_zone.buddy.TypeOf(pfn)) : -1;
  if (__builtin_expect(bank < 0, 0)) return ZoneGive(pfn, order);
  CpuPages& pcp = OwnPages();
  PcpList& list = pcp.list[bank][order];
  OwnerLockGuard guard(pcp.lock);
  g_zone.pages[pfn].SetOrder(order);
  g_zone.pages[pfn].SetState(PageState::Pcp);
  list.Push(pfn);
  pcp.pages += 1u << order;
  if (__builtin_expect(pcp.pages >= pcp.high, 0))
    PcpGiveSlow(pcp, static_cast<unsigned>(bank), order);
}

// All CPUs' lists go back to the zone, and keep little from then on.
void DrainAll();

// Under the zone's lock: free mapped pages that somebody could be served from.
uint64_t MappedFreeLocked();
// Pages in all CPUs' lists of a bank.
uint64_t PagesInPcp(unsigned bank);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_ZONE_H_
