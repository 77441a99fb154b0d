/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* task.h: what the shim's own files know of tasks and running cases. */
#ifndef FLUSHDEP_SHIM_TASK_H
#define FLUSHDEP_SHIM_TASK_H

#include <linux/sched.h>

#include "host.h"

/* The struct for one of the machine's address spaces; made when first asked for. */
SHIM_LOCAL struct mm_struct *shim_mm_of(struct flushdep_mm *mm);

/* Makes `task` the calling thread's. */
SHIM_LOCAL void shim_set_current(struct task_struct *task);
SHIM_LOCAL pid_t shim_next_pid(void);

/* Where an oops of the calling thread ends up; null: the end of the program. */
SHIM_LOCAL extern __thread struct shim_catch *shim_catch_here;
/* Is a KUnit case under way in this program? */
SHIM_LOCAL extern bool shim_case_running;
/* Warnings and dead ends (WARN, BUG) so far. */
SHIM_LOCAL unsigned long shim_warning_count(void);

/* Ends the case or the kernel thread; the program, if neither is there. */
SHIM_LOCAL void shim_oops(const char *message) __noreturn;

#endif
