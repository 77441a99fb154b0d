// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/inference.h"

namespace flushdep {
namespace {

// A page's count of references, among the objects that order threads.
constexpr uint64_t kReferenceTag = 1ull << 63;
// Of a lock's readers, who are ordered with writers only.
constexpr uint64_t kReadersTag = 1ull << 62;

uint64_t LockKeyOf(const flushdep_event_sync& sync) {
  return LockClassKey(sync.lock_class != 0 ? sync.lock_class : sync.object, sync.subclass);
}

}  // namespace

bool Inference::Init(uint64_t pfns, bool enabled) {
  enabled_ = enabled;
  told_.store(false, std::memory_order_relaxed);
  flushes_.store(0, std::memory_order_relaxed);
  any_off_.store(0, std::memory_order_relaxed);
  any_atomic_.store(0, std::memory_order_relaxed);
  returned_ = 0;
  if (!threads_.Init()) return false;
  if (!enabled) return true;
  const uint32_t drops = limits_.Max(Limit::Drops);
  return contract_.Init(0) && order_.Init(limits_.Max(Limit::RecentFlushes)) && locks_.Init() &&
         graph_.Init() && lives_.Init(pfns) && touched_.Init(pfns / kChunk + 1) &&
         drop_index_.Init(drops) && drops_.Init(size_t{drops} + 1);
}

// Under the lock. A thread that nobody was seen to start is ordered after all.
ThreadSlot Inference::SlotOf(uint32_t thread) {
  bool created;
  const ThreadSlot slot = threads_.Get(thread, &created);
  if (created && enabled_) {
    contract_.Start(slot, kNoThread);
    order_.Start(slot, kNoThread);
  }
  return slot;
}

void Inference::ApplyThread(const flushdep_event& event) {
  SpinGuard guard(lock_);
  if (event.kind == FLUSHDEP_EV_THREAD_EXIT) return threads_.Exit(event.thread);
  if (event.kind == FLUSHDEP_EV_THREAD_START) {
    const ThreadSlot creator = event.u.thread.other != 0 ? SlotOf(event.u.thread.other) : kNoThread;
    bool created;
    const ThreadSlot slot = threads_.Get(event.thread, &created);
    if (enabled_) {
      contract_.Start(slot, creator);
      order_.Start(slot, creator);
    }
  }
  threads_.SetCpu(SlotOf(event.thread), event.cpu);
}

void Inference::ApplyContext(const flushdep_event& event) {
  if ((event.flags & FLUSHDEP_F_FAILED) != 0 || event.u.context.what >= 16) return;
  SpinGuard guard(lock_);
  const ThreadSlot slot = SlotOf(event.thread);
  if (slot == kNoThread) return;
  int32_t& depth = threads_.At(slot).depth[event.u.context.what];
  const bool was = depth > 0;
  depth = event.u.context.depth;
  if (!threads_.At(slot).CanShootDown()) any_atomic_.store(1, std::memory_order_relaxed);
  if (event.u.context.what != FLUSHDEP_CTX_CHECKER_OFF || was == (depth > 0)) return;
  any_off_.fetch_add(was ? ~0u : 1u, std::memory_order_relaxed);
}

uint32_t Inference::Lock(ThreadSlot slot, const flushdep_event_sync& sync, uint64_t site,
                         const Moment& now) {
  if (slot == kNoThread) return 0;
  const uint64_t key = LockKeyOf(sync);
  switch (sync.op) {
    case FLUSHDEP_SYNC_LOCK_WAIT:
      return locks_.Await(threads_.At(slot), key, now);
    case FLUSHDEP_SYNC_LOCK:
    case FLUSHDEP_SYNC_LOCK_SHARED:
      threads_.Lock(slot, {sync.object, key, site});
      return 0;
    case FLUSHDEP_SYNC_UNLOCK:
    case FLUSHDEP_SYNC_UNLOCK_SHARED:
      threads_.Unlock(slot, sync.object);
      return 0;
    default:
      return 0;
  }
}

void Inference::ApplyName(const flushdep_event& event) {
  const flushdep_event_name& name = event.u.name;
  if (!enabled_ || name.kind != FLUSHDEP_EV_SYNC) return;
  SpinGuard guard(lock_);
  locks_.SetName(name.object, name.index, name.text);
}

uint32_t Inference::ApplySync(const flushdep_event& event, const Moment& now) {
  if (!enabled_ || (event.flags & FLUSHDEP_F_FAILED) != 0) return 0;
  const flushdep_event_sync& sync = event.u.sync;
  told_.store(true, std::memory_order_relaxed);
  SpinGuard guard(lock_);
  const ThreadSlot slot = SlotOf(event.thread);
  for (HappensBefore* order : {&contract_, &order_}) {
    switch (sync.op) {
      case FLUSHDEP_SYNC_LOCK:
        order->Acquire(slot, sync.object | kReadersTag);
        order->Acquire(slot, sync.object);
        break;
      case FLUSHDEP_SYNC_ACQUIRE:
      case FLUSHDEP_SYNC_LOCK_SHARED:
        order->Acquire(slot, sync.object);
        break;
      case FLUSHDEP_SYNC_RELEASE:
      case FLUSHDEP_SYNC_UNLOCK:
        order->Release(slot, sync.object);
        break;
      case FLUSHDEP_SYNC_UNLOCK_SHARED:
        order->Release(slot, sync.object | kReadersTag);
        break;
      case FLUSHDEP_SYNC_ACQ_REL:
        order->Acquire(slot, sync.object);
        order->Release(slot, sync.object);
        break;
      case FLUSHDEP_SYNC_RESET:
        order->Reset(sync.object);
        order->Reset(sync.object | kReadersTag);
        break;
      default:
        break;
    }
  }
  return Lock(slot, sync, event.site, now);
}

uint32_t Inference::IssueFlush(const flushdep_event& event, const Moment& now, uint32_t* sequence) {
  if (!enabled_) return 0;
  SpinGuard guard(lock_);
  if ((event.flags & FLUSHDEP_F_INTERNAL) == 0)
    *sequence = flushes_.fetch_add(1, std::memory_order_acq_rel) + 1;
  const ThreadSlot slot = SlotOf(event.thread);
  const bool waits_for_others = event.u.flush.eff_who != FLUSHDEP_CPUS_LOCAL &&
                                (event.u.flush.flags & FLUSHDEP_FLUSH_BROADCAST) == 0;
  if (slot == kNoThread || !waits_for_others) return 0;
  return locks_.Flush(threads_.At(slot), now);
}

// The handler runs between two instructions of whoever is on the CPU.
void Inference::AckFlush(uint32_t issuer, uint32_t cpu) {
  if (!enabled_) return;
  SpinGuard guard(lock_);
  const ThreadSlot from = threads_.Find(issuer), there = threads_.OnCpu(cpu);
  contract_.Order(from, there);
  contract_.Order(there, from);
}

HappensBefore::Point Inference::ReturnFlush(uint32_t thread, uint32_t sequence) {
  if (!enabled_) return {};
  SpinGuard guard(lock_);
  const ThreadSlot slot = SlotOf(thread);
  if (sequence > returned_) returned_ = sequence;
  contract_.NoteFlush(slot, sequence);
  return contract_.Now(slot);
}

// As refcount_dec_and_test(): releases, and acquires at the last.
void Inference::DropReference(uint32_t thread, uint64_t pfn, bool last) {
  SpinGuard guard(lock_);
  const ThreadSlot slot = SlotOf(thread);
  if (last)
    contract_.Acquire(slot, pfn | kReferenceTag);
  else
    contract_.Release(slot, pfn | kReferenceTag);
}

void Inference::ForgetReferences(uint64_t pfn) {
  SpinGuard guard(lock_);
  contract_.Reset(pfn | kReferenceTag);
}

bool Inference::Happened(const HappensBefore::Point& point, uint32_t thread) {
  if (!told()) return true;
  SpinGuard guard(lock_);
  return contract_.Before(point, SlotOf(thread));
}

bool Inference::MustPrecede(const HappensBefore::Point& point, uint32_t thread) {
  SpinGuard guard(lock_);
  return order_.Before(point, SlotOf(thread));
}

bool Inference::MustPrecedeFlush(const HappensBefore::Point& point, uint32_t place) {
  SpinGuard guard(lock_);
  return order_.WasBefore(point, place);
}

void Inference::Snapshot(uint32_t thread, uint32_t place) {
  SpinGuard guard(lock_);
  order_.Snapshot(SlotOf(thread), place);
}

HappensBefore::Point Inference::OrderNow(uint32_t thread) {
  SpinGuard guard(lock_);
  return order_.Now(SlotOf(thread));
}

bool Inference::FlushedSince(uint32_t since, uint32_t thread) {
  if (flushes() == since) return false;
  SpinGuard guard(lock_);
  if (!told()) return returned_ > since;
  const ThreadSlot slot = SlotOf(thread);
  return slot == kNoThread || contract_.FlushKnown(slot) > since;
}

bool Inference::LookWhetherItCan(uint32_t thread) { return LookForAtomicContext(thread) == 0; }

uint32_t Inference::LookForAtomicContext(uint32_t thread) {
  SpinGuard guard(lock_);
  const ThreadSlot slot = threads_.Find(thread);
  return slot == kNoThread ? 0 : threads_.At(slot).AtomicContext();
}

bool Inference::IsWaitWorthAStack(const flushdep_event& event) {
  if (!enabled_ || event.u.sync.op != FLUSHDEP_SYNC_LOCK_WAIT) return false;
  SpinGuard guard(lock_);
  const ThreadSlot slot = threads_.Find(event.thread);
  if (slot == kNoThread) return false;
  const ThreadState& thread = threads_.At(slot);
  return thread.IrqsOff() || locks_.IsNewOrder(thread, LockKeyOf(event.u.sync));
}

bool Inference::IsOff(uint32_t thread) {
  SpinGuard guard(lock_);
  const ThreadSlot slot = threads_.Find(thread);
  return slot != kNoThread && threads_.At(slot).CheckerOff();
}

void Inference::AddDrop(const DropRecord& drop) {
  SpinGuard guard(lock_);
  if (drop_index_.Find(drop.pfn) != 0) return;  // the first tells enough
  const uint32_t index = drop_index_.Insert(drop.pfn);
  if (index == 0) return limits_.Hit(Limit::Drops);
  drops_[index] = drop;
}

void Inference::NoteLastDrop(uint64_t pfn, Epoch at, uint64_t site) {
  SpinGuard guard(lock_);
  const uint32_t index = drop_index_.Find(pfn);
  if (index == 0) return;
  drops_[index].last_drop = at;
  drops_[index].same_code = site != 0 && site == drops_[index].site;
}

bool Inference::TakeDrop(uint64_t pfn, DropRecord* drop) {
  SpinGuard guard(lock_);
  const uint32_t index = drop_index_.Find(pfn);
  if (index == 0) return false;
  *drop = drops_[index];
  drop_index_.Erase(index);
  return true;
}

}  // namespace flushdep
