/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* iov_iter.c: copies to and from where an iterator stands. */
#include <linux/bug.h>
#include <linux/mm.h>
#include <linux/uio.h>

#include "checked.h"

/* The rest of the buffer that the iterator stands in; NULL: at the end. */
static void *here(const struct iov_iter *i, size_t *len)
{
	const struct kvec *kvec = i->kvec;

	*len = i->count;
	if (!i->count)
		return NULL;
	if (iter_is_ubuf(i))
		return i->ubuf ? (char *)i->ubuf + i->iov_offset : NULL;
	*len = min(i->count, kvec->iov_len - i->iov_offset);
	return (char *)kvec->iov_base + i->iov_offset;
}

static void advance(struct iov_iter *i, size_t bytes)
{
	i->count -= bytes;
	i->iov_offset += bytes;
	while (iov_iter_is_kvec(i) && i->nr_segs && i->iov_offset >= i->kvec->iov_len) {
		i->iov_offset -= i->kvec->iov_len;
		i->kvec++;
		i->nr_segs--;
	}
}

typedef void (*step_fn)(void *iter, void *addr, size_t len);

static void to_iter(void *iter, void *addr, size_t len)
{
	memcpy(iter, addr, len);
}

static void from_iter(void *iter, void *addr, size_t len)
{
	memcpy(addr, iter, len);
}

static void zero_iter(void *iter, void *addr, size_t len)
{
	memset(iter, 0, len);
}

static size_t walk(struct iov_iter *i, step_fn step, void *addr, size_t bytes)
{
	size_t done = 0, len;
	void *iter;

	while (done < bytes && (iter = here(i, &len))) {
		len = min(len, bytes - done);
		step(iter, addr ? (char *)addr + done : NULL, len);
		advance(i, len);
		done += len;
	}
	return done;
}

static size_t copy_to(const void *addr, size_t bytes, struct iov_iter *i)
{
	return WARN_ON_ONCE(i->data_source) ? 0 : walk(i, to_iter, (void *)addr, bytes);
}

static size_t copy_from(void *addr, size_t bytes, struct iov_iter *i)
{
	return WARN_ON_ONCE(!i->data_source) ? 0 : walk(i, from_iter, addr, bytes);
}

size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	return copy_to(addr, bytes, i);
}

size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	return copy_from(addr, bytes, i);
}

static bool all_or_nothing(size_t copied, size_t bytes, struct iov_iter *i)
{
	if (copied != bytes)
		iov_iter_revert(i, copied);
	return copied == bytes;
}

bool copy_to_iter_full(const void *addr, size_t bytes, struct iov_iter *i)
{
	return all_or_nothing(copy_to(addr, bytes, i), bytes, i);
}

bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i)
{
	return all_or_nothing(copy_from(addr, bytes, i), bytes, i);
}

size_t copy_page_to_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_to((char *)page_address(page) + offset, bytes, i);
}

size_t copy_page_from_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_from((char *)page_address(page) + offset, bytes, i);
}

size_t copy_folio_to_iter(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_to((char *)folio_address(folio) + offset, bytes, i);
}

size_t copy_folio_from_iter(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_from((char *)folio_address(folio) + offset, bytes, i);
}

size_t iov_iter_zero(size_t bytes, struct iov_iter *i)
{
	return WARN_ON_ONCE(i->data_source) ? 0 : walk(i, zero_iter, NULL, bytes);
}

void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	advance(i, min(bytes, i->count));
}

void iov_iter_revert(struct iov_iter *i, size_t bytes)
{
	i->count += bytes;
	while (iov_iter_is_kvec(i) && bytes > i->iov_offset) {
		bytes -= i->iov_offset;
		i->kvec--;
		i->nr_segs++;
		i->iov_offset = i->kvec->iov_len;
	}
	i->iov_offset -= bytes;
}

size_t iov_iter_single_seg_count(const struct iov_iter *i)
{
	size_t len;

	here(i, &len);
	return len;
}
