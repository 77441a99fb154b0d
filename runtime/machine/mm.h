// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Address spaces: a fixed table of kMaxMms. Ids (1..) are never reused, slots and
// with them window addresses are, but only once no CPU has the old mm loaded.
//
// Counts, as in Linux: `users` (callers and threads) keep the mm usable;
// `loads` (CPUs, lazy ones included) keep only its slot.
#ifndef FLUSHDEP_RUNTIME_MACHINE_MM_H_
#define FLUSHDEP_RUNTIME_MACHINE_MM_H_

#include <atomic>
#include <cstdint>

#include "runtime/include/flushdep.h"
#include "runtime/machine/lock.h"

struct flushdep_mm {
  uint32_t id;
  uint32_t slot;
  uint32_t space;  // the checker's name for it, for its short way in
  std::atomic<uint32_t> users;
  std::atomic<uint32_t> loads;
  std::atomic<bool> mermap_ready;    // set last by a successful prepare
  std::atomic<bool> area_told;       // of entries set by hand
  std::atomic<bool> slices_by_hand;  // entries of slices, by a program's own mermap
  bool in_use;                       // under the table's lock, like the next
  bool dying;                        // unused; its tables are being freed
  flushdep::Mutex prepare_lock;
  flushdep::Mutex flush_lock;     // orders tlb_gen with its FLUSH_ISSUE
  std::atomic<uint64_t> tlb_gen;  // changed under flush_lock
};

namespace flushdep {

using Mm = flushdep_mm;
struct Call;

// Null when kMaxMms exist; says so once on stderr. Emits MM_CREATE.
Mm* MmCreate(const Call& call);
void MmGet(Mm* mm);
// The last put tears the mermap down and emits MM_END.
void MmPut(Mm* mm, const Call& call);
// A CPU loads it or stops doing so. MmUnload may free the slot.
void MmLoad(Mm* mm);
void MmUnload(Mm* mm);

// The mm that has the slot; only while it is in use.
Mm* MmOfSlot(uint32_t slot);

inline uint32_t MmId(const Mm* mm) { return mm != nullptr ? mm->id : 0; }

// Calls `fn` for every mm in use. Only while nothing else runs (fork).
void ForEachMm(void (*fn)(Mm* mm));

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_MM_H_
