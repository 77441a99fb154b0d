/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* bitmap.c: sets of bits in arrays of longs, and searches in them. */
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/slab.h>

/* --- Searches (linux/find.h) -------------------------------------------------------- */

/* A search of the words that `word`, an expression in the index `i`, gives. */
#define DEFINE_FIND_NEXT(name, word, ...)                                        \
	unsigned long name(__VA_ARGS__, unsigned long size, unsigned long start) \
	{                                                                        \
		unsigned long i = BIT_WORD(start), bits;                         \
                                                                                 \
		if (start >= size)                                               \
			return size;                                             \
		bits = (word) & BITMAP_FIRST_WORD_MASK(start);                   \
		while (!bits) {                                                  \
			if (++i >= BITS_TO_LONGS(size))                          \
				return size;                                     \
			bits = (word);                                           \
		}                                                                \
		return min(i * BITS_PER_LONG + __ffs(bits), size);               \
	}

DEFINE_FIND_NEXT(_find_next_bit, addr[i], const unsigned long *addr)
DEFINE_FIND_NEXT(_find_next_zero_bit, ~addr[i], const unsigned long *addr)
DEFINE_FIND_NEXT(_find_next_and_bit, addr1[i] & addr2[i], const unsigned long *addr1,
		 const unsigned long *addr2)
DEFINE_FIND_NEXT(_find_next_andnot_bit, addr1[i] & ~addr2[i], const unsigned long *addr1,
		 const unsigned long *addr2)
DEFINE_FIND_NEXT(_find_next_or_bit, addr1[i] | addr2[i], const unsigned long *addr1,
		 const unsigned long *addr2)

unsigned long _find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long i = BITS_TO_LONGS(size);
	unsigned long mask = BITMAP_LAST_WORD_MASK(size);

	for (; i-- > 0; mask = ~0UL)
		if (addr[i] & mask)
			return i * BITS_PER_LONG + __fls(addr[i] & mask);
	return size;
}

/* Words without the n-th bit are passed over by their weight. */
#define DEFINE_FIND_NTH(name, word, ...)                                            \
	unsigned long name(__VA_ARGS__, unsigned long size, unsigned long n)        \
	{                                                                           \
		unsigned long i, bits;                                              \
                                                                                    \
		for (i = 0; i < BITS_TO_LONGS(size); i++) {                         \
			bits = (word);                                              \
			if (n < hweight_long(bits))                                 \
				return min(i * BITS_PER_LONG + fns(bits, n), size); \
			n -= hweight_long(bits);                                    \
		}                                                                   \
		return size;                                                        \
	}

DEFINE_FIND_NTH(find_nth_bit, addr[i], const unsigned long *addr)
DEFINE_FIND_NTH(find_nth_and_bit, addr1[i] & addr2[i], const unsigned long *addr1,
		const unsigned long *addr2)
DEFINE_FIND_NTH(find_nth_andnot_bit, addr1[i] & ~addr2[i], const unsigned long *addr1,
		const unsigned long *addr2)

unsigned long find_next_clump8(unsigned long *clump, const unsigned long *addr, unsigned long size,
			       unsigned long start)
{
	unsigned long bit = find_next_bit(addr, size, start);

	if (bit == size)
		return size;
	bit -= bit % 8;
	*clump = (addr[BIT_WORD(bit)] >> (bit % BITS_PER_LONG)) & 0xff;
	return bit;
}

/* --- Whole sets (linux/bitmap.h) ------------------------------------------------------ */

unsigned long *bitmap_alloc(unsigned int nbits, gfp_t flags)
{
	return kmalloc_array(BITS_TO_LONGS(nbits), sizeof(long), flags);
}

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags)
{
	return bitmap_alloc(nbits, flags | __GFP_ZERO);
}

void bitmap_free(const unsigned long *bitmap)
{
	kfree(bitmap);
}

/* The bits of word `i` that belong to a set of `nbits`. */
static unsigned long word_mask(unsigned int i, unsigned int nbits)
{
	return i + 1 == BITS_TO_LONGS(nbits) ? BITMAP_LAST_WORD_MASK(nbits) : ~0UL;
}

#define for_each_word(i, nbits) for ((i) = 0; (i) < BITS_TO_LONGS(nbits); (i)++)

bool __bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits) if ((a[i] ^ b[i]) & word_mask(i, nbits)) return false;
	return true;
}

bool __bitmap_or_equal(const unsigned long *a, const unsigned long *b, const unsigned long *whole,
		       unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits) if (((a[i] | b[i]) ^ whole[i]) & word_mask(i, nbits)) return false;
	return true;
}

void __bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits) dst[i] = ~src[i];
}

bool __bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int i;

	for_each_word(i, nbits) any |= (dst[i] = a[i] & b[i] & word_mask(i, nbits));
	return any != 0;
}

bool __bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		     unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int i;

	for_each_word(i, nbits) any |= (dst[i] = a[i] & ~b[i] & word_mask(i, nbits));
	return any != 0;
}

void __bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		 unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits) dst[i] = a[i] | b[i];
}

void __bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits) dst[i] = a[i] ^ b[i];
}

void __bitmap_replace(unsigned long *dst, const unsigned long *old, const unsigned long *taken,
		      const unsigned long *mask, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits) dst[i] = (old[i] & ~mask[i]) | (taken[i] & mask[i]);
}

bool __bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	return find_first_and_bit(a, b, nbits) < nbits;
}

bool __bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	return find_next_andnot_bit(a, b, nbits, 0) >= nbits;
}

unsigned int __bitmap_weight(const unsigned long *bitmap, unsigned int nbits)
{
	unsigned int i, weight = 0;

	for_each_word(i, nbits) weight += hweight_long(bitmap[i] & word_mask(i, nbits));
	return weight;
}

unsigned int __bitmap_weight_and(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i, weight = 0;

	for_each_word(i, nbits) weight += hweight_long(a[i] & b[i] & word_mask(i, nbits));
	return weight;
}

unsigned int __bitmap_weight_andnot(const unsigned long *a, const unsigned long *b,
				    unsigned int nbits)
{
	unsigned int i, weight = 0;

	for_each_word(i, nbits) weight += hweight_long(a[i] & ~b[i] & word_mask(i, nbits));
	return weight;
}

/* Sets or clears [start, start + len), a word at a time. */
static void assign_range(unsigned long *map, unsigned long start, unsigned long len, bool value)
{
	while (len) {
		unsigned long offset = start % BITS_PER_LONG;
		unsigned long count = min(len, BITS_PER_LONG - offset);
		unsigned long mask = __GENMASK(offset + count - 1, offset);

		if (value)
			map[BIT_WORD(start)] |= mask;
		else
			map[BIT_WORD(start)] &= ~mask;
		start += count;
		len -= count;
	}
}

void __bitmap_set(unsigned long *map, unsigned int start, int len)
{
	if (len > 0)
		assign_range(map, start, len, true);
}

void __bitmap_clear(unsigned long *map, unsigned int start, int len)
{
	if (len > 0)
		assign_range(map, start, len, false);
}

/* --- Shifts ------------------------------------------------------------------------- */

/* A word of `src` that begins `shift` bits above word `i`; zero bits come in behind the last. */
static unsigned long word_above(const unsigned long *src, unsigned long i, unsigned int shift,
				unsigned int nbits)
{
	unsigned long words = BITS_TO_LONGS(nbits), from = i + shift / BITS_PER_LONG, low, high;

	if (from >= words)
		return 0;
	low = src[from] & word_mask(from, nbits);
	high = from + 1 < words ? src[from + 1] & word_mask(from + 1, nbits) : 0;
	shift %= BITS_PER_LONG;
	return shift ? (low >> shift) | (high << (BITS_PER_LONG - shift)) : low;
}

/* Upwards in place: word i needs only words that are not written yet. */
void __bitmap_shift_right(unsigned long *dst, const unsigned long *src, unsigned int shift,
			  unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits) dst[i] = word_above(src, i, shift, nbits);
}

void __bitmap_shift_left(unsigned long *dst, const unsigned long *src, unsigned int shift,
			 unsigned int nbits)
{
	unsigned int i = BITS_TO_LONGS(nbits), words = shift / BITS_PER_LONG;

	shift %= BITS_PER_LONG;
	while (i-- > 0) {
		unsigned long high = i >= words ? src[i - words] : 0;
		unsigned long low = i > words ? src[i - words - 1] : 0;

		dst[i] = shift ? (high << shift) | (low >> (BITS_PER_LONG - shift)) : high;
		dst[i] &= word_mask(i, nbits);
	}
}

void bitmap_cut(unsigned long *dst, const unsigned long *src, unsigned int first, unsigned int cut,
		unsigned int nbits)
{
	unsigned int i, words = BITS_TO_LONGS(nbits);

	memmove(dst, src, words * sizeof(*dst));
	for (i = BIT_WORD(first); i < words; i++) {
		/* Whole words shift, not only `nbits` bits: so does the kernel's. */
		unsigned long above = word_above(dst, i, cut, words * BITS_PER_LONG);
		unsigned long keep = i == BIT_WORD(first) ? ~BITMAP_FIRST_WORD_MASK(first) : 0;

		dst[i] = (dst[i] & keep) | (above & ~keep);
	}
}

/* --- Free areas, arrays of words -------------------------------------------------------- */

unsigned long bitmap_find_next_zero_area_off(unsigned long *map, unsigned long size,
					     unsigned long start, unsigned int nr,
					     unsigned long align_mask, unsigned long align_offset)
{
	unsigned long index, end, used;

	for (;; start = used + 1) {
		index = find_next_zero_bit(map, size, start);
		index = ((index + align_offset + align_mask) & ~align_mask) - align_offset;
		end = index + nr;
		if (end > size)
			return end;
		used = find_next_bit(map, end, index);
		if (used >= end)
			return index;
	}
}

void bitmap_from_arr32(unsigned long *bitmap, const u32 *buf, unsigned int nbits)
{
	unsigned int i, words = (nbits + 31) / 32;

	for (i = 0; i < words; i++) {
		if (i % 2)
			bitmap[i / 2] |= (unsigned long)buf[i] << 32;
		else
			bitmap[i / 2] = buf[i];
	}
	if (nbits % BITS_PER_LONG)
		bitmap[(words - 1) / 2] &= BITMAP_LAST_WORD_MASK(nbits);
}

void bitmap_to_arr32(u32 *buf, const unsigned long *bitmap, unsigned int nbits)
{
	unsigned int i, words = (nbits + 31) / 32;

	for (i = 0; i < words; i++)
		buf[i] = bitmap[i / 2] >> (i % 2 * 32);
	if (nbits % 32)
		buf[words - 1] &= ~0u >> (32 - nbits % 32);
}
