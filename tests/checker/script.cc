// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/checker/script.h"

#include <sstream>
#include <utility>

namespace flushdep {
namespace {

// The host's functions have no context; one Script lives at a time.
Script* current_script = nullptr;
std::atomic<uint64_t> fake_time{1};

uint64_t FakeNow(const flushdep_event&) { return fake_time.fetch_add(1); }
uint64_t FakeNs(uint64_t stamp) { return stamp; }

// A stack that names the site, so that problems can be told apart.
uint32_t FakeUnwind(const flushdep_event& event, bool, uint64_t* pcs, uint32_t max) {
  if (max == 0 || event.site == 0) return 0;
  pcs[0] = event.site;
  return 1;
}

}  // namespace

Script::Script(const MachineOptions& options) : options_(options) {
  current_script = this;
  where() = Where{};
  validator_ =
      std::make_unique<Validator>(Host{FakeNow, FakeNs, FakeUnwind, TakeReport}, options.frames);
  Boot();
}

void Script::Boot() {
  flushdep_event machine = Event(FLUSHDEP_EV_MACHINE);
  machine.u.machine.version = FLUSHDEP_EVENTS_VERSION;
  machine.u.machine.event_size = sizeof(machine);
  machine.u.machine.cpus = options_.cpus;
  machine.u.machine.knobs = options_.pcid ? FLUSHDEP_KNOB_PCID : 0;
  machine.u.machine.pfns = options_.pfns;
  Submit(machine);
  flushdep_event region = Event(FLUSHDEP_EV_REGION);
  region.u.region.start = kDirectMap;
  region.u.region.end = kDirectMap + options_.pfns * 4096;
  region.u.region.type = FLUSHDEP_REGION_DIRECT_MAP;
  Submit(region);
  for (uint16_t cpu = 0; cpu < options_.cpus; ++cpu) {
    flushdep_event online = Event(FLUSHDEP_EV_CPU_ONLINE);
    online.cpu = cpu;
    Submit(online);
  }
}

Script::~Script() { current_script = nullptr; }

Script::Where& Script::where() {
  static thread_local Where where;
  return where;
}

void Script::TakeReport(const RawReport& report, bool) {
  std::ostringstream text;
  text << Info(report.rule).id << " pfn=" << report.pfn;
  std::lock_guard<std::mutex> guard(current_script->lock_);
  current_script->reports_.push_back(text.str());
  current_script->last_ = report;
}

std::vector<std::string> Script::Take() {
  std::lock_guard<std::mutex> guard(lock_);
  return std::exchange(reports_, {});
}

flushdep_event Script::Event(flushdep_event_kind kind, flushdep_reason reason) {
  flushdep_event event = {};
  event.kind = kind;
  event.reason = reason;
  event.cpu = where().cpu;
  event.thread = where().thread;
  event.site = where().site;
  return event;
}

void Script::MmCreate(uint32_t mm) {
  flushdep_event create = Event(FLUSHDEP_EV_MM_CREATE);
  create.u.mm.mm = mm;
  Submit(create);
  flushdep_event region = Event(FLUSHDEP_EV_REGION);
  region.u.region.mm = mm;
  region.u.region.start = Va(mm, 0, 0);
  region.u.region.end = Va(mm + 1, 0, 0);
  region.u.region.type = FLUSHDEP_REGION_MERMAP;
  region.u.region.slice_pages = kSlicePages;
  Submit(region);
}

void Script::MmEnd(uint32_t mm) {
  flushdep_event event = Event(FLUSHDEP_EV_MM_END);
  event.u.mm.mm = mm;
  Submit(event);
}

void Script::Load(uint16_t cpu, uint32_t mm) {
  flushdep_event event = Event(FLUSHDEP_EV_CPU_LOAD, FLUSHDEP_WHY_SWITCH_MM);
  event.cpu = cpu;
  event.u.mm.mm = mm;
  Submit(event);
}

void Script::Lazy(uint16_t cpu, uint32_t mm) {
  flushdep_event event = Event(FLUSHDEP_EV_CPU_LAZY, FLUSHDEP_WHY_IDLE);
  event.cpu = cpu;
  event.u.mm.mm = mm;
  Submit(event);
}

void Script::PageEvent(flushdep_event_kind kind, flushdep_reason reason, uint64_t pfn,
                       uint8_t order) {
  flushdep_event event = Event(kind, reason);
  event.u.page.pfn = pfn;
  event.u.page.order = order;
  event.u.page.npages = 1u << order;
  Submit(event);
}

void Script::Alloc(uint64_t pfn, uint8_t order) {
  PageEvent(FLUSHDEP_EV_PAGE_ALLOC, FLUSHDEP_WHY_ALLOC, pfn, order);
}
void Script::Free(uint64_t pfn, uint8_t order) {
  PageEvent(FLUSHDEP_EV_PAGE_FREE, FLUSHDEP_WHY_FREE, pfn, order);
}
void Script::Transfer(uint64_t pfn) {
  PageEvent(FLUSHDEP_EV_PAGE_TRANSFER, FLUSHDEP_WHY_NONE, pfn, 0);
}
void Script::Cancel(uint64_t pfn) { PageEvent(FLUSHDEP_EV_DEBT_CANCEL, FLUSHDEP_WHY_NONE, pfn, 0); }

void Script::Pte(flushdep_event_kind kind, flushdep_reason reason, uint32_t mm, uint64_t va,
                 uint64_t pfn, uint32_t npages, uint8_t level) {
  flushdep_event event = Event(kind, reason);
  event.u.pte.va = va;
  event.u.pte.pfn = pfn;
  event.u.pte.old_pfn = FLUSHDEP_NO_PFN;
  event.u.pte.mm = mm;
  event.u.pte.npages = npages;
  event.u.pte.prot = FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE;
  event.u.pte.level = level;
  Submit(event);
}

void Script::Map(uint32_t mm, uint64_t va, uint64_t pfn, uint32_t npages) {
  Pte(FLUSHDEP_EV_PTE_SET, FLUSHDEP_WHY_MERMAP_GET, mm, va, pfn, npages, FLUSHDEP_LEVEL_PTE);
}
void Script::Put(uint32_t mm, uint64_t va, uint64_t pfn, uint32_t npages) {
  Pte(FLUSHDEP_EV_PTE_CLEAR, FLUSHDEP_WHY_MERMAP_PUT, mm, va, pfn, npages, FLUSHDEP_LEVEL_PTE);
}
void Script::Unmap(uint64_t pfn, uint32_t npages) {
  Pte(FLUSHDEP_EV_PTE_CLEAR, FLUSHDEP_WHY_DIRECT_MAP, 0, kDirectMap + pfn * 4096, pfn, npages,
      FLUSHDEP_LEVEL_PTE);
}
void Script::Remap(uint64_t pfn, uint32_t npages) {
  Pte(FLUSHDEP_EV_PTE_SET, FLUSHDEP_WHY_DIRECT_MAP, 0, kDirectMap + pfn * 4096, pfn, npages,
      FLUSHDEP_LEVEL_PTE);
}

// A restore whose operation failed: the entry was never written.
void Script::TakeBack(uint64_t pfn) {
  flushdep_event event = Event(FLUSHDEP_EV_PTE_CLEAR, FLUSHDEP_WHY_DIRECT_MAP);
  event.flags = FLUSHDEP_F_INTERNAL | FLUSHDEP_F_FAILED;
  event.u.pte.va = kDirectMap + pfn * 4096;
  event.u.pte.pfn = pfn;
  event.u.pte.npages = 1;
  Submit(event);
}

void Script::Access(uint64_t va, bool write) {
  flushdep_event event = Event(FLUSHDEP_EV_ACCESS);
  event.flags = FLUSHDEP_F_TRAPPED;
  event.u.access.va = va;
  event.u.access.flags = write ? FLUSHDEP_ACCESS_WRITE : 0;
  Submit(event);
}

uint64_t Script::Issue(flushdep_event_flush flush, bool internal) {
  flushdep_event event = Event(FLUSHDEP_EV_FLUSH_ISSUE);
  if (internal) event.flags = FLUSHDEP_F_INTERNAL;
  event.u.flush = flush;
  event.u.flush.id = next_flush_.fetch_add(1);
  Submit(event);
  return event.u.flush.id;
}

void Script::Ack(uint64_t id, uint16_t cpu) {
  flushdep_event event = Event(FLUSHDEP_EV_FLUSH_ACK);
  event.cpu = cpu;
  event.u.flush.id = id;
  Submit(event);
}

void Script::Return(uint64_t id) {
  flushdep_event event = Event(FLUSHDEP_EV_FLUSH_RETURN);
  event.u.flush.id = id;
  Submit(event);
}

void Script::FlushAll() {
  flushdep_event_flush flush = {};
  flush.req_what = flush.eff_what = FLUSHDEP_FLUSH_EVERYTHING;
  flush.req_who = flush.eff_who = FLUSHDEP_CPUS_ALL;
  const uint64_t id = Issue(flush);
  for (uint16_t cpu = 0; cpu < options_.cpus; ++cpu) Ack(id, cpu);
  Return(id);
}

void Script::FlushLocal(bool internal) {
  flushdep_event_flush flush = {};
  flush.req_what = flush.eff_what = FLUSHDEP_FLUSH_EVERYTHING;
  flush.req_who = flush.eff_who = FLUSHDEP_CPUS_LOCAL;
  const uint64_t id = Issue(flush, internal);
  Ack(id, where().cpu);
  Return(id);
}

void Script::FlushMm(uint32_t mm, const std::vector<uint16_t>& cpus, bool bumps) {
  flushdep_event_flush flush = {};
  flush.mm = mm;
  flush.flags = bumps ? FLUSHDEP_FLUSH_BUMPS_GEN : 0;
  flush.req_what = flush.eff_what = FLUSHDEP_FLUSH_SPACE;
  flush.req_who = flush.eff_who = FLUSHDEP_CPUS_SPACE;
  const uint64_t id = Issue(flush);
  for (uint16_t cpu : cpus) Ack(id, cpu);
  Return(id);
}

void Script::FlushMmRange(uint32_t mm, uint64_t start, uint64_t end,
                          const std::vector<uint16_t>& cpus) {
  flushdep_event_flush flush = {};
  flush.mm = mm;
  flush.flags = FLUSHDEP_FLUSH_BUMPS_GEN;
  flush.start = start;
  flush.end = end;
  flush.req_what = flush.eff_what = FLUSHDEP_FLUSH_SPACE_RANGE;
  flush.req_who = flush.eff_who = FLUSHDEP_CPUS_SPACE;
  const uint64_t id = Issue(flush);
  for (uint16_t cpu : cpus) Ack(id, cpu);
  Return(id);
}

void Script::FlushKernelRange(uint64_t start, uint64_t end, bool everything) {
  flushdep_event_flush flush = {};
  flush.start = start;
  flush.end = end;
  flush.req_what = FLUSHDEP_FLUSH_KERNEL_RANGE;
  flush.eff_what = everything ? FLUSHDEP_FLUSH_EVERYTHING : FLUSHDEP_FLUSH_KERNEL_RANGE;
  flush.req_who = flush.eff_who = FLUSHDEP_CPUS_ALL;
  const uint64_t id = Issue(flush);
  for (uint16_t cpu = 0; cpu < options_.cpus; ++cpu) Ack(id, cpu);
  Return(id);
}

}  // namespace flushdep
