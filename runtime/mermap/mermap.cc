// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/mermap/mermap.h"

#include <errno.h>

#include "runtime/machine/arena.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/page_allocator.h"

namespace flushdep {
namespace {

// kMaxMms * cpus of them; those of an mm are at its slot. Populated by use.
constinit Slice* g_slices = nullptr;
constinit std::atomic<uint64_t> g_last_id{0};

struct Counters {
  std::atomic<uint64_t> gets, puts, reserved_gets;
  std::atomic<uint64_t> fail_not_ready, fail_slots, fail_space, fail_invalid;
  std::atomic<uint64_t> wraps;
};
constinit Counters g_counters = {};

void Count(std::atomic<uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

uint64_t NumSlices() { return static_cast<uint64_t>(kMaxMms) * g_machine.cpus; }

Slice& SliceOf(const Mm* mm, uint32_t cpu) {
  return g_slices[static_cast<uint64_t>(mm->slot) * g_machine.cpus + cpu];
}

// The slice that a handle lies in; null for what no get returned.
Slice* SliceOfHandle(const Mapping* mapping) {
  uint64_t offset = reinterpret_cast<uint64_t>(mapping) - reinterpret_cast<uint64_t>(g_slices);
  if (offset >= NumSlices() * sizeof(Slice)) return nullptr;
  Slice& slice = g_slices[offset / sizeof(Slice)];
  return slice.Contains(mapping) ? &slice : nullptr;
}

uint16_t HardwareProt(unsigned prot) {
  return static_cast<uint16_t>(FLUSHDEP_PROT_READ |
                               FlagIf((prot & FLUSHDEP_MAP_WRITE) != 0, FLUSHDEP_PROT_WRITE));
}

// Reading cannot be refused on x86, so a mapping without it is not one; anything else
// (global, user, executable) is not for an ephemeral mapping.
bool ValidProt(unsigned prot) {
  return (prot & FLUSHDEP_MAP_READ) != 0 && (prot & ~(FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE)) == 0;
}

bool ValidPages(uint64_t pfn, uint64_t npages) {
  return npages > 0 && pfn < NumPages() && npages <= NumPages() - pfn;
}

void EmitMap(uint16_t kind, const Mapping& mapping, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.map.handle = mapping.id;
  event.u.map.va = MappingAddress(&mapping);
  event.u.map.pfn = mapping.pfn;
  event.u.map.mm = MmId(mapping.mm);
  event.u.map.npages = mapping.npages;
  event.u.map.owner_cpu = mapping.cpu;
  event.u.map.owner_thread = mapping.thread;
  event.u.map.prot = mapping.prot;
  Emit(event);
}

void EmitPte(uint16_t kind, const Mapping& mapping, const Call& call) {
  bool set = kind == FLUSHDEP_EV_PTE_SET;
  flushdep_event event = NewEvent(kind, call);
  flushdep_event_pte& pte = event.u.pte;
  pte.va = MappingAddress(&mapping);
  pte.pfn = mapping.pfn;
  pte.old_pfn = set ? FLUSHDEP_NO_PFN : mapping.pfn;
  pte.handle = mapping.id;
  pte.mm = MmId(mapping.mm);
  pte.npages = mapping.npages;
  pte.prot = mapping.prot;
  pte.old_prot = set ? 0 : mapping.prot;
  pte.level = FLUSHDEP_LEVEL_PTE;
  pte.old_level = set ? 0 : FLUSHDEP_LEVEL_PTE;
  Emit(event);
}

std::atomic<uint64_t>& CounterOf(uint16_t cause) {
  switch (cause) {
    case FLUSHDEP_MAP_FAIL_NOT_READY:
      return g_counters.fail_not_ready;
    case FLUSHDEP_MAP_FAIL_SLOTS:
      return g_counters.fail_slots;
    case FLUSHDEP_MAP_FAIL_INVALID:
      return g_counters.fail_invalid;
    default:
      return g_counters.fail_space;
  }
}

Mapping* Fail(uint16_t cause, uint64_t pfn, uint64_t npages, unsigned prot, const Call& call) {
  Count(CounterOf(cause));
  flushdep_event event = NewEvent(FLUSHDEP_EV_MAP_FAIL, call);
  event.u.map.pfn = pfn;
  event.u.map.mm = MmId(t_thread.mm);
  event.u.map.npages = static_cast<uint32_t>(npages);
  event.u.map.owner_cpu = t_thread.cpu;
  event.u.map.owner_thread = t_thread.id;
  event.u.map.prot = static_cast<uint16_t>(prot);
  event.u.map.cause = cause;
  Emit(event);
  return nullptr;
}

void EmitRewind(Mm* mm, uint64_t va, uint32_t npages, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_MAP_REWIND, call);
  event.u.map.va = va;
  event.u.map.pfn = FLUSHDEP_NO_PFN;
  event.u.map.mm = MmId(mm);
  event.u.map.npages = npages;
  event.u.map.owner_cpu = t_thread.cpu;
  event.u.map.owner_thread = t_thread.id;
  Emit(event);
}

// The one flush of a wrap: this CPU's whole TLB, so the reserve's entry too.
void Wrap(Slice& slice, Mm* mm, const Slice::Plan& plan, const Call& caller) {
  const Call call = caller.Internal(FLUSHDEP_WHY_MERMAP_WRAP);
  Count(g_counters.wraps);
  FlushLocal(call);
  slice.reserve_used = false;
  EmitRewind(mm, SliceStart(mm, t_thread.cpu) + plan.floor * kPageBytes, plan.next - plan.floor,
             call);
  slice.Rewind(plan.floor);
}

// The reserved address is handed out again and again; its last page goes first.
void RecycleReserve(Slice& slice, Mm* mm, uint64_t va, const Call& caller) {
  if (!slice.reserve_used) return;
  const Call call = caller.Internal(FLUSHDEP_WHY_MERMAP_WRAP);
  FlushLocalPage(mm, va, call);
  EmitRewind(mm, va, 1, call);
}

// Makes a taken handle a mapping. False at the host's limit of mappings: undone.
bool Install(Slice& slice, Mapping& mapping, Mm* mm, uint64_t pfn, unsigned prot,
             const Call& call) {
  mapping.id = g_last_id.fetch_add(1, std::memory_order_relaxed) + 1;
  mapping.pfn = pfn;
  mapping.mm = mm;
  mapping.cpu = t_thread.cpu;
  mapping.thread = t_thread.id;
  mapping.prot = HardwareProt(prot);
  EmitPte(FLUSHDEP_EV_PTE_SET, mapping, call);
  if (GetBackend().map(MappingAddress(&mapping), pfn, mapping.npages, prot) != 0) {
    GetBackend().unmap(MappingAddress(&mapping), mapping.npages);
    EmitPte(FLUSHDEP_EV_PTE_CLEAR, mapping, call.Internal(call.reason));
    slice.Release(&mapping);
    return false;
  }
  EmitMap(FLUSHDEP_EV_MAP_BEGIN, mapping, call);
  return true;
}

// Under the slice's lock, migration disabled. 0 or the cause of failure.
uint16_t GetLocked(Slice& slice, Mm* mm, uint64_t pfn, uint64_t npages, unsigned prot,
                   const Call& call, Mapping** result) {
  Slice::Plan plan = slice.Prepare(npages);
  if (plan.fit == Slice::Fit::Slots) return FLUSHDEP_MAP_FAIL_SLOTS;
  if (plan.fit == Slice::Fit::Space) return FLUSHDEP_MAP_FAIL_SPACE;
  if (plan.fit == Slice::Fit::Wrap) Wrap(slice, mm, plan, call);
  Mapping* mapping = slice.Take(static_cast<uint32_t>(npages));
  if (!Install(slice, *mapping, mm, pfn, prot, call)) return FLUSHDEP_MAP_FAIL_SPACE;
  *result = mapping;
  return 0;
}

// A handle that is no live mapping: told with what the handle last was, if it
// ever was one, and otherwise left alone.
void EmitFailedPut(const Mapping* mapping, bool known, const Call& call) {
  const Call failed = {call.site, call.reason,
                       static_cast<uint16_t>(call.flags | FLUSHDEP_F_FAILED)};
  if (known && mapping->mm != nullptr) return EmitMap(FLUSHDEP_EV_MAP_END, *mapping, failed);
  flushdep_event event = NewEvent(FLUSHDEP_EV_MAP_END, failed);
  event.u.map.handle = reinterpret_cast<uint64_t>(mapping);
  event.u.map.pfn = FLUSHDEP_NO_PFN;
  Emit(event);
}

void EmitRegion(uint16_t kind, const Mm* mm, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.region.start = SliceStart(mm, 0);
  event.u.region.end = SliceStart(mm, g_machine.cpus);
  event.u.region.slice_pages = kSlicePages;
  event.u.region.mm = mm->id;
  event.u.region.type = FLUSHDEP_REGION_MERMAP;
  event.u.region.policy = FLUSHDEP_POLICY_STRICT;
  event.u.region.reserved_pages = kSliceReservedPages;
  Emit(event);
}

// All slices, whatever CPU this runs on.
void ClearSlice(Slice& slice, const Call& call) {
  MutexLock lock(slice.lock);
  for (Mapping& mapping : slice) {
    if (!mapping.live) continue;
    GetBackend().unmap(MappingAddress(&mapping), mapping.npages);
    EmitPte(FLUSHDEP_EV_PTE_CLEAR, mapping, call);
    slice.Release(&mapping);
  }
  slice.Rewind(0);
  slice.reserve_used = false;
}

}  // namespace

void BootMermap() { g_slices = MapTable<Slice>(NumSlices()); }

uint64_t SliceStart(const Mm* mm, uint32_t cpu) {
  return kMermapStart + (static_cast<uint64_t>(mm->slot) * g_machine.cpus + cpu) * kSliceBytes;
}

uint64_t MappingAddress(const Mapping* mapping) {
  return SliceStart(mapping->mm, mapping->cpu) + mapping->page * kPageBytes;
}

int MermapPrepare(Mm* mm, const Call& call) {
  if (mm == nullptr || mm->users.load() == 0) return -EINVAL;
  MutexLock lock(mm->prepare_lock);
  if (mm->mermap_ready.load(std::memory_order_acquire)) return 0;
  EmitRegion(FLUSHDEP_EV_REGION, mm, call);
  // Last of all: whoever sees it set may map at once.
  mm->mermap_ready.store(true, std::memory_order_release);
  return 0;
}

bool MermapReady() {
  return t_thread.mm != nullptr && t_thread.mm->mermap_ready.load(std::memory_order_acquire);
}

Mapping* MermapGet(uint64_t pfn, size_t size, unsigned prot, const Call& call) {
  uint64_t npages = size / kPageBytes + (size % kPageBytes != 0);
  if (!MermapReady()) return Fail(FLUSHDEP_MAP_FAIL_NOT_READY, pfn, npages, prot, call);
  if (!ValidProt(prot) || !ValidPages(pfn, npages))
    return Fail(FLUSHDEP_MAP_FAIL_INVALID, pfn, npages, prot, call);
  Mm* mm = t_thread.mm;
  Slice& slice = SliceOf(mm, t_thread.cpu);
  Mapping* mapping = nullptr;
  uint16_t cause;
  MigrateDisable(call.Internal(call.reason));
  {
    MutexLock lock(slice.lock);
    cause = GetLocked(slice, mm, pfn, npages, prot, call, &mapping);
  }
  if (mapping == nullptr) {
    MigrateEnable(call.Internal(call.reason));
    return Fail(cause, pfn, npages, prot, call);
  }
  Count(g_counters.gets);
  return mapping;
}

Mapping* MermapGetReserved(uint64_t pfn, unsigned prot, const Call& call) {
  if (t_thread.context.preempt == 0)
    EmitWrongContext(FLUSHDEP_CTX_PREEMPT, FLUSHDEP_F_FAILED, call);
  if (t_thread.context.preempt == 0 || !MermapReady())
    return Fail(FLUSHDEP_MAP_FAIL_NOT_READY, pfn, 1, prot, call);
  if (!ValidProt(prot) || !ValidPages(pfn, 1))
    return Fail(FLUSHDEP_MAP_FAIL_INVALID, pfn, 1, prot, call);
  Mm* mm = t_thread.mm;
  Slice& slice = SliceOf(mm, t_thread.cpu);
  Mapping* mapping;
  bool installed = false;
  {
    MutexLock lock(slice.lock);
    mapping = slice.TakeReserved();
    if (mapping != nullptr) {
      uint64_t va = SliceStart(mm, t_thread.cpu) + mapping->page * kPageBytes;
      RecycleReserve(slice, mm, va, call);
      slice.reserve_used = true;
      installed = Install(slice, *mapping, mm, pfn, prot, call);
    }
  }
  if (mapping == nullptr) return Fail(FLUSHDEP_MAP_FAIL_SLOTS, pfn, 1, prot, call);
  if (!installed)
    Die(4, "the host's limit of mappings was reached in flushdep_mermap_get_reserved()");
  Count(g_counters.reserved_gets);
  return mapping;
}

void MermapPut(Mapping* mapping, const Call& call) {
  Slice* slice = SliceOfHandle(mapping);
  if (slice == nullptr) return EmitFailedPut(mapping, false, call);
  bool reserved;
  {
    MutexLock lock(slice->lock);
    if (!mapping->live) return EmitFailedPut(mapping, true, call);
    reserved = mapping->reserved;
    GetBackend().unmap(MappingAddress(mapping), mapping->npages);
    EmitPte(FLUSHDEP_EV_PTE_CLEAR, *mapping, call);
    EmitMap(FLUSHDEP_EV_MAP_END, *mapping, call);
    slice->Release(mapping);
  }
  Count(g_counters.puts);
  if (reserved && t_thread.context.preempt == 0) EmitWrongContext(FLUSHDEP_CTX_PREEMPT, 0, call);
  // A put by a foreign thread finds nothing to enable; MAP_END has told whose it was.
  if (!reserved && t_thread.context.migrate > 0) MigrateEnable(call.Internal(call.reason));
}

void MermapTeardown(Mm* mm, const Call& call) {
  if (!mm->mermap_ready.load(std::memory_order_acquire)) return;
  mm->mermap_ready.store(false, std::memory_order_release);
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) ClearSlice(SliceOf(mm, cpu), call);
  EmitRegion(FLUSHDEP_EV_REGION_END, mm, call);
}

void RestoreMermap(Mm* mm) {
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++)
    for (Mapping& mapping : SliceOf(mm, cpu)) {
      unsigned prot =
          FLUSHDEP_MAP_READ | FlagIf((mapping.prot & FLUSHDEP_PROT_WRITE) != 0, FLUSHDEP_MAP_WRITE);
      if (mapping.live &&
          GetBackend().map(MappingAddress(&mapping), mapping.pfn, mapping.npages, prot) != 0)
        Die(4, "the host's limit of mappings was reached while rebuilding the mermap after fork");
    }
}

flushdep_mermap_stats ReadMermapStats() {
  auto read = [](const std::atomic<uint64_t>& counter) {
    return counter.load(std::memory_order_relaxed);
  };
  return {read(g_counters.gets),          read(g_counters.puts),
          read(g_counters.reserved_gets), read(g_counters.fail_not_ready),
          read(g_counters.fail_slots),    read(g_counters.fail_space),
          read(g_counters.fail_invalid),  read(g_counters.wraps)};
}

}  // namespace flushdep
