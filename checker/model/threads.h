// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What we know of each live thread: where it runs, in which context, which
// locks it holds. A thread gets a slot, a small number that other tables are
// indexed by; slot 0 stands for all threads that we do not follow.
//
// Locking: the caller's. Cost: one hash lookup per event; no heap.
#ifndef FLUSHDEP_CHECKER_MODEL_THREADS_H_
#define FLUSHDEP_CHECKER_MODEL_THREADS_H_

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/flat_table.h"
#include "checker/model/hash_index.h"
#include "checker/model/limits.h"

namespace flushdep {

using ThreadSlot = uint32_t;
inline constexpr ThreadSlot kNoThread = 0;

struct LockOfThread {
  uint64_t object;
  uint64_t lock_class;
  uint64_t site;  // where it was taken, a return address; 0: not known
};

struct ThreadState {
  uint32_t id;
  uint16_t cpu;
  uint16_t held_count;
  int32_t depth[16];  // by enum flushdep_context
  LockOfThread held[kMaxLocksOfThread];

  bool IrqsOff() const {
    return depth[FLUSHDEP_CTX_IRQS_OFF] > 0 || depth[FLUSHDEP_CTX_HARDIRQ] > 0 ||
           depth[FLUSHDEP_CTX_NMI] > 0;
  }
  bool InTask() const {
    return depth[FLUSHDEP_CTX_HARDIRQ] <= 0 && depth[FLUSHDEP_CTX_SOFTIRQ] <= 0 &&
           depth[FLUSHDEP_CTX_NMI] <= 0;
  }
  // Can a cross-CPU flush run here? A spinlock alone does not forbid it.
  bool CanShootDown() const { return InTask() && !IrqsOff(); }
  // What forbids it, enum flushdep_context; 0: nothing.
  uint32_t AtomicContext() const {
    for (uint32_t context :
         {FLUSHDEP_CTX_NMI, FLUSHDEP_CTX_HARDIRQ, FLUSHDEP_CTX_SOFTIRQ, FLUSHDEP_CTX_IRQS_OFF})
      if (depth[context] > 0) return context;
    return 0;
  }
  bool CheckerOff() const { return depth[FLUSHDEP_CTX_CHECKER_OFF] > 0; }
};

class ThreadTable {
 public:
  explicit ThreadTable(LimitCounts& limits) : limits_(limits) {}
  bool Init();

  // The slot of a thread, a new one if it was never seen (*created is set).
  ThreadSlot Get(uint32_t id, bool* created);
  ThreadSlot Find(uint32_t id) const { return index_.Find(id); }
  void Exit(uint32_t id);

  ThreadState& At(ThreadSlot slot) { return threads_[slot]; }
  const ThreadState& At(ThreadSlot slot) const { return threads_[slot]; }
  // Who runs on `cpu` now; kNoThread if nobody that we know.
  ThreadSlot OnCpu(uint32_t cpu) const {
    return cpu < kMaxCpus ? static_cast<ThreadSlot>(Runner(cpu)) : kNoThread;
  }
  // The slot of `id` if it is who runs there. Needs no lock if the thread itself asks.
  ThreadSlot SlotOn(uint32_t cpu, uint32_t id) const {
    const uint64_t runner = cpu < kMaxCpus ? Runner(cpu) : 0;
    return runner >> 32 == id ? static_cast<ThreadSlot>(runner) : kNoThread;
  }
  void SetCpu(ThreadSlot slot, uint32_t cpu);

  uint32_t end() const { return index_.end(); }
  uint32_t max() const { return index_.max(); }
  uint32_t count() const { return index_.count(); }
  bool InUse(ThreadSlot slot) const { return index_.InUse(slot); }

  void Lock(ThreadSlot slot, const LockOfThread& lock);
  void Unlock(ThreadSlot slot, uint64_t object);

 private:
  LimitCounts& limits_;
  HashIndex index_;
  FlatTable<ThreadState> threads_;
  uint64_t Runner(uint32_t cpu) const { return on_cpu_[cpu].load(std::memory_order_relaxed); }
  std::atomic<uint64_t> on_cpu_[kMaxCpus] = {};  // id << 32 | slot
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_THREADS_H_
