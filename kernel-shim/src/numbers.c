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

/*
 * The convergents of the continued fraction, until one is too large. The last quotient can then be
 * shortened: as far as the bounds allow, and if what comes out is nearer than the convergent
 * before.
 */
void __weak rational_best_approximation(unsigned long given_numerator,
					unsigned long given_denominator,
					unsigned long max_numerator, unsigned long max_denominator,
					unsigned long *best_numerator,
					unsigned long *best_denominator)
{
	unsigned long n = given_numerator, d = given_denominator;
	unsigned long n0 = 0, d0 = 1, n1 = 1, d1 = 0;

	while (d) {
		unsigned long quotient = n / d, rest = n % d;
		unsigned long n2 = n0 + quotient * n1, d2 = d0 + quotient * d1;

		if (n2 > max_numerator || d2 > max_denominator) {
			unsigned long part = ULONG_MAX;

			if (d1)
				part = (max_denominator - d0) / d1;
			if (n1)
				part = min(part, (max_numerator - n0) / n1);
			if (!d1 || 2 * part > quotient ||
			    (2 * part == quotient && d0 * d > d1 * rest)) {
				n1 = n0 + part * n1;
				d1 = d0 + part * d1;
			}
			break;
		}
		n0 = n1;
		d0 = d1;
		n1 = n2;
		d1 = d2;
		n = d;
		d = rest;
	}
	*best_numerator = n1;
	*best_denominator = d1;
}
