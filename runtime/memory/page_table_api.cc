// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep.h: page tables.
#include <errno.h>

#include "runtime/memory/page_table.h"

using flushdep::Api;

namespace {

uint64_t Address(const void* addr) { return reinterpret_cast<uint64_t>(addr); }

// The address whose entry `ptep` is; 0 for a pointer to no entry.
uint64_t AddressOf(const flushdep_pte_t* ptep) {
  const uint64_t offset = Address(ptep) - Address(flushdep::g_ptes);
  if (offset % sizeof(*ptep) != 0 || offset / sizeof(*ptep) >= flushdep::kNumPtes) return 0;
  return flushdep::kMmStart + offset / sizeof(*ptep) * flushdep::kPageBytes;
}

flushdep_mm* MmOf(const void* addr) {
  const uint64_t va = Address(addr);
  return flushdep::HasPte(va) ? flushdep::MmOfSlot(flushdep::SlotOfAddress(va)) : nullptr;
}

bool InMm(const flushdep_mm* mm, const void* start, const void* end) {
  const uint64_t first = flushdep::MmAddress(mm->slot);
  return Address(start) >= first && Address(start) <= Address(end) &&
         Address(end) <= first + flushdep::kMmBytes;
}

}  // namespace

FLUSHDEP_API void* flushdep_pte_area_start(const flushdep_mm* mm) {
  if (mm == nullptr) return nullptr;
  return reinterpret_cast<void*>(flushdep::MmAddress(mm->slot) + flushdep::kUserOffset);
}

FLUSHDEP_API void* flushdep_pte_area_end(const flushdep_mm* mm) {
  if (mm == nullptr) return nullptr;
  return reinterpret_cast<void*>(flushdep::MmAddress(mm->slot) + flushdep::kMmBytes);
}

FLUSHDEP_API int flushdep_pte_populate(flushdep_mm* mm, const void* start, const void* end) {
  Api api(FLUSHDEP_WHY_SET_PTE, FLUSHDEP_SITE);
  if (mm == nullptr || !InMm(mm, start, end)) return -EINVAL;
  return flushdep::AreaPopulate(mm, Address(start), Address(end), api.call);
}

FLUSHDEP_API flushdep_pte_t* flushdep_pte_lookup(const void* addr) {
  flushdep::EnsureBooted();
  const uint64_t va = Address(addr);
  if (!flushdep::HasPte(va) || !flushdep::TablePresent(va)) return nullptr;
  return reinterpret_cast<flushdep_pte_t*>(&flushdep::PteSlot(va));
}

FLUSHDEP_API flushdep_pfn_t flushdep_pte_table(const void* addr) {
  flushdep::EnsureBooted();
  const uint64_t va = Address(addr);
  const uint64_t table = flushdep::HasPte(va) ? flushdep::TableOf(va) : 0;
  return table == 0 ? FLUSHDEP_PFN_NONE : table;
}

FLUSHDEP_API int flushdep_pte_table_link(const void* addr, flushdep_pfn_t pfn) {
  Api api(FLUSHDEP_WHY_SET_PTE, FLUSHDEP_SITE);
  flushdep_mm* mm = MmOf(addr);
  return mm == nullptr ? -EINVAL : flushdep::LinkTable(mm, Address(addr), pfn, api.call);
}

FLUSHDEP_API flushdep_pfn_t flushdep_pte_table_unlink(const void* addr) {
  Api api(FLUSHDEP_WHY_SET_PTE, FLUSHDEP_SITE);
  flushdep_mm* mm = MmOf(addr);
  if (mm == nullptr) return FLUSHDEP_PFN_NONE;
  return flushdep::UnlinkTable(mm, Address(addr), api.call);
}

FLUSHDEP_API void* flushdep_pte_address(const flushdep_pte_t* ptep) {
  return reinterpret_cast<void*>(AddressOf(ptep));
}

FLUSHDEP_API flushdep_mm* flushdep_pte_mm(const flushdep_pte_t* ptep) {
  const uint64_t va = AddressOf(ptep);
  return va == 0 ? nullptr : flushdep::MmOfSlot(flushdep::SlotOfAddress(va));
}

FLUSHDEP_API flushdep_pte_t flushdep_pte_read(const flushdep_pte_t* ptep) {
  const uint64_t va = AddressOf(ptep);
  return va == 0 ? 0 : flushdep::PteOf(va);
}

FLUSHDEP_API int flushdep_pte_set(flushdep_pte_t* ptep, flushdep_pte_t pte) {
  Api api(FLUSHDEP_WHY_SET_PTE, FLUSHDEP_SITE);
  return flushdep::SetPte(AddressOf(ptep), pte, api.call);
}

FLUSHDEP_API void flushdep_access_lost(flushdep_mm* mm, const void* addr, flushdep_pfn_t pfn,
                                       uint32_t npages) {
  Api api(FLUSHDEP_WHY_AREA_CLOSE, FLUSHDEP_SITE);
  flushdep_event event = flushdep::NewEvent(FLUSHDEP_EV_ACCESS_LOST, api.call);
  event.u.pte.va = Address(addr);
  event.u.pte.pfn = pfn;
  event.u.pte.old_pfn = FLUSHDEP_NO_PFN;
  event.u.pte.mm = flushdep::MmId(mm);
  event.u.pte.npages = npages;
  flushdep::Emit(event);
}
