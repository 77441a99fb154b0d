/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/percpu-defs.h: variables of which every CPU has its own copy. */
#ifndef FLUSHDEP_LINUX_PERCPU_DEFS_H
#define FLUSHDEP_LINUX_PERCPU_DEFS_H

#include <asm/percpu.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* faithful: static ones and those of other files, with initial values. */
#define PER_CPU_BASE_SECTION "flushdep_percpu"
#define DECLARE_PER_CPU_SECTION(type, name, sec) \
	extern __percpu __section(PER_CPU_BASE_SECTION) __typeof__(type) name
#define DEFINE_PER_CPU_SECTION(type, name, sec) \
	__percpu __section(PER_CPU_BASE_SECTION) __typeof__(type) name
#define DECLARE_PER_CPU(type, name)		   DECLARE_PER_CPU_SECTION(type, name, "")
#define DEFINE_PER_CPU(type, name)		   DEFINE_PER_CPU_SECTION(type, name, "")
#define DECLARE_PER_CPU_FIRST(type, name)	   DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_FIRST(type, name)	   DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_READ_MOSTLY(type, name)	   DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name)	   DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_SHARED_ALIGNED(type, name) DECLARE_PER_CPU(type, name) __aligned(64)
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name)  DEFINE_PER_CPU(type, name) __aligned(64)
#define DECLARE_PER_CPU_ALIGNED(type, name)	   DECLARE_PER_CPU(type, name) __aligned(64)
#define DEFINE_PER_CPU_ALIGNED(type, name)	   DEFINE_PER_CPU(type, name) __aligned(64)
#define DECLARE_PER_CPU_PAGE_ALIGNED(type, name)   DECLARE_PER_CPU(type, name) __aligned(4096)
#define DEFINE_PER_CPU_PAGE_ALIGNED(type, name)	   DEFINE_PER_CPU(type, name) __aligned(4096)
#define EXPORT_PER_CPU_SYMBOL(var)		   _Static_assert(1, "")
#define EXPORT_PER_CPU_SYMBOL_GPL(var)		   _Static_assert(1, "")

/* faithful: the compiler must not know that the copy lies outside of the variable. */
#define __verify_pcpu_ptr(ptr)                                                   \
	do {                                                                     \
		const void __percpu *__vpp_verify = (__typeof__((ptr) + 0))NULL; \
		(void)__vpp_verify;                                              \
	} while (0)
#define SHIFT_PERCPU_PTR(ptr, offset)                               \
	({                                                          \
		unsigned long __flushdep_addr;                      \
		__asm__("" : "=r"(__flushdep_addr) : "0"(ptr));     \
		(__typeof__(*(ptr)) *)(__flushdep_addr + (offset)); \
	})
#define PERCPU_PTR(p)	      (p)
#define per_cpu_ptr(ptr, cpu) SHIFT_PERCPU_PTR((ptr), per_cpu_offset(cpu))
#define per_cpu(var, cpu)     (*per_cpu_ptr(&(var), cpu))
#define raw_cpu_ptr(ptr)      SHIFT_PERCPU_PTR((ptr), __my_cpu_offset)

/* faithful: a warning where the caller may be moved to another CPU meanwhile. */
#define this_cpu_ptr(ptr) SHIFT_PERCPU_PTR((ptr), my_cpu_offset)

/* faithful */
#define __get_cpu_var(var) (*this_cpu_ptr(&(var)))
#define get_cpu_var(var)              \
	(*({                          \
		preempt_disable();    \
		this_cpu_ptr(&(var)); \
	}))
#define put_cpu_var(var)          \
	do {                      \
		(void)&(var);     \
		preempt_enable(); \
	} while (0)
#define get_cpu_ptr(var)           \
	({                         \
		preempt_disable(); \
		this_cpu_ptr(var); \
	})
#define put_cpu_ptr(var)          \
	do {                      \
		(void)(var);      \
		preempt_enable(); \
	} while (0)

/* The operations, on the copy that `ptr` finds. Relaxed atomics: they order nothing. */
#define __flushdep_pcpu_read(ptr)	READ_ONCE(*(ptr))
#define __flushdep_pcpu_write(ptr, val) WRITE_ONCE(*(ptr), val)
#define __flushdep_pcpu_fetch(op, ptr, val)                                          \
	({                                                                           \
		__typeof__(ptr) __pcpu = (ptr);                                      \
		__atomic_##op(__pcpu, (__typeof__(*__pcpu))(val), __ATOMIC_RELAXED); \
	})
#define __flushdep_pcpu_try(ptr, ovalp, nval)                                                \
	({                                                                                   \
		__typeof__(ptr) __pcpu = (ptr);                                              \
		__atomic_compare_exchange_n(__pcpu, (ovalp), (__typeof__(*__pcpu))(nval), 0, \
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);             \
	})
#define __flushdep_pcpu_cmpxchg(ptr, oval, nval)                        \
	({                                                              \
		__typeof__(ptr) __pcpu_c = (ptr);                       \
		__typeof__(*__pcpu_c) __pcpu_old = (oval);              \
		(void)__flushdep_pcpu_try(__pcpu_c, &__pcpu_old, nval); \
		__pcpu_old;                                             \
	})

/* faithful: of whatever CPU this is. */
#define raw_cpu_read(pcp)		      __flushdep_pcpu_read(raw_cpu_ptr(&(pcp)))
#define raw_cpu_write(pcp, val)		      __flushdep_pcpu_write(raw_cpu_ptr(&(pcp)), val)
#define raw_cpu_add(pcp, val)		      ((void)__flushdep_pcpu_fetch(fetch_add, raw_cpu_ptr(&(pcp)), val))
#define raw_cpu_and(pcp, val)		      ((void)__flushdep_pcpu_fetch(fetch_and, raw_cpu_ptr(&(pcp)), val))
#define raw_cpu_or(pcp, val)		      ((void)__flushdep_pcpu_fetch(fetch_or, raw_cpu_ptr(&(pcp)), val))
#define raw_cpu_add_return(pcp, val)	      __flushdep_pcpu_fetch(add_fetch, raw_cpu_ptr(&(pcp)), val)
#define raw_cpu_xchg(pcp, nval)		      __flushdep_pcpu_fetch(exchange_n, raw_cpu_ptr(&(pcp)), nval)
#define raw_cpu_cmpxchg(pcp, oval, nval)      __flushdep_pcpu_cmpxchg(raw_cpu_ptr(&(pcp)), oval, nval)
#define raw_cpu_try_cmpxchg(pcp, ovalp, nval) __flushdep_pcpu_try(raw_cpu_ptr(&(pcp)), ovalp, nval)
#define raw_cpu_sub(pcp, val)		      raw_cpu_add(pcp, -(__typeof__(pcp))(val))
#define raw_cpu_inc(pcp)		      raw_cpu_add(pcp, 1)
#define raw_cpu_dec(pcp)		      raw_cpu_sub(pcp, 1)
#define raw_cpu_sub_return(pcp, val)	      raw_cpu_add_return(pcp, -(__typeof__(pcp))(val))
#define raw_cpu_inc_return(pcp)		      raw_cpu_add_return(pcp, 1)
#define raw_cpu_dec_return(pcp)		      raw_cpu_add_return(pcp, -1)

/* faithful: the caller must not be moved meanwhile; a warning if it may. */
#define __this_cpu_read(pcp)		__flushdep_pcpu_read(this_cpu_ptr(&(pcp)))
#define __this_cpu_write(pcp, val)	__flushdep_pcpu_write(this_cpu_ptr(&(pcp)), val)
#define __this_cpu_add(pcp, val)	((void)__flushdep_pcpu_fetch(fetch_add, this_cpu_ptr(&(pcp)), val))
#define __this_cpu_and(pcp, val)	((void)__flushdep_pcpu_fetch(fetch_and, this_cpu_ptr(&(pcp)), val))
#define __this_cpu_or(pcp, val)		((void)__flushdep_pcpu_fetch(fetch_or, this_cpu_ptr(&(pcp)), val))
#define __this_cpu_add_return(pcp, val) __flushdep_pcpu_fetch(add_fetch, this_cpu_ptr(&(pcp)), val)
#define __this_cpu_xchg(pcp, nval)	__flushdep_pcpu_fetch(exchange_n, this_cpu_ptr(&(pcp)), nval)
#define __this_cpu_cmpxchg(pcp, oval, nval) \
	__flushdep_pcpu_cmpxchg(this_cpu_ptr(&(pcp)), oval, nval)
#define __this_cpu_try_cmpxchg(pcp, ovalp, nval) \
	__flushdep_pcpu_try(this_cpu_ptr(&(pcp)), ovalp, nval)
#define __this_cpu_sub(pcp, val)	__this_cpu_add(pcp, -(__typeof__(pcp))(val))
#define __this_cpu_inc(pcp)		__this_cpu_add(pcp, 1)
#define __this_cpu_dec(pcp)		__this_cpu_sub(pcp, 1)
#define __this_cpu_sub_return(pcp, val) __this_cpu_add_return(pcp, -(__typeof__(pcp))(val))
#define __this_cpu_inc_return(pcp)	__this_cpu_add_return(pcp, 1)
#define __this_cpu_dec_return(pcp)	__this_cpu_add_return(pcp, -1)

/* faithful: in one step, wherever the caller is moved. */
#define this_cpu_read(pcp)		       __flushdep_pcpu_read(raw_cpu_ptr(&(pcp)))
#define this_cpu_write(pcp, val)	       __flushdep_pcpu_write(raw_cpu_ptr(&(pcp)), val)
#define this_cpu_add(pcp, val)		       ((void)__flushdep_pcpu_fetch(fetch_add, raw_cpu_ptr(&(pcp)), val))
#define this_cpu_and(pcp, val)		       ((void)__flushdep_pcpu_fetch(fetch_and, raw_cpu_ptr(&(pcp)), val))
#define this_cpu_or(pcp, val)		       ((void)__flushdep_pcpu_fetch(fetch_or, raw_cpu_ptr(&(pcp)), val))
#define this_cpu_add_return(pcp, val)	       __flushdep_pcpu_fetch(add_fetch, raw_cpu_ptr(&(pcp)), val)
#define this_cpu_xchg(pcp, nval)	       __flushdep_pcpu_fetch(exchange_n, raw_cpu_ptr(&(pcp)), nval)
#define this_cpu_cmpxchg(pcp, oval, nval)      __flushdep_pcpu_cmpxchg(raw_cpu_ptr(&(pcp)), oval, nval)
#define this_cpu_try_cmpxchg(pcp, ovalp, nval) __flushdep_pcpu_try(raw_cpu_ptr(&(pcp)), ovalp, nval)
#define this_cpu_sub(pcp, val)		       this_cpu_add(pcp, -(__typeof__(pcp))(val))
#define this_cpu_inc(pcp)		       this_cpu_add(pcp, 1)
#define this_cpu_dec(pcp)		       this_cpu_sub(pcp, 1)
#define this_cpu_sub_return(pcp, val)	       this_cpu_add_return(pcp, -(__typeof__(pcp))(val))
#define this_cpu_inc_return(pcp)	       this_cpu_add_return(pcp, 1)
#define this_cpu_dec_return(pcp)	       this_cpu_add_return(pcp, -1)

#define raw_cpu_read_1(pcp)		      raw_cpu_read(pcp)
#define __this_cpu_preempt_check(op)	      ((void)0)
#define DECLARE_PER_CPU_CACHE_HOT(type, name) DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_CACHE_HOT(type, name)  DEFINE_PER_CPU(type, name)

#endif
