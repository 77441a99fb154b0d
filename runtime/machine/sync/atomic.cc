// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep_sync.h: ordered atomics, reference counts, and telling by hand.
#include <atomic>

#include "checker/report/reporter.h"
#include "runtime/machine/sync/describe.h"
#include "runtime/machine/sync/stripe.h"

namespace flushdep {
namespace {

constinit Stripe g_stripes[kSyncStripes];

// What an operation makes of `seen`; false: it changes nothing.
bool Next(unsigned op, int64_t seen, int64_t operand, int64_t other, int64_t* next) {
  switch (op) {
    case FLUSHDEP_ATOMIC_ADD:
      *next = static_cast<int64_t>(static_cast<uint64_t>(seen) + static_cast<uint64_t>(operand));
      return true;
    case FLUSHDEP_ATOMIC_OR:
      *next = seen | operand;
      return true;
    case FLUSHDEP_ATOMIC_AND:
      *next = seen & operand;
      return true;
    case FLUSHDEP_ATOMIC_CMPXCHG:
      *next = operand;
      return seen == other;
    case FLUSHDEP_ATOMIC_ADD_UNLESS:
      *next = static_cast<int64_t>(static_cast<uint64_t>(seen) + static_cast<uint64_t>(operand));
      return seen != other;
    default:  // SET, XCHG
      *next = operand;
      return true;
  }
}

// Relaxed operations of other threads may come in between, hence the loop. A release is told before
// the operation; only of a compare-and-exchange that is beaten then it is told in vain.
template <typename T>
int64_t Ordered(T* object, unsigned op, unsigned order, int64_t operand, int64_t other,
                const Call& call) {
  other = static_cast<T>(other);  // as what it is compared with
  StripeLock stripe(object);
  T seen = __atomic_load_n(object, __ATOMIC_ACQUIRE);
  if (op != FLUSHDEP_ATOMIC_READ) {
    bool released = false;
    int64_t next;
    do {
      if (!Next(op, seen, operand, other, &next)) return seen;
      if ((order & FLUSHDEP_ORDER_RELEASE) != 0 && !released)
        stripe.Tell(FLUSHDEP_SYNC_RELEASE, call);
      released = true;
    } while (!__atomic_compare_exchange_n(object, &seen, static_cast<T>(next), false,
                                          __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE));
  }
  if ((order & FLUSHDEP_ORDER_ACQUIRE) != 0) stripe.Tell(FLUSHDEP_SYNC_ACQUIRE, call);
  return seen;
}

[[noreturn]] void DieOfSize(unsigned bytes, const Call& call) {
  Text text;
  text << "flushdep_atomic_ordered() at ";
  text.Hex(call.site) << " was called for an object of " << bytes
                      << " bytes; 1, 2, 4 and 8 are possible";
  Die(2, text.view());
}

int64_t OrderedOf(void* object, unsigned bytes, unsigned op, unsigned order, int64_t operand,
                  int64_t other, const Call& call) {
  switch (bytes) {
    case 1:
      return Ordered(static_cast<int8_t*>(object), op, order, operand, other, call);
    case 2:
      return Ordered(static_cast<int16_t*>(object), op, order, operand, other, call);
    case 4:
      return Ordered(static_cast<int32_t*>(object), op, order, operand, other, call);
    case 8:
      return Ordered(static_cast<int64_t*>(object), op, order, operand, other, call);
    default:
      DieOfSize(bytes, call);
  }
}

// --- Reference counts

enum Problem { kAddOnZero, kSaturated, kUnderflow, kHitZero, kProblems };
constinit std::atomic<bool> g_told[kProblems] = {};

void Saturate(int* refs, Problem problem, const Call& call) {
  static constexpr const char* kTexts[] = {"addition on 0; use-after-free",
                                           "saturated; leaking memory", "underflow; use-after-free",
                                           "decrement hit 0; leaking memory"};
  __atomic_store_n(refs, FLUSHDEP_REFCOUNT_SATURATED, __ATOMIC_RELAXED);
  if (g_told[problem].exchange(true, std::memory_order_relaxed)) return;
  Text text;
  text << "flushdep: refcount ";
  text.Hex(reinterpret_cast<uint64_t>(refs)) << ": " << kTexts[problem] << ", at ";
  text.Hex(call.site) << "\n";
  WriteError(text);
}

// The kernel's order: release; and if it was the last, acquire.
int Drop(int* refs, const Call& call) {
  StripeLock stripe(refs);
  stripe.Tell(FLUSHDEP_SYNC_RELEASE, call);
  int old = __atomic_fetch_sub(refs, 1, __ATOMIC_SEQ_CST);
  if (old == 1) stripe.Tell(FLUSHDEP_SYNC_ACQUIRE, call);
  return old;
}

}  // namespace

Stripe& StripeOf(const void* object) {
  // Fibonacci hashing: neighbours go to different stripes.
  uint64_t hash = (reinterpret_cast<uint64_t>(object) >> 2) * 0x9e3779b97f4a7c15ull;
  return g_stripes[hash >> (64 - kSyncStripesShift)];
}

}  // namespace flushdep

using flushdep::Api;

FLUSHDEP_API int64_t flushdep_atomic_ordered(void* object, unsigned bytes, unsigned op,
                                             unsigned order, int64_t operand, int64_t other) {
  Api api(FLUSHDEP_WHY_ATOMIC, FLUSHDEP_SITE);
  return flushdep::OrderedOf(object, bytes, op, order, operand, other, api.call);
}

FLUSHDEP_API void flushdep_sync_release(const void* object) {
  Api api(FLUSHDEP_WHY_SYNC_BY_HAND, FLUSHDEP_SITE);
  flushdep::StripeLock(object).Tell(FLUSHDEP_SYNC_RELEASE, api.call);
}

FLUSHDEP_API void flushdep_sync_acquire(const void* object) {
  Api api(FLUSHDEP_WHY_SYNC_BY_HAND, FLUSHDEP_SITE);
  flushdep::StripeLock(object).Tell(FLUSHDEP_SYNC_ACQUIRE, api.call);
}

FLUSHDEP_API void flushdep_sync_reset(const void* object) {
  Api api(FLUSHDEP_WHY_SYNC_BY_HAND, FLUSHDEP_SITE);
  flushdep::StripeLock(object).Tell(FLUSHDEP_SYNC_RESET, api.call);
}

FLUSHDEP_API void flushdep_refcount_set(flushdep_refcount* count, int value) {
  __atomic_store_n(&count->refs, value, __ATOMIC_RELAXED);
}

FLUSHDEP_API int flushdep_refcount_read(const flushdep_refcount* count) {
  return __atomic_load_n(&count->refs, __ATOMIC_RELAXED);
}

FLUSHDEP_API void flushdep_refcount_inc(flushdep_refcount* count) {
  int old = __atomic_fetch_add(&count->refs, 1, __ATOMIC_RELAXED);
  if (__builtin_expect(old > 0 && old < INT32_MAX, 1)) return;
  Api api(FLUSHDEP_WHY_REFCOUNT, FLUSHDEP_SITE);
  flushdep::Saturate(&count->refs, old == 0 ? flushdep::kAddOnZero : flushdep::kSaturated,
                     api.call);
}

FLUSHDEP_API bool flushdep_refcount_inc_not_zero(flushdep_refcount* count) {
  int old = __atomic_load_n(&count->refs, __ATOMIC_RELAXED);
  do {
    if (old == 0) return false;
  } while (!__atomic_compare_exchange_n(&count->refs, &old,
                                        static_cast<int>(static_cast<unsigned>(old) + 1), true,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  if (__builtin_expect(old > 0 && old < INT32_MAX, 1)) return true;
  Api api(FLUSHDEP_WHY_REFCOUNT, FLUSHDEP_SITE);
  flushdep::Saturate(&count->refs, flushdep::kSaturated, api.call);
  return true;
}

FLUSHDEP_API bool flushdep_refcount_dec_and_test(flushdep_refcount* count) {
  Api api(FLUSHDEP_WHY_REFCOUNT, FLUSHDEP_SITE);
  int old = flushdep::Drop(&count->refs, api.call);
  if (old <= 0) flushdep::Saturate(&count->refs, flushdep::kUnderflow, api.call);
  return old == 1;
}

FLUSHDEP_API void flushdep_refcount_dec(flushdep_refcount* count) {
  Api api(FLUSHDEP_WHY_REFCOUNT, FLUSHDEP_SITE);
  int old = flushdep::Drop(&count->refs, api.call);
  if (old <= 1)
    flushdep::Saturate(&count->refs, old == 1 ? flushdep::kHitZero : flushdep::kUnderflow,
                       api.call);
}
