/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/xarray.h: sparse arrays of pointers, with marks.
 *
 * The normal API, and of the advanced one (XA_STATE and xas_*) what does not know the nodes;
 * without entries of several indices (CONFIG_XARRAY_MULTI is off). Reading never waits for xa_lock;
 * nodes go at once, not after a grace period, as readers hold a short lock of the shim's own.
 */
#ifndef FLUSHDEP_LINUX_XARRAY_H
#define FLUSHDEP_LINUX_XARRAY_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* partial: the members behind xa_flags are the shim's own. */
struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	void *xa_head;
	unsigned int flushdep_busy;
	unsigned int flushdep_order;
};

/* faithful: values and tagged pointers as entries. */
#define BITS_PER_XA_VALUE (BITS_PER_LONG - 1)

static inline void *xa_mk_value(unsigned long v)
{
	WARN_ON((long)v < 0);
	return (void *)((v << 1) | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline void *xa_tag_pointer(void *p, unsigned long tag)
{
	return (void *)((unsigned long)p | tag);
}

static inline void *xa_untag_pointer(void *entry)
{
	return (void *)((unsigned long)entry & ~3UL);
}

static inline unsigned int xa_pointer_tag(void *entry)
{
	return (unsigned long)entry & 3UL;
}

static inline void *xa_mk_internal(unsigned long v)
{
	return (void *)((v << 2) | 2);
}

static inline unsigned long xa_to_internal(const void *entry)
{
	return (unsigned long)entry >> 2;
}

static inline bool xa_is_internal(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

#define XA_ZERO_ENTRY xa_mk_internal(257)

static inline bool xa_is_zero(const void *entry)
{
	return unlikely(entry == XA_ZERO_ENTRY);
}

static inline bool xa_is_err(const void *entry)
{
	return unlikely(xa_is_internal(entry) &&
			entry >= xa_mk_internal((unsigned long)-MAX_ERRNO));
}

static inline int xa_err(void *entry)
{
	return xa_is_err(entry) ? (int)((long)entry >> 2) : 0;
}

/* faithful: both bounds included. */
struct xa_limit {
	u32 max;
	u32 min;
};

#define XA_LIMIT(_min, _max)                 \
	(struct xa_limit)                    \
	{                                    \
		.min = (_min), .max = (_max) \
	}
#define xa_limit_32b XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b XA_LIMIT(0, INT_MAX)
#define xa_limit_16b XA_LIMIT(0, USHRT_MAX)

typedef unsigned int xa_mark_t;
#define XA_MARK_0    ((xa_mark_t)0U)
#define XA_MARK_1    ((xa_mark_t)1U)
#define XA_MARK_2    ((xa_mark_t)2U)
#define XA_PRESENT   ((xa_mark_t)8U)
#define XA_MARK_MAX  XA_MARK_2
#define XA_FREE_MARK XA_MARK_0

enum xa_lock_type {
	XA_LOCK_IRQ = 1,
	XA_LOCK_BH = 2,
};

#define XA_FLAGS_LOCK_IRQ      ((gfp_t)XA_LOCK_IRQ)
#define XA_FLAGS_LOCK_BH       ((gfp_t)XA_LOCK_BH)
#define XA_FLAGS_TRACK_FREE    ((gfp_t)4U)
#define XA_FLAGS_ZERO_BUSY     ((gfp_t)8U)
#define XA_FLAGS_ALLOC_WRAPPED ((gfp_t)16U)
#define XA_FLAGS_ACCOUNT       ((gfp_t)32U)
#define XA_FLAGS_ALLOC	       XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ALLOC1	       (XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

#define XARRAY_INIT(name, flags)                               \
	{                                                      \
		.xa_lock = __SPIN_LOCK_UNLOCKED(name.xa_lock), \
		.xa_flags = (flags),                           \
	}
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)		 DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)	 DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)	 DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)
#define xa_init_flags(xa, flags)                              \
	do {                                                  \
		struct xarray *__xa = (xa);                   \
                                                              \
		*__xa = (struct xarray){.xa_flags = (flags)}; \
		spin_lock_init(&__xa->xa_lock);               \
	} while (0)
#define xa_init(xa) xa_init_flags(xa, 0)

static inline bool xa_empty(const struct xarray *xa)
{
	return !READ_ONCE(xa->xa_head);
}

/* faithful */
#define xa_trylock(xa)			spin_trylock(&(xa)->xa_lock)
#define xa_lock(xa)			spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)			spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa)			spin_lock_bh(&(xa)->xa_lock)
#define xa_unlock_bh(xa)		spin_unlock_bh(&(xa)->xa_lock)
#define xa_lock_irq(xa)			spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa)		spin_unlock_irq(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags)	spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags) spin_unlock_irqrestore(&(xa)->xa_lock, flags)
#define xa_lock_nested(xa, subclass)	spin_lock_nested(&(xa)->xa_lock, subclass)

/*
 * partial: a reader is ordered after every change of the array that it comes after, not only after
 * that of the entry it reads.
 */
void *xa_load(struct xarray *xa, unsigned long index);
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
bool xa_marked(const struct xarray *xa, xa_mark_t mark);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
	__attribute__((nonnull(2)));
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
	__attribute__((nonnull(2)));
unsigned int xa_extract(struct xarray *xa, void **dst, unsigned long start, unsigned long max,
			unsigned int n, xa_mark_t filter);
#define xa_for_each_range(xa, index, entry, start, last)                          \
	for (index = start, entry = xa_find(xa, &index, last, XA_PRESENT); entry; \
	     entry = xa_find_after(xa, &index, last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start) \
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry) xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)                           \
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, filter); entry; \
	     entry = xa_find_after(xa, &index, ULONG_MAX, filter))

static inline int xa_get_order(struct xarray *xa, unsigned long index)
{
	(void)xa;
	(void)index;
	return 0;
}

/* faithful: with xa_lock held. What was there, null, or an error that xa_err() tells. */
void *__xa_erase(struct xarray *xa, unsigned long index);
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int __must_check __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
int __must_check __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
			    gfp_t gfp);
int __must_check __xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
				   u32 *next, gfp_t gfp);
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);

/* faithful: these take it. */
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_destroy(struct xarray *xa);

/* One family: how xa_lock is taken, and the end of the names. */
#define FLUSHDEP_SHIM_XA_LOCKED(suffix)                                                           \
	static inline void *xa_erase##suffix(struct xarray *xa, unsigned long index)              \
	{                                                                                         \
		void *entry;                                                                      \
                                                                                                  \
		xa_lock##suffix(xa);                                                              \
		entry = __xa_erase(xa, index);                                                    \
		xa_unlock##suffix(xa);                                                            \
		return entry;                                                                     \
	}                                                                                         \
	static inline void *xa_store##suffix(struct xarray *xa, unsigned long index, void *entry, \
					     gfp_t gfp)                                           \
	{                                                                                         \
		void *old;                                                                        \
                                                                                                  \
		xa_lock##suffix(xa);                                                              \
		old = __xa_store(xa, index, entry, gfp);                                          \
		xa_unlock##suffix(xa);                                                            \
		return old;                                                                       \
	}                                                                                         \
	static inline void *xa_cmpxchg##suffix(struct xarray *xa, unsigned long index, void *old, \
					       void *entry, gfp_t gfp)                            \
	{                                                                                         \
		void *seen;                                                                       \
                                                                                                  \
		xa_lock##suffix(xa);                                                              \
		seen = __xa_cmpxchg(xa, index, old, entry, gfp);                                  \
		xa_unlock##suffix(xa);                                                            \
		return seen;                                                                      \
	}                                                                                         \
	static inline int __must_check xa_insert##suffix(struct xarray *xa, unsigned long index,  \
							 void *entry, gfp_t gfp)                  \
	{                                                                                         \
		int err;                                                                          \
                                                                                                  \
		xa_lock##suffix(xa);                                                              \
		err = __xa_insert(xa, index, entry, gfp);                                         \
		xa_unlock##suffix(xa);                                                            \
		return err;                                                                       \
	}                                                                                         \
	static inline int __must_check xa_alloc##suffix(struct xarray *xa, u32 *id, void *entry,  \
							struct xa_limit limit, gfp_t gfp)         \
	{                                                                                         \
		int err;                                                                          \
                                                                                                  \
		xa_lock##suffix(xa);                                                              \
		err = __xa_alloc(xa, id, entry, limit, gfp);                                      \
		xa_unlock##suffix(xa);                                                            \
		return err;                                                                       \
	}                                                                                         \
	static inline int xa_alloc_cyclic##suffix(struct xarray *xa, u32 *id, void *entry,        \
						  struct xa_limit limit, u32 *next, gfp_t gfp)    \
	{                                                                                         \
		int err;                                                                          \
                                                                                                  \
		xa_lock##suffix(xa);                                                              \
		err = __xa_alloc_cyclic(xa, id, entry, limit, next, gfp);                         \
		xa_unlock##suffix(xa);                                                            \
		return err;                                                                       \
	}                                                                                         \
	/* An index that is taken though it reads as null. */                                     \
	static inline int __must_check xa_reserve##suffix(struct xarray *xa, unsigned long index, \
							  gfp_t gfp)                              \
	{                                                                                         \
		return xa_err(xa_cmpxchg##suffix(xa, index, NULL, XA_ZERO_ENTRY, gfp));           \
	}

FLUSHDEP_SHIM_XA_LOCKED()
FLUSHDEP_SHIM_XA_LOCKED(_bh)
FLUSHDEP_SHIM_XA_LOCKED(_irq)

static inline void xa_release(struct xarray *xa, unsigned long index)
{
	xa_cmpxchg(xa, index, XA_ZERO_ENTRY, NULL, 0);
}

/*
 * partial: a place in an array, without its nodes: each call looks the index up. Retry and zero
 * entries are not seen, and an order is not taken.
 */
struct xa_node;
struct xa_state {
	struct xarray *xa;
	unsigned long xa_index;
	unsigned char xa_shift;
	unsigned char xa_sibs;
	struct xa_node *xa_node;
};

#define XA_ERROR(errno) ((struct xa_node *)(((unsigned long)(errno) << 2) | 2UL))
#define XAS_BOUNDS	((struct xa_node *)1UL)
#define XAS_RESTART	((struct xa_node *)3UL)
#define __XA_STATE(array, index, shift, sibs) \
	{.xa = (array), .xa_index = (index), .xa_node = XAS_RESTART}
#define XA_STATE(name, array, index)	  struct xa_state name = __XA_STATE(array, index, 0, 0)
#define xas_trylock(xas)		  xa_trylock((xas)->xa)
#define xas_lock(xas)			  xa_lock((xas)->xa)
#define xas_unlock(xas)			  xa_unlock((xas)->xa)
#define xas_lock_bh(xas)		  xa_lock_bh((xas)->xa)
#define xas_unlock_bh(xas)		  xa_unlock_bh((xas)->xa)
#define xas_lock_irq(xas)		  xa_lock_irq((xas)->xa)
#define xas_unlock_irq(xas)		  xa_unlock_irq((xas)->xa)
#define xas_lock_irqsave(xas, flags)	  xa_lock_irqsave((xas)->xa, flags)
#define xas_unlock_irqrestore(xas, flags) xa_unlock_irqrestore((xas)->xa, flags)
#define xas_retry(xas, entry)		  ((void)(xas), (void)(entry), false)
#define xas_set_update(xas, update)	  ((void)(xas), (void)(update))
#define xas_create_range(xas)		  ((void)(xas))
#define xas_get_order(xas)		  ((void)(xas), 0)

static inline int xas_error(const struct xa_state *xas)
{
	return xa_err(xas->xa_node);
}

static inline void xas_set_err(struct xa_state *xas, long err)
{
	xas->xa_node = XA_ERROR(err);
}

static inline bool xas_invalid(const struct xa_state *xas)
{
	return (unsigned long)xas->xa_node & 3;
}

static inline bool xas_valid(const struct xa_state *xas)
{
	return !xas_invalid(xas);
}

static inline void xas_reset(struct xa_state *xas)
{
	xas->xa_node = XAS_RESTART;
}

static inline void xas_set(struct xa_state *xas, unsigned long index)
{
	xas->xa_index = index;
	xas_reset(xas);
}

static inline void *xas_load(struct xa_state *xas)
{
	if (xas_error(xas))
		return NULL;
	xas->xa_node = NULL;
	return xa_load(xas->xa, xas->xa_index);
}

static inline void *xas_reload(struct xa_state *xas)
{
	return xa_load(xas->xa, xas->xa_index);
}

/* From this index for a new place, from the next one else. */
static inline void *xas_find_marked(struct xa_state *xas, unsigned long max, xa_mark_t mark)
{
	void *entry;

	if (xas_error(xas) || xas->xa_node == XAS_BOUNDS)
		return NULL;
	if (xas->xa_node == XAS_RESTART)
		entry = xa_find(xas->xa, &xas->xa_index, max, mark);
	else
		entry = xa_find_after(xas->xa, &xas->xa_index, max, mark);
	xas->xa_node = entry ? NULL : XAS_BOUNDS;
	return entry;
}

static inline void *xas_find(struct xa_state *xas, unsigned long max)
{
	return xas_find_marked(xas, max, XA_PRESENT);
}

#define xas_next_entry(xas, max)	xas_find(xas, max)
#define xas_next_marked(xas, max, mark) xas_find_marked(xas, max, mark)
#define xas_for_each(xas, entry, max) \
	for (entry = xas_find(xas, max); entry; entry = xas_next_entry(xas, max))
#define xas_for_each_marked(xas, entry, max, mark)           \
	for (entry = xas_find_marked(xas, max, mark); entry; \
	     entry = xas_next_marked(xas, max, mark))

static inline void *xas_next(struct xa_state *xas)
{
	if (!xas_invalid(xas))
		xas->xa_index++;
	return xas_load(xas);
}

static inline void *xas_prev(struct xa_state *xas)
{
	if (!xas_invalid(xas))
		xas->xa_index--;
	return xas_load(xas);
}

/* The walk goes on behind this index, after the lock was given away. */
static inline void xas_pause(struct xa_state *xas)
{
	if (xas_error(xas) || xas->xa_node == XAS_RESTART)
		return;
	xas->xa_node = ++xas->xa_index ? XAS_RESTART : XAS_BOUNDS;
}

/* With the lock held; what was there, or null and an error in the state. */
static inline void *xas_store(struct xa_state *xas, void *entry)
{
	void *old;

	if (xas_error(xas))
		return NULL;
	old = __xa_store(xas->xa, xas->xa_index, entry, GFP_NOWAIT);
	xas->xa_node = NULL;
	if (!xa_is_err(old))
		return old;
	xas_set_err(xas, xa_err(old));
	return NULL;
}

/* The machine had no memory: it has none now. */
static inline bool xas_nomem(struct xa_state *xas, gfp_t gfp)
{
	(void)xas;
	(void)gfp;
	return false;
}

static inline bool xas_get_mark(const struct xa_state *xas, xa_mark_t mark)
{
	return !xas_invalid(xas) && xa_get_mark(xas->xa, xas->xa_index, mark);
}

static inline void xas_set_mark(const struct xa_state *xas, xa_mark_t mark)
{
	if (!xas_invalid(xas))
		__xa_set_mark(xas->xa, xas->xa_index, mark);
}

static inline void xas_clear_mark(const struct xa_state *xas, xa_mark_t mark)
{
	if (!xas_invalid(xas))
		__xa_clear_mark(xas->xa, xas->xa_index, mark);
}

#endif
