/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/param.h: ticks per second. */
#ifndef FLUSHDEP_ASM_PARAM_H
#define FLUSHDEP_ASM_PARAM_H

/* faithful: as CONFIG_HZ_1000. */
#define HZ	1000
#define USER_HZ 100

#endif
