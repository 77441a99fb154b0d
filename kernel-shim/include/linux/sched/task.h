/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/task.h: references to tasks; see linux/sched.h. */
#ifndef FLUSHDEP_LINUX_SCHED_TASK_H
#define FLUSHDEP_LINUX_SCHED_TASK_H

#include <linux/sched.h>

#endif
