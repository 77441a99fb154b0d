// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The short way in against the long one: two checkers are told the same operations of a small
// machine, one as events only, the other by the short way where that takes them. Both
// must make the same findings at the same operations and know the same of every page.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/checker/hot_side.h"

namespace flushdep {
namespace {

// Operations a program could do, right or wrong; both sides get each.
class Program {
 public:
  explicit Program(uint64_t seed, bool inference = false)
      : events{false, inference}, hot{true, inference}, random_(seed), inference_(inference) {
    for (auto& mm : mapped_)
      for (auto& cpu : mm)
        for (int64_t& slot : cpu) slot = -1;
  }

  void Step() {
    g_site = inference_ ? 1 + random_() % 3 : g_site + 1;
    const uint16_t cpu = static_cast<uint16_t>(random_() % kCpus);
    const uint32_t mm = 1 + random_() % 2;
    const uint64_t pfn = random_() % kPages;
    const uint64_t slot = random_() % kSlots;
    if (inference_ && random_() % 6 == 0) return Around(cpu, pfn);
    const uint64_t what = random_() % 100;
    if (what < 25) return Alloc(cpu, pfn);
    if (what < 50) return Map(cpu, mm, slot, pfn);
    if (what < 72) return Unmap(cpu, mm, slot);
    if (what < 92) return Free(cpu, pfn);
    if (what < 94) return Both([&](Side& s) { s.Load(cpu, mm); });
    if (what < 96) return Both([&](Side& s) { s.FlushAll(cpu); });
    if (what < 98) return Both([&](Side& s) { s.FlushMm(cpu, mm); });
    Both([&](Side& s) { s.FlushRange(cpu, mm, Side::Va(mm, cpu, slot)); });
  }

  Side events;
  Side hot;

 private:
  template <typename F>
  void Both(F&& f) {
    f(events);
    f(hot);
  }
  void Alloc(uint16_t cpu, uint64_t pfn) {
    if (allocated_[pfn]) return;
    allocated_[pfn] = true;
    Both([&](Side& s) { s.Alloc(cpu, pfn); });
  }
  void Map(uint16_t cpu, uint32_t mm, uint64_t slot, uint64_t pfn) {
    int64_t& held = mapped_[mm][cpu][slot];
    // Now and then a page that nobody owns.
    if (held >= 0 || (!allocated_[pfn] && random_() % 50 != 0)) return;
    held = static_cast<int64_t>(pfn);
    Both([&](Side& s) { s.Map(cpu, mm, slot, pfn); });
  }
  void Unmap(uint16_t cpu, uint32_t mm, uint64_t slot) {
    int64_t& held = mapped_[mm][cpu][slot];
    if (held < 0) return;
    Both([&](Side& s) { s.Unmap(cpu, mm, slot, static_cast<uint64_t>(held)); });
    held = -1;
  }
  void Free(uint16_t cpu, uint64_t pfn) {
    // Now and then twice.
    if (!allocated_[pfn] && random_() % 50 != 0) return;
    allocated_[pfn] = false;
    Both([&](Side& s) { s.Free(cpu, pfn); });
  }

  // What matters to inference, and to nothing that goes by the short way.
  void Around(uint16_t cpu, uint64_t pfn) {
    const uint64_t object = 1 + random_() % 2;
    switch (random_() % 12) {
      case 0:
      case 1:
      case 2:
        return Both([&](Side& s) { s.Sync(cpu, FLUSHDEP_SYNC_RELEASE, object); });
      case 3:
      case 4:
      case 5:
        return Both([&](Side& s) { s.Sync(cpu, FLUSHDEP_SYNC_ACQUIRE, object); });
      case 6: {
        const bool off = (irqs_off_[cpu] = !irqs_off_[cpu]);
        return Both([&](Side& s) { s.Context(cpu, FLUSHDEP_CTX_IRQS_OFF, off ? 1 : 0); });
      }
      case 7: {
        if (random_() % 20 != 0 && !unchecked_[cpu]) return;
        const bool off = (unchecked_[cpu] = !unchecked_[cpu]);
        return Both([&](Side& s) { s.Context(cpu, FLUSHDEP_CTX_CHECKER_OFF, off ? 1 : 0); });
      }
      case 8:
        if (!allocated_[pfn] || tables_[pfn]) return;
        return Both([&](Side& s) { s.Handover(cpu, pfn); });
      case 9:
        if (!allocated_[pfn] || random_() % 10 != 0) return;
        tables_[pfn] = !tables_[pfn];
        return Both([&](Side& s) {
          s.Table(cpu, tables_[pfn] ? FLUSHDEP_EV_TABLE_LINK : FLUSHDEP_EV_TABLE_UNLINK, pfn);
        });
      default:
        if (!allocated_[pfn]) return;
        Both([&](Side& s) { s.Reference(cpu, pfn, 1, 2); });
        Both([&](Side& s) { s.Reference((cpu + 1) % kCpus, pfn, -1, 1); });
    }
  }

  std::mt19937_64 random_;
  const bool inference_;
  bool allocated_[kPages] = {};
  bool tables_[kPages] = {};
  bool irqs_off_[kCpus] = {};
  bool unchecked_[kCpus] = {};
  int64_t mapped_[3][kCpus][kSlots] = {};
};

// All that inference knows.
std::vector<uint64_t> Knowledge(Validator& validator) {
  Inference& inference = validator.state().inference();
  std::vector<uint64_t> all = {inference.graph().sites(), inference.graph().edges(),
                               inference.graph().states(), inference.graph().steps()};
  for (uint64_t pfn = 0; pfn < kPages; pfn++) {
    const PageLife& life = inference.Life(pfn);
    for (uint64_t value : {uint64_t{life.state}, uint64_t{life.flushes}, uint64_t{life.put_clock},
                           uint64_t{life.put_slot}, uint64_t{life.flags}})
      all.push_back(value);
  }
  return all;
}

uint64_t FirstSeed() {
  const char* from_environment = getenv("FLUSHDEP_TEST_SEED");
  const uint64_t first = from_environment != nullptr ? strtoull(from_environment, nullptr, 10) : 1;
  printf("seeds %llu to %llu\n", static_cast<unsigned long long>(first),
         static_cast<unsigned long long>(first + 19));
  return first;
}

TEST(HotTest, BothWaysFindTheSameAndKnowTheSame) {
  const uint64_t first = FirstSeed();
  uint64_t taken = 0, findings = 0;
  for (uint64_t seed = first; seed < first + 20; seed++) {
    SCOPED_TRACE("FLUSHDEP_TEST_SEED=" + std::to_string(seed));
    Program program(seed);
    for (int step = 0; step < 20000; step++) {
      program.Step();
      ASSERT_EQ(program.hot.findings(), program.events.findings()) << "step " << step;
    }
    EXPECT_EQ(program.hot.validator().findings(Severity::Possible),
              program.events.validator().findings(Severity::Possible));
    taken += program.hot.taken();
    findings += program.hot.findings().size();
  }
  EXPECT_GT(taken, 20u * 5000u) << "the short way was hardly taken";
  EXPECT_GT(findings, 20u * 100u) << "there was hardly anything to find";
}

TEST(HotTest, BothWaysLearnTheSame) {
  const uint64_t first = FirstSeed();
  uint64_t taken = 0;
  std::map<std::string, uint64_t> rules;
  for (uint64_t seed = first; seed < first + 20; seed++) {
    SCOPED_TRACE("FLUSHDEP_TEST_SEED=" + std::to_string(seed));
    Program program(seed, /*inference=*/true);
    for (int step = 0; step < 20000; step++) {
      program.Step();
      ASSERT_EQ(program.hot.findings(), program.events.findings()) << "step " << step;
      ASSERT_EQ(Knowledge(program.hot.validator()), Knowledge(program.events.validator()))
          << "step " << step;
    }
    program.hot.Finish();
    program.events.Finish();
    ASSERT_EQ(program.hot.findings(), program.events.findings()) << "at the end";
    EXPECT_EQ(program.hot.validator().findings(Severity::Possible),
              program.events.validator().findings(Severity::Possible));
    taken += program.hot.taken();
    for (const std::string& finding : program.hot.findings())
      rules[finding.substr(0, finding.find(' '))]++;
  }
  EXPECT_GT(taken, 20u * 1000u) << "the short way was hardly taken";
  for (Rule rule : {Rule::FD001, Rule::FD004, Rule::FD006, Rule::FD007, Rule::FD018})
    EXPECT_GT(rules[std::to_string(static_cast<int>(rule))], 0u)
        << "rule " << static_cast<int>(rule) << " had nothing to find";
}

// A life that goes by the short way is seen by those that do not: it comes to its free from a
// place where another one is left with its debt.
TEST(HotTest, WhatGoesByTheShortWayIsAnExample) {
  for (bool debt : {true, false}) {
    Side side(true, /*inference=*/true);
    const auto used = [&side](uint64_t pfn) {
      g_site = 1, side.Alloc(0, pfn);
      g_site = 2, side.Map(0, 1, pfn % kSlots, pfn);
      g_site = 4, side.Unmap(0, 1, pfn % kSlots, pfn);
    };
    g_site = 1, side.Alloc(0, 7);
    g_site = 5, side.Reference(0, 7, 1, 2);
    g_site = 3, side.Free(0, 7);
    used(8);
    g_site = 5, side.Reference(0, 8, 1, 2);
    // All steps are known now.
    const uint64_t before = side.taken();
    used(9);
    EXPECT_EQ(side.taken(), before + 3);
    if (!debt) {
      side.FlushAll(0);
      g_site = 3, side.Free(0, 8), side.Free(0, 9);
    }
    side.Finish();
    EXPECT_EQ(side.findings().size(), debt ? 1u : 0u);
  }
}

TEST(HotTest, WhatIsWorthAReportGoesTheLongWay) {
  Side side(true);
  side.Alloc(0, 7);
  side.Map(0, 1, 0, 7);
  side.Unmap(0, 1, 0, 7);
  EXPECT_EQ(side.taken(), 3u);
  side.Free(0, 7);
  EXPECT_EQ(side.taken(), 3u);
  EXPECT_EQ(side.findings().size(), 1u);
  // Its twin: flushed in between.
  side.Alloc(0, 7);
  side.Map(0, 1, 0, 7);
  side.Unmap(0, 1, 0, 7);
  side.FlushAll(1);
  side.Free(0, 7);
  EXPECT_EQ(side.taken(), 7u);
  EXPECT_EQ(side.findings().size(), 1u);
}

TEST(HotTest, ALinkedPageTableGoesTheLongWay) {
  for (bool linked : {true, false}) {
    Side side(true);
    side.Alloc(0, 7);
    side.Table(0, FLUSHDEP_EV_TABLE_LINK, 7);
    if (!linked) side.Table(0, FLUSHDEP_EV_TABLE_UNLINK, 7), side.FlushAll(0);
    side.Free(0, 7);
    EXPECT_EQ(side.findings().size(), linked ? 1u : 0u);
  }
}

TEST(HotTest, ClosedItTakesNothing) {
  g_hot = {};
  EXPECT_FALSE(hot::Alloc(1, At(0)));
  EXPECT_FALSE(hot::Map(kMermap, 1, 1, At(0)));
  EXPECT_FALSE(hot::Unmap(kMermap, 1, 1, At(0)));
  EXPECT_FALSE(hot::Free(1, At(0)));
}

}  // namespace
}  // namespace flushdep
