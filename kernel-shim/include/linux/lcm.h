/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/lcm.h: least common multiples. */
#ifndef FLUSHDEP_LINUX_LCM_H
#define FLUSHDEP_LINUX_LCM_H

#include <linux/compiler.h>

/* faithful: 0 if one of them is; the other form takes the other one then. */
unsigned long lcm(unsigned long a, unsigned long b) __attribute_const__;
unsigned long lcm_not_zero(unsigned long a, unsigned long b) __attribute_const__;

#endif
