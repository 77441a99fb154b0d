/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/compiler.h: branch hints, single accesses and compile-time checks. */
#ifndef FLUSHDEP_LINUX_COMPILER_H
#define FLUSHDEP_LINUX_COMPILER_H

#include <linux/compiler_types.h>
#include <linux/types.h>

/* faithful */
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define barrier()		__asm__ __volatile__("" : : : "memory")
#define barrier_data(ptr)	__asm__ __volatile__("" : : "r"(ptr) : "memory")
#define unreachable()		__builtin_unreachable()
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))
#define RELOC_HIDE(ptr, off)	((typeof(ptr))((unsigned long)(ptr) + (off)))
#define __ADDRESSABLE(sym) \
	static void *__used __PASTE(__addressable_##sym, __LINE__) = (void *)(unsigned long)&sym;
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)
#define READ_ONCE(x)	    (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val)                           \
	do {                                         \
		*(volatile typeof(x) *)&(x) = (val); \
	} while (0)
#define data_race(expr)	       ({ (expr); })
#define __is_constexpr(x)      (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
#define is_signed_type(type)   (((type)(-1)) < (type)1)
#define is_unsigned_type(type) (!is_signed_type(type))
#define __must_be_array(a)                                                         \
	((int)(0 * sizeof(struct {                                                 \
		       _Static_assert(!__same_type((a), &(a)[0]), "not an array"); \
		       int dummy;                                                  \
	       })))
#define compiletime_assert(condition, msg) _Static_assert(condition, msg)

#define absolute_pointer(val) RELOC_HIDE((void *)(val), 0)
#define statically_true(x)    (__builtin_constant_p(x) && (x))
#define const_true(x)	      (__is_constexpr(x) ? (x) : 0)
#define __diag_push()
#define __diag_pop()
#define __diag_ignore(compiler, version, option, comment)
#define __diag_ignore_all(option, comment)
#define instrumentation_begin()	     ((void)0)
#define instrumentation_end()	     ((void)0)
#define barrier_before_unreachable() barrier()

#endif
