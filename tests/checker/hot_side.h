// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A checker that is told by the short way where that takes it, or by events only.
#ifndef FLUSHDEP_TESTS_CHECKER_HOT_SIDE_H_
#define FLUSHDEP_TESTS_CHECKER_HOT_SIDE_H_

#include <memory>
#include <string>
#include <vector>

#include "checker/model/hot.h"
#include "checker/validator.h"

namespace flushdep {

inline constexpr uint32_t kCpus = 3;
inline constexpr uint64_t kPages = 64;
inline constexpr uint64_t kSlots = 8;  // addresses used of each slice
inline constexpr uint64_t kSlice = 512 * FLUSHDEP_PAGE_SIZE;
inline constexpr uint64_t kMermap = kWindowStart + (64ull << 30);

inline std::vector<std::string>* g_findings = nullptr;
// Where the program is. For the invariant a place of its own for each step, so that each finding
// counts as new; with inference a few, so that lives are alike.
inline uint64_t g_site = 1;

inline Host TestHost() {
  return {[](const flushdep_event&) -> uint64_t { return 1; }, [](uint64_t stamp) { return stamp; },
          [](const flushdep_event&, bool, uint64_t*, uint32_t) -> uint32_t { return 0; },
          [](const RawReport& report, bool) {
            g_findings->push_back(std::to_string(static_cast<int>(report.rule)) + " pfn " +
                                  std::to_string(report.pfn) + " va " + std::to_string(report.va));
          }};
}

inline flushdep_event Event(uint16_t kind, uint16_t cpu) {
  flushdep_event event = {};
  event.kind = kind;
  event.cpu = cpu;
  event.thread = cpu + 1u;
  event.site = g_site;
  return event;
}

inline Who At(uint16_t cpu) { return {g_site, cpu + 1u, cpu}; }

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

}  // namespace flushdep

#endif  // FLUSHDEP_TESTS_CHECKER_HOT_SIDE_H_
