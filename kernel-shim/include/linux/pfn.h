/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pfn.h: page frame numbers; see asm/page.h. */
#ifndef FLUSHDEP_LINUX_PFN_H
#define FLUSHDEP_LINUX_PFN_H

#include <asm/page.h>

#endif
