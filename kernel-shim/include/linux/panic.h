/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/panic.h: the end of the kernel, and marks of what has tainted it. */
#ifndef FLUSHDEP_LINUX_PANIC_H
#define FLUSHDEP_LINUX_PANIC_H

#include <linux/compiler.h>
#include <linux/types.h>

/* partial: ends the program after the reports are out. */
void panic(const char *fmt, ...) __noreturn __cold __printf(1, 2);

enum lockdep_ok {
	LOCKDEP_STILL_OK,
	LOCKDEP_NOW_UNRELIABLE,
};

#define TAINT_USER	  6
#define TAINT_DIE	  7
#define TAINT_WARN	  9
#define TAINT_CRAP	  10
#define TAINT_OOT_MODULE  12
#define TAINT_AUX	  16
#define TAINT_TEST	  18
#define TAINT_FLAGS_COUNT 19

/* empty: nothing is tainted, as there is no support to lose; lock checks go on. */
static inline void add_taint(unsigned int flag, enum lockdep_ok ok)
{
	(void)flag;
	(void)ok;
}

static inline int test_taint(unsigned int flag)
{
	(void)flag;
	return 0;
}

static inline unsigned long get_taint(void)
{
	return 0;
}

#endif
