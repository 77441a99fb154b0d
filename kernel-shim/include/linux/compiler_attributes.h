/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/compiler_attributes.h: short names of function and variable attributes. */
#ifndef FLUSHDEP_LINUX_COMPILER_ATTRIBUTES_H
#define FLUSHDEP_LINUX_COMPILER_ATTRIBUTES_H

/* faithful */
#define __alias(symbol)		 __attribute__((__alias__(#symbol)))
#define __aligned(x)		 __attribute__((__aligned__(x)))
#define __aligned_largest	 __attribute__((__aligned__))
#define __always_unused		 __attribute__((__unused__))
#define __assume_aligned(a, ...) __attribute__((__assume_aligned__(a, ##__VA_ARGS__)))
#define __cleanup(func)		 __attribute__((__cleanup__(func)))
#define __cold			 __attribute__((__cold__))
#define __attribute_const__	 __attribute__((__const__))
#define __gnu_inline		 __attribute__((__gnu_inline__))
#define __malloc		 __attribute__((__malloc__))
#define __mode(x)		 __attribute__((__mode__(x)))
#define __must_check		 __attribute__((__warn_unused_result__))
#define __noreturn		 __attribute__((__noreturn__))
#define __packed		 __attribute__((__packed__))
#define __printf(a, b)		 __attribute__((__format__(printf, a, b)))
#define __scanf(a, b)		 __attribute__((__format__(scanf, a, b)))
#define __pure			 __attribute__((__pure__))
#define __section(section)	 __attribute__((__section__(section)))
#define __maybe_unused		 __attribute__((__unused__))
#define __used			 __attribute__((__used__))
#define __always_used		 __used __maybe_unused
#define __weak			 __attribute__((__weak__))
#define __visible
#define __no_stack_protector
#define __deprecated
#define __flatten		       __attribute__((__flatten__))
#define __compiletime_object_size(obj) __builtin_object_size(obj, 0)
#define __diagnose_as(builtin...)
#define __realloc_size(x, ...)
#define __alloc_size(x, ...)
#define __fallthrough __attribute__((__fallthrough__))
#define fallthrough   __attribute__((__fallthrough__))
#define noinline      __attribute__((__noinline__))

/* partial: no compiler here knows it, or it changes nothing that can be seen. */
#define __alloc_size__(x, ...) __attribute__((__alloc_size__(x, ##__VA_ARGS__)))
#define __counted_by(member)
#define __nonstring
#define __no_randomize_layout
#define __randomize_layout
#define __designated_init
#define __overloadable

/*
 * The shim's own: each call of such a function keeps a call instruction of its own, so that reports
 * can name its line. Compilers otherwise merge the same call of several branches into one.
 */
#if __has_attribute(__nomerge__)
#define FLUSHDEP_CALL __attribute__((__nomerge__))
#else
#define FLUSHDEP_CALL
#endif

/*
 * The shim's own: a function that the machine has already (flushdep_sync.h), under the kernel's
 * name. The call is the user's own then, and messages can name its place.
 */
#define FLUSHDEP_MACHINE(name) __asm__(#name)

/* The shim's own: a registration that no linker may drop because nothing refers to it. */
#if __has_attribute(__retain__)
#define FLUSHDEP_RETAIN __attribute__((__used__, __retain__))
#else
#define FLUSHDEP_RETAIN __attribute__((__used__))
#endif

#endif
