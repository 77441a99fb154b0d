/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kthread.h: kernel threads, each on a CPU of its own. */
#ifndef FLUSHDEP_LINUX_KTHREAD_H
#define FLUSHDEP_LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* faithful: starts without an mm; does not run before it is woken. */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char namefmt[],
				   ...) __printf(3, 4);
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *namefmt);
#define kthread_create_on_node(threadfn, data, node, namefmt, arg...) \
	kthread_create(threadfn, data, namefmt, ##arg)
#define kthread_run(threadfn, data, namefmt, ...)                                                 \
	({                                                                                        \
		struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
		if (!IS_ERR(__k))                                                                 \
			wake_up_process(__k);                                                     \
		__k;                                                                              \
	})
#define kthread_run_on_cpu(threadfn, data, cpu, namefmt)                                       \
	({                                                                                     \
		struct task_struct *__k = kthread_create_on_cpu(threadfn, data, cpu, namefmt); \
		if (!IS_ERR(__k))                                                              \
			wake_up_process(__k);                                                  \
		__k;                                                                           \
	})
void kthread_bind(struct task_struct *k, unsigned int cpu);
void kthread_set_per_cpu(struct task_struct *k, int cpu);
int kthread_stop(struct task_struct *k);
int kthread_stop_put(struct task_struct *k);
bool kthread_should_stop(void);

/* faithful: kthread_park() returns when the thread is in kthread_parkme(), where it stays until
 * kthread_unpark(); what it did before is ordered before that. -EBUSY: is to be parked already. */
int kthread_park(struct task_struct *k);
void kthread_unpark(struct task_struct *k);
bool kthread_should_park(void);
void kthread_parkme(void);

/* partial: to the first CPU of the mask. */
void kthread_bind_mask(struct task_struct *k, const struct cpumask *mask);

/*
 * faithful: the CPU loads the mm; after unuse it keeps it loaded lazily. In a thread that has an mm
 * of its own, which the kernel forbids, unuse switches back to that.
 */
FLUSHDEP_CALL void kthread_use_mm(struct mm_struct *mm);
FLUSHDEP_CALL void kthread_unuse_mm(struct mm_struct *mm);

/* faithful: one thread that calls functions one after the other; queueing is ordered before the
 * function, that before a flush. */
struct kthread_work;
typedef void (*kthread_work_func_t)(struct kthread_work *work);
struct kthread_worker {
	unsigned int flags;
	raw_spinlock_t lock;
	struct list_head work_list;
	struct task_struct *task;
	struct kthread_work *current_work;
};
struct kthread_work {
	struct list_head node;
	kthread_work_func_t func;
	struct kthread_worker *worker;
	int canceling; /* how many wait for its end: it is not queued again */
};
#define KTHREAD_WORK_INIT(work, fn)                               \
	{                                                         \
		.node = LIST_HEAD_INIT((work).node), .func = (fn) \
	}
#define DEFINE_KTHREAD_WORK(work, fn) struct kthread_work work = KTHREAD_WORK_INIT(work, fn)
#define kthread_init_worker(worker)                        \
	do {                                               \
		raw_spin_lock_init(&(worker)->lock);       \
		flushdep_shim_kthread_worker_init(worker); \
	} while (0)
void flushdep_shim_kthread_worker_init(struct kthread_worker *worker);
void kthread_init_work(struct kthread_work *work, kthread_work_func_t fn);
int kthread_worker_fn(void *worker_ptr);
struct kthread_worker *kthread_create_worker(unsigned int flags, const char namefmt[], ...)
	__printf(2, 3);
struct kthread_worker *kthread_create_worker_on_cpu(int cpu, unsigned int flags,
						    const char namefmt[], ...) __printf(3, 4);
#define kthread_run_worker(flags, namefmt...) kthread_create_worker(flags, namefmt)
FLUSHDEP_CALL bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work);
FLUSHDEP_CALL void kthread_flush_work(struct kthread_work *work);
FLUSHDEP_CALL void kthread_flush_worker(struct kthread_worker *worker);
FLUSHDEP_CALL bool kthread_cancel_work_sync(struct kthread_work *work);
FLUSHDEP_CALL void kthread_destroy_worker(struct kthread_worker *worker);

#endif
