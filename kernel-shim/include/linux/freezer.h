/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/freezer.h: tasks that stop for a suspend. */
#ifndef FLUSHDEP_LINUX_FREEZER_H
#define FLUSHDEP_LINUX_FREEZER_H

#include <linux/sched.h>
#include <linux/wait.h>

/* empty: nobody suspends. */
#define set_freezable()			    false
#define try_to_freeze()			    false
#define freezing(p)			    ((void)(p), false)
#define freezable_schedule_timeout(timeout) schedule_timeout(timeout)

#endif
