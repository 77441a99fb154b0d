// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/page_table.h"

#include <errno.h>

#include "runtime/machine/arena.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_refs.h"

namespace flushdep {

constinit std::atomic<Pte>* g_ptes = nullptr;

namespace {

// What a table covers: 2 MiB of entries, 1 GiB, 512 GiB, everything.
constexpr unsigned ShiftOf(uint8_t level) { return kPageShift + 9u * level; }
constexpr uint64_t AlignDown(uint64_t va, uint8_t level) {
  return va >> ShiftOf(level) << ShiftOf(level);
}

constexpr uint64_t kNumPteTables = (FLUSHDEP_WINDOW_END - kMmStart) >> ShiftOf(FLUSHDEP_LEVEL_PTE);
// Two, as the addresses of an mm may lie across a border of 1 GiB.
constexpr unsigned kPmdTables = 2;
static_assert(kMmBytes <= 1ull << 30);
static_assert(kMmStart % (1ull << ShiftOf(FLUSHDEP_LEVEL_PTE)) == 0);
static_assert(kSliceBytes == 1ull << ShiftOf(FLUSHDEP_LEVEL_PTE), "a slice is one table");
static_assert(FLUSHDEP_WINDOW_START >> ShiftOf(FLUSHDEP_LEVEL_PUD) ==
                  (FLUSHDEP_WINDOW_END - 1) >> ShiftOf(FLUSHDEP_LEVEL_PUD),
              "one PUD table is enough");

// Of one slot of the mm table; page frames, 0: none.
struct Tables {
  Mutex lock;
  uint32_t pgd;
  uint32_t pud;
  uint32_t pmd[kPmdTables];
  uint32_t count;  // PTE tables
};

constinit Tables g_tables[kMaxMms] = {};
constinit uint32_t* g_pte_table = nullptr;  // by 2 MiB of addresses

uint32_t& PteTable(uint64_t va) {
  return g_pte_table[(va - kMmStart) >> ShiftOf(FLUSHDEP_LEVEL_PTE)];
}

void EmitTable(uint16_t kind, const Mm* mm, uint64_t va, uint8_t level, uint32_t pfn,
               const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.pte.va = va;
  event.u.pte.pfn = pfn;
  event.u.pte.old_pfn = FLUSHDEP_NO_PFN;
  event.u.pte.mm = mm->id;
  event.u.pte.npages = 1;
  event.u.pte.level = level;
  Emit(event);
}

// Makes `table` if it is not there.
bool Populate(uint32_t& table, const Mm* mm, uint64_t va, uint8_t level, const Call& call) {
  if (table != 0) return true;
  const uint64_t pfn = AllocPages(0, 0, call);
  if (pfn == FLUSHDEP_PFN_NONE) return false;
  table = static_cast<uint32_t>(pfn);
  EmitTable(FLUSHDEP_EV_TABLE_LINK, mm, AlignDown(va, level), level, table, call);
  return true;
}

void Free(uint32_t& table, const Mm* mm, uint64_t va, uint8_t level, const Call& call) {
  if (table == 0) return;
  EmitTable(FLUSHDEP_EV_TABLE_UNLINK, mm, AlignDown(va, level), level, table, call);
  FreePages(table, 0, call);
  table = 0;
}

uint32_t& PmdTable(Tables& tables, const Mm* mm, uint64_t va) {
  const uint64_t first = MmAddress(mm->slot) >> ShiftOf(FLUSHDEP_LEVEL_PMD);
  return tables.pmd[(va >> ShiftOf(FLUSHDEP_LEVEL_PMD)) - first];
}

bool PopulateAbove(Tables& tables, const Mm* mm, uint64_t va, const Call& call) {
  return Populate(tables.pgd, mm, va, FLUSHDEP_LEVEL_PGD, call) &&
         Populate(tables.pud, mm, va, FLUSHDEP_LEVEL_PUD, call) &&
         Populate(PmdTable(tables, mm, va), mm, va, FLUSHDEP_LEVEL_PMD, call);
}

bool PopulateOne(Tables& tables, const Mm* mm, uint64_t va, const Call& call) {
  if (!PopulateAbove(tables, mm, va, call)) return false;
  uint32_t& table = PteTable(va);
  const bool is_new = table == 0;
  if (!Populate(table, mm, va, FLUSHDEP_LEVEL_PTE, call)) return false;
  tables.count += is_new;
  return true;
}

void EmitPte(uint16_t kind, const Mm* mm, uint64_t va, Pte now, Pte before, const Call& call) {
  const Pte told = kind == FLUSHDEP_EV_PTE_SET ? now : before;
  flushdep_event event = NewEvent(kind, call);
  flushdep_event_pte& pte = event.u.pte;
  pte.va = va;
  pte.pfn = PtePfn(told);
  pte.old_pfn = PteIsPresent(before) ? PtePfn(before) : FLUSHDEP_NO_PFN;
  pte.mm = mm->id;
  pte.npages = 1;
  pte.prot = PteProt(told);
  pte.old_prot = PteProt(before);
  pte.level = FLUSHDEP_LEVEL_PTE;
  pte.old_level = PteIsPresent(before) ? FLUSHDEP_LEVEL_PTE : 0;
  Emit(event);
}

// Entries for user space: Linux lets lazy CPUs be skipped, which flush before they run it again.
void EmitArea(uint16_t kind, const Mm* mm, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.region.start = MmAddress(mm->slot) + kUserOffset;
  event.u.region.end = MmAddress(mm->slot) + kMmBytes;
  event.u.region.mm = mm->id;
  event.u.region.type = FLUSHDEP_REGION_USER;
  event.u.region.policy = FLUSHDEP_POLICY_USER;
  Emit(event);
}

constexpr bool InSlice(uint64_t va) { return (va - kMmStart) % kMmBytes < kUserOffset; }

// A program's own mermap has no handles that the machine could look at. An entry of a slice that
// another CPU takes away says the same: a put on the wrong CPU.
void TellForeignPut(const Mm* mm, uint64_t va, Pte before, const Call& call) {
  const auto owner = static_cast<uint32_t>((va - MmAddress(mm->slot)) / kSliceBytes);
  if (owner == t_thread.cpu || call.reason == FLUSHDEP_WHY_MERMAP_TEARDOWN) return;
  flushdep_event event = NewEvent(FLUSHDEP_EV_MAP_END, call);
  event.u.map.handle = va;
  event.u.map.va = va;
  event.u.map.pfn = PtePfn(before);
  event.u.map.mm = mm->id;
  event.u.map.npages = 1;
  event.u.map.owner_cpu = owner;
  event.u.map.prot = PteProt(before);
  Emit(event);
}

int HostMap(uint64_t va, Pte pte) {
  const unsigned prot = FLUSHDEP_MAP_READ | FlagIf((pte & kPteWrite) != 0, FLUSHDEP_MAP_WRITE);
  return GetBackend().map(va, PtePfn(pte), 1, prot);
}

int MakePresent(Mm* mm, uint64_t va, Pte pte, Pte before, const Call& call) {
  if (PtePfn(pte) >= NumPages()) return -EINVAL;
  EmitPte(FLUSHDEP_EV_PTE_SET, mm, va, pte, before, call);
  if (HostMap(va, pte) != 0) {
    // What was there stays: the entry goes back to it, or was never set.
    Call failed = call.Internal(call.reason);
    failed.flags |= FLUSHDEP_F_FAILED;
    if (PteIsPresent(before) && HostMap(va, before) == 0)
      EmitPte(FLUSHDEP_EV_PTE_SET, mm, va, before, pte, failed);
    else
      EmitPte(FLUSHDEP_EV_PTE_CLEAR, mm, va, 0, pte, failed);
    return -ENOMEM;
  }
  PteSlot(va).store(pte, std::memory_order_release);
  if (InSlice(va)) mm->slices_by_hand.store(true, std::memory_order_relaxed);
  return 0;
}

void MakeAbsent(const Mm* mm, uint64_t va, Pte pte, Pte before, const Call& call) {
  PteSlot(va).store(pte, std::memory_order_release);
  if (!PteIsPresent(before)) return;
  GetBackend().unmap(va, 1);
  EmitPte(FLUSHDEP_EV_PTE_CLEAR, mm, va, pte, before, call);
  if (InSlice(va)) TellForeignPut(mm, va, before, call);
}

template <typename Fn>
void ForEachPresent(uint64_t start, uint64_t end, Fn&& fn) {
  constexpr uint64_t kStep = 1ull << ShiftOf(FLUSHDEP_LEVEL_PTE);
  for (uint64_t table = start; table < end; table += kStep)
    for (uint64_t va = table; TablePresent(table) && va < table + kStep; va += kPageBytes)
      if (PteIsPresent(PteOf(va))) fn(va);
}

// Entries set by hand in [start, end) that are still present go.
void ClearByHand(uint64_t start, uint64_t end, const Call& call) {
  ForEachPresent(start, end, [&](uint64_t va) { SetPte(va, 0, call); });
}

}  // namespace

uint16_t PteProt(Pte pte) {
  if (!PteIsPresent(pte)) return 0;
  return static_cast<uint16_t>(FLUSHDEP_PROT_READ |
                               FlagIf((pte & kPteWrite) != 0, FLUSHDEP_PROT_WRITE) |
                               FlagIf((pte & kPteNoExec) == 0, FLUSHDEP_PROT_EXEC) |
                               FlagIf((pte & kPteUser) != 0, FLUSHDEP_PROT_USER) |
                               FlagIf((pte & kPteGlobal) != 0, FLUSHDEP_PROT_GLOBAL));
}

void BootPageTables() {
  g_ptes = MapTable<std::atomic<Pte>>(kNumPtes);
  g_pte_table = MapTable<uint32_t>(kNumPteTables);
}

void ClearPtes(uint64_t va, uint64_t npages) {
  for (uint64_t i = 0; i < npages; i++) {
    std::atomic<Pte>& slot = PteSlot(va + i * kPageBytes);
    // Never used stays untouched, and costs no memory.
    if (slot.load(std::memory_order_relaxed) != 0) slot.store(0, std::memory_order_release);
  }
}

int TablesPopulate(Mm* mm, uint64_t start, uint64_t end, const Call& call) {
  Tables& tables = g_tables[mm->slot];
  MutexLock lock(tables.lock);
  constexpr uint64_t kStep = 1ull << ShiftOf(FLUSHDEP_LEVEL_PTE);
  for (uint64_t va = AlignDown(start, FLUSHDEP_LEVEL_PTE); va < end; va += kStep)
    if (!PopulateOne(tables, mm, va, call)) return -ENOMEM;
  return 0;
}

int AreaPopulate(Mm* mm, uint64_t start, uint64_t end, const Call& call) {
  const Call internal = call.Internal(call.reason);
  const int error = TablesPopulate(mm, start, end, internal);
  if (error != 0 || end <= MmAddress(mm->slot) + kUserOffset) return error;
  if (!mm->area_told.exchange(true)) EmitArea(FLUSHDEP_EV_REGION, mm, internal);
  return 0;
}

uint64_t TableOf(uint64_t va) { return PteTable(va); }

int LinkTable(Mm* mm, uint64_t va, uint64_t pfn, const Call& call) {
  if (InSlice(va) || AllocatedOrder(pfn) != 0) return -EINVAL;
  const Call internal = call.Internal(call.reason);
  Tables& tables = g_tables[mm->slot];
  MutexLock lock(tables.lock);
  uint32_t& table = PteTable(va);
  if (table != 0) return -EBUSY;
  if (!PopulateAbove(tables, mm, va, internal)) return -ENOMEM;
  if (!mm->area_told.exchange(true)) EmitArea(FLUSHDEP_EV_REGION, mm, internal);
  table = static_cast<uint32_t>(pfn);
  tables.count++;
  EmitTable(FLUSHDEP_EV_TABLE_LINK, mm, AlignDown(va, FLUSHDEP_LEVEL_PTE), FLUSHDEP_LEVEL_PTE,
            table, call);
  return 0;
}

uint64_t UnlinkTable(Mm* mm, uint64_t va, const Call& call) {
  if (InSlice(va)) return FLUSHDEP_PFN_NONE;
  const uint64_t start = AlignDown(va, FLUSHDEP_LEVEL_PTE);
  constexpr uint64_t kStep = 1ull << ShiftOf(FLUSHDEP_LEVEL_PTE);
  ClearByHand(start, start + kStep, call);
  Tables& tables = g_tables[mm->slot];
  MutexLock lock(tables.lock);
  uint32_t& table = PteTable(va);
  if (table == 0) return FLUSHDEP_PFN_NONE;
  const uint32_t pfn = table;
  table = 0;
  tables.count--;
  ClearPtes(start, kStep >> kPageShift);
  EmitTable(FLUSHDEP_EV_TABLE_UNLINK, mm, start, FLUSHDEP_LEVEL_PTE, pfn, call);
  return pfn;
}

void AreaTeardown(Mm* mm, const Call& call) {
  if (!mm->area_told.exchange(false)) return;
  ClearByHand(MmAddress(mm->slot) + kUserOffset, MmAddress(mm->slot) + kMmBytes, call);
  EmitArea(FLUSHDEP_EV_REGION_END, mm, call);
}

void SlicesTeardown(Mm* mm, const Call& call) {
  if (!mm->slices_by_hand.exchange(false)) return;
  ClearByHand(MmAddress(mm->slot), MmAddress(mm->slot) + kUserOffset, call);
}

void RestoreByHand(Mm* mm) {
  const uint64_t start = MmAddress(mm->slot);
  const auto map = [](uint64_t va) {
    if (HostMap(va, PteOf(va)) != 0)
      Die(4, "the host's limit of mappings was reached while rebuilding page tables after fork");
  };
  if (mm->slices_by_hand.load()) ForEachPresent(start, start + kUserOffset, map);
  if (mm->area_told.load()) ForEachPresent(start + kUserOffset, start + kMmBytes, map);
}

bool TablePresent(uint64_t va) { return PteTable(va) != 0; }

void TablesFree(Mm* mm, const Call& call) {
  Tables& tables = g_tables[mm->slot];
  MutexLock lock(tables.lock);
  const uint64_t start = MmAddress(mm->slot);
  constexpr uint64_t kStep = 1ull << ShiftOf(FLUSHDEP_LEVEL_PTE);
  for (uint64_t va = start; va < start + kMmBytes && tables.count > 0; va += kStep) {
    uint32_t& table = PteTable(va);
    if (table == 0) continue;
    ClearPtes(va, kStep >> kPageShift);
    Free(table, mm, va, FLUSHDEP_LEVEL_PTE, call);
    tables.count--;
  }
  for (unsigned i = 0; i < kPmdTables; i++)
    Free(tables.pmd[i], mm, start + (static_cast<uint64_t>(i) << ShiftOf(FLUSHDEP_LEVEL_PMD)),
         FLUSHDEP_LEVEL_PMD, call);
  Free(tables.pud, mm, start, FLUSHDEP_LEVEL_PUD, call);
  Free(tables.pgd, mm, start, FLUSHDEP_LEVEL_PGD, call);
}

int SetPte(uint64_t va, Pte pte, const Call& call) {
  if (!HasPte(va) || !TablePresent(va)) return -EINVAL;
  Mm* mm = MmOfSlot(SlotOfAddress(va));
  const Pte before = PteOf(va);
  if (!PteIsPresent(pte)) {
    MakeAbsent(mm, va, pte, before, call);
    return 0;
  }
  // A slice's address that is given another page was put first, if without a word.
  const bool put = InSlice(va) && PteIsPresent(before) && PtePfn(before) != PtePfn(pte);
  if (put && PtePfn(pte) < NumPages()) {
    MakeAbsent(mm, va, 0, before, call);
    return MakePresent(mm, va, pte, 0, call);
  }
  return MakePresent(mm, va, pte, before, call);
}

}  // namespace flushdep
