/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/uaccess.h: copies from and to user memory. */
#ifndef FLUSHDEP_LINUX_UACCESS_H
#define FLUSHDEP_LINUX_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/types.h>

/*
 * partial: user memory is any memory of the program, so these do not fail; NULL is not user memory.
 * They return the number of bytes not copied.
 */
FLUSHDEP_CALL unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);
FLUSHDEP_CALL unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
FLUSHDEP_CALL unsigned long clear_user(void __user *to, unsigned long n);
#define access_ok(addr, size) ((void)(size), (addr) != (typeof(addr))0)
#define get_user(x, ptr)      (copy_from_user(&(x), (ptr), sizeof(*(ptr))) ? -EFAULT : 0)
#define put_user(x, ptr)                                                              \
	({                                                                            \
		typeof(*(ptr)) __put_value = (x);                                     \
		copy_to_user((ptr), &__put_value, sizeof(__put_value)) ? -EFAULT : 0; \
	})

#endif
