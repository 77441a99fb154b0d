/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kthread_worker.c: threads that call functions in turn, in the kernel's own terms. */
#include <linux/completion.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/sprintf.h>

void flushdep_shim_kthread_worker_init(struct kthread_worker *worker)
{
	worker->flags = 0;
	worker->task = NULL;
	worker->current_work = NULL;
	INIT_LIST_HEAD(&worker->work_list);
}

void kthread_init_work(struct kthread_work *work, kthread_work_func_t fn)
{
	*work = (struct kthread_work){.func = fn};
	INIT_LIST_HEAD(&work->node);
}

static struct kthread_work *next_work(struct kthread_worker *worker)
{
	struct kthread_work *work;

	raw_spin_lock_irq(&worker->lock);
	work = list_first_entry_or_null(&worker->work_list, struct kthread_work, node);
	if (work)
		list_del_init(&work->node);
	worker->current_work = work;
	raw_spin_unlock_irq(&worker->lock);
	return work;
}

int kthread_worker_fn(void *worker_ptr)
{
	struct kthread_worker *worker = worker_ptr;
	struct kthread_work *work;

	worker->task = current;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		work = next_work(worker);
		if (work) {
			__set_current_state(TASK_RUNNING);
			work->func(work);
		} else {
			schedule();
		}
	}
	__set_current_state(TASK_RUNNING);
	/* What is queued from now on waits for another thread. */
	raw_spin_lock_irq(&worker->lock);
	worker->task = NULL;
	raw_spin_unlock_irq(&worker->lock);
	return 0;
}

static struct kthread_worker *create(int cpu, unsigned int flags, const char *namefmt, va_list args)
{
	struct kthread_worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);
	struct task_struct *task;
	char name[TASK_COMM_LEN];

	if (!worker)
		return ERR_PTR(-ENOMEM);
	kthread_init_worker(worker);
	worker->flags = flags;
	vsnprintf(name, sizeof(name), namefmt, args);
	task = kthread_create(kthread_worker_fn, worker, "%s", name);
	if (IS_ERR(task)) {
		kfree(worker);
		return ERR_CAST(task);
	}
	if (cpu >= 0)
		kthread_bind(task, cpu);
	worker->task = task;
	wake_up_process(task);
	return worker;
}

struct kthread_worker *kthread_create_worker(unsigned int flags, const char namefmt[], ...)
{
	struct kthread_worker *worker;
	va_list args;

	va_start(args, namefmt);
	worker = create(-1, flags, namefmt, args);
	va_end(args);
	return worker;
}

struct kthread_worker *kthread_create_worker_on_cpu(int cpu, unsigned int flags,
						    const char namefmt[], ...)
{
	struct kthread_worker *worker;
	va_list args;

	va_start(args, namefmt);
	worker = create(cpu, flags, namefmt, args);
	va_end(args);
	return worker;
}

/* Under the lock. */
static void insert(struct kthread_worker *worker, struct kthread_work *work, struct list_head *pos)
{
	list_add_tail(&work->node, pos);
	work->worker = worker;
	if (worker->task)
		wake_up_process(worker->task);
}

bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work)
{
	unsigned long flags;
	bool queued;

	raw_spin_lock_irqsave(&worker->lock, flags);
	queued = list_empty(&work->node) && !work->canceling;
	if (queued)
		insert(worker, work, &worker->work_list);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return queued;
}

/* --- Waiting: a work of one's own right behind the other one ------------------------------------
 */

struct flush {
	struct kthread_work work;
	struct completion done;
};

static void flush_fn(struct kthread_work *work)
{
	complete(&container_of(work, struct flush, work)->done);
}

static void wait_behind(struct kthread_worker *worker, struct kthread_work *work)
{
	struct flush flush;
	bool busy = true;

	kthread_init_work(&flush.work, flush_fn);
	init_completion(&flush.done);
	raw_spin_lock_irq(&worker->lock);
	if (!work)
		insert(worker, &flush.work, &worker->work_list);
	else if (!list_empty(&work->node))
		insert(worker, &flush.work, work->node.next);
	else if (worker->current_work == work)
		insert(worker, &flush.work, worker->work_list.next);
	else
		busy = false;
	raw_spin_unlock_irq(&worker->lock);
	if (busy)
		wait_for_completion(&flush.done);
}

void kthread_flush_worker(struct kthread_worker *worker)
{
	wait_behind(worker, NULL);
}

void kthread_flush_work(struct kthread_work *work)
{
	if (work->worker)
		wait_behind(work->worker, work);
}

bool kthread_cancel_work_sync(struct kthread_work *work)
{
	struct kthread_worker *worker = work->worker;
	bool queued;

	if (!worker)
		return false;
	raw_spin_lock_irq(&worker->lock);
	queued = !list_empty(&work->node);
	list_del_init(&work->node);
	work->canceling++;
	raw_spin_unlock_irq(&worker->lock);
	wait_behind(worker, work);
	raw_spin_lock_irq(&worker->lock);
	work->canceling--;
	raw_spin_unlock_irq(&worker->lock);
	return queued;
}

void kthread_destroy_worker(struct kthread_worker *worker)
{
	struct task_struct *task = worker->task;

	if (WARN_ON(!task))
		return;
	kthread_flush_worker(worker);
	kthread_stop(task);
	kfree(worker);
}
