// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/mermap/mermap.h"

#include <errno.h>

#include "runtime/machine/arena.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/inject.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_table.h"
#include "runtime/mermap/tell.h"

namespace flushdep {
namespace {

// kMaxMms * cpus of them; those of an mm are at its slot. Populated by use.
constinit Slice* g_slices = nullptr;

// By CPU, written by whoever runs there; summed when read.
struct alignas(kApart) Counters {
  std::atomic<uint64_t> gets, puts, reserved_gets;
  std::atomic<uint64_t> fail_not_ready, fail_slots, fail_space, fail_invalid, fail_injected;
  std::atomic<uint64_t> wraps;
};
constinit Counters g_counters[kMaxCpus] = {};

Counters& Mine() { return g_counters[t_thread.cpu]; }

// One writer at a time: no locked instruction.
void Count(std::atomic<uint64_t>& counter) {
  counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

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

// The lock of a slice that was used: by the cheap side where the calling thread runs on its CPU.
class SliceGuard {
 public:
  explicit SliceGuard(Slice& slice)
      : lock_(slice.lock), owned_(slice.owner.load(std::memory_order_relaxed) == t_thread.cpu + 1) {
    owned_ ? lock_.LockByOwner() : lock_.LockByOther();
  }
  ~SliceGuard() { owned_ ? lock_.UnlockByOwner() : lock_.UnlockByOther(); }
  // Does the calling thread run on the slice's CPU?
  bool owned() const { return owned_; }
  SliceGuard(const SliceGuard&) = delete;
  SliceGuard& operator=(const SliceGuard&) = delete;

 private:
  OwnerLock& lock_;
  const bool owned_;
};

// The calling CPU's slice of its mm, for a get.
Slice& OwnSlice(const Mm* mm) {
  Slice& slice = SliceOf(mm, t_thread.cpu);
  slice.owner.store(t_thread.cpu + 1, std::memory_order_relaxed);
  return slice;
}

// Unique in the process and never 0: which slice, and its how-many-eth handle. No shared counter.
uint64_t NewId(Slice& slice) {
  return static_cast<uint64_t>(&slice - g_slices + 1) << 40 | slice.CountHandle();
}

uint16_t HardwareProt(unsigned prot) {
  return static_cast<uint16_t>(FLUSHDEP_PROT_READ |
                               FlagIf((prot & FLUSHDEP_MAP_WRITE) != 0, FLUSHDEP_PROT_WRITE));
}

Pte PteFlags(unsigned prot) {
  return kPtePresent | kPteNoExec | ((prot & FLUSHDEP_MAP_WRITE) != 0 ? kPteWrite : 0);
}

// Reading cannot be refused on x86, so a mapping without it is not one; anything else
// (global, user, executable) is not for an ephemeral mapping.
bool ValidProt(unsigned prot) {
  return (prot & FLUSHDEP_MAP_READ) != 0 && (prot & ~(FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE)) == 0;
}

bool ValidPages(uint64_t pfn, uint64_t npages) {
  return npages > 0 && pfn < NumPages() && npages <= NumPages() - pfn;
}

std::atomic<uint64_t>& CounterOf(uint16_t cause) {
  switch (cause) {
    case FLUSHDEP_MAP_FAIL_NOT_READY:
      return Mine().fail_not_ready;
    case FLUSHDEP_MAP_FAIL_SLOTS:
      return Mine().fail_slots;
    case FLUSHDEP_MAP_FAIL_INVALID:
      return Mine().fail_invalid;
    case FLUSHDEP_MAP_FAIL_INJECTED:
      return Mine().fail_injected;
    default:
      return Mine().fail_space;
  }
}

Mapping* Fail(uint16_t cause, uint64_t pfn, uint64_t npages, unsigned prot, const Call& call) {
  Count(CounterOf(cause));
  TellMapFail(cause, pfn, npages, prot, call);
  return nullptr;
}

// The one flush of a wrap: this CPU's whole TLB, so the reserve's entry too.
void Wrap(Slice& slice, Mm* mm, const Slice::Plan& plan, const Call& caller) {
  const Call call = caller.Internal(FLUSHDEP_WHY_MERMAP_WRAP);
  Count(Mine().wraps);
  FlushLocal(call);
  slice.reserve_used = false;
  TellRewind(mm, SliceStart(mm, t_thread.cpu) + plan.floor * kPageBytes, plan.next - plan.floor,
             call);
  slice.Rewind(plan.floor);
}

// The reserved address is handed out again and again; its last page goes first.
void RecycleReserve(Slice& slice, Mm* mm, uint64_t va, const Call& caller) {
  if (!slice.reserve_used) return;
  const Call call = caller.Internal(FLUSHDEP_WHY_MERMAP_WRAP);
  FlushLocalPage(mm, va, call);
  TellRewind(mm, va, 1, call);
}

// Makes a taken handle a mapping. False at the host's limit of mappings: undone.
bool Install(Slice& slice, Mapping& mapping, Mm* mm, uint64_t pfn, unsigned prot,
             const Call& call) {
  mapping.id = NewId(slice);
  mapping.pfn = pfn;
  mapping.mm = mm;
  mapping.cpu = t_thread.cpu;
  mapping.thread = t_thread.id;
  mapping.prot = HardwareProt(prot);
  const uint64_t va = MappingAddress(&mapping);
  const bool told = TellPteSet(mapping, va, call);
  if (GetBackend().map(va, pfn, mapping.npages, prot) != 0) {
    GetBackend().unmap(va, mapping.npages);
    TellPteClear(mapping, va, call.Internal(call.reason));
    slice.Release(&mapping);
    return false;
  }
  WritePtes(va, pfn, mapping.npages, PteFlags(prot));
  if (!told) EmitMapBegin(mapping, call);
  return true;
}

// The entries stop being present; under the slice's lock.
void Remove(const Mapping& mapping, const Call& call) {
  const uint64_t va = MappingAddress(&mapping);
  PutPtes(va, mapping.npages);
  GetBackend().unmap(va, mapping.npages);
  TellPteClear(mapping, va, call);
}

// What a get does for its caller and a put undoes. The invariant has no interest in it.
void StayHere(const Call& call) {
  if (!kHooks || g_hot.open())
    t_thread.context.migrate++;
  else
    MigrateDisable(call.Internal(call.reason));
}
void MayLeave(const Call& call) {
  if ((!kHooks || g_hot.open()) && t_thread.context.migrate > 0)
    t_thread.context.migrate--;
  else
    MigrateEnable(call.Internal(call.reason));
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
void FailPut(const Mapping* mapping, bool known, const Call& call) {
  const Call failed = {call.site, call.reason,
                       static_cast<uint16_t>(call.flags | FLUSHDEP_F_FAILED)};
  if (known && mapping->mm != nullptr) return EmitMapEnd(*mapping, failed);
  TellPutOfNothing(mapping, failed);
}

// All slices, whatever CPU this runs on.
void ClearSlice(Slice& slice, const Call& call) {
  if (slice.owner.load(std::memory_order_relaxed) == 0) return;
  SliceGuard guard(slice);
  for (Mapping& mapping : slice) {
    if (!mapping.live) continue;
    Remove(mapping, call);
    slice.Release(&mapping);
  }
  slice.Rewind(0);
  slice.reserve_used = false;
}

}  // namespace

void BootMermap() { g_slices = MapTable<Slice>(NumSlices()); }

uint64_t SliceStart(const Mm* mm, uint32_t cpu) { return MmAddress(mm->slot) + cpu * kSliceBytes; }

uint64_t MappingAddress(const Mapping* mapping) {
  return SliceStart(mapping->mm, mapping->cpu) + mapping->page * kPageBytes;
}

int MermapPrepare(Mm* mm, const Call& call) {
  if (mm == nullptr || mm->users.load() == 0) return -EINVAL;
  MutexLock lock(mm->prepare_lock);
  if (mm->mermap_ready.load(std::memory_order_acquire)) return 0;
  if (InjectFailure(InjectPoint::Prepare, call)) return -ENOMEM;
  const int error = TablesPopulate(mm, SliceStart(mm, 0), SliceStart(mm, g_machine.cpus),
                                   call.Internal(call.reason));
  if (error != 0) return error;
  TellRegion(FLUSHDEP_EV_REGION, mm, call);
  // Last of all: whoever sees it set may map at once.
  mm->mermap_ready.store(true, std::memory_order_release);
  return 0;
}

bool MermapReady() {
  return InTask() && t_thread.mm != nullptr &&
         t_thread.mm->mermap_ready.load(std::memory_order_acquire);
}

Mapping* MermapGet(uint64_t pfn, size_t size, unsigned prot, const Call& call) {
  uint64_t npages = size / kPageBytes + (size % kPageBytes != 0);
  if (!MermapReady()) return Fail(FLUSHDEP_MAP_FAIL_NOT_READY, pfn, npages, prot, call);
  if (!ValidProt(prot) || !ValidPages(pfn, npages))
    return Fail(FLUSHDEP_MAP_FAIL_INVALID, pfn, npages, prot, call);
  if (InjectFailure(InjectPoint::Get, call))
    return Fail(FLUSHDEP_MAP_FAIL_INJECTED, pfn, npages, prot, call);
  Mm* mm = t_thread.mm;
  Slice& slice = OwnSlice(mm);
  Mapping* mapping = nullptr;
  uint16_t cause;
  StayHere(call);
  {
    SliceGuard guard(slice);
    cause = GetLocked(slice, mm, pfn, npages, prot, call, &mapping);
  }
  if (mapping == nullptr) {
    MayLeave(call);
    return Fail(cause, pfn, npages, prot, call);
  }
  Count(Mine().gets);
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
  Slice& slice = OwnSlice(mm);
  Mapping* mapping;
  bool installed = false;
  {
    SliceGuard guard(slice);
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
  Count(Mine().reserved_gets);
  return mapping;
}

void MermapPut(Mapping* mapping, const Call& call) {
  Slice* slice = SliceOfHandle(mapping);
  if (slice == nullptr) return FailPut(mapping, false, call);
  bool reserved;
  {
    SliceGuard guard(*slice);
    if (!mapping->live) return FailPut(mapping, true, call);
    reserved = mapping->reserved;
    Remove(*mapping, call);
    TellMapEnd(*mapping, guard.owned() && mapping->mm == t_thread.mm, call);
    slice->Release(mapping);
  }
  Count(Mine().puts);
  if (reserved && t_thread.context.preempt == 0) EmitWrongContext(FLUSHDEP_CTX_PREEMPT, 0, call);
  // A put by a foreign thread finds nothing to enable; MAP_END has told whose it was.
  if (!reserved && t_thread.context.migrate > 0) MayLeave(call);
}

void MermapTeardown(Mm* mm, const Call& call) {
  if (!mm->mermap_ready.load(std::memory_order_acquire)) return;
  mm->mermap_ready.store(false, std::memory_order_release);
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) ClearSlice(SliceOf(mm, cpu), call);
  SlicesTeardown(mm, call);
  TellRegion(FLUSHDEP_EV_REGION_END, mm, call);
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
  flushdep_mermap_stats sum = {};
  const auto add = [](uint64_t& to, const std::atomic<uint64_t>& counter) {
    to += counter.load(std::memory_order_relaxed);
  };
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) {
    const Counters& counters = g_counters[cpu];
    add(sum.gets, counters.gets);
    add(sum.puts, counters.puts);
    add(sum.reserved_gets, counters.reserved_gets);
    add(sum.fail_not_ready, counters.fail_not_ready);
    add(sum.fail_slots, counters.fail_slots);
    add(sum.fail_space, counters.fail_space);
    add(sum.fail_invalid, counters.fail_invalid);
    add(sum.fail_injected, counters.fail_injected);
    add(sum.wraps, counters.wraps);
  }
  return sum;
}

}  // namespace flushdep
