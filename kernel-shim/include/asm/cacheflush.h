/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/cacheflush.h: caches that x86 keeps coherent. */
#ifndef FLUSHDEP_ASM_CACHEFLUSH_H
#define FLUSHDEP_ASM_CACHEFLUSH_H

/* empty: nothing to do on x86-64. */
#define flush_dcache_page(page)	       ((void)(page))
#define flush_dcache_folio(folio)      ((void)(folio))
#define flush_cache_vmap(start, end)   ((void)0)
#define flush_cache_vunmap(start, end) ((void)0)
#define flush_icache_range(start, end) ((void)0)

#endif
