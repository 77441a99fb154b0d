// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/flip.h"

#include <errno.h>

#include "runtime/machine/context.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/direct_map.h"
#include "runtime/memory/sleep_lock.h"
#include "runtime/memory/tell.h"

namespace flushdep {

namespace {

constinit SleepLock g_flip_lock("the allocator's flip lock");
// Under it: what the next dry unmapped list flips.
constinit unsigned g_demand = 1;

// Whole free blocks on their way to another freetype.
struct Batch {
  struct Block {
    uint64_t pfn;
    unsigned order;
    Freetype old;
    bool done;
  };
  Block blocks[kFlipBatchMax];
  unsigned count = 0;
  bool under_way = false;  // off the lists

  uint64_t pages(unsigned i) const { return 1ull << blocks[i].order; }
  // In order of pfn, so that neighbours are next to each other.
  void Add(uint64_t pfn, unsigned order, Freetype old) {
    unsigned at = count++;
    for (; at > 0 && blocks[at - 1].pfn > pfn; at--) blocks[at] = blocks[at - 1];
    blocks[at] = {pfn, order, old, false};
  }
};
// Under the flip lock. Not on a stack, so that the child of a fork finds what was on its way.
constinit Batch g_batch = {};

Batch& NewBatch() {
  g_batch.count = 0;
  return g_batch;
}

// From where a block comes: the lists of the other kind, first those of the same migratetype.
uint64_t TakeBlockLocked(Freetype to, unsigned order, Freetype* from) {
  if (!to.unmapped()) {
    *from = kUnmappedFreetype;
    return g_zone.buddy.Take(kUnmappedFreetype, order);
  }
  for (Migratetype type :
       {Migratetype::Unmovable, Migratetype::Reclaimable, Migratetype::Movable}) {
    *from = Freetype(type);
    if (uint64_t pfn = g_zone.buddy.Take(*from, order); pfn != 0) return pfn;
  }
  return 0;
}

uint64_t FreeBlocksLocked(Freetype type) {
  return g_zone.buddy.free_blocks(type, kPageblockOrder) +
         2 * g_zone.buddy.free_blocks(type, kMaxOrder);
}

uint64_t FreeMappedBlocksLocked() {
  uint64_t total = 0;
  for (unsigned type = 0; type < kNumPcpMigratetypes; type++)
    total += FreeBlocksLocked(Freetype(static_cast<Migratetype>(type)));
  return total;
}

// May mapped memory shrink by that much? `floor` is a watermark.
bool MayShrinkLocked(Freetype to, uint64_t npages, uint64_t floor) {
  return !to.unmapped() || MappedFreeLocked() >= floor + npages;
}

uint64_t FloorOf(const Request& request) {
  return request.reserve == Reserve::All ? 0 : g_zone.marks.min;
}

// Does a dry list take more blocks than the `count` that it has? Unmapped: growing with each flip,
// but only while memory is plentiful. Mapped: enough to get away from the watermark.
bool WantsMoreLocked(Freetype to, unsigned count) {
  if (!to.unmapped())
    return count < kFlipDemandMax &&
           MappedFreeLocked() + count * kPageblockPages < g_zone.marks.high;
  return count < g_demand && count < FreeMappedBlocksLocked() / kFlipDemandShare &&
         MayShrinkLocked(to, kPageblockPages, g_zone.marks.high);
}

void TakeOneLocked(Freetype to, unsigned order, Batch* batch) {
  Freetype from;
  uint64_t pfn = TakeBlockLocked(to, order, &from);
  if (pfn == 0) return;
  g_zone.pages[pfn].SetState(PageState::Flipping);
  batch->Add(pfn, order, from);
}

// What a demand flips.
void CollectForDemand(const Request& request, Batch* batch) {
  unsigned order = request.order < kPageblockOrder ? kPageblockOrder : request.order;
  MutexLock lock(g_zone.lock);
  if (!MayShrinkLocked(request.type, 1ull << order, FloorOf(request))) return;
  TakeOneLocked(request.type, order, batch);
  for (unsigned count = batch->count; count > 0 && WantsMoreLocked(request.type, count); count++) {
    TakeOneLocked(request.type, kPageblockOrder, batch);
    if (batch->count == count) break;
  }
  if (request.type.unmapped() && batch->count > 0 && g_demand < kFlipDemandMax) g_demand *= 2;
  if (!request.type.unmapped()) g_demand = 1;
}

// The direct map of blocks [first, last), which are adjacent, by one operation.
bool ChangeRun(const Batch& batch, unsigned first, unsigned last, bool present, const Call& call) {
  uint64_t pfn = batch.blocks[first].pfn;
  uint64_t npages = batch.blocks[last - 1].pfn + batch.pages(last - 1) - pfn;
  // What was secret must not show in the direct map.
  if (present) GetBackend().zero(pfn, npages);
  Count(present ? AllocCounter::kMapOps : AllocCounter::kUnmapOps);
  return SetDirectMap(pfn, npages, present, call) == 0;
}

// Run by run, up to the first error: what failed, failed as a whole.
bool ChangeDirectMap(Batch* batch, bool present, const Call& call) {
  for (unsigned first = 0, last; first < batch->count; first = last) {
    last = first + 1;
    while (last < batch->count &&
           batch->blocks[last].pfn == batch->blocks[last - 1].pfn + batch->pages(last - 1))
      last++;
    if (!ChangeRun(*batch, first, last, present, call)) return first > 0;
    for (unsigned i = first; i < last; i++) batch->blocks[i].done = true;
  }
  return true;
}

// One flush for all blocks that left the direct map: out of every TLB before anyone can get a
// page of them.
void FlushBatch(const Batch& batch, const Call& call) {
  uint64_t start = 0, end = 0;
  for (unsigned i = 0; i < batch.count; i++) {
    if (!batch.blocks[i].done) continue;
    if (end == 0) start = batch.blocks[i].pfn;
    end = batch.blocks[i].pfn + batch.pages(i);
  }
  FlushKernelRange(DirectMapAddress(start), DirectMapAddress(end), call);
  Count(AllocCounter::kUnmapFlushes);
}

// Frees the blocks, each under the freetype that it has now, and keeps 2^order of the first
// that can serve.
uint64_t Settle(Batch& batch, Freetype to, unsigned order) {
  uint64_t kept = 0;
  batch.under_way = false;
  MutexLock lock(g_zone.lock);
  for (unsigned i = 0; i < batch.count; i++) {
    const Batch::Block& block = batch.blocks[i];
    uint64_t blocks = batch.pages(i) / kPageblockPages;
    g_zone.buddy.SetType(block.pfn, batch.pages(i), block.done ? to : block.old);
    if (block.done)
      Count(to.unmapped() ? AllocCounter::kUnmapBlocks : AllocCounter::kMapBlocks, blocks);
    if (!block.done) Count(AllocCounter::kFlipFail);
    if (block.done && kept == 0 && block.order >= order) {
      kept = block.pfn;
      g_zone.pages[kept].SetState(PageState::None);
      g_zone.buddy.Carve(kept, block.order, order);
    } else {
      g_zone.buddy.Give(block.pfn, block.order);
    }
  }
  return kept;
}

bool AnyDone(const Batch& batch) {
  for (unsigned i = 0; i < batch.count; i++)
    if (batch.blocks[i].done) return true;
  return false;
}

constexpr unsigned kKeepNothing = kMaxOrder + 1;

uint64_t Flip(Batch* batch, Freetype to, unsigned order, const Call& caller) {
  if (batch->count == 0) return 0;
  batch->under_way = true;
  const Call call =
      caller.Internal(to.unmapped() ? FLUSHDEP_WHY_BLOCK_UNMAP : FLUSHDEP_WHY_BLOCK_MAP);
  if (ChangeDirectMap(batch, !to.unmapped(), call) && to.unmapped()) FlushBatch(*batch, call);
  for (unsigned i = 0; i < batch->count; i++)
    if (batch->blocks[i].done) EmitRetype(batch->blocks[i].pfn, batch->blocks[i].order, to, call);
  return Settle(*batch, to, order);
}

bool IsFreeOfOtherKind(uint64_t pfn, Freetype to) {
  Freetype type = g_zone.buddy.TypeOf(pfn);
  return to.unmapped() ? HasFallbacks(type) : type.unmapped();
}

// One block for a reserve: 0, or its order.
unsigned TakeForReserveLocked(uint64_t pfn, bool one_only) {
  unsigned order = g_zone.buddy.TakeWhole(pfn);
  if (order <= kPageblockOrder || !one_only) return order;
  g_zone.buddy.Carve(pfn, order, kPageblockOrder);
  return kPageblockOrder;
}

// Blocks for a reserve, not more than are missing, in order of pfn and not as the lists have
// them, so that neighbours change the direct map together.
void CollectForReserve(Freetype to, uint64_t npages, Batch* batch) {
  MutexLock lock(g_zone.lock);
  uint64_t taken = 0;
  for (uint64_t pfn = 0; pfn < g_zone.npages && taken < npages; pfn += kPageblockPages) {
    if (batch->count == kFlipBatchMax || !MayShrinkLocked(to, kPageblockPages, g_zone.marks.min))
      return;
    bool one_only = npages - taken <= kPageblockPages ||
                    !MayShrinkLocked(to, 2 * kPageblockPages, g_zone.marks.min);
    Freetype from = g_zone.buddy.TypeOf(pfn);
    if (!IsFreeOfOtherKind(pfn, to)) continue;
    unsigned order = TakeForReserveLocked(pfn, one_only);
    if (order == 0) continue;
    g_zone.pages[pfn].SetState(PageState::Flipping);
    batch->Add(pfn, order, from);
    taken += 1ull << order;
  }
}

uint64_t FreeOfKind(bool unmapped) {
  uint64_t total = 0;
  for (unsigned bank = 0; bank < kNumPcpBanks; bank++)
    if ((bank == kNumPcpMigratetypes) == unmapped) total += PagesInPcp(bank);
  MutexLock lock(g_zone.lock);
  return total + (unmapped ? g_zone.buddy.free_pages(kUnmappedFreetype) : MappedFreeLocked());
}

int ReserveKind(Freetype to, uint64_t npages, const Call& call) {
  SleepLockGuard flip(g_flip_lock, call);
  for (;;) {
    uint64_t free = FreeOfKind(to.unmapped());
    if (free >= npages) return 0;
    if (!MayFlip()) return -EAGAIN;
    Batch& batch = NewBatch();
    CollectForReserve(to, npages - free, &batch);
    if (batch.count == 0) return -ENOMEM;
    Flip(&batch, to, kKeepNothing, call);
    for (unsigned i = 0; i < batch.count; i++)
      if (!batch.blocks[i].done) return -ENOMEM;
  }
}

}  // namespace

bool MayFlip() { return !InAtomic() && CanSetDirectMap(); }

uint64_t FlipAndTake(const Request& request, const Call& call, bool* error) {
  SleepLockGuard flip(g_flip_lock, call);
  bool unmap = request.type.unmapped();
  for (;;) {
    // Somebody else's flip, which this one waited for, may have brought enough.
    if (uint64_t pfn = ZoneTake(request); pfn != 0) return pfn;
    Batch& batch = NewBatch();
    CollectForDemand(request, &batch);
    if (batch.count == 0) return 0;
    // Mapped memory is also held to the watermark, so it goes by the lists; each round
    // uses up a block.
    uint64_t pfn = Flip(&batch, request.type, unmap ? request.order : kKeepNothing, call);
    if (pfn != 0) return pfn;
    if (AnyDone(batch)) continue;
    g_demand = 1;
    *error = batch.count == 1 || !unmap;
    if (*error) return 0;
    // What several blocks were refused, one may be allowed.
  }
}

int ReserveUnmapped(uint64_t npages, const Call& call) {
  return ReserveKind(kUnmappedFreetype, npages, call);
}

int ReserveMapped(uint64_t npages, const Call& call) {
  return ReserveKind(Freetype(Migratetype::Movable), npages, call);
}

uint64_t FlipEmptied(const Request& request, uint64_t pfn, unsigned order, Freetype old,
                     const Call& call) {
  SleepLockGuard flip(g_flip_lock, call);
  Batch& batch = NewBatch();
  batch.Add(pfn, order, old);
  return Flip(&batch, request.type, request.order, call);
}

// What another thread took out of the direct map, and waited for a flush of, is back in it.
void RecoverFlipsAfterFork() {
  if (g_flip_lock.LoseOthers() || !g_batch.under_way) return;
  const Call call = {0, FLUSHDEP_WHY_BLOCK_MAP, FLUSHDEP_F_INTERNAL};
  for (unsigned i = 0; i < g_batch.count; i++) {
    Batch::Block& block = g_batch.blocks[i];
    const bool back = block.done && !block.old.unmapped();
    if (back && SetDirectMap(block.pfn, g_batch.pages(i), true, call) == 0) block.done = false;
  }
  Settle(g_batch, kUnmappedFreetype, kKeepNothing);
}

}  // namespace flushdep
