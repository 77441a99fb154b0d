/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/atomic.h: counters that several CPUs may change. What the kernel orders is done by
 * the machine, and so feeds the checker's happens-before; the rest is relaxed.
 */
#ifndef FLUSHDEP_LINUX_ATOMIC_H
#define FLUSHDEP_LINUX_ATOMIC_H

#include <asm/barrier.h>
#include <asm/flushdep_order.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* faithful */
#define ATOMIC_INIT(i)	    {(i)}
#define ATOMIC64_INIT(i)    ATOMIC_INIT(i)
#define ATOMIC_LONG_INIT(i) ATOMIC_INIT(i)

typedef atomic64_t atomic_long_t;

/* Of one order. */
#define FLUSHDEP_ATOMIC_ORDERED(pre, suffix, order, T, A)                                  \
	static __always_inline T pre##_fetch_add##suffix(T i, A *v)                        \
	{                                                                                  \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, ADD, order, i, 0);               \
	}                                                                                  \
	static __always_inline T pre##_fetch_sub##suffix(T i, A *v)                        \
	{                                                                                  \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, ADD, order, -(u64)i, 0);         \
	}                                                                                  \
	static __always_inline T pre##_fetch_or##suffix(T i, A *v)                         \
	{                                                                                  \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, OR, order, i, 0);                \
	}                                                                                  \
	static __always_inline T pre##_fetch_and##suffix(T i, A *v)                        \
	{                                                                                  \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, AND, order, i, 0);               \
	}                                                                                  \
	static __always_inline T pre##_fetch_andnot##suffix(T i, A *v)                     \
	{                                                                                  \
		return pre##_fetch_and##suffix(~i, v);                                     \
	}                                                                                  \
	static __always_inline T pre##_add_return##suffix(T i, A *v)                       \
	{                                                                                  \
		return (u64)pre##_fetch_add##suffix(i, v) + i;                             \
	}                                                                                  \
	static __always_inline T pre##_sub_return##suffix(T i, A *v)                       \
	{                                                                                  \
		return (u64)pre##_fetch_sub##suffix(i, v) - i;                             \
	}                                                                                  \
	static __always_inline T pre##_inc_return##suffix(A *v)                            \
	{                                                                                  \
		return pre##_add_return##suffix(1, v);                                     \
	}                                                                                  \
	static __always_inline T pre##_dec_return##suffix(A *v)                            \
	{                                                                                  \
		return pre##_sub_return##suffix(1, v);                                     \
	}                                                                                  \
	static __always_inline T pre##_fetch_inc##suffix(A *v)                             \
	{                                                                                  \
		return pre##_fetch_add##suffix(1, v);                                      \
	}                                                                                  \
	static __always_inline T pre##_fetch_dec##suffix(A *v)                             \
	{                                                                                  \
		return pre##_fetch_sub##suffix(1, v);                                      \
	}                                                                                  \
	static __always_inline T pre##_xchg##suffix(A *v, T new_value)                     \
	{                                                                                  \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, XCHG, order, new_value, 0);      \
	}                                                                                  \
	static __always_inline T pre##_cmpxchg##suffix(A *v, T old, T new_value)           \
	{                                                                                  \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, CMPXCHG, order, new_value, old); \
	}                                                                                  \
	static __always_inline bool pre##_try_cmpxchg##suffix(A *v, T *old, T new_value)   \
	{                                                                                  \
		T seen = pre##_cmpxchg##suffix(v, *old, new_value);                        \
		bool done = seen == *old;                                                  \
                                                                                           \
		*old = seen;                                                               \
		return done;                                                               \
	}                                                                                  \
	static __always_inline T pre##_fetch_xor##suffix(T i, A *v)                        \
	{                                                                                  \
		T old = __atomic_load_n(&v->counter, __ATOMIC_RELAXED);                    \
                                                                                           \
		while (!pre##_try_cmpxchg##suffix(v, &old, old ^ i))                       \
			;                                                                  \
		return old;                                                                \
	}

/* One family: T is the counter's type, pre the prefix of the names. */
#define FLUSHDEP_ATOMIC_OPS(pre, T, A)                                                       \
	static __always_inline T pre##_read(const A *v)                                      \
	{                                                                                    \
		return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);                       \
	}                                                                                    \
	static __always_inline T pre##_read_acquire(const A *v)                              \
	{                                                                                    \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, READ, ACQUIRE, 0, 0);              \
	}                                                                                    \
	static __always_inline void pre##_set(A *v, T i)                                     \
	{                                                                                    \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);                          \
	}                                                                                    \
	static __always_inline void pre##_set_release(A *v, T i)                             \
	{                                                                                    \
		(void)FLUSHDEP_SHIM_ORDERED(&v->counter, SET, RELEASE, i, 0);                \
	}                                                                                    \
	static __always_inline void pre##_add(T i, A *v)                                     \
	{                                                                                    \
		FLUSHDEP_SHIM_RELAXED(&v->counter, __atomic_fetch_add, ADD, i); \
	}                                                                                    \
	static __always_inline void pre##_sub(T i, A *v)                                     \
	{                                                                                    \
		FLUSHDEP_SHIM_RELAXED(&v->counter, __atomic_fetch_add, ADD, -(u64)i); \
	}                                                                                    \
	static __always_inline void pre##_or(T i, A *v)                                      \
	{                                                                                    \
		FLUSHDEP_SHIM_RELAXED(&v->counter, __atomic_fetch_or, OR, i); \
	}                                                                                    \
	static __always_inline void pre##_and(T i, A *v)                                     \
	{                                                                                    \
		FLUSHDEP_SHIM_RELAXED(&v->counter, __atomic_fetch_and, AND, i); \
	}                                                                                    \
	static __always_inline void pre##_andnot(T i, A *v)                                  \
	{                                                                                    \
		pre##_and(~i, v);                                                            \
	}                                                                                    \
	static __always_inline void pre##_inc(A *v)                                          \
	{                                                                                    \
		pre##_add(1, v);                                                             \
	}                                                                                    \
	static __always_inline void pre##_dec(A *v)                                          \
	{                                                                                    \
		pre##_sub(1, v);                                                             \
	}                                                                                    \
	static __always_inline T pre##_fetch_xor_relaxed(T i, A *v)                          \
	{                                                                                    \
		return __atomic_fetch_xor(&v->counter, i, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_fetch_andnot_relaxed(T i, A *v)                       \
	{                                                                                    \
		return __atomic_fetch_and(&v->counter, ~i, __ATOMIC_RELAXED);                \
	}                                                                                    \
	static __always_inline T pre##_fetch_inc_relaxed(A *v)                               \
	{                                                                                    \
		return __atomic_fetch_add(&v->counter, 1, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_fetch_dec_relaxed(A *v)                               \
	{                                                                                    \
		return __atomic_fetch_sub(&v->counter, 1, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_fetch_or_relaxed(T i, A *v)                           \
	{                                                                                    \
		return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);                  \
	}                                                                                    \
	static __always_inline T pre##_fetch_and_relaxed(T i, A *v)                          \
	{                                                                                    \
		return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_fetch_add_relaxed(T i, A *v)                          \
	{                                                                                    \
		return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_fetch_sub_relaxed(T i, A *v)                          \
	{                                                                                    \
		return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_add_return_relaxed(T i, A *v)                         \
	{                                                                                    \
		return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_sub_return_relaxed(T i, A *v)                         \
	{                                                                                    \
		return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELAXED);                 \
	}                                                                                    \
	static __always_inline T pre##_inc_return_relaxed(A *v)                              \
	{                                                                                    \
		return pre##_add_return_relaxed(1, v);                                       \
	}                                                                                    \
	static __always_inline T pre##_dec_return_relaxed(A *v)                              \
	{                                                                                    \
		return pre##_sub_return_relaxed(1, v);                                       \
	}                                                                                    \
	static __always_inline T pre##_xchg_relaxed(A *v, T new_value)                       \
	{                                                                                    \
		return __atomic_exchange_n(&v->counter, new_value, __ATOMIC_RELAXED);        \
	}                                                                                    \
	static __always_inline bool pre##_try_cmpxchg_relaxed(A *v, T *old, T new_value)     \
	{                                                                                    \
		__typeof__(v->counter) seen = *old;                                          \
		bool done = __atomic_compare_exchange_n(&v->counter, &seen, new_value, 0,    \
							__ATOMIC_RELAXED, __ATOMIC_RELAXED); \
                                                                                             \
		*old = seen;                                                                 \
		return done;                                                                 \
	}                                                                                    \
	static __always_inline T pre##_cmpxchg_relaxed(A *v, T old, T new_value)             \
	{                                                                                    \
		pre##_try_cmpxchg_relaxed(v, &old, new_value);                               \
		return old;                                                                  \
	}                                                                                    \
	FLUSHDEP_ATOMIC_ORDERED(pre, , FULL, T, A)                                           \
	FLUSHDEP_ATOMIC_ORDERED(pre, _acquire, ACQUIRE, T, A)                                \
	FLUSHDEP_ATOMIC_ORDERED(pre, _release, RELEASE, T, A)                                \
	static __always_inline bool pre##_sub_and_test(T i, A *v)                            \
	{                                                                                    \
		return pre##_sub_return(i, v) == 0;                                          \
	}                                                                                    \
	static __always_inline bool pre##_dec_and_test(A *v)                                 \
	{                                                                                    \
		return pre##_dec_return(v) == 0;                                             \
	}                                                                                    \
	static __always_inline bool pre##_inc_and_test(A *v)                                 \
	{                                                                                    \
		return pre##_inc_return(v) == 0;                                             \
	}                                                                                    \
	static __always_inline bool pre##_add_negative(T i, A *v)                            \
	{                                                                                    \
		return pre##_add_return(i, v) < 0;                                           \
	}                                                                                    \
	static __always_inline T pre##_fetch_add_unless(A *v, T a, T u)                      \
	{                                                                                    \
		return FLUSHDEP_SHIM_ORDERED(&v->counter, ADD_UNLESS, FULL, a, u);           \
	}                                                                                    \
	static __always_inline bool pre##_add_unless(A *v, T a, T u)                         \
	{                                                                                    \
		return pre##_fetch_add_unless(v, a, u) != u;                                 \
	}                                                                                    \
	static __always_inline bool pre##_inc_not_zero(A *v)                                 \
	{                                                                                    \
		return pre##_add_unless(v, 1, 0);                                            \
	}                                                                                    \
	static __always_inline void pre##_xor(T i, A *v)                                     \
	{                                                                                    \
		__atomic_fetch_xor(&v->counter, i, __ATOMIC_RELAXED);                        \
	}                                                                                    \
	static __always_inline bool pre##_inc_unless_negative(A *v)                          \
	{                                                                                    \
		T old = pre##_read(v);                                                       \
                                                                                             \
		while (old >= 0 && !pre##_try_cmpxchg(v, &old, old + 1))                     \
			;                                                                    \
		return old >= 0;                                                             \
	}                                                                                    \
	static __always_inline bool pre##_dec_unless_positive(A *v)                          \
	{                                                                                    \
		T old = pre##_read(v);                                                       \
                                                                                             \
		while (old <= 0 && !pre##_try_cmpxchg(v, &old, old - 1))                     \
			;                                                                    \
		return old <= 0;                                                             \
	}                                                                                    \
	static __always_inline T pre##_dec_if_positive(A *v)                                 \
	{                                                                                    \
		T old = pre##_read(v);                                                       \
                                                                                             \
		while (old > 0 && !pre##_try_cmpxchg(v, &old, old - 1))                      \
			;                                                                    \
		return old - 1;                                                              \
	}

/* faithful */
FLUSHDEP_ATOMIC_OPS(atomic, int, atomic_t)
FLUSHDEP_ATOMIC_OPS(atomic64, s64, atomic64_t)
FLUSHDEP_ATOMIC_OPS(atomic_long, long, atomic_long_t)

#define xchg(ptr, v)	   FLUSHDEP_SHIM_ORDERED(ptr, XCHG, FULL, v, 0)
#define cmpxchg(ptr, o, n) FLUSHDEP_SHIM_ORDERED(ptr, CMPXCHG, FULL, n, o)
#define try_cmpxchg(ptr, oldp, n)                                  \
	({                                                         \
		typeof(*(ptr)) *__oldp = (oldp), __want = *__oldp; \
		*__oldp = cmpxchg(ptr, __want, n);                 \
		*__oldp == __want;                                 \
	})

#define xchg_acquire(ptr, v) FLUSHDEP_SHIM_ORDERED(ptr, XCHG, ACQUIRE, v, 0)
#define xchg_release(ptr, v) FLUSHDEP_SHIM_ORDERED(ptr, XCHG, RELEASE, v, 0)
#define xchg_relaxed(ptr, v)                                                           \
	({                                                                             \
		typeof(ptr) __xchg_ptr = (ptr);                                        \
		(typeof(((void)0, *__xchg_ptr)))__atomic_exchange_n(__xchg_ptr, (v),   \
								    __ATOMIC_RELAXED); \
	})
#define cmpxchg_acquire(ptr, o, n) FLUSHDEP_SHIM_ORDERED(ptr, CMPXCHG, ACQUIRE, n, o)
#define cmpxchg_release(ptr, o, n) FLUSHDEP_SHIM_ORDERED(ptr, CMPXCHG, RELEASE, n, o)
#define cmpxchg_relaxed(ptr, o, n)                                                 \
	({                                                                         \
		typeof(ptr) __cmpxchg_ptr = (ptr);                                 \
		typeof(((void)0, *__cmpxchg_ptr)) __cmpxchg_old = (o);             \
		__atomic_compare_exchange_n(__cmpxchg_ptr, &__cmpxchg_old, (n), 0, \
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);   \
		__cmpxchg_old;                                                     \
	})
#define cmpxchg_local(ptr, o, n)     cmpxchg_relaxed(ptr, o, n)
#define cmpxchg64(ptr, o, n)	     cmpxchg(ptr, o, n)
#define cmpxchg64_relaxed(ptr, o, n) cmpxchg_relaxed(ptr, o, n)
#define cmpxchg64_local(ptr, o, n)   cmpxchg_local(ptr, o, n)
#define __flushdep_try_cmpxchg(cmpxchg, ptr, oldp, n)              \
	({                                                         \
		typeof(*(ptr)) *__oldp = (oldp), __want = *__oldp; \
		*__oldp = cmpxchg(ptr, __want, n);                 \
		*__oldp == __want;                                 \
	})
#define try_cmpxchg_acquire(ptr, oldp, n) __flushdep_try_cmpxchg(cmpxchg_acquire, ptr, oldp, n)
#define try_cmpxchg_release(ptr, oldp, n) __flushdep_try_cmpxchg(cmpxchg_release, ptr, oldp, n)
#define try_cmpxchg_relaxed(ptr, oldp, n) __flushdep_try_cmpxchg(cmpxchg_relaxed, ptr, oldp, n)
#define try_cmpxchg64(ptr, oldp, n)	  try_cmpxchg(ptr, oldp, n)
#define try_cmpxchg_local(ptr, oldp, n)	  try_cmpxchg_relaxed(ptr, oldp, n)

/* faithful: waits until the condition, on VAL, holds. */
#define atomic_cond_read_acquire(v, c)	    smp_cond_load_acquire(&(v)->counter, (c))
#define atomic_cond_read_relaxed(v, c)	    smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic64_cond_read_acquire(v, c)    smp_cond_load_acquire(&(v)->counter, (c))
#define atomic64_cond_read_relaxed(v, c)    smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic_long_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))
#define atomic_long_cond_read_relaxed(v, c) smp_cond_load_relaxed(&(v)->counter, (c))

#endif
