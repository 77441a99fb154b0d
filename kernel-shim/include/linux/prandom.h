/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/prandom.h: series of numbers that a seed repeats. */
#ifndef FLUSHDEP_LINUX_PRANDOM_H
#define FLUSHDEP_LINUX_PRANDOM_H

#include <linux/types.h>

/* partial: another generator than the kernel's (Marsaglia's xorshift), so other numbers. */
struct rnd_state {
	__u32 s1, s2, s3, s4;
};

static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	state->s1 = seed | 1;
	state->s2 = seed >> 32;
	state->s3 = 362436069;
	state->s4 = 521288629;
}

static inline u32 prandom_u32_state(struct rnd_state *state)
{
	u32 t = state->s1 ^ (state->s1 << 11);

	state->s1 = state->s2;
	state->s2 = state->s3;
	state->s3 = state->s4;
	state->s4 ^= (state->s4 >> 19) ^ t ^ (t >> 8);
	return state->s4;
}

static inline void prandom_bytes_state(struct rnd_state *state, void *buf, size_t nbytes)
{
	u8 *p = buf;

	while (nbytes--)
		*p++ = prandom_u32_state(state) >> 7;
}

static inline u32 next_pseudo_random32(u32 seed)
{
	return seed * 1664525 + 1013904223;
}

#endif
