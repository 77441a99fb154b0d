// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An adversarial TLB simulator. It shares nothing with the checker's model: it
// has CPUs with TLB arrays, page tables, and a small kernel that does random legal
// things to them and tells a Validator about it in events.
//
// A TLB entry is filled at any moment at which the hardware could fill it, and stays
// until it is told to go. Two kinds of TLB run side by side:
//   - possible: filled at every legal moment. An entry in it comes with the step of its
//     fill, and that is a schedule: fill it there, evict nothing, and it is here now.
//   - lucky: filled at random legal moments, as real hardware might.
// At each owner change: a stale entry in either must be reported (no miss), and a
// report must have one in the possible TLB (no false alarm).
//
// Written from shared/design.md, the events' ABI, the Intel SDM (vol. 3, 4.10) and
// Linux 6.12 (arch/x86/mm/tlb.c).
#ifndef FLUSHDEP_TESTS_CHECKER_ADVERSARY_H_
#define FLUSHDEP_TESTS_CHECKER_ADVERSARY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "checker/event/events.h"

namespace flushdep::adversary {

struct Knobs {
  uint32_t cpus = 4;
  bool pcid = true;
  bool pti = false;
  bool broadcast = false;
  bool accessed = false;  // entries are filled by accesses only
};

struct Outcome {
  uint64_t events = 0;
  uint64_t judged = 0;      // owner changes
  uint64_t stale = 0;       // ... that a stale entry could serve
  uint64_t lucky_hits = 0;  // ... and in this very run did
  std::string failure;      // empty: all is well
};

// What the checker under test said about the last event.
struct Checker {
  std::function<void(const flushdep_event&)> submit;
  std::function<std::vector<std::string>()> reports;  // rule ids since the last call
};

// One run of `steps` random operations.
Outcome Run(uint64_t seed, const Knobs& knobs, uint32_t steps, const Checker& checker);

}  // namespace flushdep::adversary

#endif  // FLUSHDEP_TESTS_CHECKER_ADVERSARY_H_
