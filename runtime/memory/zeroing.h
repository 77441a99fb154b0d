// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Zeroing of pages that are handed out with FLUSHDEP_ALLOC_ZERO.
//
// Unmapped pages have three ways, one for each revision of the series; flushdep.h says which is
// chosen. Through the mermap it is the allocator that makes the translations, so it is the
// allocator that owes the flush: one of everything on all CPUs, before the page is handed out.
// Nothing narrower is enough: a CPU may have left the mm meanwhile and keep its entries under a
// PCID of old, or keep the mm loaded lazily, where a flush of the mm does not reach it.
#ifndef FLUSHDEP_RUNTIME_MEMORY_ZEROING_H_
#define FLUSHDEP_RUNTIME_MEMORY_ZEROING_H_

#include "runtime/machine/call.h"

namespace flushdep {

void SetUnmappedZero(unsigned policy);  // enum flushdep_zero_policy
unsigned UnmappedZero();

// Is it a request for zeroed unmapped pages while those exclude each other? Says so once on stderr.
bool RefusesZero(unsigned flags);

void ZeroPages(uint64_t pfn, unsigned order, bool unmapped, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_ZEROING_H_
