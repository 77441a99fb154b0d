/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/current.h: the running task. */
#ifndef FLUSHDEP_ASM_CURRENT_H
#define FLUSHDEP_ASM_CURRENT_H

struct task_struct;

/* faithful: also in threads that the program started without the shim. */
struct task_struct *get_current(void);
#define current get_current()

#endif
