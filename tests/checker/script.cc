// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/checker/script.h"

#include <algorithm>
#include <cstring>
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
  ValidatorOptions wanted;
  wanted.max_frames = options.frames;
  wanted.inference = options.inference;
  wanted.advice = options.advice;
  wanted.limits = options.limits;
  validator_ = std::make_unique<Validator>(Host{FakeNow, FakeNs, FakeUnwind, TakeReport}, wanted);
  Boot();
}

void Script::Boot() {
  flushdep_event machine = Event(FLUSHDEP_EV_MACHINE);
  machine.u.machine.version = FLUSHDEP_EVENTS_VERSION;
  machine.u.machine.event_size = sizeof(machine);
  machine.u.machine.cpus = options_.cpus;
  machine.u.machine.knobs = (options_.pcid ? FLUSHDEP_KNOB_PCID : 0) |
                            (options_.pti ? FLUSHDEP_KNOB_PTI : 0) |
                            (options_.broadcast ? FLUSHDEP_KNOB_BROADCAST : 0);
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

void Script::Entry(flushdep_event_kind kind, flushdep_reason reason, uint32_t mm, uint64_t va,
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
  Entry(FLUSHDEP_EV_PTE_SET, FLUSHDEP_WHY_MERMAP_GET, mm, va, pfn, npages, FLUSHDEP_LEVEL_PTE);
}
void Script::Put(uint32_t mm, uint64_t va, uint64_t pfn, uint32_t npages) {
  Entry(FLUSHDEP_EV_PTE_CLEAR, FLUSHDEP_WHY_MERMAP_PUT, mm, va, pfn, npages, FLUSHDEP_LEVEL_PTE);
}
void Script::Unmap(uint64_t pfn, uint32_t npages) {
  Entry(FLUSHDEP_EV_PTE_CLEAR, FLUSHDEP_WHY_DIRECT_MAP, 0, kDirectMap + pfn * 4096, pfn, npages,
        FLUSHDEP_LEVEL_PTE);
}
void Script::Remap(uint64_t pfn, uint32_t npages) {
  Entry(FLUSHDEP_EV_PTE_SET, FLUSHDEP_WHY_DIRECT_MAP, 0, kDirectMap + pfn * 4096, pfn, npages,
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
  flushdep_event event =
      Event(FLUSHDEP_EV_FLUSH_ISSUE, internal ? FLUSHDEP_WHY_MERMAP_WRAP : FLUSHDEP_WHY_NONE);
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

Script& Script::As(uint32_t thread, uint64_t site) {
  where().thread = thread;
  where().cpu = static_cast<uint16_t>(thread - 1);
  if (site != 0) where().site = site;
  return *this;
}

void Script::Handover(uint64_t pfn) {
  PageEvent(FLUSHDEP_EV_DEBT_HANDOVER, FLUSHDEP_WHY_NONE, pfn, 0);
}

void Script::Publish(uint64_t pfn) {
  flushdep_event event = Event(FLUSHDEP_EV_PAGE_PUBLISH);
  event.u.page.pfn = pfn;
  event.u.page.npages = 1;
  event.u.page.flags = FLUSHDEP_PAGE_UNMAPPED;
  Submit(event);
}

void Script::Assert(uint64_t pfn, uint64_t what) {
  flushdep_event event = Event(FLUSHDEP_EV_ASSERT);
  event.u.page.pfn = pfn;
  event.u.page.npages = 1;
  event.u.page.user[0] = what;
  Submit(event);
}

void Script::Get(uint64_t pfn, int count) {
  flushdep_event event = Event(FLUSHDEP_EV_REF_GET, FLUSHDEP_WHY_REF);
  event.u.ref.pfn = pfn;
  event.u.ref.delta = 1;
  event.u.ref.count = count;
  Submit(event);
}

void Script::Drop(uint64_t pfn, int count) {
  flushdep_event event = Event(FLUSHDEP_EV_REF_PUT, FLUSHDEP_WHY_REF);
  event.u.ref.pfn = pfn;
  event.u.ref.delta = -1;
  event.u.ref.count = count;
  Submit(event);
}

void Script::Passes(uint64_t pfn, uint64_t token) {
  flushdep_event event = Event(FLUSHDEP_EV_REF_GET, FLUSHDEP_WHY_USER);
  event.u.ref.pfn = pfn;
  event.u.ref.holder = token;
  Submit(event);
}

void Script::Pte(uint32_t mm, uint64_t va, uint64_t pfn, uint16_t prot, uint16_t old_prot) {
  flushdep_event event =
      Event(prot != 0 ? FLUSHDEP_EV_PTE_SET : FLUSHDEP_EV_PTE_CLEAR, FLUSHDEP_WHY_SET_PTE);
  event.u.pte.va = va;
  event.u.pte.pfn = pfn;
  event.u.pte.old_pfn = old_prot != 0 ? pfn : FLUSHDEP_NO_PFN;
  event.u.pte.mm = mm;
  event.u.pte.npages = 1;
  event.u.pte.prot = prot;
  event.u.pte.old_prot = old_prot;
  event.u.pte.level = FLUSHDEP_LEVEL_PTE;
  Submit(event);
}

void Script::Link(uint32_t mm, uint64_t va, uint64_t pfn) {
  Entry(FLUSHDEP_EV_TABLE_LINK, FLUSHDEP_WHY_MERMAP_PREPARE, mm, va, pfn, 1, FLUSHDEP_LEVEL_PTE);
}
void Script::Unlink(uint32_t mm, uint64_t va, uint64_t pfn) {
  Entry(FLUSHDEP_EV_TABLE_UNLINK, FLUSHDEP_WHY_MERMAP_TEARDOWN, mm, va, pfn, 1, FLUSHDEP_LEVEL_PTE);
}
void Script::AccessLost(uint32_t mm, uint64_t va, uint64_t pfn, uint32_t npages) {
  Entry(FLUSHDEP_EV_ACCESS_LOST, FLUSHDEP_WHY_AREA_CLOSE, mm, va, pfn, npages, FLUSHDEP_LEVEL_PTE);
}

void Script::Region(uint32_t mm, uint64_t start, uint64_t end, flushdep_region_type type,
                    flushdep_policy policy) {
  flushdep_event event = Event(FLUSHDEP_EV_REGION);
  event.u.region.mm = mm;
  event.u.region.start = start;
  event.u.region.end = end;
  event.u.region.type = type;
  event.u.region.policy = policy;
  Submit(event);
}

void Script::MapEnd(uint32_t mm, uint16_t owner_cpu, uint64_t va, uint64_t pfn, bool failed) {
  flushdep_event event = Event(FLUSHDEP_EV_MAP_END, FLUSHDEP_WHY_MERMAP_PUT);
  if (failed) event.flags = FLUSHDEP_F_FAILED;
  event.u.map.handle = 1;
  event.u.map.va = va;
  event.u.map.pfn = pfn;
  event.u.map.mm = mm;
  event.u.map.npages = 1;
  event.u.map.owner_cpu = owner_cpu;
  Submit(event);
}

void Script::Context(flushdep_context what, int delta, int depth, bool failed) {
  flushdep_event event = Event(FLUSHDEP_EV_CONTEXT);
  if (failed) event.flags = FLUSHDEP_F_FAILED;
  event.u.context.what = what;
  event.u.context.delta = delta;
  event.u.context.depth = depth;
  Submit(event);
}

void Script::WrongContext(flushdep_reason api, flushdep_context what, int depth) {
  flushdep_event event = Event(FLUSHDEP_EV_WRONG_CONTEXT, api);
  event.u.context.what = what;
  event.u.context.depth = depth;
  event.u.context.api = api;
  Submit(event);
}

void Script::ThreadStart(uint32_t thread, uint16_t cpu, uint32_t creator) {
  flushdep_event event = Event(FLUSHDEP_EV_THREAD_START);
  event.thread = thread;
  event.cpu = cpu;
  event.u.thread.other = creator;
  Submit(event);
  event.kind = FLUSHDEP_EV_THREAD_ON_CPU;
  Submit(event);
}

void Script::ThreadExit(uint32_t thread) {
  flushdep_event event = Event(FLUSHDEP_EV_THREAD_EXIT);
  event.thread = thread;
  Submit(event);
}

void Script::Sync(flushdep_sync_op op, uint64_t object, uint64_t lock_class) {
  flushdep_event event = Event(FLUSHDEP_EV_SYNC);
  event.u.sync.object = object;
  event.u.sync.lock_class = lock_class;
  event.u.sync.op = op;
  Submit(event);
}

void Script::Lock(uint64_t object, uint64_t lock_class) {
  Sync(FLUSHDEP_SYNC_LOCK_WAIT, object, lock_class);
  Sync(FLUSHDEP_SYNC_LOCK, object, lock_class);
}
void Script::Name(uint64_t object, const std::string& name, uint32_t kind) {
  flushdep_event event = Event(FLUSHDEP_EV_NAME);
  event.u.name.object = object;
  event.u.name.kind = kind;
  for (uint32_t at = 0; at <= name.size(); at += sizeof(event.u.name.text)) {
    event.u.name.index = at;
    memset(event.u.name.text, 0, sizeof(event.u.name.text));
    memcpy(event.u.name.text, name.c_str() + at,
           std::min(sizeof(event.u.name.text), name.size() - at));
    Submit(event);
  }
}
void Script::Unlock(uint64_t object, uint64_t lock_class) {
  Sync(FLUSHDEP_SYNC_UNLOCK, object, lock_class);
}

}  // namespace flushdep
