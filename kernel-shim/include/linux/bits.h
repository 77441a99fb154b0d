/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bits.h: single bits and masks. */
#ifndef FLUSHDEP_LINUX_BITS_H
#define FLUSHDEP_LINUX_BITS_H

#include <linux/const.h>
#include <linux/types.h>

/* faithful */
#define BITS_PER_BYTE	    8
#define BITS_PER_LONG	    64
#define BITS_PER_LONG_LONG  64
#define BIT(nr)		    (UL(1) << (nr))
#define BIT_ULL(nr)	    (ULL(1) << (nr))
#define BIT_MASK(nr)	    (UL(1) << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)	    ((nr) / BITS_PER_LONG)
#define BITS_PER_TYPE(type) (sizeof(type) * BITS_PER_BYTE)
#define BITS_TO_LONGS(nr)   (((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define GENMASK(h, l)	    ((~UL(0) - (UL(1) << (l)) + 1) & (~UL(0) >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)   ((~ULL(0) - (ULL(1) << (l)) + 1) & (~ULL(0) >> (63 - (h))))

#endif
