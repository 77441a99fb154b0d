/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * unmapped_cache.h: what the sequences have in common: a small page cache of folios outside the
 * direct map.
 *
 * Locking: who maps a folio of the cache holds invalidate_lock shared from before the get until
 * after the put; who takes folios out holds it exclusively. lock protects the slots. AS_STALE says
 * that a mapping was put and that nobody has flushed since.
 */
#ifndef UNMAPPED_CACHE_H
#define UNMAPPED_CACHE_H

#include <asm/tlbflush.h>
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/set_memory.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>

/* The number of the mistake that is built in; BUG itself is the kernel's. */
#ifndef BUG_NR
#define BUG_NR 0
#endif
/* Is mistake number `nr` of the file built in? */
#define HAS_BUG(nr) (BUG_NR == (nr))

#define CACHE_SLOTS 8
#define AS_STALE    0

#define GFP_UNMAPPED (GFP_KERNEL | __GFP_UNMAPPED)

struct unmapped_cache {
	struct rw_semaphore invalidate_lock;
	spinlock_t lock;
	unsigned long flags;
	struct folio *slot[CACHE_SLOTS];
};

static inline void cache_init(struct unmapped_cache *cache)
{
	memset(cache, 0, sizeof(*cache));
	init_rwsem(&cache->invalidate_lock);
	spin_lock_init(&cache->lock);
}

/* The cache takes over the caller's reference, or -EEXIST. */
static inline int cache_add(struct unmapped_cache *cache, pgoff_t index, struct folio *folio)
{
	guard(spinlock)(&cache->lock);

	if (cache->slot[index])
		return -EEXIST;
	folio->index = index;
	cache->slot[index] = folio;
	return 0;
}

/* With a reference for the caller, or NULL. */
static inline struct folio *cache_get(struct unmapped_cache *cache, pgoff_t index)
{
	guard(spinlock)(&cache->lock);

	if (cache->slot[index])
		folio_get(cache->slot[index]);
	return cache->slot[index];
}

/* Everything out of the cache; its references are the caller's. */
static inline unsigned int cache_take_all(struct unmapped_cache *cache, struct folio **batch)
{
	unsigned int i, nr = 0;

	guard(spinlock)(&cache->lock);

	for (i = 0; i < CACHE_SLOTS; i++) {
		if (cache->slot[i])
			batch[nr++] = cache->slot[i];
		cache->slot[i] = NULL;
	}
	return nr;
}

/* Takes all folios out, flushes once, and drops them. */
static inline void cache_truncate(struct unmapped_cache *cache)
{
	struct folio *batch[CACHE_SLOTS];
	unsigned int i, nr;

	down_write(&cache->invalidate_lock);
	nr = cache_take_all(cache, batch);
	up_write(&cache->invalidate_lock);
	flush_tlb_all();
	clear_bit(AS_STALE, &cache->flags);
	for (i = 0; i < nr; i++)
		folio_put(batch[i]);
}

/* Fills a folio through the mermap. The translation stays behind: AS_STALE. */
static inline int cache_fill(struct unmapped_cache *cache, struct folio *folio, int byte)
{
	struct mermap_alloc *map = mermap_get(&folio->page, folio_size(folio), PAGE_KERNEL);

	if (!map)
		return -ENOMEM;
	memset(mermap_addr(map), byte, folio_size(folio));
	mermap_put(map);
	set_bit(AS_STALE, &cache->flags);
	return 0;
}

static inline int move_to_cpu(unsigned int cpu)
{
	return set_cpus_allowed_ptr(current, cpumask_of(cpu));
}

/* A kernel thread that runs in an mm of its owner's for as long as `fn` does. */
struct mm_worker {
	struct mm_struct *mm;
	int (*fn)(void *arg);
	void *arg;
	int result;
	struct completion done;
};

static inline int mm_worker_main(void *data)
{
	struct mm_worker *worker = data;

	kthread_use_mm(worker->mm);
	worker->result = worker->fn(worker->arg);
	kthread_unuse_mm(worker->mm);
	complete(&worker->done);
	return 0;
}

static inline void start_mm_worker(struct kunit *test, struct mm_worker *worker,
				   int (*fn)(void *arg), void *arg)
{
	struct task_struct *task;

	worker->mm = current->mm;
	worker->fn = fn;
	worker->arg = arg;
	init_completion(&worker->done);
	task = kthread_run(mm_worker_main, worker, "worker");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
}

static inline int finish_mm_worker(struct mm_worker *worker)
{
	wait_for_completion(&worker->done);
	return worker->result;
}

#endif
