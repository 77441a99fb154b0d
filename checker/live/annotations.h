// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What annotations of a running program (checker/event/annotations.h) mean to
// the events that pass by.
#ifndef FLUSHDEP_CHECKER_LIVE_ANNOTATIONS_H_
#define FLUSHDEP_CHECKER_LIVE_ANNOTATIONS_H_

#include "checker/event/events.h"
#include "checker/model/hot_lives.h"

namespace flushdep {

// The functions of the program that are marked FLUSHDEP_WRAPPER.
WrapperCode LinkedWrappers();

// Does the calling thread name the class of what it allocates?
bool HasAllocationClass();
// Puts the thread's class into a PAGE_ALLOC that has none.
void AddAllocationClass(flushdep_event* event);

// The first code location outside of allocation wrappers (FLUSHDEP_WRAPPER).
uint64_t ClassSite(const flushdep_event& event);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_LIVE_ANNOTATIONS_H_
