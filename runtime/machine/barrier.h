// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An asymmetric barrier: threads say where they are by a plain store and look for news by a plain
// load (the fast side, at each API call); who has news for them stores it, calls Barrier() and then
// sees every such store that came before a load which missed the news.
//
// Linux's membarrier() does it. Where it is missing, HaveBarrier() is false, Barrier() does
// nothing, and both sides have to use sequentially consistent operations.
#ifndef FLUSHDEP_RUNTIME_MACHINE_BARRIER_H_
#define FLUSHDEP_RUNTIME_MACHINE_BARRIER_H_

#include <atomic>

namespace flushdep {

// ThreadSanitizer does not know membarrier(): it sees the slow form.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kPlainSide = false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
inline constexpr bool kPlainSide = false;
#else
inline constexpr bool kPlainSide = true;
#endif
#else
inline constexpr bool kPlainSide = true;
#endif

// The order of the fast side's store and load.
inline constexpr std::memory_order kFastOrder =
    kPlainSide ? std::memory_order_relaxed : std::memory_order_seq_cst;

// Once, at boot, and again in the child of a fork.
void BootBarrier();
bool HaveBarrier();
void Barrier();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_BARRIER_H_
