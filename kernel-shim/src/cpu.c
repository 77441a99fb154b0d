/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* cpu.c: CPUs, preemption and migration. */
#include <linux/cpumask.h>
#include <linux/preempt.h>
#include <linux/smp.h>

#include "flushdep.h"

unsigned int nr_cpu_ids;
struct cpumask flushdep_shim_all_cpus;
static struct cpumask single_cpu[NR_CPUS];

_Static_assert(NR_CPUS == FLUSHDEP_MAX_CPUS, "CONFIG_NR_CPUS is the machine's limit");

__attribute__((constructor(101))) static void cpu_boot(void)
{
	unsigned int cpu;

	nr_cpu_ids = flushdep_cpu_count();
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		cpumask_set_cpu(cpu, &flushdep_shim_all_cpus);
		cpumask_set_cpu(cpu, &single_cpu[cpu]);
	}
}

const struct cpumask *cpumask_of(unsigned int cpu)
{
	return &single_cpu[cpu % NR_CPUS];
}

unsigned int flushdep_shim_cpu(void)
{
	return flushdep_cpu_current();
}

void preempt_disable(void)
{
	flushdep_preempt_disable();
}

void preempt_enable(void)
{
	flushdep_preempt_enable();
}

int preempt_count(void)
{
	return flushdep_preempt_count();
}

void migrate_disable(void)
{
	flushdep_migrate_disable();
}

void migrate_enable(void)
{
	flushdep_migrate_enable();
}
