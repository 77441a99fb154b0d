// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/mermap/tell.h"

#include "runtime/mermap/mermap.h"

namespace flushdep {
namespace {

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

void EmitPte(uint16_t kind, const Mapping& mapping, uint64_t va, const Call& call) {
  const bool set = kind == FLUSHDEP_EV_PTE_SET;
  flushdep_event event = NewEvent(kind, call);
  flushdep_event_pte& pte = event.u.pte;
  pte.va = va;
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

}  // namespace

void EmitPteSet(const Mapping& mapping, uint64_t va, const Call& call) {
  EmitPte(FLUSHDEP_EV_PTE_SET, mapping, va, call);
}

void EmitPteClear(const Mapping& mapping, uint64_t va, const Call& call) {
  EmitPte(FLUSHDEP_EV_PTE_CLEAR, mapping, va, call);
}

void EmitMapBegin(const Mapping& mapping, const Call& call) {
  EmitMap(FLUSHDEP_EV_MAP_BEGIN, mapping, call);
}

void EmitMapEnd(const Mapping& mapping, const Call& call) {
  EmitMap(FLUSHDEP_EV_MAP_END, mapping, call);
}

void TellPutOfNothing(const Mapping* mapping, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_MAP_END, call);
  event.u.map.handle = reinterpret_cast<uint64_t>(mapping);
  event.u.map.pfn = FLUSHDEP_NO_PFN;
  Emit(event);
}

void TellMapFail(uint16_t cause, uint64_t pfn, uint64_t npages, unsigned prot, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_MAP_FAIL, call);
  event.u.map.pfn = pfn;
  event.u.map.mm = MmId(t_thread.mm);
  event.u.map.npages = static_cast<uint32_t>(npages);
  event.u.map.owner_cpu = t_thread.cpu;
  event.u.map.owner_thread = t_thread.id;
  event.u.map.prot = static_cast<uint16_t>(prot);
  event.u.map.cause = cause;
  Emit(event);
}

void TellRewind(const Mm* mm, uint64_t va, uint32_t npages, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_MAP_REWIND, call);
  event.u.map.va = va;
  event.u.map.pfn = FLUSHDEP_NO_PFN;
  event.u.map.mm = MmId(mm);
  event.u.map.npages = npages;
  event.u.map.owner_cpu = t_thread.cpu;
  event.u.map.owner_thread = t_thread.id;
  Emit(event);
}

void TellRegion(uint16_t kind, const Mm* mm, const Call& call) {
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

}  // namespace flushdep
