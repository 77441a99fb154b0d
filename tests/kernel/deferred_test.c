// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Deferred work: wait queues, completions, workqueues, timers, time. Suites deferred_* pass on any
 * number of CPUs; the cases of `order` are judged one by one by verdicts.sh: a free behind a flush
 * that another thread made is silent where something orders the two, and is told where nothing
 * does.
 */
#include <kunit/test.h>

#include <asm/tlbflush.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

/* --- Wait queues and completions ------------------------------------------------------------ */

static DECLARE_WAIT_QUEUE_HEAD(queue);

struct waiting {
	wait_queue_head_t head;
	unsigned long bits;
	int ready;
	int go;
	atomic_t passed;
};

static int wait_fn(void *data)
{
	struct waiting *waiting = data;

	wait_event(waiting->head, READ_ONCE(waiting->go));
	atomic_inc(&waiting->passed);
	return 0;
}

static void wait_all(struct kunit *test)
{
	struct waiting waiting = {};
	struct task_struct *task[3];
	int i;

	init_waitqueue_head(&waiting.head);
	for (i = 0; i < 3; i++)
		task[i] = kthread_run(wait_fn, &waiting, "waiter-%d", i);
	KUNIT_EXPECT_EQ(test, atomic_read(&waiting.passed), 0);
	WRITE_ONCE(waiting.go, 1);
	wake_up_all(&waiting.head);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, kthread_stop(task[i]), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&waiting.passed), 3);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&waiting.head));
}

static int ping_pong_fn(void *data)
{
	struct waiting *waiting = data;
	int i;

	for (i = 1; i < 200; i += 2) {
		wait_event_interruptible(waiting->head, READ_ONCE(waiting->ready) == i);
		WRITE_ONCE(waiting->ready, i + 1);
		wake_up(&waiting->head);
	}
	return 0;
}

static void wait_ping_pong(struct kunit *test)
{
	struct waiting waiting = {};
	struct task_struct *task;
	int i;

	init_waitqueue_head(&waiting.head);
	task = kthread_run(ping_pong_fn, &waiting, "pong");
	for (i = 0; i < 200; i += 2) {
		WRITE_ONCE(waiting.ready, i + 1);
		wake_up(&waiting.head);
		wait_event(waiting.head, READ_ONCE(waiting.ready) == i + 2);
	}
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
}

static void wait_timeouts(struct kunit *test)
{
	struct completion done;
	unsigned long start = jiffies;

	init_completion(&done);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(queue, false, 3), 0l);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&done, 3), 0ul);
	set_current_state(TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_EQ(test, schedule_timeout(3), 0l);
	msleep(3);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start + 4 * 3 - 4));
	KUNIT_EXPECT_GT(test, wait_event_timeout(queue, true, 3), 0l);
	complete(&done);
	KUNIT_EXPECT_GT(test, wait_for_completion_timeout(&done, HZ), 0ul);
	KUNIT_EXPECT_EQ(test, get_current_state(), (unsigned int)TASK_RUNNING);
}

static int unlock_bit_fn(void *data)
{
	struct waiting *waiting = data;

	clear_and_wake_up_bit(3, &waiting->bits);
	WRITE_ONCE(waiting->go, 1);
	wake_up_var(&waiting->go);
	return 0;
}

static void wait_bits(struct kunit *test)
{
	struct waiting waiting = {.bits = BIT(3)};
	struct task_struct *task = kthread_run(unlock_bit_fn, &waiting, "unlocker");

	KUNIT_EXPECT_EQ(test, wait_on_bit(&waiting.bits, 3, TASK_UNINTERRUPTIBLE), 0);
	KUNIT_EXPECT_EQ(test, waiting.bits, 0ul);
	wait_var_event(&waiting.go, READ_ONCE(waiting.go));
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
}

static int by_hand_fn(void *data)
{
	struct waiting *waiting = data;
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait_exclusive(&waiting->head, &wait, TASK_INTERRUPTIBLE);
		if (READ_ONCE(waiting->go))
			break;
		schedule();
	}
	finish_wait(&waiting->head, &wait);
	atomic_inc(&waiting->passed);
	/* Exclusive: pass it on. */
	wake_up(&waiting->head);
	return 0;
}

static void wait_by_hand(struct kunit *test)
{
	struct waiting waiting = {};
	struct task_struct *task[2];
	int i;

	init_waitqueue_head(&waiting.head);
	for (i = 0; i < 2; i++)
		task[i] = kthread_run(by_hand_fn, &waiting, "exclusive-%d", i);
	WRITE_ONCE(waiting.go, 1);
	wake_up_interruptible(&waiting.head);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, kthread_stop(task[i]), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&waiting.passed), 2);
}

static int uninterruptible_fn(void *data)
{
	struct waiting *waiting = data;
	DEFINE_WAIT(wait);

	prepare_to_wait(&waiting->head, &wait, TASK_UNINTERRUPTIBLE);
	WRITE_ONCE(waiting->ready, 1);
	schedule();
	finish_wait(&waiting->head, &wait);
	atomic_inc(&waiting->passed);
	return 0;
}

/* Who waits in another state is not woken. */
static void wait_in_state(struct kunit *test)
{
	struct waiting waiting = {};
	struct task_struct *task;

	init_waitqueue_head(&waiting.head);
	task = kthread_create(uninterruptible_fn, &waiting, "uninterruptible");
	KUNIT_EXPECT_EQ(test, wake_up_state(task, TASK_INTERRUPTIBLE), 0);
	KUNIT_EXPECT_EQ(test, wake_up_state(task, TASK_NORMAL), 1);
	while (!READ_ONCE(waiting.ready))
		msleep(1);
	wake_up_interruptible(&waiting.head);
	msleep(5);
	KUNIT_EXPECT_EQ(test, atomic_read(&waiting.passed), 0);
	wake_up(&waiting.head);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&waiting.passed), 1);
}

struct far {
	struct task_struct *task;
	struct completion done;
};

static int far_fn(void *data)
{
	struct far *far = data;

	msleep(5);
	complete(&far->done);
	while (!wake_up_process(far->task))
		msleep(1);
	return 0;
}

/* Times that no clock reaches are not in the past. */
static void wait_far_timeouts(struct kunit *test)
{
	struct far far = {.task = current};
	struct task_struct *task;
	long left;

	init_completion(&far.done);
	task = kthread_run(far_fn, &far, "far");
	KUNIT_EXPECT_GT(test, wait_for_completion_timeout(&far.done, 1ul << 60), 1ul << 59);
	set_current_state(TASK_UNINTERRUPTIBLE);
	left = schedule_timeout(MAX_JIFFY_OFFSET);
	KUNIT_EXPECT_GT(test, left, MAX_JIFFY_OFFSET - 1000 * HZ);
	KUNIT_EXPECT_LE(test, left, MAX_JIFFY_OFFSET);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
}

static struct kunit_case wait_cases[] = {
	KUNIT_CASE(wait_all),	       KUNIT_CASE(wait_ping_pong),
	KUNIT_CASE(wait_timeouts),     KUNIT_CASE(wait_bits),
	KUNIT_CASE(wait_by_hand),      KUNIT_CASE(wait_in_state),
	KUNIT_CASE(wait_far_timeouts), {},
};

static struct kunit_suite wait_suite = {
	.name = "deferred_wait",
	.test_cases = wait_cases,
};

/* --- Workqueues --------------------------------------------------------------------------------
 */

struct item {
	struct work_struct work;
	struct delayed_work delayed;
	struct item *waits_for;
	struct completion *gate;
	atomic_t runs;
	int running;
	bool twice_at_once;
	unsigned int cpu;
	bool in_worker;
};

static void item_fn(struct work_struct *work)
{
	struct item *item = container_of(work, struct item, work);

	if (__atomic_fetch_add(&item->running, 1, __ATOMIC_SEQ_CST))
		item->twice_at_once = true;
	item->cpu = smp_processor_id();
	item->in_worker = current_work() == work && (current->flags & PF_KTHREAD) && in_task();
	if (item->gate)
		wait_for_completion(item->gate);
	if (item->waits_for)
		flush_work(&item->waits_for->work);
	atomic_inc(&item->runs);
	__atomic_fetch_sub(&item->running, 1, __ATOMIC_SEQ_CST);
}

static void work_simple(struct kunit *test)
{
	struct item item = {};
	unsigned int cpu;

	INIT_WORK(&item.work, item_fn);
	KUNIT_EXPECT_FALSE(test, flush_work(&item.work));
	for_each_online_cpu (cpu) {
		KUNIT_EXPECT_TRUE(test, schedule_work_on(cpu, &item.work));
		flush_work(&item.work);
		KUNIT_EXPECT_EQ(test, item.cpu, cpu);
		KUNIT_EXPECT_TRUE(test, item.in_worker);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&item.runs), (int)nr_cpu_ids);
	KUNIT_EXPECT_EQ(test, work_busy(&item.work), 0u);
}

static void work_that_waits_for_work(struct kunit *test)
{
	struct item items[5] = {};
	int i;

	for (i = 0; i < 5; i++) {
		INIT_WORK(&items[i].work, item_fn);
		items[i].waits_for = i < 4 ? &items[i + 1] : NULL;
	}
	for (i = 4; i >= 0; i--)
		KUNIT_EXPECT_TRUE(test, queue_work(system_unbound_wq, &items[i].work));
	flush_work(&items[0].work);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&items[i].runs), 1);
}

static void work_requeued(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	struct item item = {.gate = &gate};

	INIT_WORK(&item.work, item_fn);
	KUNIT_EXPECT_TRUE(test, schedule_work(&item.work));
	while (work_pending(&item.work))
		cond_resched();
	/* It runs and waits for the gate: one more time, and no more. */
	KUNIT_EXPECT_TRUE(test, schedule_work(&item.work));
	KUNIT_EXPECT_FALSE(test, schedule_work(&item.work));
	complete_all(&gate);
	flush_work(&item.work);
	KUNIT_EXPECT_EQ(test, atomic_read(&item.runs), 2);
	KUNIT_EXPECT_FALSE(test, item.twice_at_once);
}

struct held {
	struct delayed_work delayed;
	struct completion started;
	struct completion gate;
	struct work_struct *waits_for;
	int runs;
};

/* The first run holds on at the gate. */
static void held_fn(struct work_struct *work)
{
	struct held *held = container_of(to_delayed_work(work), struct held, delayed);

	if (held->runs++ == 0) {
		complete(&held->started);
		wait_for_completion(&held->gate);
	} else if (held->waits_for) {
		flush_work(held->waits_for);
	}
}

static void start_held(struct held *held, struct workqueue_struct *wq, int cpu)
{
	memset(held, 0, sizeof(*held));
	init_completion(&held->started);
	init_completion(&held->gate);
	INIT_DELAYED_WORK(&held->delayed, held_fn);
	queue_work_on(cpu, wq, &held->delayed.work);
	wait_for_completion(&held->started);
}

/* It may start there only when it has ended here; so far no thread of the CPU is needed. */
static void work_moves(struct kunit *test)
{
	struct held held;
	unsigned int cpu, next;

	for_each_online_cpu (cpu) {
		next = (cpu + 1) % nr_cpu_ids;
		start_held(&held, system_wq, cpu);
		KUNIT_EXPECT_TRUE(test, schedule_work_on(next, &held.delayed.work));
		complete(&held.gate);
		flush_work(&held.delayed.work);
		KUNIT_EXPECT_EQ(test, held.runs, 2);
		start_held(&held, system_wq, next);
		KUNIT_EXPECT_FALSE(test, mod_delayed_work_on(cpu, system_wq, &held.delayed, 0));
		complete(&held.gate);
		flush_workqueue(system_wq);
		KUNIT_EXPECT_EQ(test, held.runs, 2);
	}
}

/* A queue's limit, too, is reached on one CPU and left on another. */
static void work_limited(struct kunit *test)
{
	struct workqueue_struct *wq = alloc_workqueue("limited", 0, 1);
	struct item item = {};
	struct held held;
	unsigned int cpu;

	INIT_WORK(&item.work, item_fn);
	for_each_online_cpu (cpu) {
		start_held(&held, wq, (cpu + 1) % nr_cpu_ids);
		queue_work_on(cpu, wq, &item.work);
		complete(&held.gate);
		flush_work(&item.work);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&item.runs), (int)nr_cpu_ids);
	destroy_workqueue(wq);
}

/* With the end of the first run two may start, one of which waits for the other. */
static void work_lets_two_start(struct kunit *test)
{
	struct workqueue_struct *wq = alloc_workqueue("one", 0, 1);
	unsigned int cpu = nr_cpu_ids - 1;
	struct item item = {};
	struct held held;

	INIT_WORK(&item.work, item_fn);
	start_held(&held, wq, 0);
	held.waits_for = &item.work;
	schedule_work_on(cpu, &held.delayed.work);
	queue_work_on(cpu, wq, &item.work);
	complete(&held.gate);
	flush_work(&held.delayed.work);
	KUNIT_EXPECT_EQ(test, held.runs, 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&item.runs), 1);
	destroy_workqueue(wq);
}

/* A limit that is not 1 does not start threads for what it keeps back. */
static void work_many(struct kunit *test)
{
	struct workqueue_struct *wq = alloc_workqueue("many", WQ_UNBOUND, 2);
	struct item items[100] = {};
	DECLARE_COMPLETION_ONSTACK(gate);
	int i;

	for (i = 0; i < 100; i++) {
		items[i].gate = &gate;
		INIT_WORK(&items[i].work, item_fn);
		queue_work(wq, &items[i].work);
	}
	complete_all(&gate);
	destroy_workqueue(wq);
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&items[i].runs), 1);
}

static void work_cancelled(struct kunit *test)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("ordered-%d", 0, 1);
	DECLARE_COMPLETION_ONSTACK(gate);
	struct item first = {.gate = &gate}, second = {};

	KUNIT_ASSERT_NOT_NULL(test, wq);
	INIT_WORK(&first.work, item_fn);
	INIT_WORK(&second.work, item_fn);
	queue_work(wq, &first.work);
	queue_work(wq, &second.work);
	/* In order, so that it has not begun. */
	KUNIT_EXPECT_TRUE(test, cancel_work_sync(&second.work));
	KUNIT_EXPECT_FALSE(test, cancel_work_sync(&second.work));
	complete_all(&gate);
	flush_workqueue(wq);
	KUNIT_EXPECT_EQ(test, atomic_read(&first.runs), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&second.runs), 0);
	queue_work(wq, &second.work);
	destroy_workqueue(wq);
	KUNIT_EXPECT_EQ(test, atomic_read(&second.runs), 1);
}

static void delayed_fn(struct work_struct *work)
{
	struct item *item = container_of(to_delayed_work(work), struct item, delayed);

	atomic_inc(&item->runs);
}

static void work_delayed(struct kunit *test)
{
	struct item item = {};
	unsigned long start = jiffies;

	INIT_DELAYED_WORK(&item.delayed, delayed_fn);
	KUNIT_EXPECT_TRUE(test, schedule_delayed_work(&item.delayed, 5));
	KUNIT_EXPECT_FALSE(test, schedule_delayed_work(&item.delayed, 1));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&item.delayed));
	while (!atomic_read(&item.runs))
		msleep(1);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start + 4));
	schedule_delayed_work(&item.delayed, 1000 * HZ);
	KUNIT_EXPECT_TRUE(test, mod_delayed_work(system_wq, &item.delayed, 2000 * HZ));
	KUNIT_EXPECT_TRUE(test, flush_delayed_work(&item.delayed));
	KUNIT_EXPECT_EQ(test, atomic_read(&item.runs), 2);
	schedule_delayed_work(&item.delayed, 1000 * HZ);
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&item.delayed));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&item.delayed));
	KUNIT_EXPECT_EQ(test, atomic_read(&item.runs), 2);
}

struct rearming_work {
	struct delayed_work delayed;
	struct completion started;
	int runs;
};

static void rearming_fn(struct work_struct *work)
{
	struct rearming_work *item =
		container_of(to_delayed_work(work), struct rearming_work, delayed);

	item->runs++;
	complete(&item->started);
	msleep(5);
	mod_delayed_work(system_wq, &item->delayed, 0);
	schedule_work(work);
	cancel_delayed_work(&item->delayed);
	mod_delayed_work(system_wq, &item->delayed, 1);
}

/* It queues itself again, but not while somebody waits for its end. */
static void work_rearming_cancelled(struct kunit *test)
{
	struct rearming_work item = {};

	init_completion(&item.started);
	INIT_DELAYED_WORK(&item.delayed, rearming_fn);
	schedule_delayed_work(&item.delayed, 1);
	wait_for_completion(&item.started);
	cancel_delayed_work_sync(&item.delayed);
	KUNIT_EXPECT_EQ(test, item.runs, 1);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&item.delayed));
	KUNIT_EXPECT_TRUE(test, schedule_delayed_work(&item.delayed, 1000 * HZ));
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&item.delayed));
	KUNIT_EXPECT_EQ(test, item.runs, 1);
}

static void free_itself(struct work_struct *work)
{
	kfree(work);
}

static long cpu_of_call(void *arg)
{
	return smp_processor_id() + *(int *)arg;
}

static struct cpumask on_each;

static void on_each_fn(struct work_struct *work)
{
	cpumask_set_cpu(smp_processor_id(), &on_each);
}

static void work_calls(struct kunit *test)
{
	struct work_struct *work = kzalloc(sizeof(*work), GFP_KERNEL);
	int add = 100;

	INIT_WORK(work, free_itself);
	schedule_work(work);
	KUNIT_EXPECT_EQ(test, work_on_cpu(nr_cpu_ids - 1, cpu_of_call, &add), 99l + nr_cpu_ids);
	cpumask_clear(&on_each);
	KUNIT_EXPECT_EQ(test, schedule_on_each_cpu(on_each_fn), 0);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&on_each, cpu_online_mask));
	flush_workqueue(system_wq);
}

struct kitem {
	struct kthread_work work;
	struct completion *gate;
	int number;
	int *last;
	bool in_order;
};

static void kitem_fn(struct kthread_work *work)
{
	struct kitem *item = container_of(work, struct kitem, work);

	if (item->gate)
		wait_for_completion(item->gate);
	item->in_order = *item->last == item->number - 1;
	*item->last = item->number;
}

static void work_of_a_kthread(struct kunit *test)
{
	struct kthread_worker *worker = kthread_create_worker(0, "worker-%d", 1);
	DECLARE_COMPLETION_ONSTACK(gate);
	struct kitem items[4] = {{.gate = &gate}};
	int i, last = -1;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, worker);
	for (i = 0; i < 4; i++) {
		items[i].number = i;
		items[i].last = &last;
		kthread_init_work(&items[i].work, kitem_fn);
		KUNIT_EXPECT_TRUE(test, kthread_queue_work(worker, &items[i].work));
	}
	KUNIT_EXPECT_FALSE(test, kthread_queue_work(worker, &items[3].work));
	KUNIT_EXPECT_TRUE(test, kthread_cancel_work_sync(&items[3].work));
	complete(&gate);
	kthread_flush_work(&items[1].work);
	KUNIT_EXPECT_GE(test, READ_ONCE(last), 1);
	kthread_destroy_worker(worker);
	KUNIT_EXPECT_EQ(test, last, 2);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, items[i].in_order);
}

struct requeueing {
	struct kthread_work work;
	struct kthread_worker worker;
	struct completion started;
	int runs;
};

static void requeueing_fn(struct kthread_work *work)
{
	struct requeueing *item = container_of(work, struct requeueing, work);

	item->runs++;
	complete(&item->started);
	msleep(5);
	kthread_queue_work(&item->worker, work);
}

static void work_of_a_kthread_cancelled(struct kunit *test)
{
	struct requeueing item = {};
	struct task_struct *task;

	init_completion(&item.started);
	kthread_init_worker(&item.worker);
	kthread_init_work(&item.work, requeueing_fn);
	task = kthread_run(kthread_worker_fn, &item.worker, "worker");
	KUNIT_EXPECT_TRUE(test, kthread_queue_work(&item.worker, &item.work));
	wait_for_completion(&item.started);
	kthread_cancel_work_sync(&item.work);
	kthread_flush_worker(&item.worker);
	KUNIT_EXPECT_EQ(test, item.runs, 1);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
	/* Nobody is there to be woken: it waits for the next thread. */
	KUNIT_EXPECT_NULL(test, item.worker.task);
	KUNIT_EXPECT_TRUE(test, kthread_queue_work(&item.worker, &item.work));
	KUNIT_EXPECT_TRUE(test, kthread_cancel_work_sync(&item.work));
	KUNIT_EXPECT_EQ(test, item.runs, 1);
}

static struct kunit_case work_cases[] = {
	/* First, while most CPUs have no thread for work. */
	KUNIT_CASE(work_lets_two_start),
	KUNIT_CASE(work_moves),
	KUNIT_CASE(work_limited),
	KUNIT_CASE(work_many),
	KUNIT_CASE(work_rearming_cancelled),
	KUNIT_CASE(work_of_a_kthread_cancelled),
	KUNIT_CASE(work_of_a_kthread),
	KUNIT_CASE(work_simple),
	KUNIT_CASE(work_that_waits_for_work),
	KUNIT_CASE(work_requeued),
	KUNIT_CASE(work_cancelled),
	KUNIT_CASE(work_delayed),
	KUNIT_CASE(work_calls),
	{},
};

static struct kunit_suite work_suite = {
	.name = "deferred_work",
	.test_cases = work_cases,
};

/* --- Timers --------------------------------------------------------------------------------------
 */

struct ticking {
	struct timer_list timer;
	atomic_t runs;
	int again;
	bool in_softirq;
	unsigned int cpu;
};

static void tick(struct timer_list *timer)
{
	struct ticking *ticking = from_timer(ticking, timer, timer);

	ticking->in_softirq = in_serving_softirq() && !in_task();
	ticking->cpu = smp_processor_id();
	if (atomic_inc_return(&ticking->runs) < ticking->again)
		mod_timer(timer, jiffies + 1);
}

static void timer_fires(struct kunit *test)
{
	struct ticking ticking = {.again = 3};
	unsigned long start = jiffies;
	unsigned int cpu = nr_cpu_ids - 1;

	timer_setup(&ticking.timer, tick, 0);
	KUNIT_EXPECT_FALSE(test, timer_pending(&ticking.timer));
	ticking.timer.expires = start + 3;
	add_timer_on(&ticking.timer, cpu);
	while (atomic_read(&ticking.runs) < 3)
		msleep(1);
	timer_delete_sync(&ticking.timer);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start + 4));
	KUNIT_EXPECT_TRUE(test, ticking.in_softirq);
	KUNIT_EXPECT_EQ(test, ticking.cpu, cpu);
}

static void timer_removed(struct kunit *test)
{
	struct ticking ticking = {};

	timer_setup(&ticking.timer, tick, 0);
	KUNIT_EXPECT_EQ(test, mod_timer(&ticking.timer, jiffies + 1000 * HZ), 0);
	KUNIT_EXPECT_TRUE(test, timer_pending(&ticking.timer));
	KUNIT_EXPECT_EQ(test, mod_timer(&ticking.timer, jiffies + 2000 * HZ), 1);
	KUNIT_EXPECT_EQ(test, timer_reduce(&ticking.timer, jiffies + 3000 * HZ), 1);
	KUNIT_EXPECT_EQ(test, del_timer(&ticking.timer), 1);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&ticking.timer), 0);
	KUNIT_EXPECT_EQ(test, mod_timer_pending(&ticking.timer, jiffies), 0);
	mod_timer(&ticking.timer, jiffies + 1000 * HZ);
	KUNIT_EXPECT_EQ(test, timer_shutdown_sync(&ticking.timer), 1);
	KUNIT_EXPECT_EQ(test, mod_timer(&ticking.timer, jiffies), 0);
	KUNIT_EXPECT_FALSE(test, timer_pending(&ticking.timer));
	KUNIT_EXPECT_EQ(test, atomic_read(&ticking.runs), 0);
}

struct rearming {
	struct timer_list timer;
	int armed;
	int release;
};

static void rearm(struct timer_list *timer)
{
	struct rearming *rearming = from_timer(rearming, timer, timer);

	mod_timer(timer, jiffies + 1000 * HZ);
	WRITE_ONCE(rearming->armed, 1);
	while (!READ_ONCE(rearming->release))
		cpu_relax();
}

/* Pending and running at once: it is off the list, and was. */
static void timer_deleted_while_it_runs(struct kunit *test)
{
	struct rearming rearming = {};

	if (num_online_cpus() == 1)
		kunit_skip(test, "its function keeps the only CPU");
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	timer_setup(&rearming.timer, rearm, 0);
	rearming.timer.expires = jiffies;
	add_timer_on(&rearming.timer, 1);
	while (!READ_ONCE(rearming.armed))
		cpu_relax();
	KUNIT_EXPECT_EQ(test, try_to_del_timer_sync(&rearming.timer), -1);
	KUNIT_EXPECT_TRUE(test, timer_pending(&rearming.timer));
	KUNIT_EXPECT_EQ(test, timer_delete(&rearming.timer), 1);
	KUNIT_EXPECT_FALSE(test, timer_pending(&rearming.timer));
	WRITE_ONCE(rearming.release, 1);
	KUNIT_EXPECT_EQ(test, timer_delete_sync(&rearming.timer), 0);
}

/* By who keeps the CPU of the one that runs it, too. */
static void timer_deleted_in_atomic(struct kunit *test)
{
	struct ticking ticking = {};
	int i;

	timer_setup(&ticking.timer, tick, 0);
	for (i = 0; i < 300; i++) {
		mod_timer(&ticking.timer, jiffies);
		udelay(i % 10);
		preempt_disable();
		timer_delete_sync(&ticking.timer);
		preempt_enable();
	}
	KUNIT_EXPECT_FALSE(test, timer_pending(&ticking.timer));
}

static void timer_clock(struct kunit *test)
{
	ktime_t a = ktime_get();
	u64 j = jiffies;

	KUNIT_EXPECT_EQ(test, msecs_to_jiffies(1500), 1500ul * HZ / 1000);
	KUNIT_EXPECT_EQ(test, jiffies_to_msecs(HZ), 1000u);
	usleep_range(2000, 3000);
	udelay(10);
	KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), a), 2010ll);
	KUNIT_EXPECT_TRUE(test, time_after64(jiffies, j));
	KUNIT_EXPECT_TRUE(test, time_before(ULONG_MAX - 5, 5ul));
	KUNIT_EXPECT_GT(test, ktime_get_real_seconds(), 1700000000ll);
}

struct high_res {
	struct hrtimer timer;
	atomic_t runs;
	bool in_hardirq;
};

static enum hrtimer_restart high_res_fn(struct hrtimer *timer)
{
	struct high_res *high_res = container_of(timer, struct high_res, timer);

	high_res->in_hardirq = in_hardirq();
	hrtimer_forward_now(timer, us_to_ktime(1500));
	return atomic_inc_return(&high_res->runs) < 3 ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static void timer_high_res(struct kunit *test)
{
	struct high_res high_res = {};
	ktime_t start = ktime_get();

	hrtimer_setup(&high_res.timer, high_res_fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&high_res.timer, ms_to_ktime(2), HRTIMER_MODE_REL);
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&high_res.timer));
	while (atomic_read(&high_res.runs) < 3)
		msleep(1);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&high_res.timer), 0);
	KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), start), 2000ll + 2 * 1500);
	KUNIT_EXPECT_TRUE(test, high_res.in_hardirq);
	hrtimer_start(&high_res.timer, ms_to_ktime(1000000), HRTIMER_MODE_REL);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&high_res.timer), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&high_res.runs), 3);
}

static void timer_far(struct kunit *test)
{
	struct high_res high_res = {};
	struct ticking ticking = {};

	timer_setup(&ticking.timer, tick, 0);
	mod_timer(&ticking.timer, jiffies + MAX_JIFFY_OFFSET);
	hrtimer_setup(&high_res.timer, high_res_fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&high_res.timer, KTIME_MAX, HRTIMER_MODE_REL);
	msleep(5);
	KUNIT_EXPECT_EQ(test, timer_delete_sync(&ticking.timer), 1);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&high_res.timer), 1);
}

static struct kunit_case timer_cases[] = {
	KUNIT_CASE(timer_high_res),
	KUNIT_CASE(timer_deleted_while_it_runs),
	KUNIT_CASE(timer_fires),
	KUNIT_CASE(timer_removed),
	KUNIT_CASE(timer_clock),
	KUNIT_CASE(timer_far),
	KUNIT_CASE(timer_deleted_in_atomic),
	{},
};

static struct kunit_suite timer_suite = {
	.name = "deferred_timer",
	.test_cases = timer_cases,
};

kunit_test_suites(&wait_suite, &work_suite, &timer_suite);

/* --- What orders a flush before a free
 * ------------------------------------------------------------ */

#define GFP_SECRET (GFP_KERNEL | __GFP_UNMAPPED)

/* A page that was mapped, written and put: a flush is owed. */
struct owed {
	struct mm_struct *mm;
	struct work_struct work;
	struct timer_list timer;
	struct tasklet_struct tasklet;
	struct irq_work irq_work;
	wait_queue_head_t head;
	struct completion gate;
	unsigned long bits;
	int flushed;
	struct page *page;
};

static void owe(struct kunit *test, struct owed *owed)
{
	struct mermap_alloc *map;

	memset(owed, 0, sizeof(*owed));
	owed->mm = current->mm;
	init_waitqueue_head(&owed->head);
	init_completion(&owed->gate);
	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	owed->page = alloc_page(GFP_SECRET);
	KUNIT_ASSERT_NOT_NULL(test, owed->page);
	map = mermap_get(owed->page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	memset(mermap_addr(map), 1, PAGE_SIZE);
	mermap_put(map);
}

/* Told to nobody: that it happened is no order. */
static void wait_unordered(struct owed *owed)
{
	while (!READ_ONCE(owed->flushed))
		cpu_relax();
}

static void flush_work_fn(struct work_struct *work)
{
	struct owed *owed = container_of(work, struct owed, work);

	flush_tlb_all();
	WRITE_ONCE(owed->flushed, 1);
}

static void quiet_work_flushed(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	INIT_WORK(&owed.work, flush_work_fn);
	schedule_work(&owed.work);
	flush_work(&owed.work);
	__free_page(owed.page);
}

static void quiet_workqueue_flushed(struct kunit *test)
{
	struct workqueue_struct *wq = alloc_workqueue("flusher", WQ_UNBOUND, 0);
	struct owed owed;

	owe(test, &owed);
	INIT_WORK(&owed.work, flush_work_fn);
	queue_work(wq, &owed.work);
	flush_workqueue(wq);
	__free_page(owed.page);
	destroy_workqueue(wq);
}

static void fd004_work_not_flushed(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	INIT_WORK(&owed.work, flush_work_fn);
	schedule_work(&owed.work);
	wait_unordered(&owed);
	__free_page(owed.page);
	flush_work(&owed.work);
}

/* The other way round: the flush here, the free in the work. */
static void free_work_fn(struct work_struct *work)
{
	struct owed *owed = container_of(work, struct owed, work);

	__free_page(owed->page);
}

static void quiet_flush_before_queueing(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	INIT_WORK(&owed.work, free_work_fn);
	flush_tlb_all();
	schedule_work(&owed.work);
	flush_work(&owed.work);
}

static void fd001_free_in_work(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	INIT_WORK(&owed.work, free_work_fn);
	schedule_work(&owed.work);
	flush_work(&owed.work);
}

struct two_works {
	struct owed owed;
	struct work_struct free;
	struct completion started;
	int runs;
};

static void prepare_two(struct kunit *test, struct two_works *two)
{
	owe(test, &two->owed);
	init_completion(&two->started);
	two->runs = 0;
}

/* Keeps its thread until it is let go: it is not by that that others come after it. */
static void flush_and_hold_fn(struct work_struct *work)
{
	struct two_works *two = container_of(work, struct two_works, owed.work);

	flush_tlb_all();
	WRITE_ONCE(two->owed.flushed, 1);
	wait_for_completion(&two->owed.gate);
}

static void free_second_fn(struct work_struct *work)
{
	struct two_works *two = container_of(work, struct two_works, free);

	__free_page(two->owed.page);
}

static void fd004_works_of_one_queue(struct kunit *test)
{
	struct workqueue_struct *wq = alloc_workqueue("two", WQ_UNBOUND, 2);
	struct two_works two;

	prepare_two(test, &two);
	INIT_WORK(&two.owed.work, flush_and_hold_fn);
	INIT_WORK(&two.free, free_second_fn);
	queue_work(wq, &two.owed.work);
	wait_unordered(&two.owed);
	queue_work(wq, &two.free);
	flush_work(&two.free);
	complete(&two.owed.gate);
	destroy_workqueue(wq);
}

/* Several threads for work on that CPU, and for work on none: the next work may get any. */
static void make_workers(int cpu)
{
	struct two_works two[3];
	int i;

	for (i = 0; i < 3; i++) {
		memset(&two[i], 0, sizeof(two[i]));
		init_completion(&two[i].owed.gate);
		INIT_WORK(&two[i].owed.work, flush_and_hold_fn);
		queue_work_on(cpu, cpu < 0 ? system_unbound_wq : system_wq, &two[i].owed.work);
	}
	for (i = 0; i < 3; i++) {
		complete(&two[i].owed.gate);
		flush_work(&two[i].owed.work);
	}
}

static void flush_then_free(struct kunit *test, struct workqueue_struct *wq, int cpu)
{
	struct two_works two;
	int i;

	make_workers(cpu);
	for (i = 0; i < 50; i++) {
		prepare_two(test, &two);
		INIT_WORK(&two.owed.work, flush_work_fn);
		INIT_WORK(&two.free, free_second_fn);
		queue_work_on(cpu, wq, &two.owed.work);
		queue_work_on(cpu, wq, &two.free);
		flush_workqueue(wq);
	}
	destroy_workqueue(wq);
}

static void quiet_works_of_an_ordered_queue(struct kunit *test)
{
	flush_then_free(test, alloc_ordered_workqueue("ordered", 0), -1);
}

static void quiet_works_of_a_queue_of_one(struct kunit *test)
{
	flush_then_free(test, alloc_workqueue("one", WQ_UNBOUND, 1), -1);
}

static void quiet_works_one_at_a_time_on_a_cpu(struct kunit *test)
{
	flush_then_free(test, alloc_workqueue("one", 0, 1), nr_cpu_ids - 1);
}

static void flush_then_free_fn(struct work_struct *work)
{
	struct two_works *two = container_of(work, struct two_works, free);

	if (two->runs++ == 0) {
		complete(&two->started);
		msleep(1);
		flush_tlb_all();
	} else {
		__free_page(two->owed.page);
	}
}

/* One work never runs twice at once. */
static void quiet_runs_of_one_work(struct kunit *test)
{
	struct two_works two;
	int i;

	for (i = 0; i < 10; i++) {
		prepare_two(test, &two);
		INIT_WORK(&two.free, flush_then_free_fn);
		schedule_work_on(0, &two.free);
		wait_for_completion(&two.started);
		schedule_work_on(nr_cpu_ids - 1, &two.free);
		flush_work(&two.free);
	}
}

static int flush_and_wake_fn(void *data)
{
	struct owed *owed = data;

	flush_tlb_all();
	WRITE_ONCE(owed->flushed, 1);
	wake_up(&owed->head);
	return 0;
}

static void quiet_wait_event(struct kunit *test)
{
	struct task_struct *task;
	struct owed owed;

	owe(test, &owed);
	task = kthread_run(flush_and_wake_fn, &owed, "flusher");
	wait_event(owed.head, READ_ONCE(owed.flushed));
	__free_page(owed.page);
	kthread_stop(task);
}

static void fd004_spinning_on_a_flag(struct kunit *test)
{
	struct task_struct *task;
	struct owed owed;

	owe(test, &owed);
	task = kthread_run(flush_and_wake_fn, &owed, "flusher");
	wait_unordered(&owed);
	__free_page(owed.page);
	kthread_stop(task);
}

static void free_timer_fn(struct timer_list *timer)
{
	struct owed *owed = from_timer(owed, timer, timer);

	__free_page(owed->page);
	WRITE_ONCE(owed->flushed, 1);
}

static void quiet_flush_before_timer(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	timer_setup(&owed.timer, free_timer_fn, 0);
	flush_tlb_all();
	mod_timer(&owed.timer, jiffies);
	wait_unordered(&owed);
	timer_delete_sync(&owed.timer);
}

static void fd001_free_in_timer(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	timer_setup(&owed.timer, free_timer_fn, 0);
	mod_timer(&owed.timer, jiffies);
	wait_unordered(&owed);
	timer_delete_sync(&owed.timer);
	flush_tlb_all();
}

static void flush_here(void *info)
{
	__flush_tlb_all();
}

static void quiet_flush_by_calls(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	on_each_cpu(flush_here, NULL, 1);
	__free_page(owed.page);
}

static void fd001_calls_that_do_not_flush(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	kick_all_cpus_sync();
	__free_page(owed.page);
}

static void fd014_msleep_in_atomic(struct kunit *test)
{
	preempt_disable();
	msleep(0);
	preempt_enable();
}

static void fd014_flush_work_in_atomic(struct kunit *test)
{
	struct owed owed = {};

	INIT_WORK(&owed.work, flush_work_fn);
	preempt_disable();
	flush_work(&owed.work);
	preempt_enable();
}

static int delayed_flushes;

static void delayed_flush_fn(struct work_struct *work)
{
	flush_tlb_all();
	WRITE_ONCE(delayed_flushes, 1);
}

static void quiet_delayed_work(struct kunit *test)
{
	struct delayed_work dwork;
	struct owed owed;

	owe(test, &owed);
	INIT_DELAYED_WORK(&dwork, delayed_flush_fn);
	schedule_delayed_work(&dwork, 1);
	while (!READ_ONCE(delayed_flushes))
		msleep(1);
	flush_delayed_work(&dwork);
	__free_page(owed.page);
}

static void fd004_delayed_work_only_seen(struct kunit *test)
{
	struct delayed_work dwork;
	struct owed owed;

	owe(test, &owed);
	INIT_DELAYED_WORK(&dwork, delayed_flush_fn);
	schedule_delayed_work(&dwork, 1);
	while (!READ_ONCE(delayed_flushes))
		msleep(1);
	__free_page(owed.page);
	cancel_delayed_work_sync(&dwork);
}

static void quiet_cancel_waits(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	INIT_WORK(&owed.work, flush_work_fn);
	schedule_work(&owed.work);
	wait_unordered(&owed);
	cancel_work_sync(&owed.work);
	__free_page(owed.page);
}

static int flush_and_complete_fn(void *data)
{
	struct owed *owed = data;

	flush_tlb_all();
	complete(&owed->gate);
	return 0;
}

static void quiet_completion_with_timeout(struct kunit *test)
{
	struct task_struct *task;
	struct owed owed;

	owe(test, &owed);
	task = kthread_run(flush_and_complete_fn, &owed, "flusher");
	KUNIT_EXPECT_GT(test, wait_for_completion_timeout(&owed.gate, 1000 * HZ), 0ul);
	__free_page(owed.page);
	kthread_stop(task);
}

static int flush_and_clear_bit_fn(void *data)
{
	struct owed *owed = data;

	flush_tlb_all();
	clear_and_wake_up_bit(0, &owed->bits);
	return 0;
}

static void quiet_wait_on_bit(struct kunit *test)
{
	struct task_struct *task;
	struct owed owed;

	owe(test, &owed);
	owed.bits = 1;
	task = kthread_run(flush_and_clear_bit_fn, &owed, "flusher");
	wait_on_bit(&owed.bits, 0, TASK_UNINTERRUPTIBLE);
	__free_page(owed.page);
	kthread_stop(task);
}

static void free_tasklet_fn(struct tasklet_struct *t)
{
	struct owed *owed = from_tasklet(owed, t, tasklet);

	__free_page(owed->page);
}

static void quiet_flush_before_tasklet(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	tasklet_setup(&owed.tasklet, free_tasklet_fn);
	flush_tlb_all();
	tasklet_schedule(&owed.tasklet);
	tasklet_kill(&owed.tasklet);
}

static void free_call_fn(void *info)
{
	struct owed *owed = info;

	__free_page(owed->page);
	WRITE_ONCE(owed->flushed, 1);
}

static void quiet_flush_before_call(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	flush_tlb_all();
	smp_call_function_single(nr_cpu_ids - 1, free_call_fn, &owed, 0);
	wait_unordered(&owed);
}

static void nothing(void *info)
{
}

/* The threads that stand in for interrupts run in no mm: a flush may still skip their CPUs. */
static void quiet_calls_load_no_mm(struct kunit *test)
{
	struct owed owed;

	on_each_cpu(nothing, NULL, 1);
	owe(test, &owed);
	flush_tlb_mm_range(current->mm, 0, TLB_FLUSH_ALL, PAGE_SHIFT, false);
	__free_page(owed.page);
}

static void fd001_free_in_call(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	smp_call_function_single(nr_cpu_ids - 1, free_call_fn, &owed, 1);
}

static void free_irq_work_fn(struct irq_work *work)
{
	struct owed *owed = container_of(work, struct owed, irq_work);

	__free_page(owed->page);
}

static void free_in_irq_work(struct kunit *test, bool flush)
{
	struct owed owed;

	owe(test, &owed);
	owed.irq_work = IRQ_WORK_INIT(free_irq_work_fn);
	if (flush)
		flush_tlb_all();
	KUNIT_EXPECT_TRUE(test, irq_work_queue_on(&owed.irq_work, nr_cpu_ids - 1));
	irq_work_sync(&owed.irq_work);
	KUNIT_EXPECT_FALSE(test, irq_work_is_busy(&owed.irq_work));
}

static void quiet_flush_before_irq_work(struct kunit *test)
{
	free_in_irq_work(test, true);
}

static void fd001_free_in_irq_work(struct kunit *test)
{
	free_in_irq_work(test, false);
}

static int result_stopped(void *data)
{
	return irqs_disabled() ? -ENODEV : 0;
}

static int flush_stopped(void *data)
{
	__flush_tlb_all();
	return 0;
}

static void quiet_all_cpus_stopped_to_flush(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	KUNIT_EXPECT_EQ(test, stop_machine(flush_stopped, NULL, cpu_online_mask), 0);
	__free_page(owed.page);
}

static void fd001_stopped_for_nothing(struct kunit *test)
{
	struct owed owed;

	owe(test, &owed);
	KUNIT_EXPECT_EQ(test, stop_machine(result_stopped, NULL, NULL), -ENODEV);
	__free_page(owed.page);
}

/* The page is used and, perhaps, flushed by a thread that is parked then. */
static int use_and_park(void *data)
{
	struct owed *owed = data;

	while (!READ_ONCE(owed->flushed)) {
		kthread_use_mm(owed->mm);
		if (owed->bits)
			flush_tlb_mm(owed->mm);
		kthread_unuse_mm(owed->mm);
		WRITE_ONCE(owed->flushed, 1);
	}
	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		else
			cond_resched();
	}
	return 0;
}

static void free_when_parked(struct kunit *test, bool flush)
{
	struct task_struct *task;
	struct owed owed;

	owe(test, &owed);
	owed.bits = flush;
	task = kthread_run(use_and_park, &owed, "parked");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	wait_unordered(&owed);
	KUNIT_EXPECT_EQ(test, kthread_park(task), 0);
	KUNIT_EXPECT_EQ(test, kthread_park(task), -EBUSY);
	__free_page(owed.page);
	kthread_unpark(task);
	KUNIT_EXPECT_EQ(test, kthread_park(task), 0);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
}

static void quiet_flushed_and_parked(struct kunit *test)
{
	free_when_parked(test, true);
}

static void fd001_parked(struct kunit *test)
{
	free_when_parked(test, false);
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(quiet_flush_before_irq_work),
	KUNIT_CASE(fd001_free_in_irq_work),
	KUNIT_CASE(quiet_all_cpus_stopped_to_flush),
	KUNIT_CASE(fd001_stopped_for_nothing),
	KUNIT_CASE(quiet_flushed_and_parked),
	KUNIT_CASE(fd001_parked),
	KUNIT_CASE(quiet_delayed_work),
	KUNIT_CASE(fd004_delayed_work_only_seen),
	KUNIT_CASE(quiet_cancel_waits),
	KUNIT_CASE(quiet_completion_with_timeout),
	KUNIT_CASE(quiet_wait_on_bit),
	KUNIT_CASE(quiet_flush_before_tasklet),
	KUNIT_CASE(quiet_flush_before_call),
	KUNIT_CASE(quiet_calls_load_no_mm),
	KUNIT_CASE(fd001_free_in_call),
	KUNIT_CASE(quiet_work_flushed),
	KUNIT_CASE(quiet_workqueue_flushed),
	KUNIT_CASE(fd004_work_not_flushed),
	KUNIT_CASE(fd004_works_of_one_queue),
	KUNIT_CASE(quiet_works_of_an_ordered_queue),
	KUNIT_CASE(quiet_works_of_a_queue_of_one),
	KUNIT_CASE(quiet_works_one_at_a_time_on_a_cpu),
	KUNIT_CASE(quiet_runs_of_one_work),
	KUNIT_CASE(quiet_flush_before_queueing),
	KUNIT_CASE(fd001_free_in_work),
	KUNIT_CASE(quiet_wait_event),
	KUNIT_CASE(fd004_spinning_on_a_flag),
	KUNIT_CASE(quiet_flush_before_timer),
	KUNIT_CASE(fd001_free_in_timer),
	KUNIT_CASE(quiet_flush_by_calls),
	KUNIT_CASE(fd001_calls_that_do_not_flush),
	KUNIT_CASE(fd014_msleep_in_atomic),
	KUNIT_CASE(fd014_flush_work_in_atomic),
	{},
};

static struct kunit_suite order_suite = {
	.name = "verdicts",
	.test_cases = order_cases,
};
kunit_test_suite(order_suite);
