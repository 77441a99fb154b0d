/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/compiler_types.h: inlining, address spaces and type tests. */
#ifndef FLUSHDEP_LINUX_COMPILER_TYPES_H
#define FLUSHDEP_LINUX_COMPILER_TYPES_H

#include <linux/compiler_attributes.h>
#include <linux/kconfig.h>

/* faithful */
#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#define __inline_maybe_unused	 __maybe_unused
#define noinline_for_stack	 noinline
#define __compiletime_error(msg) __attribute__((__error__(msg)))
#define __compiletime_warning(msg)
#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define __native_word(t)                                                                        \
	(sizeof(t) == sizeof(char) || sizeof(t) == sizeof(short) || sizeof(t) == sizeof(int) || \
	 sizeof(t) == sizeof(long))
#define ___PASTE(a, b) a##b
#define __PASTE(a, b)  ___PASTE(a, b)
#define asm_inline     asm

/* empty: marks for sparse, for the linker or for instrumentation of the kernel's own. */
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __nocast
#define __safe
#define __private
#define __bitwise
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __cond_acquires(x)
#define __acquire(x)		  ((void)0)
#define __release(x)		  ((void)0)
#define __cond_lock(x, c)	  (c)
#define __chk_user_ptr(x)	  ((void)0)
#define __chk_io_ptr(x)		  ((void)0)
#define ACCESS_PRIVATE(p, member) ((p)->member)
#define notrace
#define __nocfi
#define __noscs
#define noinstr		     noinline
#define __no_kasan_or_inline inline
#define __no_sanitize_address
#define __no_kcsan
#define __no_kmsan_checks
#define __no_sanitize_or_inline inline
#define __latent_entropy
#define __ro_after_init
#define __read_mostly
#define __refdata
#define __ref

#endif
