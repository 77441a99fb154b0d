// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The whole model against a naive machine. The naive machine keeps for every
// CPU the plain set of translations that may be in its TLB: whatever is present in a loaded mm
// may be filled at any time, so it is in the set; flushes take out of the set.
// At every free the two must agree on whether a CPU may still reach the page.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "tests/checker/script.h"

namespace flushdep {
namespace {

constexpr uint16_t kCpus = 4;
constexpr uint32_t kMms = 9;  // more than ASID slots
constexpr uint64_t kPages = 24;
constexpr uint64_t kSlots = 12;  // addresses used of each slice

// (mm, address, pfn); mm 0 is the direct map.
using Translation = std::tuple<uint32_t, uint64_t, uint64_t>;

// Written from the text of docs, not from the model's code.
class NaiveMachine {
 public:
  explicit NaiveMachine(bool pcid) : pcid_(pcid) {
    for (uint64_t pfn = 0; pfn < kPages; ++pfn) Present({0, kDirectMap + pfn * 4096, pfn});
  }

  void Present(const Translation& t) {
    present_.insert(t);
    for (uint16_t c = 0; c < kCpus; ++c)
      if (std::get<0>(t) == 0 || cpus_[c].mm == std::get<0>(t)) cpus_[c].tlb.insert(t);
  }
  void Clear(const Translation& t) { present_.erase(t); }

  void Load(uint16_t c, uint32_t mm) {
    Cpu& cpu = cpus_[c];
    if (cpu.mm != mm && !pcid_)
      Forget(cpu, [](const Translation& t) { return std::get<0>(t) != 0; });
    // A slot that is behind is flushed before it is used again.
    for (const auto& slot : cpu.asids)
      if (cpu.mm != mm && slot.first == cpu.mm && slot.second < gen_[cpu.mm])
        Forget(cpu, [&](const Translation& t) {
          return slot.first != 0 && std::get<0>(t) == slot.first;
        });
    cpu.mm = mm;
    cpu.lazy = false;
    auto slot = std::find_if(cpu.asids.begin(), cpu.asids.end(),
                             [&](const auto& s) { return s.first == mm; });
    if (slot == cpu.asids.end()) {
      slot = cpu.asids.begin() + cpu.next;
      cpu.next = (cpu.next + 1) % cpu.asids.size();
      const uint32_t victim = slot->first;
      Forget(cpu, [&](const Translation& t) { return victim != 0 && std::get<0>(t) == victim; });
      *slot = {mm, gen_[mm]};
    } else if (slot->second < gen_[mm]) {
      Forget(cpu, [&](const Translation& t) { return std::get<0>(t) == mm; });
      slot->second = gen_[mm];
    }
    Refill();
  }
  void Lazy(uint16_t c) { cpus_[c].lazy = true; }

  void DropAll(uint16_t c) {
    cpus_[c].tlb.clear();
    Refill();
  }
  // flush_tlb_mm(): busy CPUs that have it loaded; others are behind by a
  // generation and so cannot use what they have.
  std::vector<uint16_t> FlushMm(uint32_t mm) {
    ++gen_[mm];
    std::vector<uint16_t> asked;
    for (uint16_t c = 0; c < kCpus; ++c) {
      Cpu& cpu = cpus_[c];
      const bool loaded = cpu.mm == mm;
      if (loaded && cpu.lazy) continue;
      Forget(cpu, [&](const Translation& t) { return std::get<0>(t) == mm; });
      if (!loaded) continue;
      asked.push_back(c);
      for (auto& slot : cpu.asids)
        if (slot.first == mm) slot.second = gen_[mm];
    }
    Refill();
    return asked;
  }
  // flush_tlb_mm_range() of at most 33 pages: addresses on busy CPUs that have
  // it loaded. It bumps the generation too, and whoever is behind flushes all.
  std::vector<uint16_t> FlushRange(uint32_t mm, uint64_t start, uint64_t end) {
    ++gen_[mm];
    std::vector<uint16_t> asked;
    for (uint16_t c = 0; c < kCpus; ++c) {
      Cpu& cpu = cpus_[c];
      if (cpu.mm != mm) {
        Forget(cpu, [&](const Translation& t) { return std::get<0>(t) == mm; });
        continue;
      }
      if (cpu.lazy) continue;
      asked.push_back(c);
      Forget(cpu, [&](const Translation& t) {
        return std::get<0>(t) == mm && std::get<1>(t) >= start && std::get<1>(t) < end;
      });
      for (auto& slot : cpu.asids)
        if (slot.first == mm) slot.second = gen_[mm];
    }
    Refill();
    return asked;
  }

  // May any CPU reach `pfn` by a translation that is not present any more?
  bool IsStale(uint64_t pfn) const {
    for (const Cpu& cpu : cpus_)
      for (const Translation& t : cpu.tlb)
        if (std::get<2>(t) == pfn && present_.count(t) == 0) return true;
    return false;
  }
  // Judged and forgotten: the next owner is not charged for it.
  void Forgive(uint64_t pfn) {
    for (Cpu& cpu : cpus_)
      Forget(cpu,
             [&](const Translation& t) { return std::get<2>(t) == pfn && !present_.count(t); });
  }
  bool Holds(uint16_t c, const Translation& t) const { return cpus_[c].tlb.count(t) != 0; }
  uint32_t MmOf(uint16_t c) const { return cpus_[c].mm; }

 private:
  struct Cpu {
    uint32_t mm = 0;
    bool lazy = false;
    std::array<std::pair<uint32_t, uint64_t>, 6> asids = {};
    size_t next = 0;
    std::set<Translation> tlb;
  };
  template <typename Which>
  static void Forget(Cpu& cpu, Which which) {
    for (auto it = cpu.tlb.begin(); it != cpu.tlb.end();)
      it = which(*it) ? cpu.tlb.erase(it) : std::next(it);
  }
  // What is present may be filled again at once.
  void Refill() {
    for (Cpu& cpu : cpus_)
      for (const Translation& t : present_)
        if (std::get<0>(t) == 0 || std::get<0>(t) == cpu.mm) cpu.tlb.insert(t);
  }

  const bool pcid_;
  std::array<Cpu, kCpus> cpus_;
  std::map<uint32_t, uint64_t> gen_;
  std::set<Translation> present_;
};

class RandomRun {
 public:
  RandomRun(uint64_t seed, bool pcid)
      : random_(seed), naive_(pcid), script_({.cpus = kCpus, .pcid = pcid, .pfns = kPages}) {
    for (uint32_t mm = 1; mm <= kMms; ++mm) script_.MmCreate(mm);
    for (uint16_t cpu = 0; cpu < kCpus; ++cpu) Load(cpu, 1);
    for (uint64_t pfn = 0; pfn < kPages; ++pfn) script_.Alloc(pfn);
  }

  void Run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) Step();
  }
  int frees() const { return frees_; }
  int stale_frees() const { return stale_frees_; }

 private:
  struct Mapping {
    uint32_t mm;
    uint64_t va;
    uint64_t pfn;
  };
  uint64_t Below(uint64_t n) { return random_() % n; }

  void Load(uint16_t cpu, uint32_t mm) {
    script_.Load(cpu, mm);
    naive_.Load(cpu, mm);
  }

  void Step() {
    const uint16_t cpu = static_cast<uint16_t>(Below(kCpus));
    script_.where().cpu = cpu;
    script_.where().site = ++site_;  // every finding is a problem of its own
    switch (Below(20)) {
      case 0:
      case 1:
        return Load(cpu, static_cast<uint32_t>(1 + Below(kMms)));
      case 2:
        script_.Lazy(cpu, naive_.MmOf(cpu));
        return naive_.Lazy(cpu);
      case 3:
      case 4:
      case 5:
      case 6:
        return Map(cpu);
      case 7:
      case 8:
      case 9:
      case 10:
        return Put();
      case 11:
        return Flush(cpu);
      case 12:
        return FlushRange();
      case 13:
        return DirectMap();
      default:
        return Free(Below(kPages));
    }
  }

  void Map(uint16_t cpu) {
    const uint32_t mm = naive_.MmOf(cpu);
    const uint64_t va = Script::Va(mm, cpu, Below(kSlots));
    for (const Mapping& m : live_)
      if (m.va == va) return;
    const Mapping m{mm, va, Below(kPages)};
    // FD012: the owner may still hold what the address mapped last.
    const auto last = last_.find(va);
    const bool reuses =
        last != last_.end() && last->second != m.pfn && naive_.Holds(cpu, {mm, va, last->second});
    script_.Map(m.mm, m.va, m.pfn);
    // What was judged at a free is forgotten by the naive machine alone.
    const size_t reports = script_.Take().size();
    if (last == last_.end() || freed_.count(last->second) == 0) {
      ASSERT_EQ(reports, reuses ? 1u : 0u) << "address " << va;
    }
    last_[va] = m.pfn;
    naive_.Present({m.mm, m.va, m.pfn});
    live_.push_back(m);
  }

  void Put() {
    if (live_.empty()) return;
    const size_t i = Below(live_.size());
    const Mapping m = live_[i];
    live_.erase(live_.begin() + static_cast<long>(i));
    naive_.Clear({m.mm, m.va, m.pfn});
    script_.Put(m.mm, m.va, m.pfn);
  }

  void Flush(uint16_t cpu) {
    switch (Below(3)) {
      case 0:
        script_.FlushAll();
        for (uint16_t c = 0; c < kCpus; ++c) naive_.DropAll(c);
        return;
      case 1:
        script_.FlushLocal();
        return naive_.DropAll(cpu);
      default: {
        const uint32_t mm = static_cast<uint32_t>(1 + Below(kMms));
        script_.FlushMm(mm, naive_.FlushMm(mm));
      }
    }
  }

  void FlushRange() {
    const uint32_t mm = static_cast<uint32_t>(1 + Below(kMms));
    const uint64_t start = Script::Va(mm, static_cast<uint32_t>(Below(kCpus)), Below(kSlots));
    const uint64_t end = start + 4096 * (1 + Below(kSlots));
    script_.FlushMmRange(mm, start, end, naive_.FlushRange(mm, start, end));
  }

  void DirectMap() {
    const uint64_t pfn = Below(kPages);
    const Translation t{0, kDirectMap + pfn * 4096, pfn};
    if (absent_.erase(pfn) != 0) {
      script_.Remap(pfn);
      return naive_.Present(t);
    }
    absent_.insert(pfn);
    naive_.Clear(t);
    script_.Unmap(pfn);
  }

  void Free(uint64_t pfn) {
    for (const Mapping& m : live_)
      if (m.pfn == pfn) return;
    const bool stale = naive_.IsStale(pfn);
    script_.Free(pfn);
    const std::vector<std::string> reports = script_.Take();
    ++frees_;
    stale_frees_ += stale;
    ASSERT_EQ(reports.size(), stale ? 1u : 0u) << "pfn " << pfn;
    naive_.Forgive(pfn);
    if (stale) freed_.insert(pfn);
    script_.Alloc(pfn);
  }

  std::mt19937_64 random_;
  NaiveMachine naive_;
  Script script_;
  std::vector<Mapping> live_;
  std::set<uint64_t> absent_;
  std::set<uint64_t> freed_;           // while stale
  std::map<uint64_t, uint64_t> last_;  // what each address mapped last
  uint64_t site_ = 0;
  int frees_ = 0;
  int stale_frees_ = 0;
};

uint64_t FirstSeed() {
  const char* text = getenv("FLUSHDEP_TEST_SEED");
  return text != nullptr ? strtoull(text, nullptr, 0) : 1;
}

TEST(ModelRandom, AgreesWithANaiveMachine) {
  int frees = 0;
  int stale = 0;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + 60 && !HasFailure(); ++seed) {
    for (bool pcid : {true, false}) {
      SCOPED_TRACE(::testing::Message() << "FLUSHDEP_TEST_SEED=" << seed << " pcid=" << pcid);
      RandomRun run(seed, pcid);
      run.Run(1500);
      frees += run.frees();
      stale += run.stale_frees();
    }
  }
  std::cout << frees << " frees, " << stale << " of them stale, seeds from " << FirstSeed() << "\n";
  // Both outcomes must have been tried.
  EXPECT_GT(stale, frees / 20);
  EXPECT_GT(frees - stale, frees / 20);
}

}  // namespace
}  // namespace flushdep
