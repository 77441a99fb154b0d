// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Page tables of mms: x86-64 entries of 8 bytes, and the table pages that hold them.
//
// Storage. Addresses of different mms are different in the window, so the entries of all
// mms lie in one flat array indexed by address: a walk is one load, and set_pte()
// finds mm and address from the entry's place. The table pages are accounted all the same: a
// page frame of the simulated memory for each 2 MiB of entries and for the levels above (PMD, PUD,
// PGD; four levels), allocated by TablesPopulate() and told by TABLE_LINK, so that populating can
// honestly fail and its pages come back when the mm's addresses do.
//
// Locking: entries are single words; whoever owns the address orders its writes. Tables of
// one mm are changed under the mm's table lock.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PAGE_TABLE_H_
#define FLUSHDEP_RUNTIME_MEMORY_PAGE_TABLE_H_

#include <atomic>
#include <cstdint>

#include "runtime/machine/call.h"
#include "runtime/machine/layout.h"

namespace flushdep {

using Pte = flushdep_pte_t;

inline constexpr Pte kPtePresent = FLUSHDEP_PTE_PRESENT;
inline constexpr Pte kPteWrite = FLUSHDEP_PTE_WRITE;
inline constexpr Pte kPteUser = FLUSHDEP_PTE_USER;
inline constexpr Pte kPteGlobal = FLUSHDEP_PTE_GLOBAL;
// A bit that hardware ignores: not none, so that a put entry is told from one never used.
inline constexpr Pte kPteSoftPut = FLUSHDEP_PTE_SOFT;
inline constexpr Pte kPteNoExec = FLUSHDEP_PTE_NX;
inline constexpr Pte kPtePfnMask = ((1ull << 52) - 1) & ~(kPageBytes - 1);

constexpr uint64_t PtePfn(Pte pte) { return (pte & kPtePfnMask) >> kPageShift; }
constexpr bool PteIsPresent(Pte pte) { return (pte & kPtePresent) != 0; }
// As enum flushdep_prot; 0 for an entry that is not present.
uint16_t PteProt(Pte pte);

void BootPageTables();

inline constexpr uint64_t kNumPtes = (FLUSHDEP_WINDOW_END - kMmStart) >> kPageShift;
extern constinit std::atomic<Pte>* g_ptes;

constexpr bool HasPte(uint64_t va) { return va >= kMmStart && va < FLUSHDEP_WINDOW_END; }
// Only where HasPte().
inline std::atomic<Pte>& PteSlot(uint64_t va) { return g_ptes[(va - kMmStart) >> kPageShift]; }
inline Pte PteOf(uint64_t va) { return PteSlot(va).load(std::memory_order_acquire); }

// [va, va + npages) maps pfn, pfn + 1, ...; `flags` without the pfn. Tells nothing.
inline void WritePtes(uint64_t va, uint64_t pfn, uint64_t npages, Pte flags) {
  for (uint64_t i = 0; i < npages; i++)
    PteSlot(va + i * kPageBytes).store((pfn + i) << kPageShift | flags, std::memory_order_release);
}
// Not present, not none.
inline void PutPtes(uint64_t va, uint64_t npages) {
  for (uint64_t i = 0; i < npages; i++)
    PteSlot(va + i * kPageBytes).store(kPteSoftPut, std::memory_order_release);
}
// None again.
void ClearPtes(uint64_t va, uint64_t npages);

// Tables for [start, end) of `mm`. 0; or -ENOMEM, with those made so far kept, as Linux does.
int TablesPopulate(Mm* mm, uint64_t start, uint64_t end, const Call& call);
bool TablePresent(uint64_t va);

// The same, and the checker is told once of the area for entries set by hand (REGION).
int AreaPopulate(Mm* mm, uint64_t start, uint64_t end, const Call& call);
// The mm ends: entries of the area that are still present go, then the area (REGION_END).
void AreaTeardown(Mm* mm, const Call& call);
// The same for entries that a program's own mermap left in the slices.
void SlicesTeardown(Mm* mm, const Call& call);
// The child of a fork: maps again what entries set by hand say.
void RestoreByHand(Mm* mm);
// When no CPU has the ended mm loaded any more: every table is unlinked and freed. Context ids
// are never reused, so no flush is owed then.
void TablesFree(Mm* mm, const Call& call);

// 0: none.
uint64_t TableOf(uint64_t va);
// A page of the program's own becomes the table of `va`'s entries, and one ceases to be it: its
// entries are cleared before. As flushdep_pte_table_link() and _unlink() say.
int LinkTable(Mm* mm, uint64_t va, uint64_t pfn, const Call& call);
uint64_t UnlinkTable(Mm* mm, uint64_t va, const Call& call);

// Writes one entry and tells what that means: PTE_SET before an entry becomes present or
// changes, PTE_CLEAR after it stopped being present. 0, -EINVAL (no table there, a pfn
// beyond memory) or -ENOMEM (the host's limit of mappings; the entry is then as it was).
int SetPte(uint64_t va, Pte pte, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PAGE_TABLE_H_
