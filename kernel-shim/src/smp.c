/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* smp.c: calls of functions on other CPUs, in hard interrupts of interrupt.c. */
#include <linux/bug.h>
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>

#include "flushdep_sync.h"
#include "host.h"
#include "task.h"

/* Longer than that a CPU keeps preemption off in code of its own only by mistake. */
#define SAY_AFTER (5 * NSEC_PER_SEC)

struct function_call {
	struct shim_call call; /* first */
	smp_call_func_t func;
	void *info;
	unsigned int *busy; /* not null: somebody waits for it to be 0; else it is ours to free */
};

static void run_function(struct shim_call *shim_call)
{
	struct function_call *call = (struct function_call *)shim_call;

	flushdep_sync_acquire(call);
	call->func(call->info);
	flushdep_sync_release(call);
}

static void finish_function(struct shim_call *shim_call)
{
	struct function_call *call = (struct function_call *)shim_call;
	unsigned int *busy = call->busy;

	if (busy)
		__atomic_store_n(busy, 0, __ATOMIC_RELEASE);
	else
		kfree(call);
}

static void send(struct function_call *call, unsigned int cpu)
{
	call->call.fn = run_function;
	call->call.finish = finish_function;
	flushdep_sync_reset(call);
	flushdep_sync_release(call);
	shim_raise_hardirq(cpu, &call->call);
}

static void wait_for(struct function_call *call, unsigned int *busy, unsigned int cpu)
{
	u64 late = shim_host_now() + SAY_AFTER;

	while (__atomic_load_n(busy, __ATOMIC_ACQUIRE)) {
		cpu_relax();
		if (shim_host_now() < late)
			continue;
		pr_warn("smp: CPU %u did not take a call of CPU %u for 5 s; waiting on\n", cpu,
			smp_processor_id());
		late = U64_MAX;
	}
	flushdep_sync_acquire(call);
}

static void call_here(smp_call_func_t func, void *info)
{
	unsigned long flags = flushdep_irq_save();

	func(info);
	flushdep_irq_restore(flags);
}

static void call_and_wait(unsigned int cpu, smp_call_func_t func, void *info)
{
	unsigned int busy = 1;
	struct function_call call = {.func = func, .info = info, .busy = &busy};

	send(&call, cpu);
	wait_for(&call, &busy, cpu);
}

static int call_and_go_on(unsigned int cpu, smp_call_func_t func, void *info)
{
	struct function_call *call = kzalloc(sizeof(*call), GFP_ATOMIC);

	if (!call)
		return -ENOMEM;
	call->func = func;
	call->info = info;
	send(call, cpu);
	return 0;
}

static void check_context(void)
{
	WARN_ONCE(irqs_disabled(), "calling another CPU with interrupts off may deadlock\n");
	WARN_ONCE(!in_task(), "calling another CPU from an interrupt may deadlock\n");
}

int smp_call_function_single(int cpuid, smp_call_func_t func, void *info, int wait)
{
	int err = 0;

	if (!cpu_online(cpuid))
		return -ENXIO;
	preempt_disable();
	check_context();
	if (cpuid == raw_smp_processor_id())
		call_here(func, info);
	else if (wait)
		call_and_wait(cpuid, func, info);
	else
		err = call_and_go_on(cpuid, func, info);
	preempt_enable();
	return err;
}

static void run_csd(void *info)
{
	call_single_data_t *csd = info;
	smp_call_func_t func = csd->func;
	void *arg = csd->info;

	/* The function may use it again. */
	__atomic_store_n(&csd->flushdep_busy, 0, __ATOMIC_RELEASE);
	func(arg);
}

int smp_call_function_single_async(int cpu, call_single_data_t *csd)
{
	int err = 0;

	if (__atomic_exchange_n(&csd->flushdep_busy, 1, __ATOMIC_ACQ_REL))
		return -EBUSY;
	preempt_disable();
	if (cpu == raw_smp_processor_id())
		call_here(run_csd, csd);
	else
		err = cpu_online(cpu) ? call_and_go_on(cpu, run_csd, csd) : -ENXIO;
	if (err)
		__atomic_store_n(&csd->flushdep_busy, 0, __ATOMIC_RELEASE);
	preempt_enable();
	return err;
}

/* Sends all before it waits for any, as the CPUs do it at the same time. */
static void call_others(smp_cond_func_t cond, smp_call_func_t func, void *info, bool wait,
			const struct cpumask *mask)
{
	struct function_call *calls = NULL;
	unsigned int cpu, here = raw_smp_processor_id();
	unsigned int *busy;

	check_context();
	calls = kcalloc(nr_cpu_ids, sizeof(*calls) + sizeof(*busy), GFP_ATOMIC);
	if (!calls)
		flushdep_fatal("no memory to call other CPUs");
	busy = (unsigned int *)(calls + nr_cpu_ids);
	for_each_cpu (cpu, mask) {
		if (cpu == here || !cpu_online(cpu) || (cond && !cond(cpu, info)))
			continue;
		if (!wait) {
			call_and_go_on(cpu, func, info);
			continue;
		}
		busy[cpu] = 1;
		calls[cpu].func = func;
		calls[cpu].info = info;
		calls[cpu].busy = &busy[cpu];
		send(&calls[cpu], cpu);
	}
	if (cpumask_test_cpu(here, mask) && (!cond || cond(here, info)))
		call_here(func, info);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (calls[cpu].busy)
			wait_for(&calls[cpu], &busy[cpu], cpu);
	kfree(calls);
}

void on_each_cpu_cond_mask(smp_cond_func_t cond_func, smp_call_func_t func, void *info, bool wait,
			   const struct cpumask *mask)
{
	preempt_disable();
	call_others(cond_func, func, info, wait, mask);
	preempt_enable();
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	struct cpumask others;

	preempt_disable();
	cpumask_copy(&others, mask);
	cpumask_clear_cpu(raw_smp_processor_id(), &others);
	call_others(NULL, func, info, wait, &others);
	preempt_enable();
}

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	smp_call_function_many(cpu_online_mask, func, info, wait);
}

int smp_call_function_any(const struct cpumask *mask, smp_call_func_t func, void *info, int wait)
{
	unsigned int cpu;
	int err;

	preempt_disable();
	cpu = raw_smp_processor_id();
	if (!cpumask_test_cpu(cpu, mask))
		cpu = cpumask_first_and(mask, cpu_online_mask);
	err = smp_call_function_single(cpu, func, info, wait);
	preempt_enable();
	return err;
}

/* --- All CPUs at once --------------------------------------------------------------- */

struct stopped {
	cpu_stop_fn_t fn;
	void *data;
	const struct cpumask *cpus;
	unsigned int nr;
	atomic_t arrived, done;
	atomic_t err;
};

static void count_and_wait(atomic_t *count, int nr)
{
	atomic_inc_return(count);
	while (atomic_read_acquire(count) < nr)
		shim_host_yield();
}

static void stop_here(void *info)
{
	struct stopped *all = info;
	int err = 0;

	count_and_wait(&all->arrived, all->nr);
	if (cpumask_test_cpu(raw_smp_processor_id(), all->cpus))
		err = all->fn(all->data);
	if (err)
		atomic_set(&all->err, err);
	count_and_wait(&all->done, all->nr);
}

static int stop_all(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	static DEFINE_MUTEX(one_at_a_time);
	struct stopped all = {.fn = fn, .data = data, .cpus = cpus};

	mutex_lock(&one_at_a_time);
	preempt_disable();
	if (!cpus)
		all.cpus = cpumask_of(raw_smp_processor_id());
	all.nr = num_online_cpus();
	on_each_cpu(stop_here, &all, true);
	preempt_enable();
	mutex_unlock(&one_at_a_time);
	return atomic_read(&all.err);
}

int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	int err;

	cpus_read_lock();
	err = stop_all(fn, data, cpus);
	cpus_read_unlock();
	return err;
}

int stop_machine_cpuslocked(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	return stop_all(fn, data, cpus);
}

static void nothing(void *info)
{
}

void kick_all_cpus_sync(void)
{
	smp_call_function(nothing, NULL, 1);
}
