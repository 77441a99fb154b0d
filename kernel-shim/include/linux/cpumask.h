/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/cpumask.h: sets of CPUs. */
#ifndef FLUSHDEP_LINUX_CPUMASK_H
#define FLUSHDEP_LINUX_CPUMASK_H

#include <linux/bitops.h>
#include <linux/threads.h>
#include <linux/types.h>

/* faithful */
typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;
typedef struct cpumask cpumask_var_t[1];

#define cpumask_bits(maskp) ((maskp)->bits)

/* The CPUs of the machine, all possible and online; set before main(). */
extern unsigned int nr_cpu_ids;
extern struct cpumask flushdep_shim_all_cpus;
const struct cpumask *cpumask_of(unsigned int cpu);

/* partial: CPUs neither come nor go. */
#define cpu_possible_mask   ((const struct cpumask *)&flushdep_shim_all_cpus)
#define cpu_online_mask	    cpu_possible_mask
#define cpu_present_mask    cpu_possible_mask
#define num_possible_cpus() nr_cpu_ids
#define num_online_cpus()   nr_cpu_ids
#define cpu_possible(cpu)   ((unsigned int)(cpu) < nr_cpu_ids)
#define cpu_online(cpu)	    cpu_possible(cpu)

/* faithful */
static inline bool cpumask_test_cpu(int cpu, const struct cpumask *mask)
{
	return test_bit(cpu, mask->bits);
}

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	set_bit(cpu, mask->bits);
}

static inline void cpumask_clear_cpu(int cpu, struct cpumask *mask)
{
	clear_bit(cpu, mask->bits);
}

static inline void cpumask_clear(struct cpumask *mask)
{
	int i;

	for (i = 0; i < NR_CPUS / BITS_PER_LONG; i++)
		mask->bits[i] = 0;
}

static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	*dst = *src;
}

static inline unsigned int cpumask_next(int n, const struct cpumask *mask)
{
	unsigned int cpu = n + 1;

	while (cpu < nr_cpu_ids && !test_bit(cpu, mask->bits))
		cpu++;
	return cpu;
}

static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return cpumask_next(-1, mask);
}

static inline bool cpumask_empty(const struct cpumask *mask)
{
	return cpumask_first(mask) >= nr_cpu_ids;
}

static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	unsigned int i, weight = 0;

	for (i = 0; i < NR_CPUS / BITS_PER_LONG; i++)
		weight += hweight_long(mask->bits[i]);
	return weight;
}

static inline unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int cpu)
{
	unsigned int i = cpumask_first(mask);

	return i == cpu ? cpumask_next(i, mask) : i;
}

#define for_each_cpu(cpu, mask) \
	for ((cpu) = cpumask_first(mask); (cpu) < nr_cpu_ids; (cpu) = cpumask_next((cpu), (mask)))
#define for_each_possible_cpu(cpu) for_each_cpu ((cpu), cpu_possible_mask)
#define for_each_online_cpu(cpu)   for_each_cpu ((cpu), cpu_online_mask)
#define for_each_present_cpu(cpu)  for_each_cpu ((cpu), cpu_present_mask)

#endif
