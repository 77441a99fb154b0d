/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/uio.h: where data comes from or goes to: buffers of the kernel or of user memory. */
#ifndef FLUSHDEP_LINUX_UIO_H
#define FLUSHDEP_LINUX_UIO_H

#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/types.h>

struct folio;
struct page;

/* faithful */
struct kvec {
	void *iov_base;
	size_t iov_len;
};
#define ITER_SOURCE 1
#define ITER_DEST   0

/* partial: one buffer of user memory, or several of the kernel's. */
enum iter_type {
	ITER_UBUF,
	ITER_KVEC,
};

struct iov_iter {
	u8 iter_type;
	bool nofault;
	bool data_source;
	size_t iov_offset;
	union {
		void __user *ubuf;
		const struct kvec *kvec;
	};
	size_t count;
	unsigned long nr_segs;
};

/* faithful */
static inline bool iter_is_ubuf(const struct iov_iter *i)
{
	return i->iter_type == ITER_UBUF;
}

static inline bool iov_iter_is_kvec(const struct iov_iter *i)
{
	return i->iter_type == ITER_KVEC;
}

static inline bool user_backed_iter(const struct iov_iter *i)
{
	return iter_is_ubuf(i);
}

static inline unsigned char iov_iter_rw(const struct iov_iter *i)
{
	return i->data_source ? 1 : 0;
}

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->count > count)
		i->count = count;
}

static inline void iov_iter_reexpand(struct iov_iter *i, size_t count)
{
	i->count = count;
}

static inline void iov_iter_ubuf(struct iov_iter *i, unsigned int direction, void __user *buf,
				 size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_UBUF,
		.data_source = direction,
		.ubuf = buf,
		.count = count,
		.nr_segs = 1,
	};
}

static inline void iov_iter_kvec(struct iov_iter *i, unsigned int direction,
				 const struct kvec *kvec, unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_KVEC,
		.data_source = direction,
		.kvec = kvec,
		.count = count,
		.nr_segs = nr_segs,
	};
}

static inline int import_ubuf(int rw, void __user *buf, size_t len, struct iov_iter *i)
{
	iov_iter_ubuf(i, rw, buf, len);
	return 0;
}

void iov_iter_advance(struct iov_iter *i, size_t bytes);
void iov_iter_revert(struct iov_iter *i, size_t bytes);
size_t iov_iter_single_seg_count(const struct iov_iter *i);

/* partial: user memory is any memory of the program, so that less than asked for is copied only at
 * the end. Returns how much was. Pages go by their direct-map address. */
FLUSHDEP_CALL size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
FLUSHDEP_CALL size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
FLUSHDEP_CALL bool copy_to_iter_full(const void *addr, size_t bytes, struct iov_iter *i);
FLUSHDEP_CALL bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i);
FLUSHDEP_CALL size_t copy_page_to_iter(struct page *page, size_t offset, size_t bytes,
				       struct iov_iter *i);
FLUSHDEP_CALL size_t copy_page_from_iter(struct page *page, size_t offset, size_t bytes,
					 struct iov_iter *i);
FLUSHDEP_CALL size_t copy_folio_to_iter(struct folio *folio, size_t offset, size_t bytes,
					struct iov_iter *i);
FLUSHDEP_CALL size_t copy_folio_from_iter(struct folio *folio, size_t offset, size_t bytes,
					  struct iov_iter *i);
FLUSHDEP_CALL size_t iov_iter_zero(size_t bytes, struct iov_iter *i);
#define copy_from_iter_nocache(addr, bytes, i) copy_from_iter(addr, bytes, i)
#define copy_folio_from_iter_atomic(folio, offset, bytes, i) \
	copy_folio_from_iter(folio, offset, bytes, i)

/* partial: nothing is to be faulted in: how much could not be. */
#define fault_in_iov_iter_readable(i, bytes)  ((void)(i), (void)(bytes), (size_t)0)
#define fault_in_iov_iter_writeable(i, bytes) ((void)(i), (void)(bytes), (size_t)0)

#endif
