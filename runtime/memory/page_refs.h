// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// References, compound pages and splits. A reference through a tail of a compound page is one to
// its head. A count and the event that tells it change together, under the page's lock.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PAGE_REFS_H_
#define FLUSHDEP_RUNTIME_MEMORY_PAGE_REFS_H_

#include "runtime/machine/call.h"

namespace flushdep {

// The head of a compound page's tail; anything else is its own.
uint64_t HeadOf(uint64_t pfn);

// GetPage of a page without an owner, or frozen, is a FAILED event. TryGetPage then says false
// and tells nothing.
void GetPage(uint64_t pfn, const Call& call);
bool TryGetPage(uint64_t pfn, const Call& call);
// Says whether it was the last, and frees then: with the order of the allocation, or with
// `order` if that is not negative.
bool PutPage(uint64_t pfn, int order, const Call& call);
// The same without the free: the last one leaves the page frozen.
bool DropPage(uint64_t pfn, const Call& call);
// Takes all references away, if there are exactly `count`, and gives a frozen page `count` of them.
// False: it has another count, is not frozen.
bool FreezePage(uint64_t pfn, int count, const Call& call);
bool UnfreezePage(uint64_t pfn, int count, const Call& call);
int PageRefs(uint64_t pfn);

// The order of the allocation that starts at `pfn` or, of a compound page, contains it; -1 if
// there is none.
int AllocatedOrder(uint64_t pfn);

// One allocation becomes 2^order of order 0, each with the count of the whole. 0; -EINVAL if it is
// not the first page of an allocation; -EBUSY with more than one reference, or while it is being
// moved.
int SplitPage(uint64_t pfn, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PAGE_REFS_H_
