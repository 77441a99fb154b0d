// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/tlb.h"

namespace flushdep {
namespace {

constexpr uint32_t kLinuxAsids = 6;  // TLB_NR_DYN_ASIDS

Epoch Later(Epoch a, Epoch b) { return a > b ? a : b; }

}  // namespace

bool TlbModel::Init(uint32_t cpus, bool pcid, uint32_t asids, bool pti) {
  cpus_ = cpus < limits_.Max(Limit::Cpus) ? cpus : limits_.Max(Limit::Cpus);
  if (cpus > cpus_) limits_.Hit(Limit::Cpus);
  pcid_ = pcid;
  pti_ = pti;
  max_spaces_ = limits_.Max(Limit::Spaces);
  max_intervals_ = limits_.Max(Limit::LoadIntervals);
  if (max_intervals_ < 2) max_intervals_ = 2;
  // Without PCID every switch flushes, which is what one slot does.
  asids_ = asids == 0 ? kLinuxAsids : asids;
  if (asids_ > kMaxAsids) asids_ = kMaxAsids;
  if (!pcid) asids_ = 1;
  space_end_ = 1;
  return spaces_.Init(size_t{max_spaces_} + 1) && cpu_.Init(cpus_) &&
         residency_.Init((size_t{max_spaces_} + 1) * cpus_) &&
         dropped_.Init((size_t{max_spaces_} + 1) * cpus_) &&
         flushed_through_.Init(size_t{max_spaces_} + 1);
}

SpaceIndex TlbModel::CreateSpace(uint32_t mm) {
  SpaceIndex place = 1;
  while (place < space_end_ && spaces_[place].used) ++place;
  if (place == max_spaces_) {
    limits_.Hit(Limit::Spaces);
    return kNoSpace;
  }
  if (place == space_end_) ++space_end_;
  const Epoch at = clock_.Tick();
  Space& space = spaces_[place];
  space.mm = mm;
  space.used = true;
  space.ended = false;
  space.born = at;
  space.gen = 1;
  space.bumped = kNever;
  flushed_through_[place].store(at, std::memory_order_release);
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu) {
    At(place, cpu) = Residency{};
    dropped_[size_t{place} * cpus_ + cpu].store(kNever, std::memory_order_relaxed);
  }
  return place;
}

SpaceIndex TlbModel::FindSpace(uint32_t mm) const {
  if (mm == 0) return kKernelSpace;
  for (SpaceIndex place = 1; place < space_end_; ++place)
    if (spaces_[place].used && spaces_[place].mm == mm) return place;
  return kNoSpace;
}

void TlbModel::EndSpace(SpaceIndex space) {
  spaces_[space].ended = true;
  const Epoch at = clock_.Tick();
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu)
    if (cpu_[cpu].loaded != space) Drop(cpu, space, at);
  ReleaseIfUnreachable(space);
}

// An ended mm that no CPU has loaded cannot be reached: its context id is
// never used again. What still refers to it is told by `born`.
void TlbModel::ReleaseIfUnreachable(SpaceIndex space) {
  if (!spaces_[space].ended) return;
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu)
    if (cpu_[cpu].loaded == space) return;
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu)
    if (AsidSlot* slot = FindSlot(cpu_[cpu], space)) slot->space = kKernelSpace;
  flushed_through_[space].store(clock_.Tick(), std::memory_order_release);
  spaces_[space].used = false;
}

void TlbModel::Online(uint32_t cpu) {
  cpu_[cpu] = Cpu{};
  cpu_[cpu].online = true;
  cpu_[cpu].kernel_dropped = clock_.Tick();
}

void TlbModel::Offline(uint32_t cpu) {
  const Epoch at = clock_.Tick();
  Leave(cpu, at);
  DropEverything(cpu, at, /*global=*/true);
  cpu_[cpu].online = false;
}

const TlbModel::AsidSlot* TlbModel::FindSlot(const Cpu& cpu, SpaceIndex space) const {
  for (uint32_t i = 0; i < asids_; ++i)
    if (cpu.slots[i].space == space) return &cpu.slots[i];
  return nullptr;
}

TlbModel::AsidSlot* TlbModel::FindSlot(Cpu& cpu, SpaceIndex space) {
  return const_cast<AsidSlot*>(static_cast<const TlbModel*>(this)->FindSlot(cpu, space));
}

// The round robin of choose_new_asid(): whoever had the slot loses its entries.
TlbModel::AsidSlot& TlbModel::TakeSlot(uint32_t cpu, SpaceIndex space, Epoch at) {
  Cpu& c = cpu_[cpu];
  AsidSlot& slot = c.slots[c.next_asid];
  c.next_asid = (c.next_asid + 1) % asids_;
  if (slot.space != kKernelSpace) Drop(cpu, slot.space, at);
  slot.space = space;
  return slot;
}

void TlbModel::Unload(uint32_t cpu, Epoch at) {
  Residency& old = At(cpu_[cpu].loaded, cpu);
  if (old.count != 0) old.loaded[old.count - 1].to = at;
}

void TlbModel::Leave(uint32_t cpu, Epoch at) {
  const SpaceIndex old = cpu_[cpu].loaded;
  if (old == kKernelSpace) return;
  Unload(cpu, at);
  cpu_[cpu].loaded = kKernelSpace;
  if (!pcid_) Drop(cpu, old, at);
  // Nothing will ever load it again; or the slot is behind and is flushed when it is.
  const AsidSlot* slot = FindSlot(cpu_[cpu], old);
  const bool behind = slot != nullptr && slot->gen < spaces_[old].gen;
  if (spaces_[old].ended || behind) Drop(cpu, old, at);
  ReleaseIfUnreachable(old);
}

void TlbModel::Load(uint32_t cpu, SpaceIndex space, Kept kept) {
  Cpu& c = cpu_[cpu];
  const Epoch at = clock_.Tick();
  const bool same = c.loaded == space;
  c.lazy = false;
  if (!same) Leave(cpu, at);
  // Without PCID a new CR3 drops all that is not global, and with PTI the kernel's is not.
  if (!same && !pcid_ && pti_) c.kernel_dropped = at;
  if (space == kKernelSpace) return;
  c.loaded = space;

  AsidSlot* slot = FindSlot(c, space);
  bool flush = slot == nullptr || slot->gen < spaces_[space].gen;
  if (kept == Kept::Yes) flush = false;
  if (kept == Kept::No) flush = true;
  if (slot == nullptr) slot = &TakeSlot(cpu, space, at);
  slot->gen = spaces_[space].gen;
  if (flush) Drop(cpu, space, at);
  if (!same) OpenStretch(cpu, space, at);
}

// When there is no room, what only history needs goes first; then the two
// oldest become one, which may then name a CPU that holds nothing.
void TlbModel::OpenStretch(uint32_t cpu, SpaceIndex space, Epoch at) {
  Residency& residency = At(space, cpu);
  Residency::Stretch* const loaded = residency.loaded;
  if (residency.count == max_intervals_) {
    if (loaded[0].to > DroppedAt(cpu, space)) {
      limits_.Hit(Limit::LoadIntervals);
      loaded[1].from = loaded[0].from;
    }
    for (uint32_t i = 1; i < residency.count; ++i) loaded[i - 1] = loaded[i];
    --residency.count;
  }
  loaded[residency.count++] = {at, kStill};
}

// All of `space`'s entries on `cpu` are gone.
void TlbModel::Drop(uint32_t cpu, SpaceIndex space, Epoch at) {
  dropped_[size_t{space} * cpus_ + cpu].store(Later(DroppedAt(cpu, space), at),
                                              std::memory_order_relaxed);
}

void TlbModel::BumpGen(SpaceIndex space, uint64_t gen, Epoch at) {
  Space& s = spaces_[space];
  s.gen = gen > s.gen ? gen : s.gen + 1;
  s.bumped = at;
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu)
    if (cpu_[cpu].loaded != space) Drop(cpu, space, at);
}

void TlbModel::DropEverything(uint32_t cpu, Epoch at, bool global) {
  Cpu& c = cpu_[cpu];
  for (uint32_t i = 0; i < asids_; ++i)
    if (c.slots[i].space != kKernelSpace) Drop(cpu, c.slots[i].space, at);
  if (global || pti_) c.kernel_dropped = Later(c.kernel_dropped, at);
}

// flush_tlb_func() acts on the loaded mm only: the IPI that finds another one
// there leaves the old slot alone (its generation is behind).
void TlbModel::DropSpace(uint32_t cpu, SpaceIndex space, Epoch at) {
  if (cpu_[cpu].loaded != space) return;
  Drop(cpu, space, at);
  if (AsidSlot* slot = FindSlot(cpu_[cpu], space)) slot->gen = spaces_[space].gen;
}

void TlbModel::DropSpaceBroadcast(uint32_t cpu, SpaceIndex space, Epoch at) {
  Drop(cpu, space, at);
  NoteBroadcast(cpu, space);
}

// With a broadcast nobody is behind afterwards: no CPU flushes again when it loads the mm.
void TlbModel::NoteBroadcast(uint32_t cpu, SpaceIndex space) {
  if (AsidSlot* slot = FindSlot(cpu_[cpu], space)) slot->gen = spaces_[space].gen;
}

void TlbModel::NoteRangeFlush(uint32_t cpu, SpaceIndex space, Epoch at) {
  AsidSlot* slot = cpu_[cpu].loaded == space ? FindSlot(cpu_[cpu], space) : nullptr;
  if (slot == nullptr) return;
  if (slot->gen + 1 < spaces_[space].gen) Drop(cpu, space, at);
  slot->gen = spaces_[space].gen;
}

// With PTI an entry is one ASID's, and reachable while the ASID is its mm's.
bool TlbModel::MayHoldKernel(uint32_t cpu, Epoch set, Epoch clear) const {
  const Cpu& c = cpu_[cpu];
  if (!c.online || c.kernel_dropped > clear) return false;
  if (!pti_ || c.loaded == kKernelSpace) return true;
  for (uint32_t i = 0; i < asids_; ++i)
    if (c.slots[i].space != kKernelSpace && MayHold(cpu, c.slots[i].space, set, clear)) return true;
  return false;
}

bool TlbModel::MayHold(uint32_t cpu, SpaceIndex space, Epoch set, Epoch clear) const {
  if (space == kKernelSpace) return MayHoldKernel(cpu, set, clear);
  const Epoch dropped = DroppedAt(cpu, space);
  return dropped <= clear && Ran(cpu, space, Later(set, dropped), clear);
}

bool TlbModel::Ran(uint32_t cpu, SpaceIndex space, Epoch set, Epoch clear) const {
  if (space == kKernelSpace) return cpu_[cpu].online;
  const Residency& r = At(space, cpu);
  for (uint32_t i = 0; i < r.count; ++i)
    if (r.loaded[i].from <= clear && r.loaded[i].to > set) return true;
  return false;
}

CpuSet TlbModel::Holders(SpaceIndex space, Epoch set, Epoch clear) const {
  CpuSet holders;
  if (!spaces_[space].used && space != kKernelSpace) return holders;
  if (space != kKernelSpace && clear < spaces_[space].born) return holders;
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu)
    if (MayHold(cpu, space, set, clear)) holders.Add(cpu);
  return holders;
}

CpuSet TlbModel::Runners(SpaceIndex space, Epoch set, Epoch clear) const {
  CpuSet runners;
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu)
    if (Ran(cpu, space, set, clear)) runners.Add(cpu);
  return runners;
}

bool TlbModel::WillFlushWhenBusy(uint32_t cpu, SpaceIndex space, Epoch clear) const {
  const Cpu& c = cpu_[cpu];
  if (space == kKernelSpace || !c.lazy || c.loaded != space) return false;
  const AsidSlot* slot = FindSlot(c, space);
  return slot != nullptr && slot->gen < spaces_[space].gen && spaces_[space].bumped > clear;
}

bool TlbModel::IsResident(uint32_t cpu, SpaceIndex space) const {
  if (space == kKernelSpace) return cpu_[cpu].online;
  const Residency& r = At(space, cpu);
  return r.count != 0 && r.loaded[r.count - 1].to > DroppedAt(cpu, space);
}

void TlbModel::NoteFlushed(SpaceIndex space, Epoch epoch) {
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu) {
    if (space == kKernelSpace) {
      if (cpu_[cpu].online && cpu_[cpu].kernel_dropped < epoch) return;
    } else if (IsResident(cpu, space) && DroppedAt(cpu, space) < epoch) {
      return;
    }
  }
  std::atomic<Epoch>& through = flushed_through_[space];
  if (through.load(std::memory_order_relaxed) < epoch)
    through.store(epoch, std::memory_order_release);
}

void TlbModel::NoteFlushedEverywhere(Epoch epoch) {
  for (SpaceIndex space = 0; space < space_end_; ++space)
    if (space == kKernelSpace || spaces_[space].used) NoteFlushed(space, epoch);
}

}  // namespace flushdep
