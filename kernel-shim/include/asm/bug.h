/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/bug.h: the body of linux/bug.h. */
#ifndef FLUSHDEP_ASM_BUG_H
#define FLUSHDEP_ASM_BUG_H

#include <linux/compiler.h>

void flushdep_shim_warn(const char *file, int line, const char *function, const char *fmt, ...)
	__printf(4, 5);
void flushdep_shim_bug(const char *file, int line, const char *function) __noreturn;

/* faithful: each returns its condition; the _ONCE forms warn once a place. */
#define WARN(condition, format...)                                                \
	({                                                                        \
		int __ret_warn_on = !!(condition);                                \
		if (unlikely(__ret_warn_on))                                      \
			flushdep_shim_warn(__FILE__, __LINE__, __func__, format); \
		unlikely(__ret_warn_on);                                          \
	})
#define WARN_ON(condition)                                                                 \
	({                                                                                 \
		int __ret_warn_on = !!(condition);                                         \
		if (unlikely(__ret_warn_on))                                               \
			flushdep_shim_warn(__FILE__, __LINE__, __func__, (const char *)0); \
		unlikely(__ret_warn_on);                                                   \
	})
#define WARN_ONCE(condition, format...)                                           \
	({                                                                        \
		static bool __already_warned;                                     \
		int __ret_warn_once = !!(condition);                              \
		if (unlikely(__ret_warn_once && !__already_warned)) {             \
			__already_warned = 1;                                     \
			flushdep_shim_warn(__FILE__, __LINE__, __func__, format); \
		}                                                                 \
		unlikely(__ret_warn_once);                                        \
	})
#define WARN_ON_ONCE(condition)			WARN_ONCE(condition, (const char *)0)
#define WARN_TAINT(condition, taint, format...) WARN(condition, format)
#define BUG()					flushdep_shim_bug(__FILE__, __LINE__, __func__)
#define BUG_ON(condition)                \
	do {                             \
		if (unlikely(condition)) \
			BUG();           \
	} while (0)

#endif
