/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bitops.h: bit operations on arrays of longs. */
#ifndef FLUSHDEP_LINUX_BITOPS_H
#define FLUSHDEP_LINUX_BITOPS_H

#include <asm/flushdep_order.h>
#include <linux/bits.h>
#include <linux/compiler.h>

/* faithful */
static __always_inline bool test_bit(unsigned long nr, const volatile unsigned long *addr)
{
	return (READ_ONCE(addr[BIT_WORD(nr)]) >> (nr % BITS_PER_LONG)) & 1;
}

/* What the compiler knows of a word it may use, as in the kernel. */
#define test_bit(nr, addr)                                                                   \
	(__builtin_constant_p(nr) && __builtin_constant_p(*(const unsigned long *)(addr))    \
		 ? (bool)((((const unsigned long *)(addr))[BIT_WORD((unsigned long)(nr))] >> \
			   ((unsigned long)(nr) % BITS_PER_LONG)) &                          \
			  1)                                                                 \
		 : (test_bit)(nr, addr))

static __always_inline void set_bit(unsigned long nr, volatile unsigned long *addr)
{
	FLUSHDEP_SHIM_RELAXED(&addr[BIT_WORD(nr)], __atomic_fetch_or, OR, BIT_MASK(nr));
}

static __always_inline void clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	FLUSHDEP_SHIM_RELAXED(&addr[BIT_WORD(nr)], __atomic_fetch_and, AND, ~BIT_MASK(nr));
}

static __always_inline void change_bit(unsigned long nr, volatile unsigned long *addr)
{
	__atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline bool test_and_set_bit(unsigned long nr, volatile unsigned long *addr)
{
	return FLUSHDEP_SHIM_ORDERED(&addr[BIT_WORD(nr)], OR, FULL, BIT_MASK(nr), 0) & BIT_MASK(nr);
}

static __always_inline bool test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	return FLUSHDEP_SHIM_ORDERED(&addr[BIT_WORD(nr)], AND, FULL, ~BIT_MASK(nr), 0) &
	       BIT_MASK(nr);
}

static __always_inline void __set_bit(unsigned long nr, volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static __always_inline void __clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static __always_inline void __change_bit(unsigned long nr, volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static __always_inline bool __test_and_set_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old = addr[BIT_WORD(nr)] & BIT_MASK(nr);

	__set_bit(nr, addr);
	return old;
}

static __always_inline bool __test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old = addr[BIT_WORD(nr)] & BIT_MASK(nr);

	__clear_bit(nr, addr);
	return old;
}

static __always_inline bool __test_and_change_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old = addr[BIT_WORD(nr)] & BIT_MASK(nr);

	__change_bit(nr, addr);
	return old;
}

/* The machine has no exclusive or with an order of its own: a loop of exchanges. */
static __always_inline bool test_and_change_bit(unsigned long nr, volatile unsigned long *addr)
{
	volatile unsigned long *word = &addr[BIT_WORD(nr)];
	unsigned long old, seen = READ_ONCE(*word);

	do {
		old = seen;
		seen = FLUSHDEP_SHIM_ORDERED(word, CMPXCHG, FULL, old ^ BIT_MASK(nr), old);
	} while (seen != old);
	return old & BIT_MASK(nr);
}

static __always_inline bool test_and_set_bit_lock(unsigned long nr, volatile unsigned long *addr)
{
	return FLUSHDEP_SHIM_ORDERED(&addr[BIT_WORD(nr)], OR, ACQUIRE, BIT_MASK(nr), 0) &
	       BIT_MASK(nr);
}

static __always_inline void clear_bit_unlock(unsigned long nr, volatile unsigned long *addr)
{
	(void)FLUSHDEP_SHIM_ORDERED(&addr[BIT_WORD(nr)], AND, RELEASE, ~BIT_MASK(nr), 0);
}

static __always_inline void __clear_bit_unlock(unsigned long nr, volatile unsigned long *addr)
{
	clear_bit_unlock(nr, addr);
}

static __always_inline bool test_bit_acquire(unsigned long nr, const volatile unsigned long *addr)
{
	return (FLUSHDEP_SHIM_ORDERED(&addr[BIT_WORD(nr)], READ, ACQUIRE, 0, 0) >>
		(nr % BITS_PER_LONG)) &
	       1;
}

#define arch_test_bit  test_bit
#define arch___set_bit __set_bit

static __always_inline void assign_bit(long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		set_bit(nr, addr);
	else
		clear_bit(nr, addr);
}

static __always_inline void __assign_bit(long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		__set_bit(nr, addr);
	else
		__clear_bit(nr, addr);
}

/* Both evaluate to the old value, of any integer type. */
#define set_mask_bits(ptr, mask, bits)                                                            \
	({                                                                                        \
		const typeof(*(ptr)) __mask = (mask), __bits = (bits);                            \
		typeof(*(ptr)) __old = READ_ONCE(*(ptr));                                         \
                                                                                                  \
		while (!__atomic_compare_exchange_n((ptr), &__old, (__old & ~__mask) | __bits, 0, \
						    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))          \
			;                                                                         \
		__old;                                                                            \
	})
#define bit_clear_unless(ptr, clear, test)                                               \
	({                                                                               \
		const typeof(*(ptr)) __clear = (clear), __test = (test);                 \
		typeof(*(ptr)) __old = READ_ONCE(*(ptr));                                \
                                                                                         \
		while (!(__old & __test) &&                                              \
		       !__atomic_compare_exchange_n((ptr), &__old, __old & ~__clear, 0,  \
						    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) \
			;                                                                \
		!(__old & __test);                                                       \
	})

static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static __always_inline int fls64(__u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static __always_inline unsigned int fls_long(unsigned long l)
{
	return fls64(l);
}

static __always_inline int ffs(int x)
{
	return __builtin_ffs(x);
}

static __always_inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

static __always_inline unsigned long __fls(unsigned long word)
{
	return BITS_PER_LONG - 1 - __builtin_clzl(word);
}

static __always_inline unsigned int hweight32(__u32 w)
{
	return __builtin_popcount(w);
}

static __always_inline unsigned long hweight64(__u64 w)
{
	return __builtin_popcountll(w);
}

static __always_inline unsigned long hweight_long(unsigned long w)
{
	return __builtin_popcountl(w);
}

static __always_inline unsigned int hweight16(unsigned int w)
{
	return __builtin_popcount(w & 0xffff);
}

static __always_inline unsigned int hweight8(unsigned int w)
{
	return __builtin_popcount(w & 0xff);
}

static __always_inline unsigned long ffz(unsigned long word)
{
	return __ffs(~word);
}

static __always_inline unsigned long __ffs64(__u64 word)
{
	return __builtin_ctzll(word);
}

/* The n-th set bit of a word, from 0; BITS_PER_LONG if there are not that many. */
static inline unsigned long fns(unsigned long word, unsigned int n)
{
	while (word && n--)
		word &= word - 1;
	return word ? __ffs(word) : BITS_PER_LONG;
}

static __always_inline int get_bitmask_order(unsigned int count)
{
	return fls(count);
}

/* The order of the smallest power of two that is not below `count`; -1 for 0. */
static __always_inline int get_count_order(unsigned int count)
{
	return count ? fls(--count) : -1;
}

static __always_inline int get_count_order_long(unsigned long l)
{
	return l ? (int)fls_long(--l) : -1;
}

static __always_inline __u64 rol64(__u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> ((-shift) & 63));
}

static __always_inline __u64 ror64(__u64 word, unsigned int shift)
{
	return (word >> (shift & 63)) | (word << ((-shift) & 63));
}

static __always_inline __u32 rol32(__u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> ((-shift) & 31));
}

static __always_inline __u32 ror32(__u32 word, unsigned int shift)
{
	return (word >> (shift & 31)) | (word << ((-shift) & 31));
}

static __always_inline __u16 rol16(__u16 word, unsigned int shift)
{
	return (word << (shift & 15)) | (word >> ((-shift) & 15));
}

static __always_inline __u16 ror16(__u16 word, unsigned int shift)
{
	return (word >> (shift & 15)) | (word << ((-shift) & 15));
}

static __always_inline __u8 rol8(__u8 word, unsigned int shift)
{
	return (word << (shift & 7)) | (word >> ((-shift) & 7));
}

static __always_inline __u8 ror8(__u8 word, unsigned int shift)
{
	return (word >> (shift & 7)) | (word << ((-shift) & 7));
}

/* `index` is that of the sign bit. */
static __always_inline __s32 sign_extend32(__u32 value, int index)
{
	return (__s32)(value << (31 - index)) >> (31 - index);
}

static __always_inline __s64 sign_extend64(__u64 value, int index)
{
	return (__s64)(value << (63 - index)) >> (63 - index);
}

#endif

/* Kernel code finds the searches here, too. */
#include <linux/find.h>
