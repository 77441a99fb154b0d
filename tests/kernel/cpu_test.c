// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * CPUs and context: per-CPU variables (those of cpu_test_other.c, too), calls on other CPUs, what
 * kind of context this is. Passes on any number of CPUs.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/topology.h>

/* --- Per-CPU variables ------------------------------------------------------------------- */

struct counters {
	u64 events;
	u32 errors;
	const char *name;
};

static DEFINE_PER_CPU(int, zeroed);
static DEFINE_PER_CPU(unsigned long, seven) = 7;
static DEFINE_PER_CPU_SHARED_ALIGNED(struct counters, counters) = {.errors = 3, .name = "initial"};
static DEFINE_PER_CPU_READ_MOSTLY(u8, small) = 0xff;
static DEFINE_PER_CPU(void *, pointer);
static DEFINE_PER_CPU_PAGE_ALIGNED(char[64], page_aligned);
DECLARE_PER_CPU(long, of_another_file);

static int seen_in_init;

static int __init percpu_in_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu (cpu)
		seen_in_init += per_cpu(seven, cpu);
	return 0;
}
module_init(percpu_in_init);

static void percpu_initial(struct kunit *test)
{
	unsigned int cpu;

	KUNIT_EXPECT_EQ(test, seen_in_init, 7 * (int)nr_cpu_ids);
	for_each_possible_cpu (cpu) {
		KUNIT_EXPECT_EQ(test, per_cpu(of_another_file, cpu), 11l);
		KUNIT_EXPECT_EQ(test, per_cpu(counters, cpu).errors, 3u);
		KUNIT_EXPECT_STREQ(test, per_cpu_ptr(&counters, cpu)->name, "initial");
		KUNIT_EXPECT_EQ(test, per_cpu(small, cpu), 0xff);
		KUNIT_EXPECT_NULL(test, per_cpu(pointer, cpu));
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)&per_cpu(counters, cpu), 64));
		KUNIT_EXPECT_TRUE(test,
				  IS_ALIGNED((unsigned long)&per_cpu(page_aligned, cpu), 4096));
		KUNIT_EXPECT_TRUE(test,
				  is_kernel_percpu_address((unsigned long)&per_cpu(small, cpu)));
	}
	KUNIT_EXPECT_FALSE(test, is_kernel_percpu_address((unsigned long)test));
}

static void percpu_each_cpu_has_its_own(struct kunit *test)
{
	unsigned int cpu, other;

	for_each_possible_cpu (cpu)
		per_cpu(zeroed, cpu) = 100 + cpu;
	for_each_online_cpu (cpu) {
		KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
		KUNIT_EXPECT_EQ(test, this_cpu_read(zeroed), 100 + (int)cpu);
		KUNIT_EXPECT_PTR_EQ(test, raw_cpu_ptr(&zeroed), per_cpu_ptr(&zeroed, cpu));
		scoped_guard(preempt)
			KUNIT_EXPECT_PTR_EQ(test, this_cpu_ptr(&zeroed), per_cpu_ptr(&zeroed, cpu));
		for_each_possible_cpu (other)
			KUNIT_EXPECT_EQ(test,
					per_cpu_ptr(&zeroed, cpu) == per_cpu_ptr(&zeroed, other),
					cpu == other);
	}
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
}

static void percpu_operations(struct kunit *test)
{
	unsigned long old = 7;
	int x = 5;

	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	this_cpu_write(zeroed, 1);
	this_cpu_add(zeroed, 41);
	this_cpu_inc(zeroed);
	this_cpu_dec(zeroed);
	this_cpu_sub(zeroed, 2);
	KUNIT_EXPECT_EQ(test, this_cpu_read(zeroed), 40);
	KUNIT_EXPECT_EQ(test, this_cpu_add_return(zeroed, 2), 42);
	KUNIT_EXPECT_EQ(test, this_cpu_dec_return(zeroed), 41);
	this_cpu_or(zeroed, 2);
	this_cpu_and(zeroed, ~1);
	KUNIT_EXPECT_EQ(test, this_cpu_xchg(zeroed, x), 42);
	KUNIT_EXPECT_EQ(test, this_cpu_cmpxchg(zeroed, 4, 9), 5);
	KUNIT_EXPECT_EQ(test, this_cpu_cmpxchg(zeroed, 5, 9), 5);
	KUNIT_EXPECT_EQ(test, raw_cpu_read(zeroed), 9);
	KUNIT_EXPECT_TRUE(test, this_cpu_try_cmpxchg(seven, &old, 8));
	KUNIT_EXPECT_FALSE(test, this_cpu_try_cmpxchg(seven, &old, 9));
	KUNIT_EXPECT_EQ(test, old, 8ul);
	this_cpu_write(seven, 7);
	this_cpu_inc(counters.events);
	this_cpu_add(counters.events, 1ull << 40);
	KUNIT_EXPECT_EQ(test, this_cpu_read(counters.events), (1ull << 40) + 1);
	this_cpu_inc(small);
	KUNIT_EXPECT_EQ(test, this_cpu_read(small), 0);
	this_cpu_dec(small);
	this_cpu_write(pointer, test);
	KUNIT_EXPECT_PTR_EQ(test, this_cpu_xchg(pointer, NULL), (void *)test);
	preempt_disable();
	__this_cpu_write(zeroed, 3);
	__this_cpu_inc(zeroed);
	KUNIT_EXPECT_EQ(test, __this_cpu_read(zeroed), 4);
	KUNIT_EXPECT_EQ(test, __this_cpu_add_return(zeroed, -4), 0);
	preempt_enable();
	get_cpu_var(zeroed) = 6;
	KUNIT_EXPECT_EQ(test, preempt_count(), 1);
	put_cpu_var(zeroed);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
	KUNIT_EXPECT_EQ(test, per_cpu(zeroed, 0), 6);
}

static void percpu_allocated(struct kunit *test)
{
	struct counters __percpu *a = alloc_percpu(struct counters);
	u8 __percpu *b = alloc_percpu_gfp(u8, GFP_KERNEL | __GFP_ZERO);
	void __percpu *c = __alloc_percpu(100, 64);
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, c);
	for_each_possible_cpu (cpu) {
		struct counters *mine = per_cpu_ptr(a, cpu);

		KUNIT_EXPECT_EQ(test, mine->events, 0ull);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)per_cpu_ptr(c, cpu), 64));
		memset(mine, 0xaa, sizeof(*mine));
		*per_cpu_ptr(b, cpu) = cpu;
		memset(per_cpu_ptr(c, cpu), cpu, 100);
	}
	for_each_possible_cpu (cpu) {
		KUNIT_EXPECT_EQ(test, *per_cpu_ptr(b, cpu), (u8)cpu);
		KUNIT_EXPECT_EQ(test, per_cpu_ptr(a, cpu)->errors, 0xaaaaaaaau);
		KUNIT_EXPECT_EQ(test, per_cpu(of_another_file, cpu), 11l);
	}
	free_percpu(a);
	a = alloc_percpu(struct counters);
	KUNIT_EXPECT_EQ(test, per_cpu_ptr(a, 0)->events, 0ull);
	get_cpu_ptr(a)->events++;
	put_cpu_ptr(a);
	free_percpu(a);
	free_percpu(b);
	free_percpu(c);
	free_percpu(NULL);
}

/* All of a CPU's room, then freed again: what fits once, fits twice. */
static void percpu_reused(struct kunit *test)
{
	void __percpu *all[64];
	unsigned int round, i, got[2];

	for (round = 0; round < 2; round++) {
		for (i = 0; i < 64; i++) {
			all[i] = __alloc_percpu(30000, 8);
			if (!all[i])
				break;
		}
		got[round] = i;
		while (i-- > 0)
			free_percpu(all[i]);
	}
	KUNIT_EXPECT_EQ(test, got[0], got[1]);
	KUNIT_EXPECT_GT(test, got[0], 30u);
}

static struct kunit_case percpu_cases[] = {
	KUNIT_CASE(percpu_initial),
	KUNIT_CASE(percpu_each_cpu_has_its_own),
	KUNIT_CASE(percpu_operations),
	KUNIT_CASE(percpu_allocated),
	{},
};

static struct kunit_suite percpu_suite = {
	.name = "cpu_percpu",
	.test_cases = percpu_cases,
};

/* --- Calls on other CPUs --------------------------------------------------------------------- */

struct called {
	cpumask_t cpus;
	atomic_t count;
	atomic_t in_hardirq;
	atomic_t irqs_on;
};

static void note(void *info)
{
	struct called *called = info;

	if (cpumask_test_and_set_cpu(smp_processor_id(), &called->cpus))
		WARN_ON(1);
	/* The caller's own CPU only has interrupts off. */
	if (in_hardirq())
		atomic_inc(&called->in_hardirq);
	if (!irqs_disabled())
		atomic_inc(&called->irqs_on);
	atomic_inc(&called->count);
}

static void smp_each_cpu(struct kunit *test)
{
	struct called called = {};

	on_each_cpu(note, &called, 1);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&called.cpus, cpu_online_mask));
	KUNIT_EXPECT_EQ(test, atomic_read(&called.count), (int)num_online_cpus());
	KUNIT_EXPECT_EQ(test, atomic_read(&called.in_hardirq), (int)num_online_cpus() - 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&called.irqs_on), 0);
}

static void smp_others(struct kunit *test)
{
	struct called called = {};

	preempt_disable();
	smp_call_function(note, &called, 1);
	KUNIT_EXPECT_FALSE(test, cpumask_test_cpu(smp_processor_id(), &called.cpus));
	KUNIT_EXPECT_EQ(test, atomic_read(&called.count), (int)num_online_cpus() - 1);
	preempt_enable();
	memset(&called, 0, sizeof(called));
	on_each_cpu_mask(cpumask_of(nr_cpu_ids - 1), note, &called, true);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&called.cpus, cpumask_of(nr_cpu_ids - 1)));
}

static void smp_single(struct kunit *test)
{
	unsigned int cpu;

	for_each_online_cpu (cpu) {
		struct called called = {};

		KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, note, &called, 1), 0);
		KUNIT_EXPECT_TRUE(test, cpumask_equal(&called.cpus, cpumask_of(cpu)));
	}
	KUNIT_EXPECT_EQ(test, smp_call_function_single(nr_cpu_ids, note, NULL, 1), -ENXIO);
}

static bool is_odd(int cpu, void *info)
{
	return cpu & 1;
}

static void smp_cond_and_any(struct kunit *test)
{
	struct called called = {};

	on_each_cpu_cond(is_odd, note, &called, true);
	KUNIT_EXPECT_EQ(test, atomic_read(&called.count), (int)num_online_cpus() / 2);
	memset(&called, 0, sizeof(called));
	KUNIT_EXPECT_EQ(test, smp_call_function_any(cpumask_of(nr_cpu_ids - 1), note, &called, 1),
			0);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&called.cpus, cpumask_of(nr_cpu_ids - 1)));
}

static void smp_without_waiting(struct kunit *test)
{
	struct called called = {};
	call_single_data_t csd = CSD_INIT(note, &called);

	KUNIT_EXPECT_EQ(test, smp_call_function_single(nr_cpu_ids - 1, note, &called, 0), 0);
	while (atomic_read_acquire(&called.count) < 1)
		cpu_relax();
	KUNIT_EXPECT_TRUE(test, cpumask_test_and_clear_cpu(nr_cpu_ids - 1, &called.cpus));
	KUNIT_EXPECT_EQ(test, smp_call_function_single_async(nr_cpu_ids - 1, &csd), 0);
	while (atomic_read_acquire(&called.count) < 2)
		cpu_relax();
}

static void count_up(void *info)
{
	atomic_inc(info);
}

/* All keep their CPU while they wait for each other: each takes the others' calls meanwhile. */
static int call_all(void *data)
{
	int i;

	for (i = 0; i < 50; i++)
		on_each_cpu(count_up, data, 1);
	return 0;
}

static void smp_at_once(struct kunit *test)
{
	struct task_struct *task[2];
	atomic_t count = ATOMIC_INIT(0);
	int i;

	for (i = 0; i < 2; i++)
		task[i] = kthread_run(call_all, &count, "caller-%d", i);
	call_all(&count);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, kthread_stop(task[i]), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&count), 3 * 50 * (int)num_online_cpus());
}

struct spin {
	int flag;
	int rounds;
};

static void set_flag(void *info)
{
	WRITE_ONCE(*(int *)info, 1);
}

static int spin_fn(void *data)
{
	struct spin *spin = data;

	while (spin->rounds--) {
		preempt_disable();
		while (!READ_ONCE(spin->flag))
			cpu_relax();
		WRITE_ONCE(spin->flag, 0);
		preempt_enable();
	}
	return 0;
}

/* What keeps its CPU and waits for the call is interrupted by it, always. */
static void smp_to_a_spinner(struct kunit *test)
{
	struct spin spin = {.rounds = 1000};
	struct task_struct *task;
	int i;

	if (nr_cpu_ids < 2)
		kunit_skip(test, "there is no other CPU");
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	task = kthread_run_on_cpu(spin_fn, &spin, 1, "spin/%u");
	for (i = 0; i < 1000; i++) {
		KUNIT_EXPECT_EQ(test, smp_call_function_single(1, set_flag, &spin.flag, 1), 0);
		while (READ_ONCE(spin.flag))
			cpu_relax();
	}
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
}

static void smp_csd_that_failed(struct kunit *test)
{
	int flag = 0;
	call_single_data_t csd = CSD_INIT(set_flag, &flag);

	KUNIT_EXPECT_EQ(test, smp_call_function_single_async(nr_cpu_ids, &csd), -ENXIO);
	KUNIT_EXPECT_EQ(test, smp_call_function_single_async(raw_smp_processor_id(), &csd), 0);
	while (!READ_ONCE(flag))
		cpu_relax();
}

static struct kunit_case smp_cases[] = {
	KUNIT_CASE(smp_to_a_spinner),
	KUNIT_CASE(smp_csd_that_failed),
	KUNIT_CASE(smp_each_cpu),
	KUNIT_CASE(smp_others),
	KUNIT_CASE(smp_single),
	KUNIT_CASE(smp_cond_and_any),
	KUNIT_CASE(smp_without_waiting),
	KUNIT_CASE(smp_at_once),
	{},
};

static struct kunit_suite smp_suite = {
	.name = "cpu_smp",
	.test_cases = smp_cases,
};

/* --- Context ------------------------------------------------------------------------------------
 */

static DEFINE_SPINLOCK(a_lock);

static void context_kinds(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, in_task());
	KUNIT_EXPECT_TRUE(test, preemptible());
	local_bh_disable();
	KUNIT_EXPECT_TRUE(test, in_softirq());
	KUNIT_EXPECT_FALSE(test, in_serving_softirq());
	KUNIT_EXPECT_TRUE(test, in_interrupt());
	KUNIT_EXPECT_TRUE(test, in_task());
	KUNIT_EXPECT_EQ(test, preempt_count(), (int)SOFTIRQ_DISABLE_OFFSET);
	local_bh_enable();
	irq_enter();
	KUNIT_EXPECT_TRUE(test, in_hardirq());
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	KUNIT_EXPECT_FALSE(test, in_task());
	KUNIT_EXPECT_FALSE(test, in_softirq());
	lockdep_assert_in_irq();
	irq_exit();
	nmi_enter();
	KUNIT_EXPECT_TRUE(test, in_nmi());
	KUNIT_EXPECT_TRUE(test, in_hardirq());
	nmi_exit();
	KUNIT_EXPECT_EQ(test, irq_count(), 0ul);
	spin_lock_bh(&a_lock);
	KUNIT_EXPECT_TRUE(test, in_softirq());
	lockdep_assert_in_softirq();
	spin_unlock_bh(&a_lock);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

static void context_asserts(struct kunit *test)
{
	lockdep_assert_irqs_enabled();
	lockdep_assert_preemption_enabled();
	might_sleep();
	scoped_guard(irqsave)
	{
		lockdep_assert_irqs_disabled();
		lockdep_assert_preemption_disabled();
		cant_sleep();
		KUNIT_EXPECT_FALSE(test, preemptible());
	}
	scoped_guard(migrate) cant_migrate();
	scoped_guard(bh) cant_sleep();
}

struct soft {
	struct tasklet_struct tasklet;
	atomic_t runs;
	bool in_softirq;
	unsigned int cpu;
};

static void tasklet_fn(struct tasklet_struct *t)
{
	struct soft *soft = from_tasklet(soft, t, tasklet);

	soft->in_softirq = in_serving_softirq() && !in_hardirq() && in_atomic();
	soft->cpu = smp_processor_id();
	if (atomic_inc_return(&soft->runs) < 3)
		tasklet_schedule(t);
}

static void context_tasklet(struct kunit *test)
{
	struct soft soft = {};
	unsigned int cpu;

	tasklet_setup(&soft.tasklet, tasklet_fn);
	cpu = get_cpu();
	tasklet_schedule(&soft.tasklet);
	tasklet_schedule(&soft.tasklet);
	put_cpu();
	tasklet_kill(&soft.tasklet);
	KUNIT_EXPECT_EQ(test, atomic_read(&soft.runs), 3);
	KUNIT_EXPECT_TRUE(test, soft.in_softirq);
	KUNIT_EXPECT_EQ(test, soft.cpu, cpu);

	tasklet_disable(&soft.tasklet);
	tasklet_schedule(&soft.tasklet);
	cond_resched();
	KUNIT_EXPECT_EQ(test, atomic_read(&soft.runs), 3);
	tasklet_enable(&soft.tasklet);
	tasklet_kill(&soft.tasklet);
	KUNIT_EXPECT_EQ(test, atomic_read(&soft.runs), 4);
}

static void context_masks(struct kunit *test)
{
	cpumask_var_t a, b;
	unsigned int cpu, n = 0;
	nodemask_t nodes = NODE_MASK_NONE;

	KUNIT_ASSERT_TRUE(test, zalloc_cpumask_var(&a, GFP_KERNEL));
	KUNIT_ASSERT_TRUE(test, alloc_cpumask_var(&b, GFP_KERNEL));
	cpumask_setall(a);
	KUNIT_EXPECT_TRUE(test, cpumask_full(a));
	KUNIT_EXPECT_EQ(test, cpumask_weight(a), nr_cpu_ids);
	cpumask_andnot(b, a, cpumask_of(0));
	KUNIT_EXPECT_EQ(test, cpumask_weight(b), nr_cpu_ids - 1);
	KUNIT_EXPECT_FALSE(test, cpumask_intersects(b, cpumask_of(0)));
	KUNIT_EXPECT_TRUE(test, cpumask_subset(b, a));
	KUNIT_EXPECT_EQ(test, cpumask_first_zero(b), 0u);
	KUNIT_EXPECT_EQ(test, cpumask_last(a), nr_cpu_ids - 1);
	for_each_cpu_and(cpu, a, cpu_online_mask) n++;
	KUNIT_EXPECT_EQ(test, n, num_online_cpus());
	n = 0;
	for_each_cpu_wrap(cpu, a, nr_cpu_ids - 1)
	{
		KUNIT_EXPECT_EQ(test, cpu, (nr_cpu_ids - 1 + n) % nr_cpu_ids);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, nr_cpu_ids);
	free_cpumask_var(a);
	free_cpumask_var(b);
	KUNIT_EXPECT_GE(test, node_present_pages(numa_node_id()), 1ul << 10);
	node_set(0, nodes);
	KUNIT_EXPECT_EQ(test, nodes_weight(nodes), 1);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(cpumask_of_node(numa_node_id()), cpu_possible_mask));
}

struct toggled {
	struct tasklet_struct tasklet;
	int disabled;
	int stop;
	int wrong;
	atomic_t runs;
};

static void toggled_fn(struct tasklet_struct *t)
{
	struct toggled *toggled = from_tasklet(toggled, t, tasklet);

	if (READ_ONCE(toggled->disabled))
		toggled->wrong++;
	atomic_inc(&toggled->runs);
}

static int scheduling_fn(void *data)
{
	struct toggled *toggled = data;

	while (!READ_ONCE(toggled->stop)) {
		tasklet_schedule(&toggled->tasklet);
		cond_resched();
	}
	return 0;
}

/* Disabled, it does not run; enabled, what was scheduled is not lost. */
static void context_tasklet_toggled(struct kunit *test)
{
	struct toggled toggled = {};
	struct task_struct *task;
	int i, runs;

	tasklet_setup(&toggled.tasklet, toggled_fn);
	task = kthread_run_on_cpu(scheduling_fn, &toggled, nr_cpu_ids - 1, "scheduling/%u");
	for (i = 0; i < 3000; i++) {
		tasklet_disable(&toggled.tasklet);
		WRITE_ONCE(toggled.disabled, 1);
		udelay(i % 3);
		WRITE_ONCE(toggled.disabled, 0);
		tasklet_enable(&toggled.tasklet);
	}
	WRITE_ONCE(toggled.stop, 1);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
	tasklet_kill(&toggled.tasklet);
	runs = atomic_read(&toggled.runs);
	tasklet_schedule(&toggled.tasklet);
	tasklet_kill(&toggled.tasklet);
	KUNIT_EXPECT_EQ(test, atomic_read(&toggled.runs), runs + 1);
	KUNIT_EXPECT_EQ(test, toggled.wrong, 0);
}

static int hog_fn(void *data)
{
	preempt_disable();
	WRITE_ONCE(*(int *)data, 1);
	mdelay(10);
	preempt_enable();
	return 0;
}

static void context_move_waits(struct kunit *test)
{
	struct task_struct *task;
	int started = 0;

	if (nr_cpu_ids < 2)
		kunit_skip(test, "there is no other CPU");
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	task = kthread_run_on_cpu(hog_fn, &started, 1, "hog/%u");
	while (!READ_ONCE(started))
		cpu_relax();
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(1)), 0);
	KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), 1u);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
}

struct moved {
	struct completion go;
	struct cpumask seen; /* since `moved` was set */
	int started;
	int moved;
	int stop;
	int pinned; /* to a CPU, plus 1 */
};

static void see(struct moved *moved)
{
	if (READ_ONCE(moved->moved))
		cpumask_set_cpu(raw_smp_processor_id(), &moved->seen);
}

static int starting_fn(void *data)
{
	see(data);
	return 0;
}

static int calling_fn(void *data)
{
	struct moved *moved = data;

	WRITE_ONCE(moved->started, 1);
	while (!READ_ONCE(moved->stop)) {
		see(moved);
		cond_resched();
	}
	see(moved);
	return 0;
}

static int spinning_fn(void *data)
{
	struct moved *moved = data;

	WRITE_ONCE(moved->started, 1);
	while (!READ_ONCE(moved->stop))
		;
	see(moved);
	return 0;
}

static int sleeping_fn(void *data)
{
	struct moved *moved = data;

	WRITE_ONCE(moved->started, 1);
	wait_for_completion(&moved->go);
	see(moved);
	return 0;
}

static int pinned_fn(void *data)
{
	struct moved *moved = data;
	unsigned int cpu;

	migrate_disable();
	cpu = raw_smp_processor_id();
	WRITE_ONCE(moved->pinned, cpu + 1);
	WRITE_ONCE(moved->started, 1);
	msleep(3);
	mdelay(3);
	WARN_ON(cpu != raw_smp_processor_id());
	WRITE_ONCE(moved->pinned, 0);
	migrate_enable();
	return calling_fn(data);
}

/* From whatever it does there: from then on, it is where it was sent. */
static void move_other(struct kunit *test, int (*fn)(void *data), unsigned int to)
{
	struct task_struct *task;
	struct moved moved = {};
	unsigned int pinned;

	init_completion(&moved.go);
	task = kthread_create(fn, &moved, "moved");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	if (fn != starting_fn) {
		wake_up_process(task);
		while (!READ_ONCE(moved.started))
			cpu_relax();
	}
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(task, cpumask_of(to)), 0);
	/* Who may not leave is waited for. */
	pinned = READ_ONCE(moved.pinned);
	KUNIT_EXPECT_TRUE(test, !pinned || pinned == to + 1);
	WRITE_ONCE(moved.moved, 1);
	wake_up_process(task);
	complete(&moved.go);
	if (fn == calling_fn || fn == pinned_fn)
		msleep(2);
	WRITE_ONCE(moved.stop, 1);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&moved.seen, cpumask_of(to)));
}

static void context_moves_others(struct kunit *test)
{
	unsigned int cpu;

	for (cpu = 0; cpu < min(nr_cpu_ids, 4u); cpu++) {
		move_other(test, starting_fn, nr_cpu_ids - 1 - cpu);
		move_other(test, calling_fn, nr_cpu_ids - 1 - cpu);
		move_other(test, spinning_fn, nr_cpu_ids - 1 - cpu);
		move_other(test, sleeping_fn, nr_cpu_ids - 1 - cpu);
		move_other(test, pinned_fn, nr_cpu_ids - 1 - cpu);
	}
}

/* Set in the middle of its start, before it or after it. */
static void context_moves_a_starting_one(struct kunit *test)
{
	struct task_struct *task;
	struct moved moved;
	unsigned int to;
	int i;

	for (i = 0; i < 100; i++) {
		memset(&moved, 0, sizeof(moved));
		init_completion(&moved.go);
		to = i % nr_cpu_ids;
		task = kthread_run(sleeping_fn, &moved, "starting");
		udelay(i);
		KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(task, cpumask_of(to)), 0);
		WRITE_ONCE(moved.moved, 1);
		complete(&moved.go);
		KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
		KUNIT_EXPECT_TRUE(test, cpumask_equal(&moved.seen, cpumask_of(to)));
	}
}

static int move_its_parent_fn(void *data)
{
	return set_cpus_allowed_ptr(data, cpumask_of(nr_cpu_ids - 1));
}

static void context_moves_a_case(struct kunit *test)
{
	struct task_struct *task;

	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	task = kthread_run(move_its_parent_fn, current, "mover");
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
	KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), nr_cpu_ids - 1);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
}

static void context_allowed(struct kunit *test)
{
	struct moved moved = {};
	struct task_struct *task;
	cpumask_t none = {};

	init_completion(&moved.go);
	task = kthread_run(sleeping_fn, &moved, "allowed");
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(task, &none), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(task, cpu_possible_mask), 0);
	get_task_struct(task);
	complete(&moved.go);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
	/* It has ended, and runs nowhere. */
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(task, cpumask_of(0)), 0);
	put_task_struct(task);
	if (nr_cpu_ids < 2)
		return;
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	migrate_disable();
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(1)), -EBUSY);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	migrate_enable();
}

static struct kunit_case context_cases[] = {
	KUNIT_CASE(context_moves_others),
	KUNIT_CASE(context_moves_a_starting_one),
	KUNIT_CASE(context_moves_a_case),
	KUNIT_CASE(context_allowed),
	KUNIT_CASE(context_tasklet_toggled),
	KUNIT_CASE(context_move_waits),
	KUNIT_CASE(context_kinds),
	KUNIT_CASE(context_asserts),
	KUNIT_CASE(context_tasklet),
	KUNIT_CASE(context_masks),
	{},
};

static struct kunit_suite context_suite = {
	.name = "cpu_context",
	.test_cases = context_cases,
};

kunit_test_suites(&percpu_suite, &smp_suite, &context_suite);

/* --- Mistakes: each case fails; run one by one -------------------------------------------------
 */

static void wrong_this_cpu_ptr_preemptible(struct kunit *test)
{
	this_cpu_ptr(&counters)->events++;
}

static void wrong_this_cpu_op_preemptible(struct kunit *test)
{
	__this_cpu_inc(zeroed);
}

static void wrong_cant_sleep(struct kunit *test)
{
	cant_sleep();
}

static void wrong_irqs_assert(struct kunit *test)
{
	lockdep_assert_irqs_disabled();
}

static void wrong_call_with_irqs_off(struct kunit *test)
{
	unsigned long flags;

	local_irq_save(flags);
	smp_call_function_single(smp_processor_id(), count_up, &(atomic_t){}, 1);
	local_irq_restore(flags);
}

static void wrong_free_percpu(struct kunit *test)
{
	void __percpu *p = alloc_percpu(int);

	free_percpu(p);
	free_percpu(p);
}

static void wrong_might_sleep(struct kunit *test)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static void wrong_cond_resched_in_call(struct kunit *test)
{
	local_bh_disable();
	cond_resched();
	local_bh_enable();
}

static struct kunit_case wrong_cases[] = {
	KUNIT_CASE(wrong_this_cpu_ptr_preemptible),
	KUNIT_CASE(wrong_this_cpu_op_preemptible),
	KUNIT_CASE(wrong_cant_sleep),
	KUNIT_CASE(wrong_irqs_assert),
	KUNIT_CASE(wrong_call_with_irqs_off),
	KUNIT_CASE(wrong_free_percpu),
	KUNIT_CASE(wrong_might_sleep),
	KUNIT_CASE(wrong_cond_resched_in_call),
	{},
};

static struct kunit_suite wrong_suite = {
	.name = "wrong",
	.test_cases = wrong_cases,
};

static struct kunit_case room_cases[] = {
	KUNIT_CASE(percpu_reused),
	{},
};

static struct kunit_suite room_suite = {
	.name = "room",
	.test_cases = room_cases,
};

kunit_test_suites(&wrong_suite, &room_suite);
