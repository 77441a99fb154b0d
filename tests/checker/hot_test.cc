// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The short way in against the long one: two checkers are told the same operations of a small
// machine, one as events only, the other by the short way where that takes them. Both
// must make the same findings at the same operations and know the same of every page.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "checker/model/hot.h"
#include "checker/validator.h"

namespace flushdep {
namespace {

constexpr uint32_t kCpus = 3;
constexpr uint64_t kPages = 64;
constexpr uint64_t kSlots = 8;  // addresses used of each slice
constexpr uint64_t kSlice = 512 * FLUSHDEP_PAGE_SIZE;
constexpr uint64_t kMermap = kWindowStart + (64ull << 30);

std::vector<std::string>* g_findings = nullptr;
// Where the program is: a place of its own for each step, so that each finding counts as new.
uint64_t g_site = 1;

Host TestHost() {
  return {[](const flushdep_event&) -> uint64_t { return 1; }, [](uint64_t stamp) { return stamp; },
          [](const flushdep_event&, bool, uint64_t*, uint32_t) -> uint32_t { return 0; },
          [](const RawReport& report, bool) {
            g_findings->push_back(std::to_string(static_cast<int>(report.rule)) + " pfn " +
                                  std::to_string(report.pfn) + " va " + std::to_string(report.va));
          }};
}

flushdep_event Event(uint16_t kind, uint16_t cpu) {
  flushdep_event event = {};
  event.kind = kind;
  event.cpu = cpu;
  event.thread = cpu + 1u;
  event.site = g_site;
  return event;
}

// A checker, what it has found, and the same small vocabulary for both ways.
class Side {
 public:
  explicit Side(bool short_way) : short_way_(short_way) {
    flushdep_event event = Event(FLUSHDEP_EV_MACHINE, FLUSHDEP_NO_CPU);
    event.u.machine.cpus = kCpus;
    event.u.machine.pfns = kPages;
    event.u.machine.knobs = FLUSHDEP_KNOB_PCID;
    Send(event);
    for (uint16_t cpu = 0; cpu < kCpus; cpu++) Send(Event(FLUSHDEP_EV_CPU_ONLINE, cpu));
    for (uint32_t mm : {1u, 2u}) {
      event = Event(FLUSHDEP_EV_MM_CREATE, FLUSHDEP_NO_CPU);
      event.u.mm.mm = mm;
      Send(event);
      event = Event(FLUSHDEP_EV_REGION, FLUSHDEP_NO_CPU);
      event.u.region.mm = mm;
      event.u.region.start = Va(mm, 0, 0);
      event.u.region.end = Va(mm, kCpus, 0);
      event.u.region.type = FLUSHDEP_REGION_MERMAP;
      event.u.region.slice_pages = 512;
      Send(event);
    }
    for (uint16_t cpu = 0; cpu < kCpus; cpu++) Load(cpu, 1);
  }
  ~Side() { g_hot = {}; }

  static uint64_t Va(uint32_t mm, uint32_t cpu, uint64_t slot) {
    return kMermap + (mm * kCpus + cpu) * kSlice + slot * FLUSHDEP_PAGE_SIZE;
  }

  void Load(uint16_t cpu, uint32_t mm) {
    flushdep_event event = Event(FLUSHDEP_EV_CPU_LOAD, cpu);
    event.u.mm.mm = mm;
    event.u.mm.tlb_gen = gen_[mm];
    Send(event);
  }
  void Alloc(uint16_t cpu, uint64_t pfn) {
    if (Opened() && hot::Alloc(pfn)) return Took();
    flushdep_event event = Event(FLUSHDEP_EV_PAGE_ALLOC, cpu);
    event.u.page.pfn = pfn;
    event.u.page.npages = 1;
    Send(event);
  }
  void Free(uint16_t cpu, uint64_t pfn) {
    if (Opened() && hot::Free(pfn)) return Took();
    flushdep_event event = Event(FLUSHDEP_EV_PAGE_FREE, cpu);
    event.u.page.pfn = pfn;
    event.u.page.npages = 1;
    Send(event);
  }
  void Map(uint16_t cpu, uint32_t mm, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Va(mm, cpu, slot);
    if (Opened() && hot::Map(va, pfn, validator_->state().SpaceOf(mm), cpu)) return Took();
    Pte(FLUSHDEP_EV_PTE_SET, cpu, mm, va, pfn);
  }
  void Unmap(uint16_t cpu, uint32_t mm, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Va(mm, cpu, slot);
    if (Opened() && hot::Unmap(va, pfn, validator_->state().SpaceOf(mm))) return Took();
    Pte(FLUSHDEP_EV_PTE_CLEAR, cpu, mm, va, pfn);
  }
  void FlushAll(uint16_t cpu) {
    Flush(cpu, FLUSHDEP_FLUSH_EVERYTHING, FLUSHDEP_CPUS_ALL, 0, 0, 0, 0);
  }
  void FlushMm(uint16_t cpu, uint32_t mm) {
    Flush(cpu, FLUSHDEP_FLUSH_SPACE, FLUSHDEP_CPUS_SPACE, mm, FLUSHDEP_FLUSH_BUMPS_GEN, 0, 0);
  }
  void FlushRange(uint16_t cpu, uint32_t mm, uint64_t va) {
    Flush(cpu, FLUSHDEP_FLUSH_SPACE_RANGE, FLUSHDEP_CPUS_SPACE, mm, FLUSHDEP_FLUSH_BUMPS_GEN, va,
          va + FLUSHDEP_PAGE_SIZE);
  }

  const std::vector<std::string>& findings() const { return findings_; }
  uint64_t taken() const { return taken_; }
  Validator& validator() { return *validator_; }

 private:
  bool Opened() {
    if (!short_way_) return false;
    validator_->state().Open(&g_hot);
    return true;
  }
  void Took() { taken_++; }

  void Send(const flushdep_event& event) {
    g_findings = &findings_;
    validator_->Handle(event);
  }
  void Pte(uint16_t kind, uint16_t cpu, uint32_t mm, uint64_t va, uint64_t pfn) {
    flushdep_event event = Event(kind, cpu);
    event.u.pte.va = va;
    event.u.pte.pfn = pfn;
    event.u.pte.mm = mm;
    event.u.pte.npages = 1;
    event.u.pte.prot = FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE;
    event.u.pte.level = FLUSHDEP_LEVEL_PTE;
    Send(event);
  }
  void Flush(uint16_t cpu, uint8_t what, uint8_t who, uint32_t mm, uint32_t flags, uint64_t start,
             uint64_t end) {
    flushdep_event event = Event(FLUSHDEP_EV_FLUSH_ISSUE, cpu);
    event.u.flush.id = ++flushes_;
    event.u.flush.req_what = event.u.flush.eff_what = what;
    event.u.flush.req_who = event.u.flush.eff_who = who;
    event.u.flush.mm = mm;
    event.u.flush.flags = flags;
    event.u.flush.start = start;
    event.u.flush.end = end;
    if ((flags & FLUSHDEP_FLUSH_BUMPS_GEN) != 0) event.u.flush.gen = ++gen_[mm];
    Send(event);
    event.kind = FLUSHDEP_EV_FLUSH_ACK;
    for (uint16_t target = 0; target < kCpus; target++) {
      event.cpu = target;
      Send(event);
    }
    event.kind = FLUSHDEP_EV_FLUSH_RETURN;
    event.cpu = cpu;
    Send(event);
  }

  const bool short_way_;
  std::unique_ptr<Validator> validator_ = std::make_unique<Validator>(TestHost(), 0);
  std::vector<std::string> findings_;
  uint64_t taken_ = 0;
  uint64_t flushes_ = 0;
  uint64_t gen_[3] = {1, 1, 1};
};

// Operations a program could do, right or wrong; both sides get each.
class Program {
 public:
  explicit Program(uint64_t seed) : random_(seed) {}

  void Step() {
    g_site++;
    const uint16_t cpu = static_cast<uint16_t>(random_() % kCpus);
    const uint32_t mm = 1 + random_() % 2;
    const uint64_t pfn = random_() % kPages;
    const uint64_t slot = random_() % kSlots;
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

  Side events{false};
  Side hot{true};

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

  std::mt19937_64 random_;
  bool allocated_[kPages] = {};
  int64_t mapped_[3][kCpus][kSlots] = {};

 public:
  void Reset() {
    for (auto& mm : mapped_)
      for (auto& cpu : mm)
        for (int64_t& slot : cpu) slot = -1;
  }
};

TEST(HotTest, BothWaysFindTheSameAndKnowTheSame) {
  const char* from_environment = getenv("FLUSHDEP_TEST_SEED");
  const uint64_t first = from_environment != nullptr ? strtoull(from_environment, nullptr, 10) : 1;
  printf("seeds %llu to %llu\n", static_cast<unsigned long long>(first),
         static_cast<unsigned long long>(first + 19));
  uint64_t taken = 0, findings = 0;
  for (uint64_t seed = first; seed < first + 20; seed++) {
    SCOPED_TRACE("FLUSHDEP_TEST_SEED=" + std::to_string(seed));
    Program program(seed);
    program.Reset();
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

TEST(HotTest, ClosedItTakesNothing) {
  g_hot = {};
  EXPECT_FALSE(hot::Alloc(1));
  EXPECT_FALSE(hot::Map(kMermap, 1, 1, 0));
  EXPECT_FALSE(hot::Unmap(kMermap, 1, 1));
  EXPECT_FALSE(hot::Free(1));
}

// Several threads map one page at once: no count is lost.
TEST(HotTest, OnePageOfManyThreads) {
  Side side(true);
  side.Alloc(0, 7);
  constexpr int kRounds = 20000;
  std::vector<std::thread> threads;
  for (uint16_t cpu = 0; cpu < kCpus; cpu++)
    threads.emplace_back([&side, cpu] {
      for (int i = 0; i < kRounds; i++) {
        while (!hot::Map(Side::Va(1, cpu, 0), 7, side.validator().state().SpaceOf(1), cpu)) {
        }
        // Others' translations are open, so this is no common case: by event.
        flushdep_event event = Event(FLUSHDEP_EV_PTE_CLEAR, cpu);
        event.u.pte.va = Side::Va(1, cpu, 0);
        event.u.pte.pfn = 7;
        event.u.pte.mm = 1;
        event.u.pte.npages = 1;
        if (!hot::Unmap(event.u.pte.va, 7, side.validator().state().SpaceOf(1)))
          side.validator().Handle(event);
      }
    });
  for (std::thread& thread : threads) thread.join();
  side.FlushAll(0);
  side.Free(0, 7);
  EXPECT_TRUE(side.findings().empty());
}

}  // namespace
}  // namespace flushdep
