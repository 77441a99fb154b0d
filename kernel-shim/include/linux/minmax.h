/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/minmax.h: extremes, each argument evaluated once. */
#ifndef FLUSHDEP_LINUX_MINMAX_H
#define FLUSHDEP_LINUX_MINMAX_H

#include <linux/compiler.h>
#include <linux/types.h>

/*
 * partial: constant when the arguments are, and single evaluation, as in the kernel; types of
 * different signedness are compared after C's conversions instead of being refused.
 */
#define __cmp_once(op, type, x, y)                      \
	({                                              \
		type __cmp_x = (x);                     \
		type __cmp_y = (y);                     \
		__cmp_x op __cmp_y ? __cmp_x : __cmp_y; \
	})
#define __cmp_type(x, y) typeof(1 ? (x) : (y))
#define __careful_cmp(op, x, y)                                                  \
	__builtin_choose_expr(__is_constexpr((x) - (y)), ((x)op(y) ? (x) : (y)), \
			      __cmp_once(op, __cmp_type(x, y), x, y))
#define min(x, y)  __careful_cmp(<, x, y)
#define max(x, y)  __careful_cmp(>, x, y)
#define umin(x, y) min_t(unsigned long long, x, y)
#define umax(x, y) max_t(unsigned long long, x, y)
#define MIN(a, b)  ((a) < (b) ? (a) : (b))
#define MAX(a, b)  ((a) > (b) ? (a) : (b))

/* faithful */
#define min_t(type, x, y) __careful_cmp(<, (type)(x), (type)(y))
#define max_t(type, x, y) __careful_cmp(>, (type)(x), (type)(y))
#define min3(x, y, z)	  min((typeof(x))min(x, y), z)
#define max3(x, y, z)	  max((typeof(x))max(x, y), z)
#define min_not_zero(x, y)                                           \
	({                                                           \
		typeof(x) __x = (x);                                 \
		typeof(y) __y = (y);                                 \
		__x == 0 ? __y : ((__y == 0) ? __x : min(__x, __y)); \
	})
#define clamp(val, lo, hi)	   min((typeof(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi)	   clamp_t(typeof(val), val, lo, hi)
#define in_range(val, start, len)  ((val) - (start) < (len) && (val) >= (start))
#define swap(a, b)                     \
	do {                           \
		typeof(a) __tmp = (a); \
		(a) = (b);             \
		(b) = __tmp;           \
	} while (0)

#endif
