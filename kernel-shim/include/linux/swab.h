/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/swab.h: bytes in the other order. */
#ifndef FLUSHDEP_LINUX_SWAB_H
#define FLUSHDEP_LINUX_SWAB_H

#include <asm/byteorder.h>

/* faithful: swab16() and its kin are in asm/byteorder.h. */
#define ___constant_swab32(x) __builtin_bswap32(x)

#endif
