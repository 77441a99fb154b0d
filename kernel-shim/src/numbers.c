/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* numbers.c: arithmetic. Weak, so that a file that brings one of them takes its place. */
#include <linux/gcd.h>
#include <linux/lcm.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/rational.h>
#include <linux/reciprocal_div.h>

unsigned long __weak gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

unsigned long __weak lcm(unsigned long a, unsigned long b)
{
	return a && b ? a / gcd(a, b) * b : 0;
}

unsigned long __weak lcm_not_zero(unsigned long a, unsigned long b)
{
	return lcm(a, b) ?: a ?: b;
}

u64 __weak int_pow(u64 base, unsigned int exp)
{
	u64 result = 1;

	while (exp--)
		result *= base;
	return result;
}

/* Bit by bit, the highest first. */
unsigned long __weak int_sqrt(unsigned long x)
{
	unsigned long root = 0, bit;

	for (bit = 1UL << 31; bit; bit >>= 1)
		if ((root | bit) * (root | bit) <= x)
			root |= bit;
	return root;
}

struct reciprocal_value __weak reciprocal_value(u32 d)
{
	return (struct reciprocal_value){.m = d};
}

struct fraction {
	unsigned long above, below;
};

/* The next convergent, if `times` is the quotient; what is between the two with a smaller one. */
static struct fraction convergent(struct fraction before, struct fraction last, unsigned long times)
{
	return (struct fraction){before.above + times * last.above,
				 before.below + times * last.below};
}

/* The greatest quotient with which the convergent stays in the bounds. */
static unsigned long most_times(struct fraction before, struct fraction last,
				struct fraction bounds)
{
	unsigned long most = ULONG_MAX;

	if (last.below)
		most = (bounds.below - before.below) / last.below;
	if (last.above)
		most = min(most, (bounds.above - before.above) / last.above);
	return most;
}

/*
 * The convergents of the continued fraction, until one is out of bounds. With a shorter quotient it
 * may fit, and is nearer than the last one from more than half of the quotient on.
 */
void __weak rational_best_approximation(unsigned long given_numerator,
					unsigned long given_denominator,
					unsigned long max_numerator, unsigned long max_denominator,
					unsigned long *best_numerator,
					unsigned long *best_denominator)
{
	struct fraction rest = {given_numerator, given_denominator};
	struct fraction bounds = {max_numerator, max_denominator};
	struct fraction before = {0, 1}, last = {1, 0};

	while (rest.below) {
		unsigned long quotient = rest.above / rest.below;
		unsigned long remainder = rest.above % rest.below;
		unsigned long times = most_times(before, last, bounds);
		bool nearer = times > quotient / 2;

		if (times < quotient) {
			/* At just a half it depends on what comes after. */
			if (times * 2 == quotient)
				nearer = before.below * rest.below > last.below * remainder;
			if (nearer || !last.below)
				last = convergent(before, last, times);
			break;
		}
		swap(before, last);
		last = convergent(last, before, quotient);
		rest = (struct fraction){rest.below, remainder};
	}
	*best_numerator = last.above;
	*best_denominator = last.below;
}
