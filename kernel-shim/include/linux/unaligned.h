/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/unaligned.h: numbers at any address. */
#ifndef FLUSHDEP_LINUX_UNALIGNED_H
#define FLUSHDEP_LINUX_UNALIGNED_H

#include <asm/byteorder.h>
#include <linux/types.h>

/* faithful */
#define get_unaligned(ptr)                                              \
	({                                                              \
		const struct {                                          \
			typeof(*(ptr)) x;                               \
		} __attribute__((packed)) *__packed_at = (void *)(ptr); \
		__packed_at->x;                                         \
	})
#define put_unaligned(val, ptr)                                         \
	do {                                                            \
		struct {                                                \
			typeof(*(ptr)) x;                               \
		} __attribute__((packed)) *__packed_at = (void *)(ptr); \
		__packed_at->x = (val);                                 \
	} while (0)

#define FLUSHDEP_UNALIGNED(bits, end)                                         \
	static inline u##bits get_unaligned_##end##bits(const void *p)        \
	{                                                                     \
		return end##bits##_to_cpu(get_unaligned((const u##bits *)p)); \
	}                                                                     \
	static inline void put_unaligned_##end##bits(u##bits val, void *p)    \
	{                                                                     \
		put_unaligned(cpu_to_##end##bits(val), (u##bits *)p);         \
	}

FLUSHDEP_UNALIGNED(16, le)
FLUSHDEP_UNALIGNED(32, le)
FLUSHDEP_UNALIGNED(64, le)
FLUSHDEP_UNALIGNED(16, be)
FLUSHDEP_UNALIGNED(32, be)
FLUSHDEP_UNALIGNED(64, be)

#endif
