// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page allocator's numbers, by name: limits and policy, each with the reason.
#ifndef FLUSHDEP_RUNTIME_MEMORY_POLICY_H_
#define FLUSHDEP_RUNTIME_MEMORY_POLICY_H_

#include <cstdint>

#include "runtime/machine/limits.h"

namespace flushdep {

// --- Per-CPU lists -----------------------------------------------------------

// Orders that they keep (PAGE_ALLOC_COSTLY_ORDER).
inline constexpr unsigned kPcpMaxOrder = 3;
inline constexpr unsigned kPcpOrders = kPcpMaxOrder + 1;
// Pages that all lists of a CPU hold before a batch goes back: at first, and where refills have
// shown that the CPU needs more (as the kernel tunes pcp->high); less on a machine so small that
// its CPUs would hoard more than 1/kPcpShare of it.
inline constexpr unsigned kPcpHighMin = 256;
inline constexpr unsigned kPcpHighMax = 2048;
inline constexpr unsigned kPcpLeastHigh = 8;
inline constexpr unsigned kPcpShare = 32;
// Pages that a refill brings, and some more so that it ends where a cache line of the side
// tables does: CPUs that had pages of one line would take it from each other all the time.
inline constexpr unsigned kPcpBatch = 32;
// Entries that are fetched into the cache before a page is handed out.
inline constexpr unsigned kPcpAhead = 6;
inline constexpr unsigned kLinePages = 8;
// Entries of one list: single pages can be all that the CPU holds.
inline constexpr unsigned kPcpCapacity = kPcpHighMax;
static_assert((kPcpCapacity & (kPcpCapacity - 1)) == 0 && kPcpCapacity >= kPcpHighMax);

// --- Watermarks ---------------------------------------------------------------

// Of mapped memory, as nothing else can be handed out to whoever may not flip. min is
// 4 * sqrt(KiB) KiB (init_per_zone_wmark_min()), but never more than this part of memory.
inline constexpr uint64_t kMinWatermarkShare = 64;
// What ATOMIC may dip into: half of min, and a quarter of the rest (__zone_watermark_ok()).
constexpr uint64_t AtomicWatermark(uint64_t min) { return min - min / 2 - (min - min / 2) / 4; }

// --- Flips ---------------------------------------------------------------------

// Pageblocks that one flush may cover.
inline constexpr unsigned kFlipBatchMax = 64;
// A dry list flips one block, the next time two, and so on up to this many...
inline constexpr unsigned kFlipDemandMax = 16;
// ... but what is flipped beyond the need is never more than this part of the free blocks.
inline constexpr uint64_t kFlipDemandShare = 16;

// --- Boot ----------------------------------------------------------------------

// Blocks of the largest order that are put on their list at once: 1 GiB.
inline constexpr uint64_t kExposedBlocks = 256;

// --- Fallback ------------------------------------------------------------------

// A block of this order or larger takes its pageblock along whoever asks (pageblock_order / 2).
inline constexpr unsigned kClaimOrder = kPageblockOrder / 2;

// --- Compaction ----------------------------------------------------------------

// A block with no more used pages than this is good enough to stop the search.
inline constexpr uint64_t kCompactGoodEnough = 32;
// How often a page that is on its way to a list is looked at again.
inline constexpr unsigned kCompactRetries = 64;

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_POLICY_H_
