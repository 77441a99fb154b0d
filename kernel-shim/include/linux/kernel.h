/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kernel.h: the grab bag that most kernel files start with. */
#ifndef FLUSHDEP_LINUX_KERNEL_H
#define FLUSHDEP_LINUX_KERNEL_H

#include <asm/bug.h>
#include <asm/byteorder.h>
#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/instruction_pointer.h>
#include <linux/kconfig.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/stdarg.h>
#include <linux/stddef.h>
#include <linux/string_choices.h>
#include <linux/types.h>

/* faithful */
#define REPEAT_BYTE(x)	   ((~0ul / 0xff) * (x))
#define upper_32_bits(n)   ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n)   ((u32)((n) & 0xffffffff))
#define PTR_IF(cond, ptr)  ((cond) ? (ptr) : NULL)
#define u64_to_user_ptr(x) ((void *)(uintptr_t)(x))

/* faithful: sleeping where it is forbidden (preemption, softirqs or interrupts off, not in a task,
 * in an RCU read section) is a report, as if the caller had slept. */
FLUSHDEP_CALL void might_sleep(void);
#define might_sleep_if(cond)           \
	do {                           \
		if (cond)              \
			might_sleep(); \
	} while (0)
#define might_fault()	might_sleep()
#define might_resched() might_sleep()

/* faithful: a warning where sleeping would be allowed. */
FLUSHDEP_CALL void flushdep_shim_cant_sleep(const char *file, int line, const char *function,
					    bool migration);
#define cant_sleep()   flushdep_shim_cant_sleep(__FILE__, __LINE__, __func__, false)
#define cant_migrate() flushdep_shim_cant_sleep(__FILE__, __LINE__, __func__, true)

#endif
