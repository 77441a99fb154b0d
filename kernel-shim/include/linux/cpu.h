/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/cpu.h: CPUs that come and go; here they stay. */
#ifndef FLUSHDEP_LINUX_CPU_H
#define FLUSHDEP_LINUX_CPU_H

#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/types.h>

/* empty: no CPU goes offline through the shim, so that nothing keeps it from it. */
static inline void cpus_read_lock(void)
{
}

static inline void cpus_read_unlock(void)
{
}

static inline int cpus_read_trylock(void)
{
	return true;
}

#define cpus_write_lock()	   cpus_read_lock()
#define cpus_write_unlock()	   cpus_read_unlock()
#define lockdep_assert_cpus_held() ((void)0)
DEFINE_LOCK_GUARD_0(cpus_read_lock, cpus_read_lock(), cpus_read_unlock())

/* empty: see above. */
#define cpu_hotplug_disable() ((void)0)
#define cpu_hotplug_enable()  ((void)0)

#endif
