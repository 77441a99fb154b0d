/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/unaligned.h: as linux/unaligned.h. */
#include <linux/unaligned.h>
