/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/debug.h: what a task is doing. */
#ifndef FLUSHDEP_LINUX_SCHED_DEBUG_H
#define FLUSHDEP_LINUX_SCHED_DEBUG_H

#include <linux/sched.h>

/* empty */
#define __sched
#define show_stack(task, sp, loglvl) ((void)(task), (void)(sp), dump_stack())
#define sched_show_task(p)	     ((void)(p))

#endif
