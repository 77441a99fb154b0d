/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bitmap.h: sets of bits in arrays of longs. What lies behind the last bit is not looked at.
 */
#ifndef FLUSHDEP_LINUX_BITMAP_H
#define FLUSHDEP_LINUX_BITMAP_H

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/find.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

/* faithful */
#define BITMAP_FIRST_WORD_MASK(start) (~0UL << ((start) & (BITS_PER_LONG - 1)))
#define BITMAP_LAST_WORD_MASK(nbits)  (~0UL >> (-(nbits) & (BITS_PER_LONG - 1)))
#define BITMAP_FROM_U64(n)	      (n)
#define bitmap_size(nbits)	      (BITS_TO_LONGS(nbits) * sizeof(long))

unsigned long *bitmap_alloc(unsigned int nbits, gfp_t flags);
unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags);
void bitmap_free(const unsigned long *bitmap);
#define bitmap_alloc_node(nbits, flags, node)  ((void)(node), bitmap_alloc(nbits, flags))
#define bitmap_zalloc_node(nbits, flags, node) ((void)(node), bitmap_zalloc(nbits, flags))
DEFINE_FREE(bitmap, unsigned long *, if (_T) bitmap_free(_T))

bool __bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool __bitmap_or_equal(const unsigned long *a, const unsigned long *b, const unsigned long *whole,
		       unsigned int nbits);
void __bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits);
void __bitmap_shift_right(unsigned long *dst, const unsigned long *src, unsigned int shift,
			  unsigned int nbits);
void __bitmap_shift_left(unsigned long *dst, const unsigned long *src, unsigned int shift,
			 unsigned int nbits);
void bitmap_cut(unsigned long *dst, const unsigned long *src, unsigned int first, unsigned int cut,
		unsigned int nbits);
bool __bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits);
void __bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		 unsigned int nbits);
void __bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits);
bool __bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		     unsigned int nbits);
void __bitmap_replace(unsigned long *dst, const unsigned long *old, const unsigned long *taken,
		      const unsigned long *mask, unsigned int nbits);
bool __bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool __bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits);
unsigned int __bitmap_weight(const unsigned long *bitmap, unsigned int nbits);
unsigned int __bitmap_weight_and(const unsigned long *a, const unsigned long *b,
				 unsigned int nbits);
unsigned int __bitmap_weight_andnot(const unsigned long *a, const unsigned long *b,
				    unsigned int nbits);
void __bitmap_set(unsigned long *map, unsigned int start, int len);
void __bitmap_clear(unsigned long *map, unsigned int start, int len);
unsigned long bitmap_find_next_zero_area_off(unsigned long *map, unsigned long size,
					     unsigned long start, unsigned int nr,
					     unsigned long align_mask, unsigned long align_offset);
#define bitmap_find_next_zero_area(map, size, start, nr, align_mask) \
	bitmap_find_next_zero_area_off(map, size, start, nr, align_mask, 0)

/* faithful: text, in linux/cpumask.h's and sysfs's two ways. */
int bitmap_parse(const char *buf, unsigned int buflen, unsigned long *dst, int nbits);
int bitmap_parselist(const char *buf, unsigned long *maskp, int nbits);
int bitmap_print_to_pagebuf(bool list, char *buf, const unsigned long *maskp, int nbits);
int bitmap_print_bitmask_to_buf(char *buf, const unsigned long *maskp, int nbits, loff_t off,
				size_t count);
int bitmap_print_list_to_buf(char *buf, const unsigned long *maskp, int nbits, loff_t off,
			     size_t count);

/* faithful: whole words are written, as the kernel does. */
static __always_inline void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = 0;
	else
		memset(dst, 0, bitmap_size(nbits));
}

static __always_inline void bitmap_fill(unsigned long *dst, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = ~0UL;
	else
		memset(dst, 0xff, bitmap_size(nbits));
}

static __always_inline void bitmap_copy(unsigned long *dst, const unsigned long *src,
					unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = *src;
	else
		memcpy(dst, src, bitmap_size(nbits));
}

static __always_inline void bitmap_copy_clear_tail(unsigned long *dst, const unsigned long *src,
						   unsigned int nbits)
{
	bitmap_copy(dst, src, nbits);
	if (nbits % BITS_PER_LONG)
		dst[nbits / BITS_PER_LONG] &= BITMAP_LAST_WORD_MASK(nbits);
}

/* Words of 32 and of 64 bits lie in memory as longs do, on a little-endian machine. */
#define bitmap_from_arr64(bitmap, buf, nbits) \
	bitmap_copy_clear_tail((unsigned long *)(bitmap), (const unsigned long *)(buf), (nbits))
#define bitmap_to_arr64(buf, bitmap, nbits) \
	bitmap_copy_clear_tail((unsigned long *)(buf), (const unsigned long *)(bitmap), (nbits))
void bitmap_from_arr32(unsigned long *bitmap, const u32 *buf, unsigned int nbits);
void bitmap_to_arr32(u32 *buf, const unsigned long *bitmap, unsigned int nbits);

static __always_inline void bitmap_from_u64(unsigned long *dst, u64 mask)
{
	*dst = mask;
}

/* faithful: true if the result has a bit set. */
static __always_inline bool bitmap_and(unsigned long *dst, const unsigned long *a,
				       const unsigned long *b, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return (*dst = *a & *b & BITMAP_LAST_WORD_MASK(nbits)) != 0;
	return __bitmap_and(dst, a, b, nbits);
}

static __always_inline bool bitmap_andnot(unsigned long *dst, const unsigned long *a,
					  const unsigned long *b, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return (*dst = *a & ~*b & BITMAP_LAST_WORD_MASK(nbits)) != 0;
	return __bitmap_andnot(dst, a, b, nbits);
}

/* faithful */
static __always_inline void bitmap_or(unsigned long *dst, const unsigned long *a,
				      const unsigned long *b, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = *a | *b;
	else
		__bitmap_or(dst, a, b, nbits);
}

static __always_inline void bitmap_xor(unsigned long *dst, const unsigned long *a,
				       const unsigned long *b, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = *a ^ *b;
	else
		__bitmap_xor(dst, a, b, nbits);
}

static __always_inline void bitmap_complement(unsigned long *dst, const unsigned long *src,
					      unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = ~*src;
	else
		__bitmap_complement(dst, src, nbits);
}

static __always_inline bool bitmap_equal(const unsigned long *a, const unsigned long *b,
					 unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return !((*a ^ *b) & BITMAP_LAST_WORD_MASK(nbits));
	return __bitmap_equal(a, b, nbits);
}

static __always_inline bool bitmap_or_equal(const unsigned long *a, const unsigned long *b,
					    const unsigned long *whole, unsigned int nbits)
{
	return __bitmap_or_equal(a, b, whole, nbits);
}

static __always_inline bool bitmap_intersects(const unsigned long *a, const unsigned long *b,
					      unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return (*a & *b & BITMAP_LAST_WORD_MASK(nbits)) != 0;
	return __bitmap_intersects(a, b, nbits);
}

static __always_inline bool bitmap_subset(const unsigned long *a, const unsigned long *b,
					  unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return !(*a & ~*b & BITMAP_LAST_WORD_MASK(nbits));
	return __bitmap_subset(a, b, nbits);
}

static __always_inline bool bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return !(*src & BITMAP_LAST_WORD_MASK(nbits));
	return find_first_bit(src, nbits) == nbits;
}

static __always_inline bool bitmap_full(const unsigned long *src, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return !(~*src & BITMAP_LAST_WORD_MASK(nbits));
	return find_first_zero_bit(src, nbits) == nbits;
}

static __always_inline unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		return hweight_long(*src & BITMAP_LAST_WORD_MASK(nbits));
	return __bitmap_weight(src, nbits);
}

#define bitmap_weight_and(a, b, nbits)	  ((unsigned long)__bitmap_weight_and(a, b, nbits))
#define bitmap_weight_andnot(a, b, nbits) ((unsigned long)__bitmap_weight_andnot(a, b, nbits))

static __always_inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
	if (__builtin_constant_p(start + nbits) && nbits && start + nbits <= BITS_PER_LONG)
		*map |= __GENMASK(start + nbits - 1, start);
	else
		__bitmap_set(map, start, nbits);
}

static __always_inline void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
	if (__builtin_constant_p(start + nbits) && nbits && start + nbits <= BITS_PER_LONG)
		*map &= ~__GENMASK(start + nbits - 1, start);
	else
		__bitmap_clear(map, start, nbits);
}

static __always_inline void bitmap_shift_right(unsigned long *dst, const unsigned long *src,
					       unsigned int shift, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = (*src & BITMAP_LAST_WORD_MASK(nbits)) >> shift;
	else
		__bitmap_shift_right(dst, src, shift, nbits);
}

static __always_inline void bitmap_shift_left(unsigned long *dst, const unsigned long *src,
					      unsigned int shift, unsigned int nbits)
{
	if (small_const_nbits(nbits))
		*dst = (*src << shift) & BITMAP_LAST_WORD_MASK(nbits);
	else
		__bitmap_shift_left(dst, src, shift, nbits);
}

/* Bits of `taken` where the mask is set, of `old` elsewhere. */
static __always_inline void bitmap_replace(unsigned long *dst, const unsigned long *old,
					   const unsigned long *taken, const unsigned long *mask,
					   unsigned int nbits)
{
	__bitmap_replace(dst, old, taken, mask, nbits);
}

/* The n-th bit of `src` goes to the place of the n-th set bit of `mask`. */
static inline void bitmap_scatter(unsigned long *dst, const unsigned long *src,
				  const unsigned long *mask, unsigned int nbits)
{
	unsigned int bit, n = 0;

	bitmap_zero(dst, nbits);
	for_each_set_bit(bit, mask, nbits) __assign_bit(bit, dst, test_bit(n++, src));
}

static inline void bitmap_gather(unsigned long *dst, const unsigned long *src,
				 const unsigned long *mask, unsigned int nbits)
{
	unsigned int bit, n = 0;

	bitmap_zero(dst, nbits);
	for_each_set_bit(bit, mask, nbits) __assign_bit(n++, dst, test_bit(bit, src));
}

static inline void bitmap_copy_and_extend(unsigned long *to, const unsigned long *from,
					  unsigned int count, unsigned int size)
{
	bitmap_copy_clear_tail(to, from, count);
	memset(to + BITS_TO_LONGS(count), 0, bitmap_size(size) - bitmap_size(count));
}

static inline void bitmap_next_set_region(unsigned long *bitmap, unsigned int *rs, unsigned int *re,
					  unsigned int end)
{
	*rs = find_next_bit(bitmap, end, *rs);
	*re = find_next_zero_bit(bitmap, end, *rs + 1);
}

/* faithful: regions are of 2^order bits, naturally aligned. */
static inline void bitmap_release_region(unsigned long *bitmap, unsigned int pos, int order)
{
	bitmap_clear(bitmap, pos, BIT(order));
}

static inline int bitmap_allocate_region(unsigned long *bitmap, unsigned int pos, int order)
{
	unsigned int end = pos + BIT(order);

	if (find_next_bit(bitmap, end, pos) < end)
		return -EBUSY;
	bitmap_set(bitmap, pos, BIT(order));
	return 0;
}

static inline int bitmap_find_free_region(unsigned long *bitmap, unsigned int bits, int order)
{
	unsigned int pos;

	for (pos = 0; pos + BIT(order) <= bits; pos += BIT(order))
		if (!bitmap_allocate_region(bitmap, pos, order))
			return pos;
	return -ENOMEM;
}

/* faithful: up to a word of bits, anywhere. */
static __always_inline unsigned long bitmap_read(const unsigned long *map, unsigned long start,
						 unsigned long nbits)
{
	unsigned long index = BIT_WORD(start), offset = start % BITS_PER_LONG, low;

	if (!nbits || nbits > BITS_PER_LONG)
		return 0;
	low = map[index] >> offset;
	if (offset + nbits > BITS_PER_LONG)
		low |= map[index + 1] << (BITS_PER_LONG - offset);
	return low & BITMAP_LAST_WORD_MASK(nbits);
}

static __always_inline void bitmap_write(unsigned long *map, unsigned long value,
					 unsigned long start, unsigned long nbits)
{
	unsigned long index = BIT_WORD(start), offset = start % BITS_PER_LONG, mask;

	if (!nbits || nbits > BITS_PER_LONG)
		return;
	mask = BITMAP_LAST_WORD_MASK(nbits);
	value &= mask;
	map[index] = (map[index] & ~(mask << offset)) | (value << offset);
	if (offset + nbits <= BITS_PER_LONG)
		return;
	offset = BITS_PER_LONG - offset;
	map[index + 1] = (map[index + 1] & ~(mask >> offset)) | (value >> offset);
}

#define bitmap_get_value8(map, start)	     bitmap_read(map, start, BITS_PER_BYTE)
#define bitmap_set_value8(map, value, start) bitmap_write(map, value, start, BITS_PER_BYTE)

#endif
