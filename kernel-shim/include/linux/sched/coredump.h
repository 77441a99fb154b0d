/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/coredump.h: flags of address spaces. */
#ifndef FLUSHDEP_LINUX_SCHED_COREDUMP_H
#define FLUSHDEP_LINUX_SCHED_COREDUMP_H

#include <linux/bits.h>
#include <linux/mm_types.h>

/* empty: bits to set and to test; the machine has no dumps, swap or OOM killer that heed them. */
#define MMF_DUMPABLE_BITS  2
#define MMF_DUMPABLE_MASK  (BIT(MMF_DUMPABLE_BITS) - 1)
#define MMF_VM_MERGEABLE   16
#define MMF_VM_HUGEPAGE	   17
#define MMF_HAS_UPROBES	   19
#define MMF_RECALC_UPROBES 20
#define MMF_OOM_SKIP	   21
#define MMF_UNSTABLE	   22
#define MMF_DISABLE_THP	   24
#define MMF_MULTIPROCESS   26
#define MMF_HAS_PINNED	   27
#define MMF_HAS_MDWE	   28

#endif
