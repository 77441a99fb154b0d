// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sync/rcu.h"

#include <limits.h>

#include "runtime/machine/sync/emit.h"
#include "runtime/machine/sync/stripe.h"
#include "runtime/machine/sync/wait.h"

namespace flushdep {
namespace {

constinit std::atomic<uint64_t> g_phase{1};
// One grace period at a time: 0 free, 1 under way, 2 and others wait for their turn.
constinit uint32_t g_turn = 0;
// Grace periods that wait for readers sleep on g_left; readers that leave then count it up.
constinit std::atomic<uint32_t> g_waiting{0};
constinit uint32_t g_left = 0;

// Objects of SYNC events: what read sections of odd and even phases released, what
// grace periods released at their start, and the ends of callbacks.
constinit char g_read_sections[2] = {};
constinit char g_starts = 0;
constinit char g_callbacks_done = 0;

// Callbacks that wait for a grace period, in order; under g_sync_lock.
constinit flushdep_rcu_head* g_first = nullptr;
constinit flushdep_rcu_head** g_end = &g_first;
// Batches of them that are being run. Changes wake who waits for 0.
constinit uint32_t g_batches = 0;

void Leave(SyncThread& self, const Call& call) {
  uint64_t phase = self.rcu_phase.load(std::memory_order_relaxed);
  EmitSync(FLUSHDEP_SYNC_RELEASE, &g_read_sections[phase % 2], call);
  self.rcu_phase.store(0, std::memory_order_seq_cst);
  WakeGracePeriods();
}

// A reader that reads the new phase after its store is seen by no grace period of the old one;
// one whose store came first is seen by it.
void Enter(SyncThread& self, const Call& call) {
  uint64_t phase = g_phase.load(std::memory_order_seq_cst);
  for (;;) {
    self.rcu_phase.store(phase, std::memory_order_seq_cst);
    uint64_t now = g_phase.load(std::memory_order_seq_cst);
    if (now == phase) break;
    phase = now;
  }
  EmitSync(FLUSHDEP_SYNC_ACQUIRE, &g_starts, call);
}

bool ReadersBefore(uint64_t phase, const SyncThread& self) {
  MutexLock lock(g_sync_lock);
  for (SyncThread* thread = FirstSyncThread(); thread != nullptr; thread = thread->next) {
    uint64_t of = thread->rcu_phase.load(std::memory_order_seq_cst);
    if (thread != &self && of != 0 && of < phase) return true;
  }
  return false;
}

void TakeTurn(const Call& call) {
  uint32_t seen = 0;
  if (__atomic_compare_exchange_n(&g_turn, &seen, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return;
  while (__atomic_exchange_n(&g_turn, 2, __ATOMIC_ACQUIRE) != 0) SleepOn(&g_turn, 2, call);
}

void EndTurn() {
  if (__atomic_exchange_n(&g_turn, 0, __ATOMIC_RELEASE) == 2) WakeWord(&g_turn, 1);
}

void WaitForReaders(uint64_t phase, const SyncThread& self, const Call& call) {
  g_waiting.fetch_add(1, std::memory_order_seq_cst);
  for (;;) {
    uint32_t seen = __atomic_load_n(&g_left, __ATOMIC_SEQ_CST);
    if (!ReadersBefore(phase, self)) break;
    SleepOn(&g_left, seen, call);
  }
  g_waiting.fetch_sub(1, std::memory_order_seq_cst);
}

flushdep_rcu_head* TakeCallbacks() {
  MutexLock lock(g_sync_lock);
  flushdep_rcu_head* first = g_first;
  g_first = nullptr;
  g_end = &g_first;
  if (first != nullptr) __atomic_fetch_add(&g_batches, 1, __ATOMIC_SEQ_CST);
  return first;
}

// Waits for a grace period, and returns the callbacks that waited for one when it started.
flushdep_rcu_head* GracePeriod(const Call& call) {
  SyncThread& self = SyncSelf();
  Waiter waiter = {};
  waiter.what = Waiter::For::GracePeriod;
  waiter.phase = UINT64_MAX;  // whoever reads now is in the way of our turn, or of us
  waiter.call = call;
  waiter.self = &self;
  BeginWait(waiter);
  TakeTurn(call);
  flushdep_rcu_head* callbacks = TakeCallbacks();
  uint64_t phase = g_phase.load(std::memory_order_relaxed) + 1;
  EmitSync(FLUSHDEP_SYNC_ACQUIRE, &g_read_sections[phase % 2], call);
  EmitSync(FLUSHDEP_SYNC_RELEASE, &g_starts, call);
  NarrowWait(waiter, phase);
  g_phase.store(phase, std::memory_order_seq_cst);
  WaitForReaders(phase, self, call);
  EmitSync(FLUSHDEP_SYNC_ACQUIRE, &g_read_sections[(phase - 1) % 2], call);
  EndTurn();
  EndWait(waiter);
  return callbacks;
}

void RunCallback(flushdep_rcu_head* head, uint64_t site) {
  auto* fn = head->fn;
  {
    Api api(FLUSHDEP_WHY_CALL_RCU, site);
    EnterInterrupt(FLUSHDEP_CTX_SOFTIRQ, api.call.Internal(FLUSHDEP_WHY_CALL_RCU));
    EmitSync(FLUSHDEP_SYNC_ACQUIRE, head, api.call);
    SyncSelf().callback_depth++;
  }
  fn(head);
  Api api(FLUSHDEP_WHY_CALL_RCU, site);
  SyncSelf().callback_depth--;
  EmitSync(FLUSHDEP_SYNC_RELEASE, &g_callbacks_done, api.call);
  LeaveInterrupt(FLUSHDEP_CTX_SOFTIRQ, api.call.Internal(FLUSHDEP_WHY_CALL_RCU));
}

// Outside of an API call, as callbacks make calls of their own.
void RunCallbacks(flushdep_rcu_head* head, uint64_t site) {
  if (head == nullptr) return;
  while (head != nullptr) {
    flushdep_rcu_head* next = head->next;
    RunCallback(head, site);
    head = next;
  }
  __atomic_fetch_sub(&g_batches, 1, __ATOMIC_SEQ_CST);
  WakeWord(&g_batches, UINT_MAX);
}

// For the callbacks that other threads run. One that waits inside a callback waits for itself.
void WaitForBatches(const Call& call) {
  if (SyncSelf().callback_depth > 0) return;
  while (uint32_t batches = __atomic_load_n(&g_batches, __ATOMIC_SEQ_CST))
    SleepOn(&g_batches, batches, call);
}

}  // namespace

bool LeaveReadSections(const Call& call) {
  if (t_thread.context.rcu == 0) return false;
  Leave(SyncSelf(), call);
  while (t_thread.context.rcu > 0) RcuReadUnlock(call);
  return true;
}

uint64_t RcuPhase() { return g_phase.load(std::memory_order_seq_cst); }

void WakeGracePeriods() {
  if (g_waiting.load(std::memory_order_seq_cst) == 0) return;
  __atomic_fetch_add(&g_left, 1, __ATOMIC_SEQ_CST);
  WakeWord(&g_left, UINT_MAX);
}

void ResetRcuInChild() {
  g_turn = 0;
  g_waiting.store(0, std::memory_order_relaxed);
  // A fork by a callback: its batch goes on here.
  g_batches = t_sync != nullptr && t_sync->callback_depth > 0 ? 1 : 0;
}

}  // namespace flushdep

using flushdep::Api;

FLUSHDEP_API void flushdep_rcu_read_lock(void) {
  Api api(FLUSHDEP_WHY_RCU_READ_LOCK, FLUSHDEP_SITE);
  flushdep::RcuReadLock(api.call);
  if (flushdep::t_thread.context.rcu == 1) flushdep::Enter(flushdep::SyncSelf(), api.call);
}

FLUSHDEP_API void flushdep_rcu_read_unlock(void) {
  Api api(FLUSHDEP_WHY_RCU_READ_UNLOCK, FLUSHDEP_SITE);
  if (flushdep::t_thread.context.rcu == 1) flushdep::Leave(flushdep::SyncSelf(), api.call);
  flushdep::RcuReadUnlock(api.call);
}

FLUSHDEP_API bool flushdep_rcu_read_lock_held(void) {
  return flushdep::Self(FLUSHDEP_SITE).context.rcu > 0;
}

FLUSHDEP_API void flushdep_synchronize_rcu(void) {
  flushdep_rcu_head* callbacks;
  {
    Api api(FLUSHDEP_WHY_SYNCHRONIZE_RCU, FLUSHDEP_SITE);
    flushdep::CheckMaySleep(api.call);
    callbacks = flushdep::GracePeriod(api.call);
  }
  flushdep::RunCallbacks(callbacks, FLUSHDEP_SITE);
}

FLUSHDEP_API void flushdep_call_rcu(flushdep_rcu_head* head, void (*fn)(flushdep_rcu_head*)) {
  Api api(FLUSHDEP_WHY_CALL_RCU, FLUSHDEP_SITE);
  flushdep::EmitSync(FLUSHDEP_SYNC_RESET, head, api.call);
  flushdep::EmitSync(FLUSHDEP_SYNC_RELEASE, head, api.call);
  head->next = nullptr;
  head->fn = fn;
  flushdep::MutexLock lock(flushdep::g_sync_lock);
  *flushdep::g_end = head;
  flushdep::g_end = &head->next;
}

FLUSHDEP_API void flushdep_rcu_barrier(void) {
  flushdep_rcu_head* callbacks;
  {
    Api api(FLUSHDEP_WHY_RCU_BARRIER, FLUSHDEP_SITE);
    flushdep::CheckMaySleep(api.call);
    callbacks = flushdep::GracePeriod(api.call);
  }
  flushdep::RunCallbacks(callbacks, FLUSHDEP_SITE);
  Api api(FLUSHDEP_WHY_RCU_BARRIER, FLUSHDEP_SITE);
  flushdep::WaitForBatches(api.call);
  flushdep::EmitSync(FLUSHDEP_SYNC_ACQUIRE, &flushdep::g_callbacks_done, api.call);
}
