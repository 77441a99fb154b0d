/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/cacheflush.h: caches that x86 keeps coherent. */
#ifndef FLUSHDEP_LINUX_CACHEFLUSH_H
#define FLUSHDEP_LINUX_CACHEFLUSH_H

#include <asm/cacheflush.h>

#endif
