/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/build_bug.h: errors at compile time. */
#ifndef FLUSHDEP_LINUX_BUILD_BUG_H
#define FLUSHDEP_LINUX_BUILD_BUG_H

#include <linux/compiler.h>

/*
 * faithful: as in the kernel, a true condition is an error only if the compiler can fold it.
 * Without optimisation, "is not constant" would hold for every variable, and is not asked.
 */
#ifdef __OPTIMIZE__
#define FLUSHDEP_SHIM_CAN_FOLD(text) 1
#else
#define FLUSHDEP_SHIM_CAN_FOLD(text) (__builtin_strncmp(text, "!__builtin_constant_p", 21) != 0)
#endif
#define BUILD_BUG_ON_ZERO(e)	((int)(sizeof(struct { int : (-!!(e)); })))
#define BUILD_BUG_ON_INVALID(e) ((void)(sizeof((long)(e))))
#define FLUSHDEP_SHIM_BUILD_BUG_AS(name, cond, text, msg)                                 \
	do {                                                                              \
		extern void name(void) __compiletime_error(msg);                          \
		if (FLUSHDEP_SHIM_CAN_FOLD(text) && __builtin_constant_p(cond) && (cond)) \
			name();                                                           \
	} while (0)
/* A macro may ask several times on one line, each with a message of its own. */
#define FLUSHDEP_SHIM_BUILD_BUG(cond, text, msg) \
	FLUSHDEP_SHIM_BUILD_BUG_AS(__PASTE(__build_bug_, __COUNTER__), cond, text, msg)
#define BUILD_BUG_ON_MSG(cond, msg)	FLUSHDEP_SHIM_BUILD_BUG(cond, #cond, msg)
#define BUILD_BUG_ON(cond...)		FLUSHDEP_SHIM_BUILD_BUG((cond), #cond, "BUILD_BUG_ON failed: " #cond)
#define BUILD_BUG()			BUILD_BUG_ON_MSG(1, "BUILD_BUG failed")
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define static_assert(expr, ...)	__static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...) _Static_assert(expr, msg)

#endif
