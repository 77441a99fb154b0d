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
#define num_present_cpus()  nr_cpu_ids
#define num_active_cpus()   nr_cpu_ids
#define cpu_active_mask	    cpu_possible_mask
#define cpu_possible(cpu)   ((unsigned int)(cpu) < nr_cpu_ids)
#define cpu_online(cpu)	    cpu_possible(cpu)
#define cpu_present(cpu)    cpu_possible(cpu)
#define cpu_active(cpu)	    cpu_possible(cpu)
#define cpu_is_offline(cpu) (!cpu_online(cpu))

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

static inline unsigned int cpumask_last(const struct cpumask *mask)
{
	unsigned int cpu, last = nr_cpu_ids;

	for (cpu = cpumask_first(mask); cpu < nr_cpu_ids; cpu = cpumask_next(cpu, mask))
		last = cpu;
	return last;
}

static inline unsigned int cpumask_next_zero(int n, const struct cpumask *mask)
{
	unsigned int cpu = n + 1;

	while (cpu < nr_cpu_ids && test_bit(cpu, mask->bits))
		cpu++;
	return cpu;
}

static inline unsigned int cpumask_next_and(int n, const struct cpumask *a, const struct cpumask *b)
{
	unsigned int cpu = cpumask_next(n, a);

	while (cpu < nr_cpu_ids && !test_bit(cpu, b->bits))
		cpu = cpumask_next(cpu, a);
	return cpu;
}

static inline unsigned int cpumask_next_andnot(int n, const struct cpumask *a,
					       const struct cpumask *b)
{
	unsigned int cpu = cpumask_next(n, a);

	while (cpu < nr_cpu_ids && test_bit(cpu, b->bits))
		cpu = cpumask_next(cpu, a);
	return cpu;
}

static inline unsigned int cpumask_next_wrap(int n, const struct cpumask *mask, int start,
					     bool wrap)
{
	unsigned int cpu = cpumask_next(n, mask);

	if (wrap && n < start && cpu >= (unsigned int)start)
		return nr_cpu_ids;
	if (cpu < nr_cpu_ids)
		return cpu;
	cpu = cpumask_first(mask);
	return cpu < (unsigned int)start ? cpu : nr_cpu_ids;
}

static inline unsigned int cpumask_nth(unsigned int n, const struct cpumask *mask)
{
	unsigned int cpu = cpumask_first(mask);

	while (n-- && cpu < nr_cpu_ids)
		cpu = cpumask_next(cpu, mask);
	return cpu;
}

#define cpumask_first_zero(mask)	 cpumask_next_zero(-1, mask)
#define cpumask_first_and(a, b)		 cpumask_next_and(-1, a, b)
#define cpumask_any(mask)		 cpumask_first(mask)
#define cpumask_any_and(a, b)		 cpumask_first_and(a, b)
#define cpumask_any_distribute(mask)	 cpumask_first(mask)
#define cpumask_any_and_distribute(a, b) cpumask_first_and(a, b)
#define cpumask_local_spread(i, node)	 ((void)(node), cpumask_nth((i) % nr_cpu_ids, cpu_online_mask))

static inline bool cpumask_test_and_set_cpu(int cpu, struct cpumask *mask)
{
	return test_and_set_bit(cpu, mask->bits);
}

static inline bool cpumask_test_and_clear_cpu(int cpu, struct cpumask *mask)
{
	return test_and_clear_bit(cpu, mask->bits);
}

static inline void __cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	__set_bit(cpu, mask->bits);
}

static inline void __cpumask_clear_cpu(int cpu, struct cpumask *mask)
{
	__clear_bit(cpu, mask->bits);
}

static inline void cpumask_assign_cpu(int cpu, struct cpumask *mask, bool value)
{
	if (value)
		cpumask_set_cpu(cpu, mask);
	else
		cpumask_clear_cpu(cpu, mask);
}

static inline void cpumask_setall(struct cpumask *mask)
{
	unsigned int cpu;

	cpumask_clear(mask);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		__cpumask_set_cpu(cpu, mask);
}

static inline void cpumask_complement(struct cpumask *dst, const struct cpumask *src)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		cpumask_assign_cpu(cpu, dst, !test_bit(cpu, src->bits));
}

static inline void cpumask_or(struct cpumask *dst, const struct cpumask *a, const struct cpumask *b)
{
	int i;

	for (i = 0; i < NR_CPUS / BITS_PER_LONG; i++)
		dst->bits[i] = a->bits[i] | b->bits[i];
}

static inline void cpumask_xor(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	int i;

	for (i = 0; i < NR_CPUS / BITS_PER_LONG; i++)
		dst->bits[i] = a->bits[i] ^ b->bits[i];
}

static inline bool cpumask_and(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	int i;

	for (i = 0; i < NR_CPUS / BITS_PER_LONG; i++)
		dst->bits[i] = a->bits[i] & b->bits[i];
	return !cpumask_empty(dst);
}

static inline bool cpumask_andnot(struct cpumask *dst, const struct cpumask *a,
				  const struct cpumask *b)
{
	int i;

	for (i = 0; i < NR_CPUS / BITS_PER_LONG; i++)
		dst->bits[i] = a->bits[i] & ~b->bits[i];
	return !cpumask_empty(dst);
}

static inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b)
{
	int i;

	for (i = 0; i < NR_CPUS / BITS_PER_LONG; i++)
		if (a->bits[i] != b->bits[i])
			return false;
	return true;
}

static inline bool cpumask_intersects(const struct cpumask *a, const struct cpumask *b)
{
	return cpumask_first_and(a, b) < nr_cpu_ids;
}

static inline bool cpumask_subset(const struct cpumask *a, const struct cpumask *b)
{
	return cpumask_next_andnot(-1, a, b) >= nr_cpu_ids;
}

static inline bool cpumask_full(const struct cpumask *mask)
{
	return cpumask_next_zero(-1, mask) >= nr_cpu_ids;
}

static inline unsigned int cpumask_weight_and(const struct cpumask *a, const struct cpumask *b)
{
	struct cpumask both;

	cpumask_and(&both, a, b);
	return cpumask_weight(&both);
}

static inline unsigned int cpumask_size(void)
{
	return sizeof(struct cpumask);
}

/* faithful: CONFIG_CPUMASK_OFFSTACK is not set. */
#define alloc_cpumask_var(mask, flags)		   ((void)(mask), (void)(flags), true)
#define alloc_cpumask_var_node(mask, flags, node)  ((void)(node), alloc_cpumask_var(mask, flags))
#define zalloc_cpumask_var(mask, flags)		   ((void)(flags), cpumask_clear(*(mask)), true)
#define zalloc_cpumask_var_node(mask, flags, node) ((void)(node), zalloc_cpumask_var(mask, flags))
#define free_cpumask_var(mask)			   ((void)(mask))
#define cpumask_available(mask)			   ((void)(mask), true)
#define CPU_MASK_NONE				   ((struct cpumask){{0}})
#define cpumask_pr_args(maskp)			   NR_CPUS, cpumask_bits(maskp)
#define nr_cpumask_bits				   nr_cpu_ids

/* faithful */
#define for_each_cpu(cpu, mask) \
	for ((cpu) = cpumask_first(mask); (cpu) < nr_cpu_ids; (cpu) = cpumask_next((cpu), (mask)))
#define for_each_possible_cpu(cpu) for_each_cpu ((cpu), cpu_possible_mask)
#define for_each_online_cpu(cpu)   for_each_cpu ((cpu), cpu_online_mask)
#define for_each_present_cpu(cpu)  for_each_cpu ((cpu), cpu_present_mask)
#define for_each_cpu_and(cpu, a, b)                               \
	for ((cpu) = cpumask_first_and(a, b); (cpu) < nr_cpu_ids; \
	     (cpu) = cpumask_next_and((cpu), (a), (b)))
#define for_each_cpu_andnot(cpu, a, b)                                  \
	for ((cpu) = cpumask_next_andnot(-1, a, b); (cpu) < nr_cpu_ids; \
	     (cpu) = cpumask_next_andnot((cpu), (a), (b)))
#define for_each_cpu_wrap(cpu, mask, start)                                                    \
	for ((cpu) = cpumask_next_wrap((start)-1, (mask), (start), false); (cpu) < nr_cpu_ids; \
	     (cpu) = cpumask_next_wrap((cpu), (mask), (start), true))

#endif
