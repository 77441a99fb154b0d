// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep_sync.h: completions, wait queues and the bare wait below them.
#include <limits.h>

#include "runtime/machine/sync/stripe.h"
#include "runtime/machine/sync/wait.h"

using flushdep::Api;
using flushdep::Call;
using flushdep::StripeLock;

namespace {

constexpr uint32_t kEverybody = UINT32_MAX;

uint32_t Load(const uint32_t* word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

// Changes of `done` happen under the stripe's lock, so that they and what is told are one.
bool TryPass(flushdep_completion* completion, const Call& call) {
  StripeLock stripe(completion);
  uint32_t done = Load(&completion->done);
  if (done == 0) return false;
  if (done != kEverybody) __atomic_store_n(&completion->done, done - 1, __ATOMIC_RELEASE);
  stripe.Tell(FLUSHDEP_SYNC_ACQUIRE, call);
  return true;
}

// Whoever passes may free the completion at once, so that nothing of it is touched after the
// store but its address.
void Complete(flushdep_completion* completion, bool everybody, const Call& call) {
  {
    StripeLock stripe(completion);
    stripe.Tell(FLUSHDEP_SYNC_RELEASE, call);
    uint32_t done = Load(&completion->done);
    uint32_t next = everybody || done == kEverybody ? kEverybody : done + 1;
    __atomic_store_n(&completion->done, next, __ATOMIC_RELEASE);
  }
  flushdep::WakeWord(&completion->done, everybody ? UINT_MAX : 1);
}

}  // namespace

FLUSHDEP_API void flushdep_completion_init(flushdep_completion* completion) {
  Api api(FLUSHDEP_WHY_COMPLETION_INIT, FLUSHDEP_SITE);
  StripeLock stripe(completion);
  __atomic_store_n(&completion->done, 0, __ATOMIC_RELAXED);
  stripe.Tell(FLUSHDEP_SYNC_RESET, api.call);
}

FLUSHDEP_API void flushdep_completion_reinit(flushdep_completion* completion) {
  Api api(FLUSHDEP_WHY_COMPLETION_INIT, FLUSHDEP_SITE);
  StripeLock stripe(completion);
  __atomic_store_n(&completion->done, 0, __ATOMIC_RELAXED);
}

FLUSHDEP_API void flushdep_completion_wait(flushdep_completion* completion) {
  Api api(FLUSHDEP_WHY_WAIT_FOR_COMPLETION, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  while (!TryPass(completion, api.call)) flushdep::SleepOn(&completion->done, 0, api.call);
}

FLUSHDEP_API bool flushdep_completion_try_wait(flushdep_completion* completion) {
  Api api(FLUSHDEP_WHY_TRY_WAIT_FOR_COMPLETION, FLUSHDEP_SITE);
  return TryPass(completion, api.call);
}

FLUSHDEP_API bool flushdep_completion_done(flushdep_completion* completion) {
  Api api(FLUSHDEP_WHY_TRY_WAIT_FOR_COMPLETION, FLUSHDEP_SITE);
  StripeLock stripe(completion);
  if (Load(&completion->done) == 0) return false;
  stripe.Tell(FLUSHDEP_SYNC_ACQUIRE, api.call);
  return true;
}

FLUSHDEP_API void flushdep_complete(flushdep_completion* completion) {
  Api api(FLUSHDEP_WHY_COMPLETE, FLUSHDEP_SITE);
  Complete(completion, false, api.call);
}

FLUSHDEP_API void flushdep_complete_all(flushdep_completion* completion) {
  Api api(FLUSHDEP_WHY_COMPLETE, FLUSHDEP_SITE);
  Complete(completion, true, api.call);
}

FLUSHDEP_API uint32_t flushdep_wait_turn(const flushdep_waitqueue* queue) {
  return Load(&queue->turn);
}

FLUSHDEP_API void flushdep_wait_while(flushdep_waitqueue* queue, uint32_t turn) {
  Api api(FLUSHDEP_WHY_WAIT, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  while (Load(&queue->turn) == turn) flushdep::SleepOn(&queue->turn, turn, api.call);
  StripeLock(queue).Tell(FLUSHDEP_SYNC_ACQUIRE, api.call);
}

FLUSHDEP_API void flushdep_wake_up(flushdep_waitqueue* queue) {
  Api api(FLUSHDEP_WHY_WAKE, FLUSHDEP_SITE);
  StripeLock(queue).Tell(FLUSHDEP_SYNC_RELEASE, api.call);
  __atomic_fetch_add(&queue->turn, 1, __ATOMIC_SEQ_CST);
  flushdep::WakeWord(&queue->turn, UINT_MAX);
}

FLUSHDEP_API void flushdep_park(uint32_t* word, uint32_t value) {
  Api api(FLUSHDEP_WHY_WAIT, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  if (Load(word) == value) flushdep::SleepOn(word, value, api.call);
}

FLUSHDEP_API void flushdep_unpark(uint32_t* word, unsigned threads) {
  flushdep::WakeWord(word, threads);
}
