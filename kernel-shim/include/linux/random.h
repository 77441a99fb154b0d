/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/random.h: random numbers that a seed repeats. */
#ifndef FLUSHDEP_LINUX_RANDOM_H
#define FLUSHDEP_LINUX_RANDOM_H

#include <linux/types.h>

/* partial: a generator with a fixed seed, for tests; nothing about it is secret. */
u32 get_random_u32(void);
u64 get_random_u64(void);
u32 get_random_u32_below(u32 ceil);
void get_random_bytes(void *buf, size_t len);

#endif
