/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* cpu.c: CPUs, preemption and migration. */
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/smp.h>

#include "flushdep_sync.h"
#include "task.h"

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

static int depth(unsigned int context)
{
	return flushdep_context_depth(context);
}

int preempt_count(void)
{
	return flushdep_preempt_count() * PREEMPT_OFFSET +
	       depth(FLUSHDEP_SHIM_CTX_BH_OFF) * SOFTIRQ_DISABLE_OFFSET +
	       depth(FLUSHDEP_SHIM_CTX_SOFTIRQ) * SOFTIRQ_OFFSET +
	       depth(FLUSHDEP_SHIM_CTX_HARDIRQ) * HARDIRQ_OFFSET +
	       depth(FLUSHDEP_SHIM_CTX_NMI) * (NMI_OFFSET + HARDIRQ_OFFSET);
}

bool flushdep_shim_preemptible(void)
{
	return preempt_count() == 0 && !flushdep_irqs_off();
}

/* A sleep of no length: the machine checks that it is allowed. */
void might_sleep(void)
{
	static u32 awake;

	flushdep_park(&awake, 1);
}

void flushdep_shim_cant_sleep(const char *file, int line, const char *function, bool migration)
{
	if (migration ? flushdep_may_migrate() : flushdep_shim_preemptible())
		flushdep_shim_warn(file, line, function, "Assertion failed: %s\n",
				   migration ? "cant_migrate()" : "cant_sleep()");
}

void migrate_disable(void)
{
	flushdep_migrate_disable();
}

void migrate_enable(void)
{
	flushdep_migrate_enable();
}
