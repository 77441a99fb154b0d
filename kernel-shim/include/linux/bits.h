/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bits.h: single bits and masks. */
#ifndef FLUSHDEP_LINUX_BITS_H
#define FLUSHDEP_LINUX_BITS_H

#include <linux/build_bug.h>
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
#define BIT_ULL_MASK(nr)    (ULL(1) << ((nr) % BITS_PER_LONG_LONG))
#define BIT_ULL_WORD(nr)    ((nr) / BITS_PER_LONG_LONG)

/* faithful: bounds that are constant and the wrong way round do not compile. */
#define GENMASK_INPUT_CHECK(h, l) \
	BUILD_BUG_ON_ZERO(__builtin_choose_expr(__is_constexpr((l) > (h)), (l) > (h), 0))
#define __GENMASK(h, l)	    ((~UL(0) << (l)) & (~UL(0) >> (BITS_PER_LONG - 1 - (h))))
#define __GENMASK_ULL(h, l) ((~ULL(0) << (l)) & (~ULL(0) >> (BITS_PER_LONG_LONG - 1 - (h))))
#define GENMASK(h, l)	    (GENMASK_INPUT_CHECK(h, l) + __GENMASK(h, l))
#define GENMASK_ULL(h, l)   (GENMASK_INPUT_CHECK(h, l) + __GENMASK_ULL(h, l))
#define GENMASK_U128(h, l) \
	(GENMASK_INPUT_CHECK(h, l) + ((~(u128)0 << (l)) & (~(u128)0 >> (127 - (h)))))

#endif
