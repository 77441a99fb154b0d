// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/threads.h"

namespace flushdep {

bool ThreadTable::Init() {
  for (std::atomic<uint64_t>& runner : on_cpu_) runner.store(0, std::memory_order_relaxed);
  const uint32_t max = limits_.Max(Limit::FollowedThreads);
  return index_.Init(max) && threads_.Init(size_t{max} + 1);
}

ThreadSlot ThreadTable::Get(uint32_t id, bool* created) {
  *created = false;
  if (id == 0) return kNoThread;
  if (const ThreadSlot slot = index_.Find(id)) return slot;
  const ThreadSlot slot = index_.Insert(id);
  if (slot == kNoThread) {
    limits_.Hit(Limit::FollowedThreads);
    return kNoThread;
  }
  threads_[slot] = ThreadState{};
  threads_[slot].id = id;
  threads_[slot].cpu = FLUSHDEP_NO_CPU;
  *created = true;
  return slot;
}

void ThreadTable::Exit(uint32_t id) {
  const ThreadSlot slot = index_.Find(id);
  if (slot == kNoThread) return;
  for (uint32_t cpu = 0; cpu < kMaxCpus; ++cpu)
    if (OnCpu(cpu) == slot) on_cpu_[cpu].store(0, std::memory_order_relaxed);
  index_.Erase(slot);
}

void ThreadTable::SetCpu(ThreadSlot slot, uint32_t cpu) {
  if (slot == kNoThread || cpu >= kMaxCpus || OnCpu(cpu) == slot) return;
  const uint16_t old = threads_[slot].cpu;
  if (OnCpu(old) == slot) on_cpu_[old].store(0, std::memory_order_relaxed);
  threads_[slot].cpu = static_cast<uint16_t>(cpu);
  on_cpu_[cpu].store(uint64_t{threads_[slot].id} << 32 | slot, std::memory_order_relaxed);
}

void ThreadTable::Lock(ThreadSlot slot, const LockOfThread& lock) {
  if (slot == kNoThread) return;
  ThreadState& thread = threads_[slot];
  if (thread.held_count == limits_.Max(Limit::LocksOfThread))
    return limits_.Hit(Limit::LocksOfThread);
  thread.held[thread.held_count++] = lock;
}

// Locks need not be released in the order of a stack.
void ThreadTable::Unlock(ThreadSlot slot, uint64_t object) {
  if (slot == kNoThread) return;
  ThreadState& thread = threads_[slot];
  for (uint32_t i = thread.held_count; i-- > 0;) {
    if (thread.held[i].object != object) continue;
    for (uint32_t k = i + 1; k < thread.held_count; ++k) thread.held[k - 1] = thread.held[k];
    --thread.held_count;
    return;
  }
}

}  // namespace flushdep
