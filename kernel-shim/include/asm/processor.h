/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/processor.h: what a CPU does while it waits. */
#ifndef FLUSHDEP_ASM_PROCESSOR_H
#define FLUSHDEP_ASM_PROCESSOR_H

/* faithful: to the kernel a hint, here it also lets the host run another thread. */
void cpu_relax(void);

#endif
