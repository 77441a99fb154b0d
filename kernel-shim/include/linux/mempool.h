/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mempool.h: allocations that do not fail. */
#ifndef FLUSHDEP_LINUX_MEMPOOL_H
#define FLUSHDEP_LINUX_MEMPOOL_H

#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* partial: keeps elements, and takes them when there are no others; nobody waits for one. */
typedef void *(mempool_alloc_t)(gfp_t gfp_mask, void *pool_data);
typedef void(mempool_free_t)(void *element, void *pool_data);

typedef struct mempool_s {
	spinlock_t lock;
	int min_nr;
	int curr_nr;
	void **elements;
	void *pool_data;
	mempool_alloc_t *alloc;
	mempool_free_t *free;
} mempool_t;

int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
		 void *pool_data);
void mempool_exit(mempool_t *pool);
mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
			  void *pool_data);
void mempool_destroy(mempool_t *pool);
FLUSHDEP_CALL void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask);
FLUSHDEP_CALL void mempool_free(void *element, mempool_t *pool);

/* faithful: the usual sources. */
void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data);
void mempool_free_slab(void *element, void *pool_data);
void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data);
void mempool_kfree(void *element, void *pool_data);
void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data);
void mempool_free_pages(void *element, void *pool_data);
#define mempool_init_slab_pool(pool, min_nr, kc) \
	mempool_init(pool, min_nr, mempool_alloc_slab, mempool_free_slab, kc)
#define mempool_create_slab_pool(min_nr, kc) \
	mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab, kc)
#define mempool_init_kmalloc_pool(pool, min_nr, size) \
	mempool_init(pool, min_nr, mempool_kmalloc, mempool_kfree, (void *)(unsigned long)(size))
#define mempool_create_kmalloc_pool(min_nr, size) \
	mempool_create(min_nr, mempool_kmalloc, mempool_kfree, (void *)(unsigned long)(size))
#define mempool_init_page_pool(pool, min_nr, order)                         \
	mempool_init(pool, min_nr, mempool_alloc_pages, mempool_free_pages, \
		     (void *)(unsigned long)(order))
#define mempool_create_page_pool(min_nr, order)                         \
	mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages, \
		       (void *)(unsigned long)(order))

static inline bool mempool_initialized(mempool_t *pool)
{
	return pool->elements;
}

#endif
