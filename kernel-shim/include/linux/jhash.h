/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/jhash.h: Jenkins's hash. */
#ifndef FLUSHDEP_LINUX_JHASH_H
#define FLUSHDEP_LINUX_JHASH_H

#include <linux/bitops.h>
#include <linux/types.h>

/* partial: other values than the kernel's; of one key always the same. */
#define JHASH_INITVAL 0xdeadbeef
#define jhash_size(n) ((u32)1 << (n))
#define jhash_mask(n) (jhash_size(n) - 1)

static inline u32 flushdep_shim_mix(u32 hash, u32 word)
{
	hash = (hash ^ word) * 0x85ebca6bu;
	return hash ^ (hash >> 15);
}

static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *bytes = key;
	u32 hash = flushdep_shim_mix(initval, length);

	while (length--)
		hash = flushdep_shim_mix(hash, *bytes++);
	return hash;
}

static inline u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	u32 hash = flushdep_shim_mix(initval, length);

	while (length--)
		hash = flushdep_shim_mix(hash, *k++);
	return hash;
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	return flushdep_shim_mix(flushdep_shim_mix(flushdep_shim_mix(initval + 12, a), b), c);
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return jhash_3words(a, b, 0, initval - 4);
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return jhash_3words(a, 0, 0, initval - 8);
}

#endif
