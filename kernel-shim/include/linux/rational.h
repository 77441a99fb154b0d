/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rational.h: fractions near to others. */
#ifndef FLUSHDEP_LINUX_RATIONAL_H
#define FLUSHDEP_LINUX_RATIONAL_H

/* faithful: the best one whose parts are not above the bounds. */
void rational_best_approximation(unsigned long given_numerator, unsigned long given_denominator,
				 unsigned long max_numerator, unsigned long max_denominator,
				 unsigned long *best_numerator, unsigned long *best_denominator);

#endif
