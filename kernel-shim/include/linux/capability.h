/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/capability.h: what a task may do. */
#ifndef FLUSHDEP_LINUX_CAPABILITY_H
#define FLUSHDEP_LINUX_CAPABILITY_H

#include <linux/types.h>

/* faithful: numbers. */
#define CAP_CHOWN	 0
#define CAP_IPC_LOCK	 14
#define CAP_SYS_RAWIO	 17
#define CAP_SYS_ADMIN	 21
#define CAP_SYS_NICE	 23
#define CAP_SYS_RESOURCE 24
#define CAP_PERFMON	 38

struct user_namespace;

/* partial: every task may do everything. */
static inline bool capable(int cap)
{
	(void)cap;
	return true;
}

static inline bool ns_capable(struct user_namespace *ns, int cap)
{
	(void)ns;
	return capable(cap);
}

#define perfmon_capable() capable(CAP_PERFMON)

#endif
