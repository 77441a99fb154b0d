// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep.h: the mermap.
#include "runtime/mermap/mermap.h"

using flushdep::Api;

FLUSHDEP_API int flushdep_mermap_prepare(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_MERMAP_PREPARE, FLUSHDEP_SITE);
  return flushdep::MermapPrepare(mm, api.call);
}

FLUSHDEP_API bool flushdep_mermap_ready(void) {
  flushdep::Self(FLUSHDEP_SITE);
  return flushdep::MermapReady();
}

FLUSHDEP_API flushdep_mapping* flushdep_mermap_get(flushdep_pfn_t pfn, size_t size, unsigned prot) {
  Api api(FLUSHDEP_WHY_MERMAP_GET, FLUSHDEP_SITE);
  return flushdep::MermapGet(pfn, size, prot, api.call);
}

FLUSHDEP_API flushdep_mapping* flushdep_mermap_get_reserved(flushdep_pfn_t pfn, unsigned prot) {
  Api api(FLUSHDEP_WHY_MERMAP_GET_RESERVED, FLUSHDEP_SITE);
  return flushdep::MermapGetReserved(pfn, prot, api.call);
}

FLUSHDEP_API void* flushdep_mermap_addr(const flushdep_mapping* mapping) {
  if (mapping == nullptr) return nullptr;
  return reinterpret_cast<void*>(flushdep::MappingAddress(mapping));
}

FLUSHDEP_API void flushdep_mermap_put(flushdep_mapping* mapping) {
  Api api(FLUSHDEP_WHY_MERMAP_PUT, FLUSHDEP_SITE);
  flushdep::MermapPut(mapping, api.call);
}

FLUSHDEP_API void* flushdep_mermap_slice_start(const flushdep_mm* mm, unsigned cpu) {
  if (mm == nullptr || cpu >= flushdep::g_machine.cpus) return nullptr;
  return reinterpret_cast<void*>(flushdep::SliceStart(mm, cpu));
}

FLUSHDEP_API void* flushdep_mermap_slice_end(const flushdep_mm* mm, unsigned cpu) {
  if (mm == nullptr || cpu >= flushdep::g_machine.cpus) return nullptr;
  return reinterpret_cast<void*>(flushdep::SliceStart(mm, cpu + 1));
}

FLUSHDEP_API void flushdep_mermap_read_stats(struct flushdep_mermap_stats* stats) {
  *stats = flushdep::ReadMermapStats();
}
