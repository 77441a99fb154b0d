// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the mermap tells the checker. Single pages take the checker's short
// way (checker/live/hot.h) where it is open; all else goes as events.
#ifndef FLUSHDEP_RUNTIME_MERMAP_TELL_H_
#define FLUSHDEP_RUNTIME_MERMAP_TELL_H_

#include "runtime/machine/call.h"
#include "runtime/mermap/slice.h"

namespace flushdep {

// The entries of a mapping are about to be present, or are not any more.
void TellPteSet(const Mapping& mapping, const Call& call);
void TellPteClear(const Mapping& mapping, const Call& call);
// The handle is live, or is put. `call.flags` FAILED: it was no live mapping.
void TellMapBegin(const Mapping& mapping, const Call& call);
void TellMapEnd(const Mapping& mapping, const Call& call);
// A put of a pointer that no get returned.
void TellPutOfNothing(const Mapping* mapping, const Call& call);

void TellMapFail(uint16_t cause, uint64_t pfn, uint64_t npages, unsigned prot, const Call& call);
void TellRewind(const Mm* mm, uint64_t va, uint32_t npages, const Call& call);
// REGION or REGION_END.
void TellRegion(uint16_t kind, const Mm* mm, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MERMAP_TELL_H_
