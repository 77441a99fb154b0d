// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep.h: pages.
#include "runtime/memory/compaction.h"
#include "runtime/memory/flip.h"
#include "runtime/memory/meminfo.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_refs.h"
#include "runtime/memory/zeroing.h"

using flushdep::Api;

FLUSHDEP_API flushdep_pfn_t flushdep_page_alloc(unsigned order, unsigned flags) {
  Api api(FLUSHDEP_WHY_ALLOC, FLUSHDEP_SITE);
  return flushdep::AllocPages(order, flushdep::WithScope(flags), api.call);
}

FLUSHDEP_API flushdep_pfn_t flushdep_page_alloc_frozen(unsigned order, unsigned flags,
                                                       unsigned alloc_flags) {
  Api api(FLUSHDEP_WHY_ALLOC, FLUSHDEP_SITE);
  return flushdep::AllocFrozenPages(order, flushdep::WithScope(flags), alloc_flags, api.call);
}

FLUSHDEP_API bool flushdep_page_set_refcounted(flushdep_pfn_t pfn) {
  Api api(FLUSHDEP_WHY_REF, FLUSHDEP_SITE);
  return flushdep::UnfreezePage(pfn, 1, api.call);
}

FLUSHDEP_API void flushdep_page_free(flushdep_pfn_t pfn, unsigned order) {
  Api api(FLUSHDEP_WHY_FREE, FLUSHDEP_SITE);
  flushdep::FreePages(pfn, order, api.call);
}

FLUSHDEP_API void flushdep_page_get(flushdep_pfn_t pfn) {
  Api api(FLUSHDEP_WHY_REF, FLUSHDEP_SITE);
  flushdep::GetPage(pfn, api.call);
}

FLUSHDEP_API bool flushdep_page_get_unless_zero(flushdep_pfn_t pfn) {
  Api api(FLUSHDEP_WHY_REF, FLUSHDEP_SITE);
  return flushdep::TryGetPage(pfn, api.call);
}

FLUSHDEP_API bool flushdep_page_put(flushdep_pfn_t pfn) {
  Api api(FLUSHDEP_WHY_REF, FLUSHDEP_SITE);
  return flushdep::PutPage(pfn, -1, api.call);
}

FLUSHDEP_API bool flushdep_page_put_order(flushdep_pfn_t pfn, unsigned order) {
  Api api(FLUSHDEP_WHY_FREE, FLUSHDEP_SITE);
  return flushdep::PutPage(pfn, static_cast<int>(order), api.call);
}

FLUSHDEP_API bool flushdep_page_drop(flushdep_pfn_t pfn, const void* site) {
  Api api(FLUSHDEP_WHY_REF, site != nullptr ? reinterpret_cast<uint64_t>(site) : FLUSHDEP_SITE);
  return flushdep::DropPage(pfn, api.call);
}

FLUSHDEP_API bool flushdep_page_freeze(flushdep_pfn_t pfn, int count) {
  Api api(FLUSHDEP_WHY_REF, FLUSHDEP_SITE);
  return flushdep::FreezePage(pfn, count, api.call);
}

FLUSHDEP_API bool flushdep_page_unfreeze(flushdep_pfn_t pfn, int count) {
  Api api(FLUSHDEP_WHY_REF, FLUSHDEP_SITE);
  return flushdep::UnfreezePage(pfn, count, api.call);
}

FLUSHDEP_API int flushdep_page_refcount(flushdep_pfn_t pfn) {
  flushdep::EnsureBooted();
  return flushdep::PageRefs(pfn);
}

FLUSHDEP_API bool flushdep_page_unmapped(flushdep_pfn_t pfn) {
  flushdep::EnsureBooted();
  return flushdep::PageUnmapped(pfn);
}

FLUSHDEP_API unsigned flushdep_alloc_scope_enter(unsigned flags) {
  return flushdep::EnterAllocScope(flags);
}

FLUSHDEP_API void flushdep_alloc_scope_leave(unsigned old) { flushdep::LeaveAllocScope(old); }

FLUSHDEP_API flushdep_pfn_t flushdep_page_head(flushdep_pfn_t pfn) {
  flushdep::EnsureBooted();
  return flushdep::HeadOf(pfn);
}

FLUSHDEP_API int flushdep_page_order(flushdep_pfn_t pfn) {
  flushdep::EnsureBooted();
  return flushdep::AllocatedOrder(pfn);
}

FLUSHDEP_API int flushdep_page_split(flushdep_pfn_t pfn) {
  Api api(FLUSHDEP_WHY_SPLIT, FLUSHDEP_SITE);
  return flushdep::SplitPage(pfn, api.call);
}

FLUSHDEP_API flushdep_pfn_t flushdep_folio_alloc(unsigned order, unsigned flags) {
  Api api(FLUSHDEP_WHY_ALLOC, FLUSHDEP_SITE);
  return flushdep::AllocPages(order, flushdep::WithScope(flags) | FLUSHDEP_ALLOC_COMPOUND,
                              api.call);
}

FLUSHDEP_API int flushdep_page_set_movable(flushdep_pfn_t pfn,
                                           const struct flushdep_movable_ops* ops, void* arg) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  return flushdep::SetMovable(pfn, ops, arg);
}

FLUSHDEP_API unsigned flushdep_page_freetype(flushdep_pfn_t pfn) {
  flushdep::EnsureBooted();
  return flushdep::PageFreetype(pfn).bits();
}

FLUSHDEP_API int flushdep_freetype_index(unsigned freetype) {
  return flushdep::Freetype::FromBits(freetype).index();
}

FLUSHDEP_API int flushdep_unmap_reserve(uint64_t npages) {
  Api api(FLUSHDEP_WHY_ALLOC, FLUSHDEP_SITE);
  return flushdep::ReserveUnmapped(npages, api.call);
}

FLUSHDEP_API int flushdep_map_reserve(uint64_t npages) {
  Api api(FLUSHDEP_WHY_ALLOC, FLUSHDEP_SITE);
  return flushdep::ReserveMapped(npages, api.call);
}

FLUSHDEP_API void flushdep_set_unmapped_zero(enum flushdep_zero_policy policy) {
  flushdep::SetUnmappedZero(policy);
}

FLUSHDEP_API void flushdep_drain_all_pages(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::DrainAll();
}

FLUSHDEP_API void flushdep_read_mem_stats(struct flushdep_mem_stats* stats) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  *stats = flushdep::ReadMemStats();
}

FLUSHDEP_API bool flushdep_vmstat(const char* name, uint64_t* value) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  return flushdep::ReadVmstat(name, value);
}

FLUSHDEP_API void flushdep_print_meminfo(int fd) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::PrintMeminfo(fd);
}
