// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the mermap tells the checker. Single pages take the checker's short
// way (checker/model/hot.h) where it is open; all else goes as events.
#ifndef FLUSHDEP_RUNTIME_MERMAP_TELL_H_
#define FLUSHDEP_RUNTIME_MERMAP_TELL_H_

#include "checker/model/hot.h"
#include "runtime/machine/call.h"
#include "runtime/mermap/slice.h"

namespace flushdep {

void EmitPteSet(const Mapping& mapping, uint64_t va, const Call& call);
void EmitPteClear(const Mapping& mapping, uint64_t va, const Call& call);
void EmitMapBegin(const Mapping& mapping, const Call& call);
void EmitMapEnd(const Mapping& mapping, const Call& call);

// The entries of a mapping, at `va`, are about to be present, or are not any more. True if that
// is all that the checker wants to know of it.
FLUSHDEP_HOT bool TellPteSet(const Mapping& mapping, uint64_t va, const Call& call) {
  if (kHooks && mapping.npages == 1 && hot::Map(va, mapping.pfn, mapping.mm->space, Here(call)))
    return true;
  EmitPteSet(mapping, va, call);
  return kHooks && g_hot.open();
}
FLUSHDEP_HOT void TellPteClear(const Mapping& mapping, uint64_t va, const Call& call) {
  if (kHooks && mapping.npages == 1 && hot::Unmap(va, mapping.pfn, mapping.mm->space, Here(call)))
    return;
  EmitPteClear(mapping, va, call);
}

// The handle is put. `call.flags` FAILED: it was no live mapping. A get, and a put
// where it belongs, tell the invariant nothing that the entries did not.
inline void TellMapEnd(const Mapping& mapping, bool in_place, const Call& call) {
  if (!g_hot.open() || !in_place) EmitMapEnd(mapping, call);
}

// A put of a pointer that no get returned.
void TellPutOfNothing(const Mapping* mapping, const Call& call);

void TellMapFail(uint16_t cause, uint64_t pfn, uint64_t npages, unsigned prot, const Call& call);
void TellRewind(const Mm* mm, uint64_t va, uint32_t npages, const Call& call);
// REGION or REGION_END.
void TellRegion(uint16_t kind, const Mm* mm, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MERMAP_TELL_H_
