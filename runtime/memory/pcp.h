// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A CPU's own pages: lists by freetype and order that serve most allocations and take most frees
// without the zone's lock. The page freed last is handed out first, as it is hot; what goes back
// to the zone is what lay longest. Plain bookkeeping: the zone refills and drains (zone.h).
//
// Locking: `lock`, by its owner on the fast path, by others only to drain. The counters are
// written by the CPU alone, and can be read any time.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PCP_H_
#define FLUSHDEP_RUNTIME_MEMORY_PCP_H_

#include <atomic>
#include <cstdint>

#include "runtime/memory/freetype.h"
#include "runtime/memory/owner_lock.h"
#include "runtime/memory/policy.h"

namespace flushdep {

// X(name, text of vmstat)
#define FLUSHDEP_ALLOC_COUNTERS(X)                 \
  X(Alloc, "pgalloc_normal")                       \
  X(AllocUnmapped, "pgalloc_unmapped")             \
  X(Free, "pgfree")                                \
  X(FreeRefused, "pgfree_refused")                 \
  X(Fail, "allocfail")                             \
  X(FailInvalid, "allocfail_invalid")              \
  X(FailInjected, "allocfail_injected")            \
  X(FailContext, "allocfail_unmapped_context")     \
  X(PcpRefill, "pcp_refill")                       \
  X(PcpDrain, "pcp_drain")                         \
  X(PcpDrainAll, "pcp_drain_all")                  \
  X(FallbackClaim, "pageblock_claim")              \
  X(FallbackSteal, "pageblock_steal")              \
  X(UnmapFlushes, "pageblock_unmap_flush")         \
  X(UnmapOps, "pageblock_unmap_direct_map_op")     \
  X(UnmapBlocks, "pageblock_unmap")                \
  X(MapOps, "pageblock_map_direct_map_op")         \
  X(MapBlocks, "pageblock_map")                    \
  X(FlipFail, "pageblock_flip_fail")               \
  X(CompactStall, "compact_stall")                 \
  X(CompactSuccess, "compact_success")             \
  X(CompactFail, "compact_fail")                   \
  X(MigrateSuccess, "pgmigrate_success")           \
  X(MigrateFail, "pgmigrate_fail")                 \
  X(ZeroMermap, "zero_unmapped_mermap")            \
  X(ZeroReserved, "zero_unmapped_mermap_reserved") \
  X(ZeroHost, "zero_unmapped_host")

enum class AllocCounter : uint8_t {
#define FLUSHDEP_COUNTER(name, text) k##name,
  FLUSHDEP_ALLOC_COUNTERS(FLUSHDEP_COUNTER)
#undef FLUSHDEP_COUNTER
      kNum
};
inline constexpr unsigned kNumAllocCounters = static_cast<unsigned>(AllocCounter::kNum);

// A stack of pfns of which the bottom can be taken too.
class PcpList {
 public:
  constexpr PcpList() = default;
  unsigned size() const { return size_; }
  void Push(uint64_t pfn) {
    pfns_[(bottom_ + size_) % kPcpCapacity] = static_cast<uint32_t>(pfn);
    size_++;
  }
  uint64_t Pop() {
    size_--;
    return pfns_[(bottom_ + size_) % kPcpCapacity];
  }
  // What the next but kPcpAhead Pop() will return, or anything if there are not so many.
  uint64_t Ahead() const { return pfns_[(bottom_ + size_ - kPcpAhead) % kPcpCapacity]; }
  uint64_t PopOldest() {
    uint64_t pfn = pfns_[bottom_];
    bottom_ = (bottom_ + 1) % kPcpCapacity;
    size_--;
    return pfn;
  }

 private:
  uint32_t size_ = 0;
  uint32_t bottom_ = 0;
  uint32_t pfns_[kPcpCapacity] = {};
};

struct alignas(kApart) CpuPages {
  OwnerLock lock;
  uint32_t pages = 0;  // in all lists
  uint32_t high = 0;   // with so many a batch goes back
  std::atomic<uint64_t> counters[kNumAllocCounters] = {};
  PcpList list[kNumPcpBanks][kPcpOrders];
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PCP_H_
