// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The short way in against the long one: two checkers are told the same operations of a small
// machine, one as events only, the other by the short way where that takes them. Both
// must make the same findings at the same operations and know the same of every page.
#include <gtest/gtest.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <cstdlib>
#include <map>
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
// Where the program is. For the invariant a place of its own for each step, so that each finding
// counts as new; with inference a few, so that lives are alike.
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

Who At(uint16_t cpu) { return {g_site, cpu + 1u, cpu}; }

// A checker, what it has found, and the same small vocabulary for both ways.
class Side {
 public:
  explicit Side(bool short_way, bool inference = false)
      : short_way_(short_way),
        validator_(
            std::make_unique<Validator>(TestHost(), ValidatorOptions{.inference = inference})) {
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
    for (uint16_t cpu = 0; cpu < kCpus; cpu++) {
      Send(Event(FLUSHDEP_EV_THREAD_ON_CPU, cpu));
      Load(cpu, 1);
    }
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
    if (Opened() && hot::Alloc(pfn, At(cpu))) return Took();
    flushdep_event event = Event(FLUSHDEP_EV_PAGE_ALLOC, cpu);
    event.u.page.pfn = pfn;
    event.u.page.npages = 1;
    Send(event);
  }
  void Free(uint16_t cpu, uint64_t pfn) {
    if (Opened() && hot::Free(pfn, At(cpu))) return Took();
    flushdep_event event = Event(FLUSHDEP_EV_PAGE_FREE, cpu);
    event.u.page.pfn = pfn;
    event.u.page.npages = 1;
    Send(event);
  }
  void Map(uint16_t cpu, uint32_t mm, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Va(mm, cpu, slot);
    if (Opened() && hot::Map(va, pfn, validator_->state().SpaceOf(mm), At(cpu))) return Took();
    Pte(FLUSHDEP_EV_PTE_SET, cpu, mm, va, pfn);
  }
  void Unmap(uint16_t cpu, uint32_t mm, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Va(mm, cpu, slot);
    if (Opened() && hot::Unmap(va, pfn, validator_->state().SpaceOf(mm), At(cpu))) return Took();
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

  void Sync(uint16_t cpu, uint8_t op, uint64_t object) {
    flushdep_event event = Event(FLUSHDEP_EV_SYNC, cpu);
    event.u.sync.op = op;
    event.u.sync.object = object;
    Send(event);
  }
  void Context(uint16_t cpu, uint32_t what, int depth) {
    flushdep_event event = Event(FLUSHDEP_EV_CONTEXT, cpu);
    event.u.context.what = what;
    event.u.context.depth = depth;
    Send(event);
  }
  void Reference(uint16_t cpu, uint64_t pfn, int delta, int count) {
    flushdep_event event = Event(delta > 0 ? FLUSHDEP_EV_REF_GET : FLUSHDEP_EV_REF_PUT, cpu);
    event.u.ref.pfn = pfn;
    event.u.ref.delta = delta;
    event.u.ref.count = count;
    Send(event);
  }
  void Handover(uint16_t cpu, uint64_t pfn) {
    flushdep_event event = Event(FLUSHDEP_EV_DEBT_HANDOVER, cpu);
    event.u.page.pfn = pfn;
    event.u.page.npages = 1;
    Send(event);
  }
  void Table(uint16_t cpu, uint16_t kind, uint64_t pfn) {
    flushdep_event event = Event(kind, cpu);
    event.u.pte.pfn = pfn;
    event.u.pte.npages = 1;
    event.u.pte.mm = 1;
    event.u.pte.va = Va(1, cpu, 0);
    Send(event);
  }
  void Finish() {
    g_findings = &findings_;
    validator_->Finish();
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
  std::unique_ptr<Validator> validator_;
  std::vector<std::string> findings_;
  uint64_t taken_ = 0;
  uint64_t flushes_ = 0;
  uint64_t gen_[3] = {1, 1, 1};
};

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

#if defined(__SANITIZE_THREAD__)
constexpr bool kHasBarrier = false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool kHasBarrier = false;  // it does not know membarrier()
#else
constexpr bool kHasBarrier = true;
#endif
#else
constexpr bool kHasBarrier = true;
#endif

thread_local Owner t_runner = 0;
std::atomic<uint64_t> g_barriers{0};

// Notes of whose a page is, for the life of this.
class Notes {
 public:
  Notes() {
    syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
    g_barriers = 0;
    g_bias.Open(
        [] {
          g_barriers++;
          syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
        },
        [] { return t_runner; });
  }
  ~Notes() { g_bias.Close(); }
};

// Without notes and with them.
class HotThreadsTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam() && !kHasBarrier) GTEST_SKIP() << "no barrier that the sanitizer knows";
    if (GetParam()) notes_ = std::make_unique<Notes>();
    side_.validator().state().Open(&g_hot);
    g_barriers = 0;
  }

  // Runs body(cpu) on each CPU at once.
  template <typename F>
  void OnEachCpu(F&& body) {
    std::vector<std::thread> threads;
    for (uint16_t cpu = 0; cpu < kCpus; cpu++)
      threads.emplace_back([&body, cpu] {
        t_runner = cpu + 1u;
        body(cpu);
      });
    for (std::thread& thread : threads) thread.join();
  }
  // By the short way or, where that is closed, the long one.
  void Map(uint16_t cpu, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Side::Va(1, cpu, slot);
    if (!hot::Map(va, pfn, space_, At(cpu)))
      side_.validator().Handle(Pte(FLUSHDEP_EV_PTE_SET, va, pfn, cpu));
  }
  void Unmap(uint16_t cpu, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Side::Va(1, cpu, slot);
    if (!hot::Unmap(va, pfn, space_, At(cpu)))
      side_.validator().Handle(Pte(FLUSHDEP_EV_PTE_CLEAR, va, pfn, cpu));
  }
  static flushdep_event Pte(uint16_t kind, uint64_t va, uint64_t pfn, uint16_t cpu) {
    flushdep_event event = Event(kind, cpu);
    event.u.pte.va = va;
    event.u.pte.pfn = pfn;
    event.u.pte.mm = 1;
    event.u.pte.npages = 1;
    event.u.pte.prot = FLUSHDEP_PROT_READ;
    return event;
  }

  static flushdep_event Freed(uint64_t pfn, uint16_t cpu) {
    flushdep_event event = Event(FLUSHDEP_EV_PAGE_FREE, cpu);
    event.u.page.pfn = pfn;
    event.u.page.npages = 1;
    return event;
  }

  std::unique_ptr<Notes> notes_;
  Side side_{true};
  const SpaceIndex space_ = side_.validator().state().SpaceOf(1);
};
INSTANTIATE_TEST_SUITE_P(, HotThreadsTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Notes" : "NoNotes"; });

// Several threads map one page at once: no count is lost, and one that is left is found.
TEST_P(HotThreadsTest, OnePage) {
  for (int round = 0; round < 20; round++) {
    OnEachCpu([this](uint16_t cpu) {
      if (cpu == 0) side_.Alloc(0, 7);
    });
    OnEachCpu([this](uint16_t cpu) {
      for (int i = 0; i < 2000; i++) {
        Map(cpu, 0, 7);
        Unmap(cpu, 0, 7);
      }
    });
    side_.FlushAll(0);
    side_.Free(0, 7);
    ASSERT_TRUE(side_.findings().empty()) << "round " << round;
  }
  side_.Alloc(0, 7);
  Map(1, 0, 7);
  side_.Free(0, 7);
  EXPECT_EQ(side_.findings().size(), 1u);
}

// Pages go round: what one CPU was given and used, the next one uses and frees, while the first
// still maps others of its own.
TEST_P(HotThreadsTest, HandedOn) {
  constexpr uint64_t kEach = kPages / kCpus - 1;
  std::atomic<uint64_t> taken{0};
  std::barrier<> all(kCpus);
  OnEachCpu([&](uint16_t cpu) {
    const uint64_t mine = 1 + cpu * kEach, theirs = 1 + (cpu + 1) % kCpus * kEach;
    for (uint32_t round = 0; round < 300; round++) {
      for (uint64_t i = 0; i < kEach; i++) {
        taken += hot::Alloc(mine + i, At(cpu)) ? 1 : 0;
        Map(cpu, i, mine + i);
      }
      all.arrive_and_wait();
      for (uint64_t i = 0; i < kEach; i++) {
        Unmap(cpu, i, mine + i);
        Map(cpu, kEach + i, theirs + i);
        Unmap(cpu, kEach + i, theirs + i);
      }
      all.arrive_and_wait();
      if (cpu == 0) side_.FlushAll(0);
      all.arrive_and_wait();
      for (uint64_t i = 0; i < kEach; i++)
        if (!hot::Free(theirs + i, At(cpu))) side_.validator().Handle(Freed(theirs + i, cpu));
      all.arrive_and_wait();
    }
  });
  EXPECT_TRUE(side_.findings().empty()) << side_.findings()[0];
  EXPECT_EQ(taken, 300 * kCpus * kEach);
  EXPECT_EQ(g_barriers > 0, GetParam()) << "pages are taken from their owners, where there are any";
}

// A CPU alone with its pages pays no barrier, whichever way its operations go.
TEST_P(HotThreadsTest, Alone) {
  OnEachCpu([this](uint16_t cpu) {
    const uint64_t pfn = 1 + cpu;
    EXPECT_TRUE(hot::Alloc(pfn, At(cpu)));
    for (int i = 0; i < 5000; i++) {
      Map(cpu, 0, pfn);
      Unmap(cpu, 0, pfn);
    }
  });
  EXPECT_EQ(g_barriers, 0u);
  EXPECT_TRUE(side_.findings().empty());
}

}  // namespace
}  // namespace flushdep
