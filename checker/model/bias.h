// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pages that one CPU alone uses need no atomic read-modify-write: the CPU that was given a page
// is noted in its entry, and changes it by plain stores while it holds its hand up. Whoever
// else wants the entry locks it, makes sure by the producer's barrier that the hand is down or
// will see the lock, and takes the note away; from then on all pay. (Biased locking with an
// asymmetric barrier, after Dice, Moir and Scherer, "Quickly Reacquirable Locks", 2003.)
//
// Cost: up and down are a plain store each. Taking a note away is a system call that
// interrupts the other CPUs, so a CPU whose pages go elsewhere gets no notes for a while.
//
// There are no notes unless a producer with such a barrier opens this at boot, before other
// threads.
#ifndef FLUSHDEP_CHECKER_MODEL_BIAS_H_
#define FLUSHDEP_CHECKER_MODEL_BIAS_H_

#include <atomic>
#include <cstdint>

#include "checker/model/limits.h"

namespace flushdep {

// A CPU plus one; 0: nobody's. Entries keep 8 bits of it, so the last CPU gets no notes.
using Owner = uint32_t;
inline constexpr uint32_t kMaxHands = 256;
inline constexpr Owner kLargestOwner = 255;

// Pages that a CPU gets without a note for each that was taken from it: the price of
// taking (a few microseconds), spread over pages (some 50 ns each).
inline constexpr uint32_t kUnbiasedAfterRevoke = 100;

// A CPU's.
struct alignas(kApart) Hand {
  std::atomic<bool> up;
  std::atomic<Owner> owner;        // whose the pages become that it gets now: its own, or nobody's
  std::atomic<uint32_t> unbiased;  // after so many more it is its own again
};

struct Bias {
  // As Linux's membarrier(): what other threads did before it is seen after it, and the
  // other way round.
  void (*barrier)();
  // The CPU that only the calling thread runs on until it is back out of the producer; or 0.
  Owner (*runner)();
  Hand hands[kMaxHands];

  // Notes from here on.
  void Open(void (*with)(), Owner (*who)()) {
    barrier = with;
    runner = who;
    for (Owner owner = 1; owner <= kLargestOwner; ++owner)
      hands[owner - 1].owner.store(owner, std::memory_order_relaxed);
  }
  // No notes any more, and none may be left in an entry that is used again.
  void Close() {
    for (Hand& hand : hands) {
      hand.owner.store(0, std::memory_order_relaxed);
      hand.unbiased.store(0, std::memory_order_relaxed);
    }
  }
  Hand& HandOf(Owner owner) { return hands[owner - 1]; }
};
extern constinit Bias g_bias;

// Whose the page shall be that `cpu` gets now.
inline Owner NewOwner(uint32_t cpu) {
  Hand& hand = g_bias.hands[cpu];
  const Owner owner = hand.owner.load(std::memory_order_relaxed);
  if (owner == 0) [[unlikely]] {
    const uint32_t left = hand.unbiased.load(std::memory_order_relaxed);
    if (left == 1) hand.owner.store(cpu + 1, std::memory_order_relaxed);
    if (left != 0) hand.unbiased.store(left - 1, std::memory_order_relaxed);
  }
  return owner;
}

// A page was taken from `owner`.
inline void NoteTaken(Owner owner) {
  Hand& hand = g_bias.HandOf(owner);
  hand.unbiased.store(kUnbiasedAfterRevoke, std::memory_order_relaxed);
  hand.owner.store(0, std::memory_order_relaxed);
}

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_BIAS_H_
