/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/atomic.h: counters that several CPUs may change. Orders are the
 * kernel's or stronger. They do not yet feed the checker's happens-before.
 */
#ifndef FLUSHDEP_LINUX_ATOMIC_H
#define FLUSHDEP_LINUX_ATOMIC_H

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* faithful */
#define ATOMIC_INIT(i)	    {(i)}
#define ATOMIC64_INIT(i)    ATOMIC_INIT(i)
#define ATOMIC_LONG_INIT(i) ATOMIC_INIT(i)

typedef atomic64_t atomic_long_t;

/* One family: T is the counter's type, pre the prefix of the names. */
#define FLUSHDEP_ATOMIC_OPS(T, A, pre)                                                          \
	static __always_inline T pre##_read(const A *v)                                         \
	{                                                                                       \
		return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);                          \
	}                                                                                       \
	static __always_inline T pre##_read_acquire(const A *v)                                 \
	{                                                                                       \
		return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);                          \
	}                                                                                       \
	static __always_inline void pre##_set(A *v, T i)                                        \
	{                                                                                       \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);                             \
	}                                                                                       \
	static __always_inline void pre##_set_release(A *v, T i)                                \
	{                                                                                       \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);                             \
	}                                                                                       \
	static __always_inline void pre##_add(T i, A *v)                                        \
	{                                                                                       \
		__atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);                           \
	}                                                                                       \
	static __always_inline void pre##_sub(T i, A *v)                                        \
	{                                                                                       \
		__atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);                           \
	}                                                                                       \
	static __always_inline void pre##_inc(A *v)                                             \
	{                                                                                       \
		pre##_add(1, v);                                                                \
	}                                                                                       \
	static __always_inline void pre##_dec(A *v)                                             \
	{                                                                                       \
		pre##_sub(1, v);                                                                \
	}                                                                                       \
	static __always_inline void pre##_or(T i, A *v)                                         \
	{                                                                                       \
		__atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);                            \
	}                                                                                       \
	static __always_inline void pre##_and(T i, A *v)                                        \
	{                                                                                       \
		__atomic_fetch_and(&v->counter, i, __ATOMIC_RELAXED);                           \
	}                                                                                       \
	static __always_inline T pre##_add_return(T i, A *v)                                    \
	{                                                                                       \
		return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);                    \
	}                                                                                       \
	static __always_inline T pre##_sub_return(T i, A *v)                                    \
	{                                                                                       \
		return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);                    \
	}                                                                                       \
	static __always_inline T pre##_inc_return(A *v)                                         \
	{                                                                                       \
		return pre##_add_return(1, v);                                                  \
	}                                                                                       \
	static __always_inline T pre##_dec_return(A *v)                                         \
	{                                                                                       \
		return pre##_sub_return(1, v);                                                  \
	}                                                                                       \
	static __always_inline T pre##_fetch_add(T i, A *v)                                     \
	{                                                                                       \
		return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);                    \
	}                                                                                       \
	static __always_inline T pre##_fetch_sub(T i, A *v)                                     \
	{                                                                                       \
		return __atomic_fetch_sub(&v->counter, i, __ATOMIC_SEQ_CST);                    \
	}                                                                                       \
	static __always_inline T pre##_fetch_or(T i, A *v)                                      \
	{                                                                                       \
		return __atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST);                     \
	}                                                                                       \
	static __always_inline T pre##_fetch_andnot(T i, A *v)                                  \
	{                                                                                       \
		return __atomic_fetch_and(&v->counter, ~i, __ATOMIC_SEQ_CST);                   \
	}                                                                                       \
	static __always_inline bool pre##_sub_and_test(T i, A *v)                               \
	{                                                                                       \
		return pre##_sub_return(i, v) == 0;                                             \
	}                                                                                       \
	static __always_inline bool pre##_dec_and_test(A *v)                                    \
	{                                                                                       \
		return pre##_dec_return(v) == 0;                                                \
	}                                                                                       \
	static __always_inline bool pre##_inc_and_test(A *v)                                    \
	{                                                                                       \
		return pre##_inc_return(v) == 0;                                                \
	}                                                                                       \
	static __always_inline T pre##_xchg(A *v, T new_value)                                  \
	{                                                                                       \
		return __atomic_exchange_n(&v->counter, new_value, __ATOMIC_SEQ_CST);           \
	}                                                                                       \
	static __always_inline T pre##_cmpxchg(A *v, T old, T new_value)                        \
	{                                                                                       \
		__typeof__(v->counter) seen = old;                                              \
                                                                                                \
		__atomic_compare_exchange_n(&v->counter, &seen, new_value, 0, __ATOMIC_SEQ_CST, \
					    __ATOMIC_SEQ_CST);                                  \
		return seen;                                                                    \
	}                                                                                       \
	static __always_inline bool pre##_try_cmpxchg(A *v, T *old, T new_value)                \
	{                                                                                       \
		__typeof__(v->counter) seen = *old;                                             \
		bool done = __atomic_compare_exchange_n(&v->counter, &seen, new_value, 0,       \
							__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);    \
                                                                                                \
		*old = seen;                                                                    \
		return done;                                                                    \
	}                                                                                       \
	static __always_inline T pre##_fetch_add_unless(A *v, T a, T u)                         \
	{                                                                                       \
		T c = pre##_read(v);                                                            \
                                                                                                \
		while (c != u && !pre##_try_cmpxchg(v, &c, c + a))                              \
			;                                                                       \
		return c;                                                                       \
	}                                                                                       \
	static __always_inline bool pre##_add_unless(A *v, T a, T u)                            \
	{                                                                                       \
		return pre##_fetch_add_unless(v, a, u) != u;                                    \
	}                                                                                       \
	static __always_inline bool pre##_inc_not_zero(A *v)                                    \
	{                                                                                       \
		return pre##_add_unless(v, 1, 0);                                               \
	}

FLUSHDEP_ATOMIC_OPS(int, atomic_t, atomic)
FLUSHDEP_ATOMIC_OPS(s64, atomic64_t, atomic64)
FLUSHDEP_ATOMIC_OPS(long, atomic_long_t, atomic_long)

#define xchg(ptr, v) __atomic_exchange_n((ptr), (v), __ATOMIC_SEQ_CST)
#define cmpxchg(ptr, o, n)                                                           \
	({                                                                           \
		typeof(*(ptr)) __old = (o);                                          \
		__atomic_compare_exchange_n((ptr), &__old, (n), 0, __ATOMIC_SEQ_CST, \
					    __ATOMIC_SEQ_CST);                       \
		__old;                                                               \
	})
#define try_cmpxchg(ptr, oldp, n) \
	__atomic_compare_exchange_n((ptr), (oldp), (n), 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

#endif
