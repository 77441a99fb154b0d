// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/checker/adversary.h"

#include <algorithm>
#include <sstream>
#include <tuple>
#include <utility>

namespace flushdep::adversary {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kPfns = 1536;  // three blocks of 2 MiB
constexpr uint64_t kBlockPages = 512;
constexpr uint64_t kDirect = 0x7e8000000000;
constexpr uint64_t kEphemeral = 0x7e9000000000;
constexpr uint64_t kUser = 0x7ea000000000;
constexpr uint64_t kVmalloc = 0x7eb000000000;
constexpr uint64_t kTables = 0x7ec000000000;
constexpr uint64_t kSlice = 64;  // pages of a CPU's slice
constexpr uint64_t kSpan = 1ull << 32;
constexpr uint32_t kMms = 9;
constexpr uint64_t kHotPages = 20;  // small pages in play, from kFirstPage on
constexpr uint64_t kFirstPage = 8;
constexpr int kAsids = 6;

enum class Area { Direct, Ephemeral, User, Vmalloc, Table };

// A translation as the page tables hold it. Equal ones are the same.
struct Translation {
  uint32_t mm;  // 0: the kernel's
  uint64_t va;  // start of the entry
  uint64_t pages;
  uint64_t pfn;
  unsigned prot;
  Area area;
  bool operator<(const Translation& o) const {
    return std::tie(mm, va, pages, pfn, prot, area) <
           std::tie(o.mm, o.va, o.pages, o.pfn, o.prot, o.area);
  }
  bool operator==(const Translation&) const = default;
  bool Maps(uint64_t p) const { return p >= pfn && p < pfn + pages; }
  bool Meets(uint64_t start, uint64_t end) const { return va < end && va + pages * kPage > start; }
};

// Entries and the step at which each was filled.
using Entries = std::map<Translation, uint64_t>;

struct Tagged {
  uint32_t ctx = 0;  // whose entries (never reused ids); 0: nobody's
  uint64_t gen = 0;
  Entries possible;
  Entries lucky;
  Entries forgiven;  // judged while stale; there all the same, should the entry be set again
  void Clear() { possible.clear(), lucky.clear(), forgiven.clear(); }
  template <typename F>
  void EraseIf(F f) {
    std::erase_if(possible, [&](const auto& e) { return f(e.first); });
    std::erase_if(lucky, [&](const auto& e) { return f(e.first); });
    std::erase_if(forgiven, [&](const auto& e) { return f(e.first); });
  }
};

struct Cpu {
  uint32_t mm = 0;
  bool lazy = false;
  int asid = 0;
  int next = 0;
  Tagged slots[kAsids];
  Tagged global;
};

struct Mm {
  uint32_t id = 0;
  uint64_t gen = 1;
  bool alive = false;
};

struct Flight {
  uint64_t id;
  flushdep_event_flush flush;
  std::vector<uint16_t> waiting;
};

class Machine {
 public:
  Machine(uint64_t seed, const Knobs& knobs, const Checker& checker)
      : random_(seed), knobs_(knobs), checker_(checker), cpus_(knobs.cpus) {}

  Outcome Run(uint32_t steps);

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }
  bool Chance(uint64_t in) { return Below(in) == 0; }

  // --- Telling -----------------------------------------------------------
  flushdep_event Event(uint16_t kind, uint16_t cpu) {
    flushdep_event event = {};
    event.kind = kind;
    event.cpu = cpu;
    event.thread = cpu + 1u;
    event.site = 0x1000 + ++step_ * 16;  // every finding is a problem of its own
    return event;
  }
  void Submit(const flushdep_event& event) {
    ++out_.events;
    checker_.submit(event);
  }
  void Region(uint32_t mm, uint64_t start, uint64_t end, uint32_t type, uint32_t policy);
  void Boot();
  void Create();
  void Pte(uint16_t kind, const Translation& t, uint16_t cpu);

  // --- Hardware ----------------------------------------------------------
  bool IsPresent(const Translation& t) const { return present_.count(t) != 0; }
  // Where `cpu` puts entries of this translation; null if it cannot reach it now.
  Tagged* TagFor(Cpu& cpu, const Translation& t) {
    if (t.mm == 0 && !knobs_.pti) return &cpu.global;
    if (cpu.mm == 0) return t.mm == 0 ? &boot_ : nullptr;
    if (t.mm != 0 && t.mm != cpu.mm) return nullptr;
    return &cpu.slots[cpu.asid];
  }
  void Fill(Cpu& cpu, const Translation& t) {
    Tagged* tag = TagFor(cpu, t);
    if (tag == nullptr || tag == &boot_) return;
    tag->possible.emplace(t, step_);
    if (Chance(4)) tag->lucky.emplace(t, step_);
  }
  void Refill(Cpu& cpu) {
    for (const Translation& t : present_)
      if (!knobs_.accessed || t.area == Area::Table) Fill(cpu, t);
  }
  void Switch(uint16_t c, uint32_t mm);
  template <typename F>
  void Invalidate(Cpu& cpu, bool globals_too, F f);

  // --- Kernel ------------------------------------------------------------
  void Load();
  void Lazy();
  void Set(const Translation& t, uint16_t cpu);
  void Rearm(const Translation& t);
  void Clear(const Translation& t, uint16_t cpu);
  void MapEphemeral();
  void MapUser();
  void MapVmalloc();
  void Unmap();
  void DirectMap();
  void Block();
  void Tables();
  void Touch();
  void EndMm();
  void Flush();
  void Step(Flight& flight);
  void Acknowledge(Flight& flight, uint16_t c);
  void Return(Flight& flight);
  void Judge();
  std::string Check(uint64_t pfn, const char* what, const std::vector<std::string>& reports,
                    const std::function<bool(const Translation&)>& granted, bool kernel_only);
  void Forgive(uint64_t pfn, bool kernel_only);
  void Move(Tagged& tag, const std::function<bool(const Translation&)>& which);
  uint64_t AnyPage() { return kFirstPage + Below(kHotPages); }
  // An mm that has ended may still be loaded lazily; nothing is mapped in it any more.
  bool IsAlive(uint32_t mm) const {
    return std::any_of(mms_.begin(), mms_.end(),
                       [&](const Mm& m) { return m.id == mm && m.alive; });
  }
  bool Mapped(uint64_t pfn) const {
    for (const Translation& t : present_)
      if (t.area != Area::Direct && t.Maps(pfn)) return true;
    return false;
  }
  Translation DirectEntry(uint64_t pfn) const {
    return {0, kDirect + pfn * kPage, 1, pfn, 7, Area::Direct};
  }

  std::mt19937_64 random_;
  const Knobs knobs_;
  const Checker& checker_;
  Outcome out_;
  uint64_t step_ = 0;
  uint64_t next_flush_ = 1;
  uint32_t next_mm_ = 1;
  std::vector<Cpu> cpus_;
  std::vector<Mm> mms_;
  std::set<Translation> present_;
  std::vector<Flight> flights_;
  std::set<uint64_t> tables_;  // pages that are page tables now
  Tagged boot_;
  std::map<Translation, uint64_t> user_clear_gen_;  // tlb_gen when it was cleared
};

void Machine::Region(uint32_t mm, uint64_t start, uint64_t end, uint32_t type, uint32_t policy) {
  flushdep_event event = Event(FLUSHDEP_EV_REGION, 0);
  event.u.region.mm = mm;
  event.u.region.start = start;
  event.u.region.end = end;
  event.u.region.type = type;
  event.u.region.policy = policy;
  if (type == FLUSHDEP_REGION_MERMAP) event.u.region.slice_pages = kSlice;
  Submit(event);
}

uint64_t EphemeralBase(uint32_t mm) { return kEphemeral + (mm % 64) * 256 * kSlice * kPage; }
uint64_t UserBase(uint32_t mm) { return kUser + (mm % 64) * 64 * kPage; }

void Machine::Boot() {
  flushdep_event machine = Event(FLUSHDEP_EV_MACHINE, 0);
  machine.u.machine.version = FLUSHDEP_EVENTS_VERSION;
  machine.u.machine.event_size = sizeof(machine);
  machine.u.machine.cpus = knobs_.cpus;
  machine.u.machine.knobs = (knobs_.pcid ? FLUSHDEP_KNOB_PCID : 0) |
                            (knobs_.pti ? FLUSHDEP_KNOB_PTI : 0) |
                            (knobs_.broadcast ? FLUSHDEP_KNOB_BROADCAST : 0);
  machine.u.machine.pfns = kPfns;
  Submit(machine);
  Region(0, kDirect, kDirect + kPfns * kPage, FLUSHDEP_REGION_DIRECT_MAP, FLUSHDEP_POLICY_STRICT);
  Region(0, kVmalloc, kVmalloc + 64 * kPage, FLUSHDEP_REGION_VMALLOC, FLUSHDEP_POLICY_REUSE_ONLY);
  for (uint16_t c = 0; c < knobs_.cpus; ++c) Submit(Event(FLUSHDEP_EV_CPU_ONLINE, c));
  for (uint32_t i = 0; i < kMms; ++i) Create();
  for (uint64_t pfn = kFirstPage; pfn < kFirstPage + kHotPages; ++pfn) {
    present_.insert(DirectEntry(pfn));
    flushdep_event alloc = Event(FLUSHDEP_EV_PAGE_ALLOC, 0);
    alloc.u.page.pfn = pfn;
    alloc.u.page.npages = 1;
    Submit(alloc);
  }
  present_.insert({0, kDirect + kBlockPages * kPage, kBlockPages, kBlockPages, 7, Area::Direct});
  flushdep_event alloc = Event(FLUSHDEP_EV_PAGE_ALLOC, 0);
  alloc.u.page.pfn = kBlockPages;
  alloc.u.page.npages = kBlockPages;
  alloc.u.page.order = 9;
  Submit(alloc);
  for (uint16_t c = 0; c < knobs_.cpus; ++c) Switch(c, mms_[0].id);
}

void Machine::Create() {
  const Mm mm{next_mm_++, 1, true};
  mms_.push_back(mm);
  flushdep_event create = Event(FLUSHDEP_EV_MM_CREATE, 0);
  create.u.mm.mm = mm.id;
  Submit(create);
  Region(mm.id, EphemeralBase(mm.id), EphemeralBase(mm.id) + 256 * kSlice * kPage,
         FLUSHDEP_REGION_MERMAP, FLUSHDEP_POLICY_STRICT);
  Region(mm.id, UserBase(mm.id), UserBase(mm.id) + 64 * kPage, FLUSHDEP_REGION_USER,
         FLUSHDEP_POLICY_USER);
  Region(mm.id, kTables + (mm.id % 64) * kSpan, kTables + (mm.id % 64) * kSpan + kSpan / 4,
         FLUSHDEP_REGION_USER, FLUSHDEP_POLICY_USER);
}

void Machine::Pte(uint16_t kind, const Translation& t, uint16_t cpu) {
  flushdep_event event = Event(kind, cpu);
  event.u.pte.va = t.va;
  event.u.pte.pfn = t.pfn;
  event.u.pte.old_pfn = kind == FLUSHDEP_EV_PTE_SET ? FLUSHDEP_NO_PFN : t.pfn;
  event.u.pte.mm = t.mm;
  event.u.pte.npages = static_cast<uint32_t>(t.pages);
  event.u.pte.prot = static_cast<uint16_t>(t.prot);
  event.u.pte.level = t.pages == kBlockPages ? FLUSHDEP_LEVEL_PMD : FLUSHDEP_LEVEL_PTE;
  Submit(event);
}

// switch_mm_irqs_off()
void Machine::Switch(uint16_t c, uint32_t mm) {
  Cpu& cpu = cpus_[c];
  flushdep_event load = Event(FLUSHDEP_EV_CPU_LOAD, c);
  load.u.mm.mm = mm;
  Submit(load);
  Mm& next = *std::find_if(mms_.begin(), mms_.end(), [&](const Mm& m) { return m.id == mm; });
  const bool same = cpu.mm == mm;
  cpu.lazy = false;
  // Out of reach for good, or until it is flushed, since the slot is behind.
  for (const Mm& m : mms_)
    if (!same && m.id == cpu.mm && (!m.alive || cpu.slots[cpu.asid].gen < m.gen))
      cpu.slots[cpu.asid].Clear();
  if (!knobs_.pcid) {
    Tagged& only = cpu.slots[0];
    if (!same || only.gen < next.gen) only.Clear();  // a new CR3 drops what is not global
    only.ctx = mm;
    only.gen = next.gen;
    cpu.asid = 0;
  } else {
    int found = -1;
    for (int i = 0; i < kAsids; ++i)
      if (cpu.slots[i].ctx == mm) found = i;
    const bool had = found >= 0;
    if (!had) {
      found = cpu.next;
      cpu.next = (cpu.next + 1) % kAsids;
    }
    Tagged& slot = cpu.slots[found];
    if (!had || slot.gen < next.gen) slot.Clear();
    slot.ctx = mm;
    slot.gen = next.gen;
    cpu.asid = found;
  }
  cpu.mm = mm;
  Refill(cpu);
}

void Machine::Load() {
  std::vector<uint32_t> alive;
  for (const Mm& mm : mms_)
    if (mm.alive) alive.push_back(mm.id);
  Switch(static_cast<uint16_t>(Below(cpus_.size())), alive[Below(alive.size())]);
}

void Machine::Lazy() {
  const uint16_t c = static_cast<uint16_t>(Below(cpus_.size()));
  cpus_[c].lazy = true;
  flushdep_event event = Event(FLUSHDEP_EV_CPU_LAZY, c);
  event.u.mm.mm = cpus_[c].mm;
  Submit(event);
}

void Machine::Set(const Translation& t, uint16_t cpu) {
  Pte(FLUSHDEP_EV_PTE_SET, t, cpu);
  present_.insert(t);
  if (knobs_.accessed) return Rearm(t);
  for (Cpu& c : cpus_) Fill(c, t);
}

// An entry that was judged while it was stale is there still.
void Machine::Rearm(const Translation& t) {
  const auto rearm = [&](Tagged& tag) {
    const auto old = tag.forgiven.find(t);
    if (old != tag.forgiven.end()) tag.possible.insert(tag.forgiven.extract(old));
  };
  for (Cpu& cpu : cpus_) {
    for (Tagged& slot : cpu.slots) rearm(slot);
    rearm(cpu.global);
  }
}

void Machine::Clear(const Translation& t, uint16_t cpu) {
  present_.erase(t);
  for (const Mm& mm : mms_)
    if (mm.id == t.mm) user_clear_gen_[t] = mm.gen;
  Pte(FLUSHDEP_EV_PTE_CLEAR, t, cpu);
}

void Machine::MapEphemeral() {
  const uint16_t c = static_cast<uint16_t>(Below(cpus_.size()));
  const uint32_t mm = cpus_[c].mm;
  if (!IsAlive(mm)) return;
  // The addresses of one slice are few, so that they are used again.
  const uint64_t va = EphemeralBase(mm) + (c * kSlice + Below(3)) * kPage;
  for (const Translation& t : present_)
    if (t.va == va) return;
  const uint64_t pfn = AnyPage();
  if (tables_.count(pfn) != 0) return;
  Set({mm, va, 1, pfn, 3, Area::Ephemeral}, c);
  checker_.reports();  // FD012 is not this machine's question here
}

void Machine::MapUser() {
  const uint16_t c = static_cast<uint16_t>(Below(cpus_.size()));
  const uint32_t mm = cpus_[c].mm;
  if (!IsAlive(mm)) return;
  const uint64_t va = UserBase(mm) + Below(4) * kPage;
  for (const Translation& t : present_)
    if (t.va == va) return;
  const uint64_t pfn = AnyPage();
  if (tables_.count(pfn) != 0) return;
  Set({mm, va, 1, pfn, 11, Area::User}, c);
  checker_.reports();
}

void Machine::MapVmalloc() {
  const uint64_t va = kVmalloc + Below(4) * kPage;
  for (const Translation& t : present_)
    if (t.va == va) return;
  const uint64_t pfn = AnyPage();
  if (tables_.count(pfn) != 0) return;
  Set({0, va, 1, pfn, 3, Area::Vmalloc}, 0);
  checker_.reports();
}

void Machine::Unmap() {
  std::vector<Translation> mapped;
  for (const Translation& t : present_)
    if (t.area != Area::Direct && t.area != Area::Table) mapped.push_back(t);
  if (mapped.empty()) return;
  Clear(mapped[Below(mapped.size())], static_cast<uint16_t>(Below(cpus_.size())));
}

void Machine::DirectMap() {
  const Translation t = DirectEntry(AnyPage());
  if (IsPresent(t))
    Clear(t, 0);
  else
    Set(t, 0);
}

// A block of 2 MiB goes out of the direct map and back, as one large entry.
void Machine::Block() {
  const Translation t{0, kDirect + kBlockPages * kPage, kBlockPages, kBlockPages, 7, Area::Direct};
  if (IsPresent(t))
    Clear(t, 0);
  else
    Set(t, 0);
}

// A page becomes a page-table page, or ceases to be one. What CPUs cache of it
// is an entry like any other that only the walker uses.
void Machine::Tables() {
  std::vector<Translation> linked;
  for (const Translation& t : present_)
    if (t.area == Area::Table) linked.push_back(t);
  if (!linked.empty() && Chance(2)) {
    const Translation t = linked[Below(linked.size())];
    present_.erase(t);
    flushdep_event event = Event(FLUSHDEP_EV_TABLE_UNLINK, 0);
    event.u.pte = {};
    event.u.pte.va = t.va;
    event.u.pte.pfn = t.pfn;
    event.u.pte.mm = t.mm;
    event.u.pte.npages = 1;
    event.u.pte.level = FLUSHDEP_LEVEL_PTE;
    Submit(event);
    tables_.erase(t.pfn);
    return;
  }
  const uint64_t pfn = AnyPage();
  if (Mapped(pfn) || tables_.count(pfn) != 0) return;
  const uint32_t mm = cpus_[Below(cpus_.size())].mm;
  if (!IsAlive(mm)) return;
  const Translation t{mm,          kTables + (mm % 64) * kSpan + Below(2) * kBlockPages * kPage,
                      kBlockPages, pfn,
                      0,           Area::Table};
  for (const Translation& other : present_)
    if (other.area == Area::Table && other.va == t.va) return;
  flushdep_event event = Event(FLUSHDEP_EV_TABLE_LINK, 0);
  event.u.pte.va = t.va;
  event.u.pte.pfn = pfn;
  event.u.pte.mm = mm;
  event.u.pte.npages = 1;
  event.u.pte.level = FLUSHDEP_LEVEL_PTE;
  Submit(event);
  tables_.insert(pfn);
  present_.insert(t);
  for (Cpu& c : cpus_) Fill(c, t);
}

// A load by some CPU through something that it can reach.
void Machine::Touch() {
  const uint16_t c = static_cast<uint16_t>(Below(cpus_.size()));
  std::vector<Translation> reachable;
  for (const Translation& t : present_)
    if (t.area != Area::Table && (t.mm == 0 || t.mm == cpus_[c].mm)) reachable.push_back(t);
  if (reachable.empty()) return;
  const Translation t = reachable[Below(reachable.size())];
  const uint64_t page = Below(t.pages);
  flushdep_event event = Event(FLUSHDEP_EV_ACCESS, c);
  event.u.access.va = t.va + page * kPage + Below(kPage);
  event.u.access.size = 1;
  event.u.access.pfn = t.pfn + page;
  event.u.access.mm = t.mm;
  Submit(event);
  checker_.reports();  // a foreign slice is FD009, not of interest here
  Fill(cpus_[c], t);
}

void Machine::EndMm() {
  const uint64_t which = Below(mms_.size());
  Mm& mm = mms_[which];
  uint32_t alive = 0;
  for (const Mm& m : mms_) alive += m.alive;
  if (!mm.alive || alive < 4) return;
  for (const Cpu& cpu : cpus_)
    if (cpu.mm == mm.id && !cpu.lazy) return;
  for (const Flight& flight : flights_)
    if (flight.flush.mm == mm.id) return;
  for (const Translation& t : std::set<Translation>(present_)) {
    if (t.mm != mm.id) continue;
    if (t.area == Area::Table) return;
    Clear(t, 0);
  }
  flushdep_event end = Event(FLUSHDEP_EV_MM_END, 0);
  end.u.mm.mm = mm.id;
  Submit(end);
  mm.alive = false;
  // Its entries stay where the mm is loaded lazily; elsewhere nothing reaches them again.
  for (Cpu& cpu : cpus_)
    for (Tagged& slot : cpu.slots)
      if (slot.ctx == mm.id && cpu.mm != mm.id) slot.Clear();
  Create();
}

// What an invalidation on this CPU takes out of its TLB, whatever it is tagged with.
template <typename F>
void Machine::Invalidate(Cpu& cpu, bool globals_too, F f) {
  for (Tagged& slot : cpu.slots) slot.EraseIf(f);
  if (globals_too) cpu.global.EraseIf(f);
}

void Machine::Flush() {
  Flight flight = {};
  flight.id = next_flush_++;
  flushdep_event_flush& f = flight.flush;
  f.id = flight.id;
  const uint16_t c = static_cast<uint16_t>(Below(cpus_.size()));
  std::vector<Mm*> alive;
  for (Mm& mm : mms_)
    if (mm.alive) alive.push_back(&mm);
  Mm& mm = *alive[Below(alive.size())];
  const auto all = [&] {
    for (uint16_t i = 0; i < cpus_.size(); ++i) flight.waiting.push_back(i);
  };
  const auto bump = [&] {
    f.mm = mm.id;
    f.gen = ++mm.gen;
    f.flags |= FLUSHDEP_FLUSH_BUMPS_GEN;
    f.req_who = FLUSHDEP_CPUS_SPACE;
    f.eff_who = Chance(3) ? FLUSHDEP_CPUS_SPACE : FLUSHDEP_CPUS_SPACE_BUSY;
    if (knobs_.broadcast && Chance(2)) f.flags |= FLUSHDEP_FLUSH_BROADCAST;
    if (f.eff_who == FLUSHDEP_CPUS_SPACE) f.flags |= FLUSHDEP_FLUSH_TABLES;
    for (uint16_t i = 0; i < cpus_.size(); ++i) {
      if ((f.flags & FLUSHDEP_FLUSH_BROADCAST) != 0) break;
      if (cpus_[i].mm != mm.id) continue;
      if (!cpus_[i].lazy || f.eff_who == FLUSHDEP_CPUS_SPACE) flight.waiting.push_back(i);
    }
    // Where it is not loaded it will be flushed before it is used: out of reach.
    for (Cpu& cpu : cpus_)
      for (Tagged& slot : cpu.slots)
        if (slot.ctx == mm.id && cpu.mm != mm.id) slot.Clear();
  };
  switch (Below(7)) {
    case 0:
      f.req_what = f.eff_what = FLUSHDEP_FLUSH_EVERYTHING;
      f.req_who = f.eff_who = FLUSHDEP_CPUS_ALL;
      all();
      break;
    case 1:
      f.req_what = f.eff_what = Chance(2) ? FLUSHDEP_FLUSH_EVERYTHING : FLUSHDEP_FLUSH_NON_GLOBAL;
      f.req_who = f.eff_who = FLUSHDEP_CPUS_LOCAL;
      flight.waiting.push_back(c);
      break;
    case 2:
    case 3:
      f.req_what = f.eff_what = FLUSHDEP_FLUSH_SPACE;
      bump();
      break;
    case 4:
    case 5: {
      f.req_what = f.eff_what = FLUSHDEP_FLUSH_SPACE_RANGE;
      switch (Below(3)) {
        case 0:
          f.start = EphemeralBase(mm.id) + (Below(cpus_.size()) * kSlice + Below(3)) * kPage;
          break;
        case 1:
          f.start = UserBase(mm.id) + Below(4) * kPage;
          break;
        default:
          f.start = kTables + (mm.id % 64) * kSpan + Below(2 * kBlockPages) * kPage;
      }
      f.end = f.start + (1 + Below(3)) * kPage;
      bump();
      break;
    }
    default:
      f.req_what = f.eff_what = FLUSHDEP_FLUSH_KERNEL_RANGE;
      f.req_who = f.eff_who = FLUSHDEP_CPUS_ALL;
      f.start = Chance(4) ? kVmalloc + Below(4) * kPage : kDirect + AnyPage() * kPage;
      if (Chance(5)) f.start = kDirect + (kBlockPages + Below(kBlockPages)) * kPage;
      if (Chance(5)) f.start = EphemeralBase(mm.id) + Below(cpus_.size()) * kSlice * kPage;
      f.end = f.start + (1 + Below(8)) * kPage;
      all();
  }
  flushdep_event issue = Event(FLUSHDEP_EV_FLUSH_ISSUE, c);
  issue.u.flush = f;
  Submit(issue);
  std::shuffle(flight.waiting.begin(), flight.waiting.end(), random_);
  // Most flushes go through at once, some stay under way while others run.
  if (!Chance(4) || flights_.size() >= 3) {
    while (!flight.waiting.empty()) Step(flight);
    Return(flight);
  } else {
    flights_.push_back(flight);
  }
}

void Machine::Step(Flight& flight) {
  const uint16_t c = flight.waiting.back();
  flight.waiting.pop_back();
  Acknowledge(flight, c);
}

// flush_tlb_func() and friends.
void Machine::Acknowledge(Flight& flight, uint16_t c) {
  const flushdep_event_flush& f = flight.flush;
  Cpu& cpu = cpus_[c];
  const auto in_range = [&](const Translation& t) { return t.Meets(f.start, f.end); };
  switch (f.eff_what) {
    case FLUSHDEP_FLUSH_EVERYTHING:
      Invalidate(cpu, true, [](const Translation&) { return true; });
      break;
    case FLUSHDEP_FLUSH_NON_GLOBAL:
      Invalidate(cpu, false, [](const Translation&) { return true; });
      break;
    case FLUSHDEP_FLUSH_KERNEL_RANGE:
      // With PTI other ASIDs are flushed before they are used again.
      Invalidate(cpu, true, [&](const Translation& t) { return t.mm == 0 && in_range(t); });
      if (cpu.mm != 0)
        cpu.slots[cpu.asid].EraseIf([&](const Translation& t) { return in_range(t); });
      break;
    default: {
      if (cpu.mm != f.mm) return;  // it has switched since; its slot is behind
      Mm& mm = *std::find_if(mms_.begin(), mms_.end(), [&](const Mm& m) { return m.id == f.mm; });
      Tagged& slot = cpu.slots[cpu.asid];
      const bool whole = f.eff_what == FLUSHDEP_FLUSH_SPACE || slot.gen + 1 < mm.gen;
      if (whole)
        slot.Clear();
      else
        slot.EraseIf(in_range);
      slot.gen = mm.gen;
    }
  }
  Refill(cpu);
  flushdep_event ack = Event(FLUSHDEP_EV_FLUSH_ACK, c);
  ack.u.flush = f;
  Submit(ack);
}

void Machine::Return(Flight& flight) {
  const flushdep_event_flush& f = flight.flush;
  if ((f.flags & FLUSHDEP_FLUSH_BROADCAST) != 0) {
    for (Cpu& cpu : cpus_) {
      for (Tagged& slot : cpu.slots) {
        if (slot.ctx != f.mm) continue;
        // Nobody is behind after a broadcast (with INVLPGB an mm has one ASID everywhere).
        slot.gen =
            std::find_if(mms_.begin(), mms_.end(), [&](const Mm& m) { return m.id == f.mm; })->gen;
        if (f.eff_what == FLUSHDEP_FLUSH_SPACE)
          slot.Clear();
        else
          slot.EraseIf([&](const Translation& t) {
            return t.mm == f.mm && t.Meets(f.start, f.end) &&
                   (t.area != Area::Table || (f.flags & FLUSHDEP_FLUSH_TABLES) != 0);
          });
      }
      Refill(cpu);
    }
  }
  flushdep_event back = Event(FLUSHDEP_EV_FLUSH_RETURN, 0);
  back.u.flush = f;
  Submit(back);
}

// Compares what was reported with what the TLBs hold of `pfn` that is not granted.
std::string Machine::Check(uint64_t pfn, const char* what, const std::vector<std::string>& reports,
                           const std::function<bool(const Translation&)>& granted,
                           bool kernel_only) {
  bool possible = false, lucky = false;
  std::ostringstream why;
  const auto look = [&](Cpu& cpu, const Entries& entries, bool reachable, bool* found) {
    for (const auto& [t, filled] : entries) {
      if (!t.Maps(pfn) && !(t.area == Area::Table && t.pfn == pfn)) continue;
      if (t.area == Area::Table && t.pfn != pfn) continue;
      if (IsPresent(t) || granted(t) || t.area == Area::Vmalloc || !reachable) continue;
      if (kernel_only && t.mm != 0) continue;
      // Linux skips lazy CPUs for user memory: they flush before they run the mm again.
      if (t.area == Area::User && cpu.lazy && cpu.mm == t.mm) {
        const Mm& mm =
            *std::find_if(mms_.begin(), mms_.end(), [&](const Mm& m) { return m.id == t.mm; });
        uint64_t& cleared = user_clear_gen_[t];
        if (cpu.slots[cpu.asid].gen < mm.gen && cleared < mm.gen) continue;
      }
      if (!*found)
        why << " [cpu " << (&cpu - cpus_.data()) << " mm " << t.mm << " va 0x" << std::hex << t.va
            << std::dec << " filled at step " << filled << "]";
      *found = true;
    }
  };
  for (Cpu& cpu : cpus_) {
    for (int i = 0; i < kAsids; ++i) {
      look(cpu, cpu.slots[i].possible, true, &possible);
      look(cpu, cpu.slots[i].lucky, true, &lucky);
    }
    look(cpu, cpu.global.possible, true, &possible);
    look(cpu, cpu.global.lucky, true, &lucky);
  }
  ++out_.judged;
  out_.stale += possible;
  out_.lucky_hits += lucky;
  const bool reported = !reports.empty();
  std::ostringstream text;
  if (lucky && !possible) text << "the simulator contradicts itself";
  if (possible && !reported) text << what << " of pfn " << pfn << " missed:" << why.str();
  if (!possible && reported) text << what << " of pfn " << pfn << ": false " << reports[0];
  if (reports.size() > 1) text << " two reports";
  return text.str();
}

void Machine::Move(Tagged& tag, const std::function<bool(const Translation&)>& which) {
  for (const auto& [t, filled] : tag.possible)
    if (which(t)) tag.forgiven.emplace(t, filled);
  std::erase_if(tag.possible, [&](const auto& e) { return which(e.first); });
  std::erase_if(tag.lucky, [&](const auto& e) { return which(e.first); });
}

// Judged once: the next owner is not charged for it.
void Machine::Forgive(uint64_t pfn, bool kernel_only) {
  const auto stale = [&](const Translation& t) {
    return (t.area == Area::Table ? t.pfn == pfn : t.Maps(pfn)) && !IsPresent(t) &&
           t.area != Area::Vmalloc && (!kernel_only || t.mm == 0);
  };
  for (Cpu& cpu : cpus_) {
    for (Tagged& slot : cpu.slots) Move(slot, stale);
    Move(cpu.global, stale);
  }
}

void Machine::Judge() {
  const bool block = Chance(6);
  const uint64_t pfn = block ? kBlockPages : AnyPage();
  if (tables_.count(pfn) != 0) return;
  const auto nothing = [](const Translation&) { return false; };
  checker_.reports();
  flushdep_event event = Event(FLUSHDEP_EV_PAGE_FREE, static_cast<uint16_t>(Below(cpus_.size())));
  event.u.page.pfn = pfn;
  event.u.page.npages = block ? kBlockPages : 1;
  event.u.page.order = block ? 9 : 0;
  const char* what = "free";
  bool kernel_only = false;
  switch (Below(8)) {
    case 0:
      what = "transfer";
      event.kind = FLUSHDEP_EV_PAGE_TRANSFER;
      break;
    case 1:
      if (block || IsPresent(DirectEntry(pfn))) return;
      what = "publication";
      event.kind = FLUSHDEP_EV_PAGE_PUBLISH;
      event.u.page.flags = FLUSHDEP_PAGE_UNMAPPED;
      kernel_only = true;
      break;
    case 2:
      if (Chance(4)) {
        event.kind = FLUSHDEP_EV_DEBT_CANCEL;
        Submit(event);
        return Forgive(pfn, false);
      }
      [[fallthrough]];
    default:
      if (Mapped(pfn)) return;
  }
  Submit(event);
  out_.failure = Check(pfn, what, checker_.reports(), nothing, kernel_only);
  Forgive(pfn, kernel_only);
  if (event.kind != FLUSHDEP_EV_PAGE_FREE) return;
  event.kind = FLUSHDEP_EV_PAGE_ALLOC;
  event.site += 8;
  Submit(event);
}

Outcome Machine::Run(uint32_t steps) {
  Boot();
  while (out_.events < steps && out_.failure.empty()) {
    if (!flights_.empty() && Chance(3)) {
      const uint64_t i = Below(flights_.size());
      if (!flights_[i].waiting.empty()) {
        Step(flights_[i]);
      } else {
        Return(flights_[i]);
        flights_.erase(flights_.begin() + static_cast<long>(i));
      }
      continue;
    }
    switch (Below(24)) {
      case 0:
      case 1:
        Load();
        break;
      case 2:
        Lazy();
        break;
      case 3:
        if (Chance(4)) EndMm();
        break;
      case 4:
      case 5:
        Tables();
        break;
      case 6:
        DirectMap();
        break;
      case 7:
        Block();
        break;
      case 8:
      case 9:
        MapUser();
        break;
      case 10:
        MapVmalloc();
        break;
      case 11:
      case 12:
      case 13:
        MapEphemeral();
        break;
      case 14:
      case 15:
      case 16:
      case 17:
        Unmap();
        break;
      case 18:
        Flush();
        break;
      case 19:
        if (knobs_.accessed || Chance(3)) Touch();
        break;
      default:
        Judge();
    }
  }
  if (!out_.failure.empty()) out_.failure += " at step " + std::to_string(step_);
  return out_;
}

}  // namespace

Outcome Run(uint64_t seed, const Knobs& knobs, uint32_t steps, const Checker& checker) {
  return Machine(seed, knobs, checker).Run(steps);
}

}  // namespace flushdep::adversary
