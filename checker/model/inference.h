// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What lockdep-style rules know beside the hardware: order of threads, classes of
// locks, lives of pages. State feeds it; it judges nothing.
//
// Two notions of order. For a contract ("the flush had returned before") all counts that
// orders in this run: SYNC events, threads' starts, references, IPIs. For "could it have been the
// other way round" (FD006) only SYNC events and starts count: which of two drops came last,
// and on which CPU an IPI found a thread, is what may differ in the next run.
//
// A run whose producer tells no SYNC event at all can not be judged by order: then
// what came earlier counts as ordered (told()).
//
// Locking: one lock, taken inside State's and a page's. Cost: see the parts.
#ifndef FLUSHDEP_CHECKER_MODEL_INFERENCE_H_
#define FLUSHDEP_CHECKER_MODEL_INFERENCE_H_

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/epoch.h"
#include "checker/model/flow_graph.h"
#include "checker/model/happens_before.h"
#include "checker/model/lock_classes.h"
#include "checker/model/spinlock.h"
#include "checker/model/threads.h"

namespace flushdep {

// Where a page is in its life. Zeros: not followed.
struct PageLife {
  LifeState state;
  uint32_t flushes;    // explicit flushes issued when it got there
  uint32_t put_clock;  // when its newest translation was put: a Point of order
  uint16_t put_slot;
  uint16_t flags;
};
static_assert(sizeof(PageLife) == 16);

enum PageLifeFlag : uint16_t {
  kHandedOver = 1u << 0,  // somebody else owes the flush
  kDropped = 1u << 1,     // has a DropRecord
};

// A reference was dropped, not the last, with a flush owed.
struct DropRecord {
  uint64_t pfn;
  uint32_t thread;
  HappensBefore::Point drop;
  HappensBefore::Point put;
  Epoch last_drop;  // when the last reference went; kNever: not yet
  Moment moment;
  uint64_t site;   // of the call; 0: not known
  bool same_code;  // the last reference went at the same call: this one would do as that one does
};

class Inference {
 public:
  explicit Inference(LimitCounts& limits)
      : limits_(limits),
        threads_(limits),
        contract_(limits),
        order_(limits),
        locks_(limits),
        graph_(limits) {}

  bool Init(uint64_t pfns, bool enabled);
  bool enabled() const { return enabled_; }
  bool told() const { return told_.load(std::memory_order_relaxed); }

  // Events. Each takes the lock.
  void ApplyThread(const flushdep_event& event);
  void ApplyContext(const flushdep_event& event);
  // The class of a lock that is both awaited with interrupts off and held
  // across a flush, as of now for the first time; else 0.
  // Locks are called what their classes are.
  void ApplyName(const flushdep_event& event);
  uint32_t ApplySync(const flushdep_event& event, const Moment& now);
  // The same, of a cross-CPU flush.
  uint32_t IssueFlush(const flushdep_event& event, const Moment& now, uint32_t* sequence);
  void AckFlush(uint32_t issuer, uint32_t cpu);
  HappensBefore::Point ReturnFlush(uint32_t thread, uint32_t sequence);
  void DropReference(uint32_t thread, uint64_t pfn, bool last);
  void ForgetReferences(uint64_t pfn);

  // Did `point`, which came earlier, happen before what `thread` does now?
  bool Happened(const HappensBefore::Point& point, uint32_t thread);
  bool MustPrecede(const HappensBefore::Point& point, uint32_t thread);
  // ... before the flush in this place of the log was issued?
  bool MustPrecedeFlush(const HappensBefore::Point& point, uint32_t place);
  // A flush is issued: remembers what happened before it.
  void Snapshot(uint32_t thread, uint32_t place);
  HappensBefore::Point OrderNow(uint32_t thread);
  // Did an explicit flush that was issued after number `since` return before this?
  bool FlushedSince(uint32_t since, uint32_t thread);
  uint32_t flushes() const { return flushes_.load(std::memory_order_acquire); }

  // Lock-free, for the short way in (hot_lives.h): of the thread that asks, while it is
  // on its CPU. The slot of `thread` if we know it to run on `cpu`, else kNoThread.
  ThreadSlot SlotOn(uint32_t cpu, uint32_t thread) const { return threads_.SlotOn(cpu, thread); }
  HappensBefore::Point OrderOf(ThreadSlot slot) const { return order_.Now(slot); }
  // False if it is not known, or if nothing of the thread's is judged now.
  bool CanShootDownOn(uint32_t cpu, uint32_t thread, bool* unflushable) const {
    *unflushable = false;
    if (any_off_.load(std::memory_order_relaxed) != 0) return false;
    if (any_atomic_.load(std::memory_order_relaxed) == 0) return true;
    const ThreadSlot slot = SlotOn(cpu, thread);
    if (slot == kNoThread) return false;
    *unflushable = !threads_.At(slot).CanShootDown();
    return true;
  }

  // Context of the thread of an event.
  bool CanShootDown(uint32_t thread) {
    return any_atomic_.load(std::memory_order_relaxed) == 0 || LookWhetherItCan(thread);
  }
  // Why it cannot: enum flushdep_context; 0 if it can.
  uint32_t AtomicContext(uint32_t thread) {
    return any_atomic_.load(std::memory_order_relaxed) == 0 ? 0 : LookForAtomicContext(thread);
  }
  // Is a wait for a lock one that a report may show?
  bool IsWaitWorthAStack(const flushdep_event& event);
  bool CheckerOff(uint32_t thread) {
    return any_off_.load(std::memory_order_relaxed) != 0 && IsOff(thread);
  }
  template <typename F>
  void WithThread(uint32_t thread, F&& f) {
    SpinGuard guard(lock_);
    if (const ThreadSlot slot = threads_.Find(thread)) f(threads_.At(slot));
  }

  PageLife& Life(uint64_t pfn) { return lives_[pfn]; }
  bool HasLife(uint64_t pfn) const { return lives_.Has(pfn); }
  // Remembers that somebody has touched the lives around `pfn`. From any thread.
  void Touch(uint64_t pfn) {
    std::atomic<uint8_t>& chunk = touched_[pfn / kChunk];
    if (chunk.load(std::memory_order_relaxed) == 0) chunk.store(1, std::memory_order_relaxed);
  }
  bool IsTouched(uint64_t pfn) const {
    return touched_[pfn / kChunk].load(std::memory_order_relaxed) != 0;
  }
  template <typename F>
  void ForEachLife(F&& f) {
    for (uint64_t chunk = 0; chunk < touched_.size(); ++chunk) {
      if (touched_[chunk].load(std::memory_order_relaxed) == 0) continue;
      for (uint64_t pfn = chunk * kChunk; pfn < (chunk + 1) * kChunk; ++pfn)
        if (lives_.Has(pfn)) f(pfn);
    }
  }

  void AddDrop(const DropRecord& drop);
  void NoteLastDrop(uint64_t pfn, Epoch at, uint64_t site);
  bool TakeDrop(uint64_t pfn, DropRecord* drop);

  LockClass LockClassAt(uint32_t index) {
    SpinGuard guard(lock_);
    return locks_.At(index);
  }

  FlowGraph& graph() { return graph_; }
  const LockClasses& locks() const { return locks_; }
  const ThreadTable& threads() const { return threads_; }
  const HappensBefore& contract() const { return contract_; }
  const LimitCounts& limits() const { return limits_; }
  uint32_t drops() const { return drop_index_.count(); }

 private:
  static constexpr uint64_t kChunk = 512;  // lives

  ThreadSlot SlotOf(uint32_t thread);
  bool IsOff(uint32_t thread);
  bool LookWhetherItCan(uint32_t thread);
  uint32_t LookForAtomicContext(uint32_t thread);
  uint32_t Lock(ThreadSlot slot, const flushdep_event_sync& sync, uint64_t site, const Moment& now);

  LimitCounts& limits_;
  bool enabled_ = false;
  std::atomic<bool> told_{false};
  std::atomic<uint32_t> flushes_{0};
  std::atomic<uint32_t> any_off_{0};
  std::atomic<uint32_t> any_atomic_{0};  // threads seen where no shootdown can run, ever
  uint32_t returned_ = 0;                // newest explicit flush that returned
  SpinLock lock_;
  ThreadTable threads_;
  HappensBefore contract_;
  HappensBefore order_;
  LockClasses locks_;
  FlowGraph graph_;
  FlatTable<PageLife> lives_;
  FlatTable<std::atomic<uint8_t>> touched_;
  HashIndex drop_index_;
  FlatTable<DropRecord> drops_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_INFERENCE_H_
