/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mmu_context.h: which mm a CPU has loaded; see asm/mmu_context.h. */
#ifndef FLUSHDEP_LINUX_MMU_CONTEXT_H
#define FLUSHDEP_LINUX_MMU_CONTEXT_H

#include <asm/mmu_context.h>
#include <linux/kthread.h>

#endif
