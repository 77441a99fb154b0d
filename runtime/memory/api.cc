// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep.h: the direct map.
#include "runtime/machine/layout.h"
#include "runtime/memory/direct_map.h"
#include "runtime/memory/page_allocator.h"

using flushdep::Api;

FLUSHDEP_API flushdep_pfn_t flushdep_page_count(void) {
  flushdep::EnsureBooted();
  return flushdep::NumPages();
}

FLUSHDEP_API void* flushdep_page_address(flushdep_pfn_t pfn) {
  flushdep::EnsureBooted();
  if (pfn >= flushdep::NumPages()) return nullptr;
  return reinterpret_cast<void*>(flushdep::DirectMapAddress(pfn));
}

FLUSHDEP_API flushdep_pfn_t flushdep_virt_to_pfn(const void* addr) {
  flushdep::EnsureBooted();
  uint64_t offset = reinterpret_cast<uint64_t>(addr) - flushdep::kDirectMapStart;
  uint64_t pfn = offset >> flushdep::kPageShift;
  return pfn < flushdep::NumPages() ? pfn : FLUSHDEP_PFN_NONE;
}

FLUSHDEP_API bool flushdep_direct_map_present(flushdep_pfn_t pfn) {
  flushdep::EnsureBooted();
  return flushdep::DirectMapPresent(pfn);
}

FLUSHDEP_API int flushdep_direct_map_set(flushdep_pfn_t pfn, uint64_t npages, bool valid) {
  Api api(FLUSHDEP_WHY_DIRECT_MAP, FLUSHDEP_SITE);
  return flushdep::SetDirectMap(pfn, npages, valid, api.call);
}

FLUSHDEP_API bool flushdep_can_set_direct_map(void) {
  flushdep::EnsureBooted();
  return flushdep::CanSetDirectMap();
}
