/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * workqueue.c: work items. Each CPU has a pool of kernel threads bound to it, and there is one that
 * is not; a pool gets another thread whenever work could start and none is idle, so that work
 * may wait for other work. All lists are under a lock of the shim's own.
 *
 * For the checker a work item is two objects: the struct (queued before run) and its entry (run
 * before flushed, and before it runs again); a queue is one (all of its work run before it is
 * flushed), and one more for each pool if its work runs one at a time there.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "flushdep_sync.h"
#include "host.h"
#include "task.h"

#define UNBOUND_POOL NR_CPUS
/* In one pool: more work than that which waits for other work hangs. */
#define MAX_WORKERS  64

struct workqueue_struct {
	char name[32];
	unsigned int flags;
	int max_active;
	int active;
	int counted;		/* by count_startable() */
	char turn[NR_CPUS + 1]; /* of work that runs one at a time: by pool */
};

struct worker {
	struct worker *next;
	struct task_struct *task;
	struct pool *pool;
	bool idle;
	/* What it runs, copied: a function may free its work. */
	struct work_struct *work;
	struct workqueue_struct *wq;
	work_func_t func;
	unsigned long number;
};

struct pool {
	struct list_head pending; /* null until used */
	struct worker *workers;
	unsigned int count;
	unsigned int idle;
	u32 word; /* changes when there is something to do */
};

static int lock;
static struct pool pools[NR_CPUS + 1];
static unsigned long last_number;
static u32 ended; /* work done so far */

static struct workqueue_struct system_queues[] = {
	{.name = "events", .flags = 0, .max_active = WQ_DFL_ACTIVE},
	{.name = "events_highpri", .flags = WQ_HIGHPRI, .max_active = WQ_DFL_ACTIVE},
	{.name = "events_long", .flags = 0, .max_active = WQ_DFL_ACTIVE},
	{.name = "events_unbound", .flags = WQ_UNBOUND, .max_active = WQ_DFL_ACTIVE},
	{.name = "events_freezable", .flags = WQ_FREEZABLE, .max_active = WQ_DFL_ACTIVE},
	{.name = "events_power_efficient",
	 .flags = WQ_POWER_EFFICIENT,
	 .max_active = WQ_DFL_ACTIVE},
};
struct workqueue_struct *system_wq = &system_queues[0];
struct workqueue_struct *system_highpri_wq = &system_queues[1];
struct workqueue_struct *system_long_wq = &system_queues[2];
struct workqueue_struct *system_unbound_wq = &system_queues[3];
struct workqueue_struct *system_freezable_wq = &system_queues[4];
struct workqueue_struct *system_power_efficient_wq = &system_queues[5];

void flushdep_shim_work_init(struct work_struct *work, work_func_t func)
{
	*work = (struct work_struct){.func = func};
	INIT_LIST_HEAD(&work->entry);
	flushdep_sync_reset(work);
	flushdep_sync_reset(&work->entry);
}

/* --- Running it, under the lock ------------------------------------------------------------ */

static struct worker *worker_of(const struct work_struct *work)
{
	struct worker *worker;
	unsigned int i;

	for (i = 0; i <= UNBOUND_POOL; i++)
		for (worker = pools[i].workers; worker; worker = worker->next)
			if (worker->work == work && worker->func == work->func)
				return worker;
	return NULL;
}

/* Never twice at once, and no more of a queue than it allows. */
static bool may_start(struct work_struct *work)
{
	return work->flushdep_wq->active < work->flushdep_wq->max_active && !worker_of(work);
}

/* One that had work may have some, though no thread yet: nothing could start then. */
static bool is_used(struct pool *pool)
{
	return READ_ONCE(pool->pending.next);
}

static void set_idle(struct worker *worker, bool idle)
{
	worker->pool->idle += idle - worker->idle;
	worker->idle = idle;
}

/* How much of what is pending could start at once. */
static unsigned int count_startable(struct pool *pool)
{
	struct workqueue_struct *wq;
	struct work_struct *work;
	unsigned int count = 0;

	list_for_each_entry (work, &pool->pending, entry)
		work->flushdep_wq->counted = 0;
	list_for_each_entry (work, &pool->pending, entry) {
		wq = work->flushdep_wq;
		if (wq->active + wq->counted >= wq->max_active || worker_of(work))
			continue;
		wq->counted++;
		count++;
	}
	return count;
}

/* More work could start than there are threads that will look for some. */
static bool short_of_workers(struct pool *pool)
{
	return is_used(pool) && count_startable(pool) > pool->idle;
}

/* If there is nothing to start, the worker is idle. */
static bool start_work(struct worker *worker)
{
	struct work_struct *work;

	list_for_each_entry (work, &worker->pool->pending, entry) {
		if (!may_start(work))
			continue;
		list_del_init(&work->entry);
		worker->work = work;
		worker->wq = work->flushdep_wq;
		worker->func = work->func;
		worker->number = work->flushdep_number;
		worker->wq->active++;
		clear_bit(0, &work->data);
		set_idle(worker, false);
		return true;
	}
	set_idle(worker, true);
	return false;
}

static void kick(struct pool *pool)
{
	__atomic_fetch_add(&pool->word, 1, __ATOMIC_RELEASE);
}

static void end_work(struct worker *worker)
{
	unsigned int i;

	worker->work = NULL;
	worker->wq->active--;
	/* Work of any pool may have waited for this. */
	for (i = 0; i <= UNBOUND_POOL; i++)
		if (is_used(&pools[i]))
			kick(&pools[i]);
}

/* --- Workers ---------------------------------------------------------------------------------- */

/* As in the kernel, whose limit is one for each CPU, bound work of other CPUs has another turn. */
static const char *turn_of(const struct worker *worker)
{
	return worker->wq->max_active == 1 ? &worker->wq->turn[worker->pool - pools] : NULL;
}

static void run_work(void *arg)
{
	struct worker *worker = arg;
	struct work_struct *work = worker->work;
	const char *turn = turn_of(worker);

	flushdep_sync_acquire(work);
	flushdep_sync_acquire(&work->entry);
	if (turn)
		flushdep_sync_acquire(turn);
	worker->func(work);
	if (turn)
		flushdep_sync_release(turn);
	flushdep_sync_release(&work->entry);
	flushdep_sync_release(worker->wq);
}

static bool needs_worker(struct pool *pool)
{
	bool more;

	shim_raw_lock(&lock);
	more = short_of_workers(pool);
	shim_raw_unlock(&lock);
	return more;
}

static bool add_worker(struct pool *pool);

/* The end of one work may let several start, one of which may wait for another. */
static void wake_pool(struct pool *pool)
{
	while (needs_worker(pool) && add_worker(pool))
		;
	flushdep_unpark(&pool->word, ~0u);
}

static void wake_pools(void)
{
	unsigned int i;

	for (i = 0; i <= UNBOUND_POOL; i++)
		if (is_used(&pools[i]))
			wake_pool(&pools[i]);
	__atomic_fetch_add(&ended, 1, __ATOMIC_RELEASE);
	flushdep_unpark(&ended, ~0u);
}

static int work_loop(void *data)
{
	struct worker *worker = data;
	struct pool *pool = worker->pool;

	for (;;) {
		u32 word = __atomic_load_n(&pool->word, __ATOMIC_ACQUIRE);
		bool any;

		shim_raw_lock(&lock);
		any = start_work(worker);
		shim_raw_unlock(&lock);
		if (!any) {
			flushdep_park(&pool->word, word);
			continue;
		}
		shim_call_caught(run_work, worker);
		shim_raw_lock(&lock);
		end_work(worker);
		shim_raw_unlock(&lock);
		wake_pools();
	}
	return 0;
}

static struct task_struct *create_thread(struct worker *worker, unsigned int number)
{
	unsigned int cpu = worker->pool - pools;
	struct task_struct *task;

	if (cpu == UNBOUND_POOL)
		return kthread_create(work_loop, worker, "kworker/u%u", number);
	task = kthread_create(work_loop, worker, "kworker/%u:%u", cpu, number);
	if (!IS_ERR(task))
		kthread_bind(task, cpu);
	return task;
}

/* The first threads of a pool are made when work could start there; false if it is full. */
static bool add_worker(struct pool *pool)
{
	struct worker *worker = kzalloc(sizeof(*worker), GFP_ATOMIC);
	unsigned int number;
	bool room;

	if (!worker)
		flushdep_fatal("no memory for a workqueue's thread");
	worker->pool = pool;
	shim_raw_lock(&lock);
	number = pool->count;
	room = number < MAX_WORKERS;
	if (room) {
		pool->count++;
		set_idle(worker, true);
		worker->next = pool->workers;
		pool->workers = worker;
	}
	shim_raw_unlock(&lock);
	if (!room) {
		pr_warn("workqueue: %u works of a pool are waiting for something; no more at once "
			"(workqueue.c, MAX_WORKERS)\n",
			MAX_WORKERS);
		kfree(worker);
		return false;
	}
	worker->task = create_thread(worker, number);
	if (IS_ERR(worker->task))
		flushdep_fatal("no memory for a workqueue's thread");
	worker->task->flags |= PF_WQ_WORKER;
	wake_up_process(worker->task);
	return true;
}

struct work_struct *current_work(void)
{
	struct worker *worker;
	unsigned int i;

	for (i = 0; i <= UNBOUND_POOL; i++)
		for (worker = READ_ONCE(pools[i].workers); worker; worker = worker->next)
			if (worker->task == current)
				return worker->work;
	return NULL;
}

/* --- Queueing --------------------------------------------------------------------------------- */

static unsigned int choose_pool(int cpu, const struct workqueue_struct *wq)
{
	if (wq->flags & WQ_UNBOUND)
		return UNBOUND_POOL;
	return cpu == WORK_CPU_UNBOUND ? flushdep_cpu_current() : (unsigned int)cpu;
}

/* Under the lock; the pending bit is the caller's. */
static void insert(struct work_struct *work, struct workqueue_struct *wq, unsigned int n)
{
	struct pool *pool = &pools[n];

	if (!is_used(pool))
		INIT_LIST_HEAD(&pool->pending);
	work->flushdep_wq = wq;
	work->flushdep_number = ++last_number;
	list_add_tail(&work->entry, &pool->pending);
	kick(pool);
}

static void insert_and_wake(struct work_struct *work, struct workqueue_struct *wq, unsigned int n)
{
	struct pool *pool = &pools[n];

	shim_raw_lock(&lock);
	insert(work, wq, n);
	shim_raw_unlock(&lock);
	wake_pool(pool);
}

/* work->data: bit 0 is pending; above, how many have it disabled while they wait for its end. */
#define PENDING	 1ul
#define DISABLED 2ul

/* Neither pending nor disabled before, and pending now; told to nobody. */
static bool claim(struct work_struct *work)
{
	unsigned long nothing = 0;

	return __atomic_compare_exchange_n(&work->data, &nothing, PENDING, 0, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

static void unclaim(struct work_struct *work)
{
	__atomic_fetch_and(&work->data, ~PENDING, __ATOMIC_SEQ_CST);
}

static bool is_disabled(struct work_struct *work)
{
	return __atomic_load_n(&work->data, __ATOMIC_SEQ_CST) >= DISABLED;
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	/* Also where it is pending already, it sees what came before. */
	flushdep_sync_release(work);
	if (!claim(work))
		return false;
	insert_and_wake(work, wq, choose_pool(cpu, wq));
	return true;
}

void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);

	flushdep_sync_release(&dwork->work);
	insert_and_wake(&dwork->work, dwork->wq, choose_pool(dwork->cpu, dwork->wq));
}

/* The pending bit is the caller's. */
static void start_delay(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	if (!delay) {
		insert_and_wake(&dwork->work, wq, choose_pool(cpu, wq));
		return;
	}
	dwork->wq = wq;
	dwork->cpu = cpu;
	mod_timer(&dwork->timer, jiffies + delay);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			   unsigned long delay)
{
	flushdep_sync_release(&dwork->work);
	if (!claim(&dwork->work))
		return false;
	start_delay(cpu, wq, dwork, delay);
	return true;
}

/* Off its list, pending or not: true if it was there; then the pending bit is the caller's. */
static bool take_off(struct work_struct *work)
{
	bool there;

	shim_raw_lock(&lock);
	there = work->entry.next && !list_empty(&work->entry);
	if (there)
		list_del_init(&work->entry);
	shim_raw_unlock(&lock);
	return there;
}

static bool grab(struct work_struct *work, struct timer_list *timer)
{
	while (work_pending(work)) {
		if (timer && timer_delete(timer))
			return true;
		if (take_off(work))
			return true;
		/* On its way from one place to the other. */
		cpu_relax();
	}
	return false;
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			 unsigned long delay)
{
	bool pending;

	flushdep_sync_release(&dwork->work);
	do {
		pending = grab(&dwork->work, &dwork->timer);
		/* Its own function, say, for whose end somebody waits. */
		if (is_disabled(&dwork->work)) {
			if (pending)
				unclaim(&dwork->work);
			return pending;
		}
	} while (!pending && !claim(&dwork->work));
	start_delay(cpu, wq, dwork, delay);
	return pending;
}

static void rcu_work_fn(struct rcu_head *head)
{
	struct rcu_work *rwork = container_of(head, struct rcu_work, rcu);

	flushdep_sync_release(&rwork->work);
	insert_and_wake(&rwork->work, rwork->wq, choose_pool(WORK_CPU_UNBOUND, rwork->wq));
}

bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork)
{
	flushdep_sync_release(&rwork->work);
	if (!claim(&rwork->work))
		return false;
	rwork->wq = wq;
	call_rcu(&rwork->rcu, rcu_work_fn);
	return true;
}

/* --- Waiting for it --------------------------------------------------------------------------- */

/* Number of the last instance that is queued or runs; 0 for none. */
static unsigned long last_instance(struct work_struct *work)
{
	struct worker *worker;
	unsigned long number = 0;

	shim_raw_lock(&lock);
	worker = worker_of(work);
	if (work->entry.next && !list_empty(&work->entry))
		number = work->flushdep_number;
	else if (worker)
		number = worker->number;
	shim_raw_unlock(&lock);
	return number;
}

static bool still_busy(struct work_struct *work, unsigned long number)
{
	struct worker *worker;
	bool busy;

	shim_raw_lock(&lock);
	worker = worker_of(work);
	busy = (worker && worker->number <= number) ||
	       (work->entry.next && !list_empty(&work->entry) && work->flushdep_number <= number);
	shim_raw_unlock(&lock);
	return busy;
}

static void wait_for_number(struct work_struct *work, unsigned long number)
{
	for (;;) {
		u32 seen = __atomic_load_n(&ended, __ATOMIC_ACQUIRE);

		if (!still_busy(work, number))
			break;
		flushdep_park(&ended, seen);
	}
	flushdep_sync_acquire(&work->entry);
}

bool flush_work(struct work_struct *work)
{
	unsigned long number = last_instance(work);

	might_sleep();
	if (number)
		wait_for_number(work, number);
	else
		flushdep_sync_acquire(&work->entry);
	return number;
}

static bool cancel(struct work_struct *work, struct timer_list *timer)
{
	if (!grab(work, timer))
		return false;
	unclaim(work);
	return true;
}

/* Disabled while we wait, so that the function cannot queue it again. */
static bool cancel_and_wait(struct work_struct *work, struct timer_list *timer)
{
	bool pending;

	might_sleep();
	__atomic_fetch_add(&work->data, DISABLED, __ATOMIC_SEQ_CST);
	pending = cancel(work, timer);
	wait_for_number(work, last_instance(work));
	__atomic_fetch_sub(&work->data, DISABLED, __ATOMIC_SEQ_CST);
	return pending;
}

bool cancel_work(struct work_struct *work)
{
	return cancel(work, NULL);
}

bool cancel_work_sync(struct work_struct *work)
{
	return cancel_and_wait(work, NULL);
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return cancel(&dwork->work, &dwork->timer);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return cancel_and_wait(&dwork->work, &dwork->timer);
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	if (timer_delete_sync(&dwork->timer))
		insert_and_wake(&dwork->work, dwork->wq, choose_pool(dwork->cpu, dwork->wq));
	return flush_work(&dwork->work);
}

bool flush_rcu_work(struct rcu_work *rwork)
{
	if (work_pending(&rwork->work)) {
		rcu_barrier();
		flush_work(&rwork->work);
		return true;
	}
	return flush_work(&rwork->work);
}

unsigned int work_busy(struct work_struct *work)
{
	unsigned int busy = work_pending(work) ? WORK_BUSY_PENDING : 0;

	shim_raw_lock(&lock);
	if (worker_of(work))
		busy |= WORK_BUSY_RUNNING;
	shim_raw_unlock(&lock);
	return busy;
}

/* --- Queues ----------------------------------------------------------------------------------- */

/* Of those up to `number`. */
static bool queue_busy(struct workqueue_struct *wq, unsigned long number)
{
	struct work_struct *work;
	struct worker *worker;
	bool busy = false;
	unsigned int i;

	shim_raw_lock(&lock);
	for (i = 0; i <= UNBOUND_POOL && !busy; i++) {
		if (!is_used(&pools[i]))
			continue;
		for (worker = pools[i].workers; worker; worker = worker->next)
			busy |= worker->work && worker->wq == wq && worker->number <= number;
		list_for_each_entry (work, &pools[i].pending, entry)
			busy |= work->flushdep_wq == wq && work->flushdep_number <= number;
	}
	shim_raw_unlock(&lock);
	return busy;
}

static void wait_for_queue(struct workqueue_struct *wq, unsigned long number)
{
	for (;;) {
		u32 seen = __atomic_load_n(&ended, __ATOMIC_ACQUIRE);

		if (!queue_busy(wq, number))
			break;
		flushdep_park(&ended, seen);
	}
	flushdep_sync_acquire(wq);
}

void __flush_workqueue(struct workqueue_struct *wq)
{
	unsigned long number;

	might_sleep();
	shim_raw_lock(&lock);
	number = last_number;
	shim_raw_unlock(&lock);
	wait_for_queue(wq, number);
}

void drain_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	wait_for_queue(wq, ~0ul);
}

static void reset_order(struct workqueue_struct *wq)
{
	unsigned int cpu;

	flushdep_sync_reset(wq);
	for_each_possible_cpu (cpu)
		flushdep_sync_reset(&wq->turn[cpu]);
	flushdep_sync_reset(&wq->turn[UNBOUND_POOL]);
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	va_list args;

	if (!wq)
		return NULL;
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	wq->flags = flags;
	wq->max_active = max_active > 0 ? max_active : WQ_DFL_ACTIVE;
	reset_order(wq);
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	drain_workqueue(wq);
	kfree(wq);
}

/* --- Calls in a worker --------------------------------------------------------------------------
 */

struct call_work {
	struct work_struct work;
	long (*fn)(void *arg);
	void *arg;
	long result;
};

static void call_fn(struct work_struct *work)
{
	struct call_work *call = container_of(work, struct call_work, work);

	call->result = call->fn(call->arg);
}

long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg)
{
	struct call_work call = {.fn = fn, .arg = arg, .result = -EINVAL};

	INIT_WORK_ONSTACK(&call.work, call_fn);
	schedule_work_on(cpu, &call.work);
	flush_work(&call.work);
	return call.result;
}

int schedule_on_each_cpu(work_func_t func)
{
	struct work_struct *works = kcalloc(nr_cpu_ids, sizeof(*works), GFP_KERNEL);
	unsigned int cpu;

	if (!works)
		return -ENOMEM;
	for_each_online_cpu (cpu) {
		INIT_WORK(&works[cpu], func);
		schedule_work_on(cpu, &works[cpu]);
	}
	for_each_online_cpu (cpu)
		flush_work(&works[cpu]);
	kfree(works);
	return 0;
}
