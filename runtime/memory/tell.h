// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the page allocator tells the checker about owners. Single pages take the checker's
// short way (checker/model/hot.h) where it is open; all else goes as events.
#ifndef FLUSHDEP_RUNTIME_MEMORY_TELL_H_
#define FLUSHDEP_RUNTIME_MEMORY_TELL_H_

#include "checker/model/hot.h"
#include "runtime/machine/call.h"
#include "runtime/memory/freetype.h"

namespace flushdep {

void EmitAlloc(uint64_t pfn, unsigned order, unsigned flags, Freetype type, const Call& call);
// PAGE_FREE; REFUSED unless `accepted`.
void EmitFree(uint64_t pfn, unsigned order, bool accepted, const Call& call);
void EmitRef(uint16_t kind, uint64_t pfn, int delta, int count, bool failed, const Call& call);
void EmitSplit(uint64_t pfn, unsigned order, const Call& call);
// A free block of pages of 2^order is of another freetype now.
void EmitRetype(uint64_t pfn, unsigned order, Freetype type, const Call& call);

FLUSHDEP_HOT void TellAlloc(uint64_t pfn, unsigned order, unsigned flags, Freetype type,
                            const Call& call) {
  if (kHooks && order == 0 && hot::Alloc(pfn, Here(call))) return;
  EmitAlloc(pfn, order, flags, type, call);
}

FLUSHDEP_HOT void TellFree(uint64_t pfn, unsigned order, bool accepted, const Call& call) {
  if (kHooks && accepted && order == 0 && hot::Free(pfn, Here(call))) return;
  EmitFree(pfn, order, accepted, call);
}

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_TELL_H_
