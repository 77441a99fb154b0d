/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/overflow.h: arithmetic that says when it overflows. */
#ifndef FLUSHDEP_LINUX_OVERFLOW_H
#define FLUSHDEP_LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/types.h>

/* faithful */
#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d) __builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)

static inline size_t __must_check size_mul(size_t factor1, size_t factor2)
{
	size_t bytes;

	return check_mul_overflow(factor1, factor2, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t __must_check size_add(size_t addend1, size_t addend2)
{
	size_t bytes;

	return check_add_overflow(addend1, addend2, &bytes) ? SIZE_MAX : bytes;
}

#define array_size(a, b)		   size_mul(a, b)
#define array3_size(a, b, c)		   size_mul(size_mul(a, b), c)
#define flex_array_size(p, member, count)  size_mul(count, sizeof(*(p)->member))
#define struct_size(p, member, count)	   size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count) struct_size((type *)NULL, member, count)

static inline size_t __must_check size_sub(size_t minuend, size_t subtrahend)
{
	size_t bytes;

	if (minuend == SIZE_MAX || subtrahend == SIZE_MAX ||
	    check_sub_overflow(minuend, subtrahend, &bytes))
		return SIZE_MAX;
	return bytes;
}

#define type_max(t)                                                                     \
	((typeof(t))(is_signed_type(typeof(t)) ? ~((typeof(t))1 << (8 * sizeof(t) - 1)) \
					       : ~(typeof(t))0))
#define type_min(t) ((typeof(t))(~type_max(t)))
#define wrapping_add(type, a, b)                                \
	({                                                      \
		type __wrapped;                                 \
		(void)__builtin_add_overflow(a, b, &__wrapped); \
		__wrapped;                                      \
	})
#define wrapping_sub(type, a, b)                                \
	({                                                      \
		type __wrapped;                                 \
		(void)__builtin_sub_overflow(a, b, &__wrapped); \
		__wrapped;                                      \
	})
#define wrapping_mul(type, a, b)                                \
	({                                                      \
		type __wrapped;                                 \
		(void)__builtin_mul_overflow(a, b, &__wrapped); \
		__wrapped;                                      \
	})
#define wrapping_assign_add(var, offset) ((var) = wrapping_add(typeof(var), var, offset))
#define wrapping_assign_sub(var, offset) ((var) = wrapping_sub(typeof(var), var, offset))
#define __overflows_type(n, T)                                        \
	({                                                            \
		typeof(T) __narrow = 0;                               \
		__builtin_add_overflow((n), (typeof(T))0, &__narrow); \
	})
#define overflows_type(n, T)   __overflows_type(n, T)
#define castable_to_type(n, T) (!overflows_type(n, T))

/* faithful: true if bits, or the sign, are lost. */
#define check_shl_overflow(a, s, d)                                                        \
	({                                                                                 \
		typeof(a) __shl_a = (a);                                                   \
		typeof(s) __shl_s = (s);                                                   \
		typeof(d) __shl_d = (d);                                                   \
		unsigned long long __shl_wide = __shl_a;                                   \
		unsigned int __shl_by =                                                    \
			__shl_s < 0 || (unsigned long long)__shl_s >= 8 * sizeof(*__shl_d) \
				? 0                                                        \
				: __shl_s;                                                 \
		*__shl_d = __shl_wide << __shl_by;                                         \
		(__shl_by != (unsigned long long)__shl_s || *__shl_d < 0 || __shl_a < 0 || \
		 (unsigned long long)(*__shl_d >> __shl_by) != __shl_wide);                \
	})

/* faithful: structs with a flexible array on the stack. */
#define DEFINE_RAW_FLEX(type, name, member, count)                   \
	union {                                                      \
		u8 bytes[flushdep_struct_size(type, member, count)]; \
		type obj;                                            \
	} name##_u = {};                                             \
	type *name = (type *)&name##_u
#define flushdep_struct_size(type, member, count) \
	(sizeof(type) + (count) * sizeof(*((type *)0)->member))
#define DEFINE_FLEX(type, name, member, counter, count) \
	DEFINE_RAW_FLEX(type, name, member, count);     \
	name->counter = (count)

#endif
