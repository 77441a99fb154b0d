/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/gcd.h: greatest common divisors. */
#ifndef FLUSHDEP_LINUX_GCD_H
#define FLUSHDEP_LINUX_GCD_H

#include <linux/compiler.h>

/* faithful */
unsigned long gcd(unsigned long a, unsigned long b) __attribute_const__;

#endif
