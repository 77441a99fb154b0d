/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/random.h: random numbers that a seed repeats. */
#ifndef FLUSHDEP_LINUX_RANDOM_H
#define FLUSHDEP_LINUX_RANDOM_H

#include <linux/prandom.h>
#include <linux/types.h>

/* partial: a generator with a fixed seed, for tests; nothing about it is secret. */
u32 get_random_u32(void);
u64 get_random_u64(void);
u32 get_random_u32_below(u32 ceil);
void get_random_bytes(void *buf, size_t len);

static inline u8 get_random_u8(void)
{
	return get_random_u32();
}

static inline u16 get_random_u16(void)
{
	return get_random_u32();
}

static inline unsigned long get_random_long(void)
{
	return get_random_u64();
}

/* Above `floor`, up to the highest value. */
static inline u32 get_random_u32_above(u32 floor)
{
	return floor + 1 + get_random_u32_below(~0u - floor);
}

/* Both bounds included. */
static inline u32 get_random_u32_inclusive(u32 floor, u32 ceil)
{
	return floor == 0 && ceil == ~0u ? get_random_u32()
					 : floor + get_random_u32_below(ceil - floor + 1);
}

#endif
