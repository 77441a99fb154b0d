/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/align.h: rounding to powers of two. */
#ifndef FLUSHDEP_LINUX_ALIGN_H
#define FLUSHDEP_LINUX_ALIGN_H

/* faithful */
#define __ALIGN_KERNEL_MASK(x, mask) (((x) + (mask)) & ~(mask))
#define __ALIGN_KERNEL(x, a)	     __ALIGN_KERNEL_MASK(x, (__typeof__(x))(a) - 1)
#define __ALIGN_MASK(x, mask)	     __ALIGN_KERNEL_MASK((x), (mask))
#define ALIGN(x, a)		     __ALIGN_KERNEL((x), (a))
#define ALIGN_DOWN(x, a)	     __ALIGN_KERNEL((x) - ((a) - 1), (a))
#define PTR_ALIGN(p, a)		     ((typeof(p))ALIGN((unsigned long)(p), (a)))
#define PTR_ALIGN_DOWN(p, a)	     ((typeof(p))ALIGN_DOWN((unsigned long)(p), (a)))
#define IS_ALIGNED(x, a)	     (((x) & ((typeof(x))(a) - 1)) == 0)

#endif
