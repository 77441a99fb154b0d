/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* idr.c: small integers, out of arrays that know where they are free; see linux/idr.h. */
#include <linux/idr.h>
#include <linux/minmax.h>

/* --- For pointers -------------------------------------------------------------------- */

int idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max, gfp_t gfp)
{
	u32 base = idr->idr_base, index;
	struct xa_limit limit = {.min = *id < base ? 0 : *id - base, .max = max - base};
	int err;

	if (max < base)
		return -ENOSPC;
	err = __xa_alloc(&idr->idr_rt, &index, ptr, limit, gfp);
	if (!err)
		*id = index + base;
	return err == -EBUSY ? -ENOSPC : err;
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u32 id = start;
	int err;

	if (WARN_ON_ONCE(start < 0))
		return -EINVAL;
	err = idr_alloc_u32(idr, ptr, &id, end > 0 ? end - 1 : INT_MAX, gfp);
	return err ?: (int)id;
}

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	int max = end > 0 ? end - 1 : INT_MAX;
	u32 id = max_t(int, idr->idr_next, start);
	int err = idr_alloc_u32(idr, ptr, &id, max, gfp);

	if (err == -ENOSPC && id > (u32)start) {
		id = start;
		err = idr_alloc_u32(idr, ptr, &id, max, gfp);
	}
	if (err)
		return err;
	idr->idr_next = id + 1;
	return id;
}

void *idr_remove(struct idr *idr, unsigned long id)
{
	return __xa_erase(&idr->idr_rt, id - idr->idr_base);
}

void *idr_find(const struct idr *idr, unsigned long id)
{
	return xa_load((struct xarray *)&idr->idr_rt, id - idr->idr_base);
}

void *idr_get_next_ul(struct idr *idr, unsigned long *nextid)
{
	unsigned long index = *nextid < idr->idr_base ? 0 : *nextid - idr->idr_base;
	void *entry = xa_find(&idr->idr_rt, &index, ULONG_MAX, XA_PRESENT);

	if (entry)
		*nextid = index + idr->idr_base;
	return entry;
}

void *idr_get_next(struct idr *idr, int *nextid)
{
	unsigned long id = *nextid;
	void *entry = idr_get_next_ul(idr, &id);

	if (WARN_ON_ONCE(entry && id > INT_MAX))
		return NULL;
	*nextid = id;
	return entry;
}

int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data)
{
	struct xarray *xa = (struct xarray *)&idr->idr_rt;
	unsigned long index;
	void *entry;
	int ret;

	xa_for_each(xa, index, entry)
	{
		ret = fn(index + idr->idr_base, entry, data);
		if (ret)
			return ret;
	}
	return 0;
}

void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	unsigned long index = id - idr->idr_base;
	void *old = xa_load(&idr->idr_rt, index);

	/* Null may be there, too: only an insertion tells that from nothing. */
	if (!old) {
		int err = __xa_insert(&idr->idr_rt, index, NULL, GFP_ATOMIC);

		if (err != -EBUSY) {
			if (!err)
				__xa_erase(&idr->idr_rt, index);
			return ERR_PTR(-ENOENT);
		}
	}
	__xa_store(&idr->idr_rt, index, ptr, GFP_ATOMIC);
	return old;
}

void idr_destroy(struct idr *idr)
{
	xa_destroy(&idr->idr_rt);
}

/* --- Alone --------------------------------------------------------------------------- */

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	struct xa_limit limit = {.min = min, .max = min_t(unsigned int, max, INT_MAX)};
	unsigned long flags;
	u32 id;
	int err;

	if ((int)min < 0)
		return -ENOSPC;
	xa_lock_irqsave(&ida->xa, flags);
	err = __xa_alloc(&ida->xa, &id, NULL, limit, gfp);
	xa_unlock_irqrestore(&ida->xa, flags);
	if (err)
		return err == -EBUSY ? -ENOSPC : err;
	return id;
}

void ida_free(struct ida *ida, unsigned int id)
{
	unsigned long flags;
	int err;

	if ((int)id < 0)
		return;
	xa_lock_irqsave(&ida->xa, flags);
	err = __xa_insert(&ida->xa, id, NULL, GFP_ATOMIC);
	__xa_erase(&ida->xa, id);
	xa_unlock_irqrestore(&ida->xa, flags);
	WARN(err != -EBUSY, "ida_free called for id=%d which is not allocated.\n", id);
}

void ida_destroy(struct ida *ida)
{
	xa_destroy(&ida->xa);
}
