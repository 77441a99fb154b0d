// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every fixed size of the simulated machine, by name. What happens at each
// limit is said where it is used; none is passed silently.
#ifndef FLUSHDEP_RUNTIME_MACHINE_LIMITS_H_
#define FLUSHDEP_RUNTIME_MACHINE_LIMITS_H_

#include <cstdint>

#include "checker/model/limits.h"
#include "runtime/include/flushdep.h"

namespace flushdep {

// The machine has as many CPUs as the checker follows.
static_assert(kMaxCpus == FLUSHDEP_MAX_CPUS);
inline constexpr uint64_t kPageBytes = FLUSHDEP_PAGE_BYTES;
inline constexpr unsigned kPageShift = 12;
inline constexpr unsigned kPageblockOrder = FLUSHDEP_PAGEBLOCK_ORDER;
inline constexpr uint64_t kPageblockPages = 1u << kPageblockOrder;
inline constexpr unsigned kMaxOrder = FLUSHDEP_MAX_ORDER;

// Physical memory (option `mem`), in bytes. The least is one block of the
// highest order.
inline constexpr uint64_t kMinMemory = kPageBytes << kMaxOrder;
inline constexpr uint64_t kMaxMemory = 64ull << 30;

// Address spaces that exist at one time, those that are only kept by a lazy
// CPU included. With kMaxCpus slices and kUserBytes each they just fill the window.
inline constexpr uint32_t kMaxMms = 256;

// Addresses of an mm for page-table entries that are set by hand.
inline constexpr uint64_t kUserBytes = 256ull << 20;

// One CPU's mermap slice in one mm; the last page is the reserve.
inline constexpr uint32_t kSlicePages = 512;
inline constexpr uint32_t kSliceReservedPages = 1;
inline constexpr uint32_t kSliceUsablePages = kSlicePages - kSliceReservedPages;
inline constexpr uint32_t kLivePerSlice = 4;
// More handles than can be live, used in turn, so that a second put of an old handle is
// not taken for the put of a newer mapping.
inline constexpr uint32_t kHandlesPerSlice = 16;

// Threads that use the machine at one time.
inline constexpr uint32_t kMaxThreads = 2048;

// A thread that shares its CPU keeps it for 1 to this many calls, as the seed has it.
inline constexpr uint32_t kMaxQuantumCalls = 64;
// The timer tick (250 Hz): how long a waiting thread lets a CPU's thread run that makes no calls.
inline constexpr uint64_t kTickNanos = 4000000;
// After this a shootdown that is not answered is told on stderr, as Linux does (5 s).
inline constexpr uint64_t kStallNanos = 5000000000;

// Locks that one thread holds and the machine follows, as lockdep's MAX_LOCK_DEPTH.
inline constexpr uint32_t kMaxHeldLocks = 48;
// Short locks that objects of the program's share by their address.
inline constexpr unsigned kSyncStripesShift = 8;
inline constexpr uint32_t kSyncStripes = 1u << kSyncStripesShift;

// Pages up to which Linux flushes page by page; beyond, everything goes.
inline constexpr uint64_t kFlushCeilingPages = 33;

// The alternate stack of an attached thread, for the fault handler.
inline constexpr uint64_t kAltStackBytes = 256u << 10;

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_LIMITS_H_
