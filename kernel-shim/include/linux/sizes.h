/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sizes.h: sizes by name. */
#ifndef FLUSHDEP_LINUX_SIZES_H
#define FLUSHDEP_LINUX_SIZES_H

#include <linux/const.h>

/* faithful */
#define SZ_1   0x00000001
#define SZ_1K  0x00000400
#define SZ_2K  0x00000800
#define SZ_4K  0x00001000
#define SZ_8K  0x00002000
#define SZ_16K 0x00004000
#define SZ_64K 0x00010000
#define SZ_1M  0x00100000
#define SZ_2M  0x00200000
#define SZ_4M  0x00400000
#define SZ_1G  0x40000000
#define SZ_4G  _AC(0x100000000, ULL)

#endif
