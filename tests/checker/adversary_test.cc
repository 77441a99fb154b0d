// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker against the adversarial TLB simulator. The short run is part of every test run;
// FLUSHDEP_ADVERSARY_SEEDS and FLUSHDEP_TEST_SEED make it a long one (ctest label `long`).
#include "tests/checker/adversary.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "checker/validator.h"

namespace flushdep {
namespace {

// The host's functions have no context: one run at a time.
std::vector<std::string> said;

uint64_t Now(const flushdep_event&) { return 1; }
uint64_t ToNs(uint64_t stamp) { return stamp; }
uint32_t Unwind(const flushdep_event& event, bool, uint64_t* pcs, uint32_t max) {
  if (max == 0) return 0;
  pcs[0] = event.site;
  return 1;
}
// What may be inferred, and the deadlines that the simulator does not judge, are not its business.
void Take(const RawReport& report, bool) {
  switch (report.rule) {
    case Rule::FD001:
    case Rule::FD003:
    case Rule::FD011:
    case Rule::FD018:
      said.push_back(std::string(Info(report.rule).id) + ": " + std::string(report.message.view()));
      break;
    default:
      break;
  }
}

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = getenv(name);
  return text != nullptr ? strtoull(text, nullptr, 0) : otherwise;
}

adversary::Knobs KnobsOf(uint64_t seed) {
  static constexpr uint32_t kCpus[] = {1, 2, 3, 4, 8, 16, 33, 64};
  adversary::Knobs knobs;
  knobs.cpus = kCpus[seed % 8];
  knobs.pcid = seed / 8 % 2 == 0;
  knobs.pti = seed / 16 % 4 == 3;
  knobs.broadcast = seed / 64 % 2 == 1;
  knobs.accessed = seed / 16 % 4 == 2;
  return knobs;
}

// FLUSHDEP_ADVERSARY_TRACE=1: for who looks for the cause of a failure.
void Print(const flushdep_event& event) {
  const flushdep_event_flush& f = event.u.flush;
  std::cout << (event.site - 0x1000) / 16 << ": kind " << event.kind << " cpu " << event.cpu;
  if (event.kind >= FLUSHDEP_EV_FLUSH_ISSUE && event.kind <= FLUSHDEP_EV_FLUSH_RETURN)
    std::cout << " id " << f.id << " mm " << f.mm << " what " << int{f.eff_what} << " who "
              << int{f.eff_who} << " flags " << f.flags << " gen " << f.gen << " from " << std::hex
              << f.start << std::dec;
  else if (event.kind >= FLUSHDEP_EV_PAGE_ALLOC && event.kind <= FLUSHDEP_EV_ASSERT)
    std::cout << " pfn " << event.u.page.pfn;
  else if (event.kind >= FLUSHDEP_EV_PTE_SET && event.kind <= FLUSHDEP_EV_TABLE_UNLINK)
    std::cout << " mm " << event.u.pte.mm << " pfn " << event.u.pte.pfn << " va " << std::hex
              << event.u.pte.va << std::dec;
  else
    std::cout << " mm " << event.u.mm.mm;
  std::cout << "\n";
}

TEST(Adversary, NoMissAndNoFalseAlarm) {
  const uint64_t first = FromEnvironment("FLUSHDEP_TEST_SEED", 1);
  const uint64_t seeds = FromEnvironment("FLUSHDEP_ADVERSARY_SEEDS", 128);
  const uint64_t steps = FromEnvironment("FLUSHDEP_ADVERSARY_EVENTS", 2000);
  const bool trace = getenv("FLUSHDEP_ADVERSARY_TRACE") != nullptr;
  adversary::Outcome sum;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    const adversary::Knobs knobs = KnobsOf(seed);
    said.clear();
    ValidatorOptions options;
    options.strength = knobs.accessed ? Strength::Accessed : Strength::Speculative;
    options.inference = seed % 3 == 0;
    auto validator = std::make_unique<Validator>(Host{Now, ToNs, Unwind, Take}, options);
    const adversary::Checker checker{[&](const flushdep_event& event) {
                                       if (trace) Print(event);
                                       validator->Handle(event);
                                     },
                                     [&] { return std::exchange(said, {}); }};
    const adversary::Outcome one =
        adversary::Run(seed, knobs, static_cast<uint32_t>(steps), checker);
    ASSERT_EQ(one.failure, "") << "FLUSHDEP_TEST_SEED=" << seed << " cpus=" << knobs.cpus
                               << " pcid=" << knobs.pcid << " pti=" << knobs.pti
                               << " broadcast=" << knobs.broadcast
                               << " accessed=" << knobs.accessed;
    sum.events += one.events;
    sum.judged += one.judged;
    sum.stale += one.stale;
    sum.lucky_hits += one.lucky_hits;
  }
  std::cout << seeds << " seeds from " << first << ": " << sum.events << " events, " << sum.judged
            << " owner changes, " << sum.stale << " of them stale, " << sum.lucky_hits
            << " really served by a stale entry; 0 exceptions\n";
  // Both outcomes must have been tried.
  EXPECT_GT(sum.stale, sum.judged / 20);
  EXPECT_GT(sum.judged - sum.stale, sum.judged / 20);
  EXPECT_GT(sum.lucky_hits, 0u);
}

}  // namespace
}  // namespace flushdep
