/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/idr.h: small integers for pointers (idr), and small integers alone (ida). */
#ifndef FLUSHDEP_LINUX_IDR_H
#define FLUSHDEP_LINUX_IDR_H

#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/preempt.h>
#include <linux/xarray.h>

/* faithful: who changes one holds a lock of his own, or idr_lock(). */
struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;
	unsigned int idr_next;
};

#define IDR_INIT_BASE(name, base)                            \
	{                                                    \
		.idr_rt = XARRAY_INIT(name, XA_FLAGS_ALLOC), \
		.idr_base = (base),                          \
	}
#define IDR_INIT(name)	 IDR_INIT_BASE(name, 0)
#define DEFINE_IDR(name) struct idr name = IDR_INIT(name)

#define idr_lock(idr)			  xa_lock(&(idr)->idr_rt)
#define idr_unlock(idr)			  xa_unlock(&(idr)->idr_rt)
#define idr_lock_bh(idr)		  xa_lock_bh(&(idr)->idr_rt)
#define idr_unlock_bh(idr)		  xa_unlock_bh(&(idr)->idr_rt)
#define idr_lock_irq(idr)		  xa_lock_irq(&(idr)->idr_rt)
#define idr_unlock_irq(idr)		  xa_unlock_irq(&(idr)->idr_rt)
#define idr_lock_irqsave(idr, flags)	  xa_lock_irqsave(&(idr)->idr_rt, flags)
#define idr_unlock_irqrestore(idr, flags) xa_unlock_irqrestore(&(idr)->idr_rt, flags)

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int __must_check idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max, gfp_t gfp);
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_find(const struct idr *idr, unsigned long id);
int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data);
void *idr_get_next(struct idr *idr, int *nextid);
void *idr_get_next_ul(struct idr *idr, unsigned long *nextid);
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
void idr_destroy(struct idr *idr);

static inline unsigned int idr_get_cursor(const struct idr *idr)
{
	return READ_ONCE(idr->idr_next);
}

static inline void idr_set_cursor(struct idr *idr, unsigned int val)
{
	WRITE_ONCE(idr->idr_next, val);
}

#define idr_init_base(_idr, base)                              \
	do {                                                   \
		struct idr *__idr = (_idr);                    \
                                                               \
		xa_init_flags(&__idr->idr_rt, XA_FLAGS_ALLOC); \
		__idr->idr_base = (base);                      \
		__idr->idr_next = 0;                           \
	} while (0)
#define idr_init(idr) idr_init_base(idr, 0)

static inline bool idr_is_empty(const struct idr *idr)
{
	return xa_empty(&idr->idr_rt);
}

/* partial: only disables preemption; allocations of nodes do not fail in that context here. */
static inline void idr_preload(gfp_t gfp)
{
	(void)gfp;
	preempt_disable();
}

static inline void idr_preload_end(void)
{
	preempt_enable();
}

/* faithful */
#define idr_for_each_entry(idr, entry, id) \
	for (id = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; id += 1U)
#define idr_for_each_entry_continue(idr, entry, id)       \
	for ((entry) = idr_get_next((idr), &(id)); entry; \
	     ++id, (entry) = idr_get_next((idr), &(id)))
#define idr_for_each_entry_ul(idr, entry, tmp, id)                                                \
	for (tmp = 0, id = 0; ((entry) = tmp <= id ? idr_get_next_ul(idr, &(id)) : NULL) != NULL; \
	     tmp = id, ++id)
#define idr_for_each_entry_continue_ul(idr, entry, tmp, id)                                \
	for (tmp = id; ((entry) = tmp <= id ? idr_get_next_ul(idr, &(id)) : NULL) != NULL; \
	     tmp = id, ++id)

/* partial: takes more memory than the kernel's bitmaps. Locked by itself, in any context. */
struct ida {
	struct xarray xa;
};

/* As many IDs as the kernel keeps in one bitmap; tests go by it. */
#define IDA_CHUNK_SIZE	 128
#define IDA_BITMAP_LONGS (IDA_CHUNK_SIZE / sizeof(long))
#define IDA_BITMAP_BITS	 (IDA_BITMAP_LONGS * sizeof(long) * 8)
#define IDA_INIT_FLAGS	 (XA_FLAGS_LOCK_IRQ | XA_FLAGS_ALLOC)
#define IDA_INIT(name)                                   \
	{                                                \
		.xa = XARRAY_INIT(name, IDA_INIT_FLAGS), \
	}
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)
#define ida_init(ida)	 xa_init_flags(&(ida)->xa, IDA_INIT_FLAGS)

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
void ida_destroy(struct ida *ida);
#define ida_alloc(ida, gfp)		     ida_alloc_range(ida, 0, ~0u, gfp)
#define ida_alloc_min(ida, min, gfp)	     ida_alloc_range(ida, min, ~0u, gfp)
#define ida_alloc_max(ida, max, gfp)	     ida_alloc_range(ida, 0, max, gfp)
#define ida_simple_get(ida, start, end, gfp) ida_alloc_range(ida, start, (end) - 1, gfp)
#define ida_simple_remove(ida, id)	     ida_free(ida, id)

static inline bool ida_is_empty(const struct ida *ida)
{
	return xa_empty(&ida->xa);
}

#endif
