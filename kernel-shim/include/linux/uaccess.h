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

#define __copy_to_user(to, from, n)	       copy_to_user(to, from, n)
#define __copy_from_user(to, from, n)	       copy_from_user(to, from, n)
#define __copy_from_user_inatomic(to, from, n) copy_from_user(to, from, n)
#define __copy_to_user_inatomic(to, from, n)   copy_to_user(to, from, n)
#define __get_user(x, ptr)		       get_user(x, ptr)
#define __put_user(x, ptr)		       put_user(x, ptr)
#define untagged_addr(addr)		       (addr)
FLUSHDEP_CALL long strncpy_from_user(char *dst, const char __user *src, long count);
FLUSHDEP_CALL long copy_from_kernel_nofault(void *dst, const void *src, size_t size);
FLUSHDEP_CALL long copy_to_kernel_nofault(void *dst, const void *src, size_t size);
#define copy_from_user_nofault(dst, src, size) (copy_from_user(dst, src, size) ? -EFAULT : 0)
#define get_kernel_nofault(val, ptr)	       copy_from_kernel_nofault(&(val), ptr, sizeof(val))

/* faithful: -E2BIG if what the kernel's struct does not have is not zero. */
FLUSHDEP_CALL int copy_struct_from_user(void *dst, size_t ksize, const void __user *src,
					size_t usize);

/* partial: faults are not handled at all, but a caller must not be moved. */
#define pagefault_disable()	migrate_disable()
#define pagefault_enable()	migrate_enable()
#define pagefault_disabled()	false
#define faulthandler_disabled() in_atomic()

#endif
