/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kcsan-checks.h: KCSAN, which is not here. */
#ifndef FLUSHDEP_LINUX_KCSAN_CHECKS_H
#define FLUSHDEP_LINUX_KCSAN_CHECKS_H

#include <linux/compiler.h>

/* empty */
#define ASSERT_EXCLUSIVE_WRITER(var)	    ((void)0)
#define ASSERT_EXCLUSIVE_WRITER_SCOPED(var) ((void)0)
#define ASSERT_EXCLUSIVE_ACCESS(var)	    ((void)0)
#define ASSERT_EXCLUSIVE_ACCESS_SCOPED(var) ((void)0)
#define ASSERT_EXCLUSIVE_BITS(var, mask)    ((void)0)
#define kcsan_atomic_next(n)		    ((void)(n))
#define kcsan_nestable_atomic_begin()	    ((void)0)
#define kcsan_nestable_atomic_end()	    ((void)0)

#endif
