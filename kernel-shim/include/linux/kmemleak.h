/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kmemleak.h: kmemleak, which is not here. */
#ifndef FLUSHDEP_LINUX_KMEMLEAK_H
#define FLUSHDEP_LINUX_KMEMLEAK_H

#include <linux/types.h>

/* empty */
#define kmemleak_alloc(ptr, size, min_count, gfp) ((void)(ptr))
#define kmemleak_free(ptr)			  ((void)(ptr))
#define kmemleak_not_leak(ptr)			  ((void)(ptr))
#define kmemleak_ignore(ptr)			  ((void)(ptr))
#define kmemleak_no_scan(ptr)			  ((void)(ptr))
#define kmemleak_erase(ptr)			  ((void)(ptr))

#endif
