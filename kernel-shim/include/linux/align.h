/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/align.h: rounding to powers of two. */
#ifndef FLUSHDEP_LINUX_ALIGN_H
#define FLUSHDEP_LINUX_ALIGN_H

#define FLUSHDEP_LOW_BITS(x, a) ((__typeof__(x))(a) - 1)

/* faithful: `a` is a power of two; constant where the arguments are */
#define ALIGN_DOWN(x, a)     ((x) & ~FLUSHDEP_LOW_BITS(x, a))
#define ALIGN(x, a)	     (((x) + FLUSHDEP_LOW_BITS(x, a)) & ~FLUSHDEP_LOW_BITS(x, a))
#define IS_ALIGNED(x, a)     (!((x) & FLUSHDEP_LOW_BITS(x, a)))
#define PTR_ALIGN(p, a)	     ((__typeof__(p))ALIGN((unsigned long)(p), a))
#define PTR_ALIGN_DOWN(p, a) ((__typeof__(p))ALIGN_DOWN((unsigned long)(p), a))
#define __ALIGN_MASK(x, mask) (((x) + (mask)) & ~(mask))

#endif
