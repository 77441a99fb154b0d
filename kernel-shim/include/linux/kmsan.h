/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kmsan.h: KMSAN, which is not here. */
#ifndef FLUSHDEP_LINUX_KMSAN_H
#define FLUSHDEP_LINUX_KMSAN_H

#include <linux/types.h>

/* empty */
#define kmsan_unpoison_memory(address, size)	  ((void)(address))
#define kmsan_poison_memory(address, size, flags) ((void)(address))
#define kmsan_check_memory(address, size)	  ((void)(address))
#define kmsan_copy_page_meta(dst, src)		  ((void)(dst), (void)(src))

#endif
