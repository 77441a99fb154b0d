/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/math.h: rounding and absolute values. */
#ifndef FLUSHDEP_LINUX_MATH_H
#define FLUSHDEP_LINUX_MATH_H

#include <linux/types.h>

/* faithful */
#define __round_mask(x, y)	  ((__typeof__(x))((y) - 1))
#define round_up(x, y)		  ((((x) - 1) | __round_mask(x, y)) + 1)
#define round_down(x, y)	  ((x) & ~__round_mask(x, y))
#define DIV_ROUND_UP(n, d)	  (((n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(ll, d) ((unsigned long long)(ll) / (d))
#define DIV_ROUND_UP_ULL(ll, d)	  DIV_ROUND_DOWN_ULL((unsigned long long)(ll) + (d) - 1, (d))
#define DIV_ROUND_CLOSEST(x, divisor)                                                              \
	({                                                                                         \
		typeof(x) __x = (x);                                                               \
		typeof(divisor) __d = (divisor);                                                   \
		(((typeof(x))-1) > 0 || ((typeof(divisor))-1) > 0 || (((__x) > 0) == ((__d) > 0))) \
			? (((__x) + ((__d) / 2)) / (__d))                                          \
			: (((__x) - ((__d) / 2)) / (__d));                                         \
	})
#define roundup(x, y)                            \
	({                                       \
		typeof(y) __y = (y);             \
		(((x) + (__y - 1)) / __y) * __y; \
	})
#define rounddown(x, y)              \
	({                           \
		typeof(x) __x = (x); \
		__x - (__x % (y));   \
	})
#define abs(x)                                    \
	({                                        \
		typeof(x) __abs_x = (x);          \
		__abs_x < 0 ? -__abs_x : __abs_x; \
	})
#define DIV_ROUND_CLOSEST_ULL(x, divisor) (((unsigned long long)(x) + (divisor) / 2) / (divisor))
#define mult_frac(x, n, d)                                            \
	({                                                            \
		typeof(x) __mf_x = (x);                               \
		typeof(n) __mf_n = (n);                               \
		typeof(d) __mf_d = (d);                               \
		typeof(x) __mf_q = __mf_x / __mf_d;                   \
		__mf_q *__mf_n + (__mf_x % __mf_d) * __mf_n / __mf_d; \
	})
#define abs_diff(a, b)                                               \
	({                                                           \
		typeof(a) __ad_a = (a);                              \
		typeof(b) __ad_b = (b);                              \
		__ad_a > __ad_b ? __ad_a - __ad_b : __ad_b - __ad_a; \
	})

static inline u32 reciprocal_scale(u32 val, u32 ep_ro)
{
	return ((u64)val * ep_ro) >> 32;
}

u64 int_pow(u64 base, unsigned int exp);
unsigned long int_sqrt(unsigned long x);
#define int_sqrt64(x) ((u32)int_sqrt(x))

#endif
