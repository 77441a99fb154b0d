// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What CPUs' TLBs may hold: x86-64 as Linux 6.12 runs it (arch/x86/mm/tlb.c:
// switch_mm_irqs_off, choose_new_asid, flush_tlb_func), from events alone.
//
// A CPU may hold a translation of mm M that was present in epochs [set, clear]
// iff it had M loaded (lazily counts) at some instant of that time and nothing
// dropped M's entries on it afterwards. So per (mm, CPU) we keep
//   - the stretches in which the CPU had the mm loaded, since the last drop;
//   - the epoch of the last drop of all its entries.
// What drops them: a flush that the CPU acknowledged; its ASID slot given to
// another mm (six slots a CPU, round robin); loading the mm while the slot's
// tlb_gen is behind; any switch when PCID is off; the end of the mm on CPUs that do not have
// it loaded. A flush that bumps tlb_gen also ends what CPUs hold that do not have the mm loaded,
// since they flush before they use it again. A context switch with PCID drops nothing.
//
// Kernel (global) entries are held by every CPU and dropped only by flushes of
// everything or of a kernel range. With PTI (arch/x86/mm/pti.c) they are not global: each of
// a CPU's ASIDs has its own, so that whatever drops all of those drops them. A kernel-range
// flush drops all: the current ASID's at once, the others' before they are used
// (invalidate_other_asid()). PTI's second (user) PCID adds nothing: flushes of an mm do both.
//
// Broadcast invalidation (INVLPGB, arm64) drops an mm's entries on every CPU,
// loaded there or not.
//
// Stretches outlive the drop while there is room: Ran() asks who could have held an
// entry at all, which is what a contract is judged by (contract.cc).
//
// Not modelled here: ranges (flushes.cc combines the two).
//
// Locking: all calls but FlushedThrough() need the caller's lock. Cost: O(slots)
// for CPU events, O(CPUs) for queries; nothing allocates.
#ifndef FLUSHDEP_CHECKER_MODEL_TLB_H_
#define FLUSHDEP_CHECKER_MODEL_TLB_H_

#include <atomic>
#include <cstdint>

#include "checker/model/cpu_set.h"
#include "checker/model/epoch.h"
#include "checker/model/flat_table.h"
#include "checker/model/limits.h"

namespace flushdep {

// A space's place in our tables. 0 is the kernel's; places of ended mms are
// used again, so compare `born` with the epoch of what refers to one.
using SpaceIndex = uint32_t;
inline constexpr SpaceIndex kKernelSpace = 0;
inline constexpr SpaceIndex kNoSpace = ~0u;

// One mm on one CPU: when it was loaded there.
struct Residency {
  struct Stretch {
    Epoch from;
    Epoch to;  // kStill while loaded
  };
  uint32_t count;
  Stretch loaded[kMaxLoadIntervals];
};

class TlbModel {
 public:
  explicit TlbModel(EpochClock& clock, LimitCounts& limits) : clock_(clock), limits_(limits) {}

  // False if memory for the tables cannot be had. `asids` 0 means 6.
  bool Init(uint32_t cpus, bool pcid, uint32_t asids, bool pti = false);

  uint32_t cpus() const { return cpus_; }
  // All places of spaces in use are below.
  SpaceIndex end() const { return space_end_; }

  // Spaces. kNoSpace when there are too many live ones, or the id is unknown.
  SpaceIndex CreateSpace(uint32_t mm);
  SpaceIndex FindSpace(uint32_t mm) const;
  uint32_t MmOf(SpaceIndex space) const { return spaces_[space].mm; }
  bool HasEnded(SpaceIndex space) const {
    return space != kKernelSpace && (!spaces_[space].used || spaces_[space].ended);
  }
  Epoch BornAt(SpaceIndex space) const { return spaces_[space].born; }
  void EndSpace(SpaceIndex space);

  // CPUs.
  void Online(uint32_t cpu);
  void Offline(uint32_t cpu);
  enum class Kept : uint8_t { ByModel, Yes, No };  // did the producer see the CR3 write?
  // kKernelSpace: no mm at all (init_mm) from here on.
  void Load(uint32_t cpu, SpaceIndex space, Kept kept = Kept::ByModel);
  // The kernel's own mm (init_mm): no mm of ours is loaded any more.
  void LoadKernel(uint32_t cpu) { Load(cpu, kKernelSpace); }
  void Lazy(uint32_t cpu) { cpu_[cpu].lazy = true; }
  bool IsOnline(uint32_t cpu) const { return cpu_[cpu].online; }
  bool IsLazy(uint32_t cpu) const { return cpu_[cpu].lazy; }
  SpaceIndex LoadedOn(uint32_t cpu) const { return cpu_[cpu].loaded; }

  // Flushes. Each is told what happened at epoch `at`.
  void BumpGen(SpaceIndex space, uint64_t gen, Epoch at);
  void DropEverything(uint32_t cpu, Epoch at, bool global);
  void DropSpace(uint32_t cpu, SpaceIndex space, Epoch at);
  // By the hardware, also where the mm is not loaded.
  void DropSpaceBroadcast(uint32_t cpu, SpaceIndex space, Epoch at);
  void NoteBroadcast(uint32_t cpu, SpaceIndex space);
  // A ranged flush that bumped the generation arrives on `cpu`: a CPU that is
  // more than this one behind drops all entries of the mm, as Linux does.
  void NoteRangeFlush(uint32_t cpu, SpaceIndex space, Epoch at);

  // May `cpu` hold a translation of `space` that was present in [set, clear]?
  bool MayHold(uint32_t cpu, SpaceIndex space, Epoch set, Epoch clear) const;
  CpuSet Holders(SpaceIndex space, Epoch set, Epoch clear) const;
  // Could it ever, whatever was dropped since?
  bool Ran(uint32_t cpu, SpaceIndex space, Epoch set, Epoch clear) const;
  CpuSet Runners(SpaceIndex space, Epoch set, Epoch clear) const;
  // Is `cpu` lazy, and will it flush before it uses `space` again, for a flush that
  // was asked for after `clear`? What Linux relies on for user memory.
  bool WillFlushWhenBusy(uint32_t cpu, SpaceIndex space, Epoch clear) const;

  // Did `cpu` have `space` loaded since its entries were last dropped?
  bool IsResident(uint32_t cpu, SpaceIndex space) const;

  // When all entries of `space` on `cpu` were last dropped. Lock-free, and may be a little old.
  Epoch DroppedAt(uint32_t cpu, SpaceIndex space) const {
    return dropped_[size_t{space} * cpus_ + cpu].load(std::memory_order_relaxed);
  }

  // What was cleared before this epoch is held nowhere. Lock-free; a lower
  // bound, raised by NoteFlushed() when a flush is complete.
  Epoch FlushedThrough(SpaceIndex space) const {
    return flushed_through_[space].load(std::memory_order_acquire);
  }
  // The tables behind these two, for whoever asks all the time: by space, and by space and CPU.
  const std::atomic<Epoch>* flushed_through() const { return &flushed_through_[0]; }
  const std::atomic<Epoch>* dropped() const { return &dropped_[0]; }
  // Raises FlushedThrough(space) to `epoch` if no CPU holds anything older.
  void NoteFlushed(SpaceIndex space, Epoch epoch);
  void NoteFlushedEverywhere(Epoch epoch);

 private:
  static constexpr uint32_t kMaxAsids = 16;

  struct Space {
    uint32_t mm;
    bool used;
    bool ended;
    Epoch born;
    uint64_t gen;
    Epoch bumped;  // when gen last rose
  };
  struct AsidSlot {
    SpaceIndex space;  // kKernelSpace: empty
    uint64_t gen;
  };
  struct Cpu {
    bool online;
    bool lazy;
    SpaceIndex loaded;  // kKernelSpace: none yet
    uint32_t next_asid;
    Epoch kernel_dropped;
    AsidSlot slots[kMaxAsids];
  };

  Residency& At(SpaceIndex space, uint32_t cpu) { return residency_[size_t{space} * cpus_ + cpu]; }
  bool MayHoldKernel(uint32_t cpu, Epoch set, Epoch clear) const;
  const Residency& At(SpaceIndex space, uint32_t cpu) const {
    return residency_[size_t{space} * cpus_ + cpu];
  }
  AsidSlot* FindSlot(Cpu& cpu, SpaceIndex space);
  const AsidSlot* FindSlot(const Cpu& cpu, SpaceIndex space) const;
  AsidSlot& TakeSlot(uint32_t cpu, SpaceIndex space, Epoch at);
  void Unload(uint32_t cpu, Epoch at);
  void Leave(uint32_t cpu, Epoch at);
  void Drop(uint32_t cpu, SpaceIndex space, Epoch at);
  void OpenStretch(uint32_t cpu, SpaceIndex space, Epoch at);
  void ReleaseIfUnreachable(SpaceIndex space);

  EpochClock& clock_;
  LimitCounts& limits_;
  uint32_t cpus_ = 0;
  uint32_t asids_ = 6;
  bool pcid_ = true;
  bool pti_ = false;
  uint32_t max_spaces_ = 0;
  uint32_t max_intervals_ = kMaxLoadIntervals;
  SpaceIndex space_end_ = 1;  // all used places are below
  FlatTable<Space> spaces_;
  FlatTable<Cpu> cpu_;
  FlatTable<Residency> residency_;
  FlatTable<std::atomic<Epoch>> dropped_;
  FlatTable<std::atomic<Epoch>> flushed_through_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_TLB_H_
