/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/find.h: searches for bits in arrays of longs. */
#ifndef FLUSHDEP_LINUX_FIND_H
#define FLUSHDEP_LINUX_FIND_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/compiler.h>

/* faithful: known to be one word when it is compiled: then the compiler can fold what follows. */
#define small_const_nbits(nbits) \
	(__builtin_constant_p(nbits) && (nbits) <= BITS_PER_LONG && (nbits) > 0)

unsigned long _find_next_bit(const unsigned long *addr, unsigned long size, unsigned long start);
unsigned long _find_next_zero_bit(const unsigned long *addr, unsigned long size,
				  unsigned long start);
unsigned long _find_next_and_bit(const unsigned long *addr1, const unsigned long *addr2,
				 unsigned long size, unsigned long start);
unsigned long _find_next_andnot_bit(const unsigned long *addr1, const unsigned long *addr2,
				    unsigned long size, unsigned long start);
unsigned long _find_next_or_bit(const unsigned long *addr1, const unsigned long *addr2,
				unsigned long size, unsigned long start);
unsigned long _find_last_bit(const unsigned long *addr, unsigned long size);

/* The shim's own: the first set bit of one word of `size` bits at or after `start`. */
static __always_inline unsigned long
flushdep_shim_find_in_word(unsigned long word, unsigned long size, unsigned long start)
{
	if (start >= size)
		return size;
	word &= __GENMASK(size - 1, start);
	return word ? __ffs(word) : size;
}

/* faithful: `size` if there is no such bit. */
static __always_inline unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
						   unsigned long start)
{
	if (small_const_nbits(size))
		return flushdep_shim_find_in_word(*addr, size, start);
	return _find_next_bit(addr, size, start);
}

static __always_inline unsigned long find_next_zero_bit(const unsigned long *addr,
							unsigned long size, unsigned long start)
{
	if (small_const_nbits(size))
		return flushdep_shim_find_in_word(~*addr, size, start);
	return _find_next_zero_bit(addr, size, start);
}

static __always_inline unsigned long find_next_and_bit(const unsigned long *addr1,
						       const unsigned long *addr2,
						       unsigned long size, unsigned long start)
{
	if (small_const_nbits(size))
		return flushdep_shim_find_in_word(*addr1 & *addr2, size, start);
	return _find_next_and_bit(addr1, addr2, size, start);
}

static __always_inline unsigned long find_next_andnot_bit(const unsigned long *addr1,
							  const unsigned long *addr2,
							  unsigned long size, unsigned long start)
{
	if (small_const_nbits(size))
		return flushdep_shim_find_in_word(*addr1 & ~*addr2, size, start);
	return _find_next_andnot_bit(addr1, addr2, size, start);
}

static __always_inline unsigned long find_next_or_bit(const unsigned long *addr1,
						      const unsigned long *addr2,
						      unsigned long size, unsigned long start)
{
	if (small_const_nbits(size))
		return flushdep_shim_find_in_word(*addr1 | *addr2, size, start);
	return _find_next_or_bit(addr1, addr2, size, start);
}

static __always_inline unsigned long find_first_bit(const unsigned long *addr, unsigned long size)
{
	return find_next_bit(addr, size, 0);
}

static __always_inline unsigned long find_first_zero_bit(const unsigned long *addr,
							 unsigned long size)
{
	return find_next_zero_bit(addr, size, 0);
}

static __always_inline unsigned long
find_first_and_bit(const unsigned long *addr1, const unsigned long *addr2, unsigned long size)
{
	return find_next_and_bit(addr1, addr2, size, 0);
}

static __always_inline unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	if (small_const_nbits(size)) {
		unsigned long word = *addr & __GENMASK(size - 1, 0);

		return word ? __fls(word) : size;
	}
	return _find_last_bit(addr, size);
}

/* faithful: `n` counts from 0. */
unsigned long find_nth_bit(const unsigned long *addr, unsigned long size, unsigned long n);
unsigned long find_nth_and_bit(const unsigned long *addr1, const unsigned long *addr2,
			       unsigned long size, unsigned long n);
unsigned long find_nth_andnot_bit(const unsigned long *addr1, const unsigned long *addr2,
				  unsigned long size, unsigned long n);

/* faithful: from `start` to the end, then from 0 to `start`. */
static inline unsigned long find_next_bit_wrap(const unsigned long *addr, unsigned long size,
					       unsigned long start)
{
	unsigned long bit = find_next_bit(addr, size, start);

	if (bit < size || !start)
		return bit;
	bit = find_next_bit(addr, start, 0);
	return bit < start ? bit : size;
}

static inline unsigned long find_next_and_bit_wrap(const unsigned long *addr1,
						   const unsigned long *addr2, unsigned long size,
						   unsigned long start)
{
	unsigned long bit = find_next_and_bit(addr1, addr2, size, start);

	if (bit < size || !start)
		return bit;
	bit = find_next_and_bit(addr1, addr2, start, 0);
	return bit < start ? bit : size;
}

/* The shim's own: the step of for_each_set_bit_wrap(); over when it comes to `start` again. */
static inline unsigned long flushdep_shim_next_wrapped(const unsigned long *addr,
						       unsigned long size, unsigned long start,
						       unsigned long n)
{
	unsigned long bit;

	if (n > start) {
		bit = find_next_bit(addr, size, n);
		if (bit < size)
			return bit;
		n = 0;
	}
	bit = find_next_bit(addr, start, n);
	return bit < start ? bit : size;
}

/* faithful: the first group of eight bits that is not all clear, and its value. */
unsigned long find_next_clump8(unsigned long *clump, const unsigned long *addr, unsigned long size,
			       unsigned long start);
#define find_first_clump8(clump, bits, size) find_next_clump8((clump), (bits), (size), 0)

/* faithful: a little-endian array is an array of longs here. */
#define find_next_zero_bit_le(addr, size, start) \
	find_next_zero_bit((const unsigned long *)(addr), size, start)
#define find_next_bit_le(addr, size, start) \
	find_next_bit((const unsigned long *)(addr), size, start)
#define find_first_zero_bit_le(addr, size) find_next_zero_bit_le((addr), (size), 0)

/* faithful: ranges are [b, e). */
#define for_each_set_bit_from(bit, addr, size) \
	for (; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_set_bit(bit, addr, size) \
	for ((bit) = 0; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_clear_bit_from(bit, addr, size) \
	for (; (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_clear_bit(bit, addr, size) \
	for ((bit) = 0; (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_and_bit(bit, addr1, addr2, size) \
	for ((bit) = 0;                           \
	     (bit) = find_next_and_bit((addr1), (addr2), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_andnot_bit(bit, addr1, addr2, size)                                        \
	for ((bit) = 0;                                                                     \
	     (bit) = find_next_andnot_bit((addr1), (addr2), (size), (bit)), (bit) < (size); \
	     (bit)++)
#define for_each_or_bit(bit, addr1, addr2, size)                                                   \
	for ((bit) = 0; (bit) = find_next_or_bit((addr1), (addr2), (size), (bit)), (bit) < (size); \
	     (bit)++)
#define for_each_set_bitrange_from(b, e, addr, size)                            \
	for (; (b) = find_next_bit((addr), (size), (b)),                        \
	       (e) = find_next_zero_bit((addr), (size), (b) + 1), (b) < (size); \
	     (b) = (e) + 1)
#define for_each_set_bitrange(b, e, addr, size)                              \
	for ((b) = 0; (b) = find_next_bit((addr), (size), (b)),              \
	    (e) = find_next_zero_bit((addr), (size), (b) + 1), (b) < (size); \
	     (b) = (e) + 1)
#define for_each_clear_bitrange_from(b, e, addr, size)                     \
	for (; (b) = find_next_zero_bit((addr), (size), (b)),              \
	       (e) = find_next_bit((addr), (size), (b) + 1), (b) < (size); \
	     (b) = (e) + 1)
#define for_each_clear_bitrange(b, e, addr, size)                       \
	for ((b) = 0; (b) = find_next_zero_bit((addr), (size), (b)),    \
	    (e) = find_next_bit((addr), (size), (b) + 1), (b) < (size); \
	     (b) = (e) + 1)
#define for_each_set_bit_wrap(bit, addr, size, start)                             \
	for ((bit) = find_next_bit_wrap((addr), (size), (start)); (bit) < (size); \
	     (bit) = flushdep_shim_next_wrapped((addr), (size), (start), (bit) + 1))
#define for_each_set_clump8(start, clump, bits, size)                                 \
	for ((start) = find_first_clump8(&(clump), (bits), (size)); (start) < (size); \
	     (start) = find_next_clump8(&(clump), (bits), (size), (start) + 8))

#endif
