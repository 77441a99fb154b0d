/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/workqueue.h: functions for other tasks to call. */
#ifndef FLUSHDEP_LINUX_WORKQUEUE_H
#define FLUSHDEP_LINUX_WORKQUEUE_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/container_of.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <linux/threads.h>
#include <linux/timer.h>
#include <linux/types.h>

struct workqueue_struct;

/* faithful */
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct {
	unsigned long data; /* bit 0: pending; above: how many have it disabled */
	struct list_head entry;
	work_func_t func;
	struct workqueue_struct *flushdep_wq;
	unsigned long flushdep_number;
};
struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
	int cpu;
};
struct rcu_work {
	struct work_struct work;
	struct rcu_head rcu;
	struct workqueue_struct *wq;
};

void flushdep_shim_work_init(struct work_struct *work, work_func_t func);
void delayed_work_timer_fn(struct timer_list *timer);
#define __WORK_INITIALIZER(n, f)                               \
	{                                                      \
		.entry = {&(n).entry, &(n).entry}, .func = (f) \
	}
#define __DELAYED_WORK_INITIALIZER(n, f, tflags)                              \
	{                                                                     \
		.work = __WORK_INITIALIZER((n).work, (f)),                    \
		.timer = __TIMER_INITIALIZER(delayed_work_timer_fn, (tflags)) \
	}
#define DECLARE_WORK(n, f)		struct work_struct n = __WORK_INITIALIZER(n, f)
#define DECLARE_DELAYED_WORK(n, f)	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f, 0)
#define DECLARE_DEFERRABLE_WORK(n, f)	DECLARE_DELAYED_WORK(n, f)
#define INIT_WORK(_work, _func)		flushdep_shim_work_init(_work, _func)
#define INIT_WORK_ONSTACK(_work, _func) INIT_WORK(_work, _func)
#define INIT_DELAYED_WORK(_work, _func)                                 \
	do {                                                            \
		INIT_WORK(&(_work)->work, (_func));                     \
		timer_setup(&(_work)->timer, delayed_work_timer_fn, 0); \
	} while (0)
#define INIT_DELAYED_WORK_ONSTACK(_work, _func) INIT_DELAYED_WORK(_work, _func)
#define INIT_DEFERRABLE_WORK(_work, _func)	INIT_DELAYED_WORK(_work, _func)
#define INIT_RCU_WORK(_work, _func)		INIT_WORK(&(_work)->work, (_func))
#define destroy_work_on_stack(work)		((void)(work))
#define destroy_delayed_work_on_stack(work)	((void)(work))
#define work_pending(work)			test_bit(0, &(work)->data)
#define delayed_work_pending(w)			work_pending(&(w)->work)

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

static inline struct rcu_work *to_rcu_work(struct work_struct *work)
{
	return container_of(work, struct rcu_work, work);
}

/*
 * partial: one limit on how many run at once for a whole queue, not a CPU; bound work runs on the
 * CPU that queued it, in a thread bound there, unbound and ordered work in one that is not;
 * priorities are all the same, and no rescuer is needed.
 */
enum wq_flags {
	WQ_BH = 1 << 0,
	WQ_UNBOUND = 1 << 1,
	WQ_FREEZABLE = 1 << 2,
	WQ_MEM_RECLAIM = 1 << 3,
	WQ_HIGHPRI = 1 << 4,
	WQ_CPU_INTENSIVE = 1 << 5,
	WQ_SYSFS = 1 << 6,
	WQ_POWER_EFFICIENT = 1 << 7,
	WQ_PERCPU = 1 << 8,
	__WQ_DRAINING = 1 << 16,
	__WQ_ORDERED = 1 << 17,
	__WQ_LEGACY = 1 << 18,
};
#define WQ_MAX_ACTIVE	      512
#define WQ_UNBOUND_MAX_ACTIVE WQ_MAX_ACTIVE
#define WQ_DFL_ACTIVE	      (WQ_MAX_ACTIVE / 2)
#define WORK_CPU_UNBOUND      NR_CPUS
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
	__printf(1, 4);
#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_UNBOUND | __WQ_ORDERED | (flags), 1, ##args)
#define create_workqueue(name) alloc_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, 1, (name))
#define create_singlethread_workqueue(name) \
	alloc_ordered_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, name)
#define create_freezable_workqueue(name) alloc_ordered_workqueue("%s", WQ_FREEZABLE, name)
void destroy_workqueue(struct workqueue_struct *wq);
extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_highpri_wq;
extern struct workqueue_struct *system_long_wq;
extern struct workqueue_struct *system_unbound_wq;
extern struct workqueue_struct *system_freezable_wq;
extern struct workqueue_struct *system_power_efficient_wq;
#define system_percpu_wq system_wq
#define system_dfl_wq	 system_unbound_wq

/*
 * faithful: queueing is ordered before the function, that before a flush or a cancel that waits,
 * before the work's next run, and before the next work of a queue (bound: on that CPU) that runs
 * one at a time.
 */
FLUSHDEP_CALL bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
FLUSHDEP_CALL bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
					 struct delayed_work *dwork, unsigned long delay);
FLUSHDEP_CALL bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
				       struct delayed_work *dwork, unsigned long delay);
FLUSHDEP_CALL bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork);
FLUSHDEP_CALL bool flush_work(struct work_struct *work);
FLUSHDEP_CALL bool cancel_work(struct work_struct *work);
FLUSHDEP_CALL bool cancel_work_sync(struct work_struct *work);
FLUSHDEP_CALL bool flush_delayed_work(struct delayed_work *dwork);
FLUSHDEP_CALL bool cancel_delayed_work(struct delayed_work *dwork);
FLUSHDEP_CALL bool cancel_delayed_work_sync(struct delayed_work *dwork);
FLUSHDEP_CALL bool flush_rcu_work(struct rcu_work *rwork);
FLUSHDEP_CALL void __flush_workqueue(struct workqueue_struct *wq);
FLUSHDEP_CALL void drain_workqueue(struct workqueue_struct *wq);
FLUSHDEP_CALL int schedule_on_each_cpu(work_func_t func);
FLUSHDEP_CALL long work_on_cpu(int cpu, long (*fn)(void *arg), void *arg);
struct work_struct *current_work(void);
unsigned int work_busy(struct work_struct *work);
#define WORK_BUSY_PENDING		(1 << 0)
#define WORK_BUSY_RUNNING		(1 << 1)
#define queue_work(wq, work)		queue_work_on(WORK_CPU_UNBOUND, wq, work)
#define queue_work_node(node, wq, work) ((void)(node), queue_work(wq, work))
#define queue_delayed_work(wq, dwork, delay) \
	queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay)
#define mod_delayed_work(wq, dwork, delay)  mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay)
#define schedule_work(work)		    queue_work(system_wq, work)
#define schedule_work_on(cpu, work)	    queue_work_on(cpu, system_wq, work)
#define schedule_delayed_work(dwork, delay) queue_delayed_work(system_wq, dwork, delay)
#define schedule_delayed_work_on(cpu, dwork, delay) \
	queue_delayed_work_on(cpu, system_wq, dwork, delay)
#define flush_workqueue(wq)	       __flush_workqueue(wq)
#define flush_scheduled_work()	       __flush_workqueue(system_wq)
#define work_on_cpu_safe(cpu, fn, arg) work_on_cpu(cpu, fn, arg)

#endif
