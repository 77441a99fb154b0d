/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/wait.h: queues of tasks that wait until something holds. */
#ifndef FLUSHDEP_LINUX_WAIT_H
#define FLUSHDEP_LINUX_WAIT_H

#include <asm/current.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* faithful */
typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
				 void *key);
#define WQ_FLAG_EXCLUSIVE 0x01
#define WQ_FLAG_WOKEN	  0x02
#define WQ_FLAG_CUSTOM	  0x04
#define WQ_FLAG_DONE	  0x08
#define WQ_FLAG_PRIORITY  0x10
struct wait_queue_entry {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head entry;
};
struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			  void *key);
int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
			     void *key);
int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *key);
long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout);

#define __WAITQUEUE_INITIALIZER(name, tsk)                                               \
	{                                                                                \
		.private = (tsk), .func = default_wake_function, .entry = { NULL, NULL } \
	}
#define DECLARE_WAITQUEUE(name, tsk) \
	struct wait_queue_entry name = __WAITQUEUE_INITIALIZER(name, tsk)
#define __WAIT_QUEUE_HEAD_INITIALIZER(name)                                                \
	{                                                                                  \
		.lock = __SPIN_LOCK_UNLOCKED(name.lock), .head = LIST_HEAD_INIT(name.head) \
	}
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define init_waitqueue_head(wq_head)              \
	do {                                      \
		spin_lock_init(&(wq_head)->lock); \
		flushdep_shim_wait_init(wq_head); \
	} while (0)
#define __WAIT_QUEUE_HEAD_INIT_ONSTACK(name) \
	(*({                                 \
		init_waitqueue_head(&name);  \
		&name;                       \
	}))
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INIT_ONSTACK(name)
#define DEFINE_WAIT_FUNC(name, function) \
	struct wait_queue_entry name = { \
		.private = current, .func = (function), .entry = LIST_HEAD_INIT((name).entry)}
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define init_wait(wait)	  init_wait_entry(wait, 0)
void flushdep_shim_wait_init(struct wait_queue_head *wq_head);
void init_wait_entry(struct wait_queue_entry *wq_entry, int flags);

static inline void init_waitqueue_entry(struct wait_queue_entry *wq_entry, struct task_struct *p)
{
	wq_entry->flags = 0;
	wq_entry->private = p;
	wq_entry->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *wq_entry,
					     wait_queue_func_t func)
{
	wq_entry->flags = 0;
	wq_entry->private = NULL;
	wq_entry->func = func;
}

static inline int waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&wq_head->head);
}

static inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	smp_mb();
	return waitqueue_active(wq_head);
}

static inline void __add_wait_queue(struct wait_queue_head *wq_head,
				    struct wait_queue_entry *wq_entry)
{
	list_add(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head,
					       struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}

static inline void __remove_wait_queue(struct wait_queue_head *wq_head,
				       struct wait_queue_entry *wq_entry)
{
	(void)wq_head;
	list_del(&wq_entry->entry);
}

/* faithful */
void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			       int state);
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			   int state);
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

/* faithful: what comes before a wake-up is ordered before what comes after the wait. */
FLUSHDEP_CALL int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key);
FLUSHDEP_CALL void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr);
#define wake_up(x)			__wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr)		__wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x)			__wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_locked(x)		__wake_up_locked(x, TASK_NORMAL, 1)
#define wake_up_all_locked(x)		__wake_up_locked(x, TASK_NORMAL, 0)
#define wake_up_interruptible(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr) __wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x)	__wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(x)	wake_up_interruptible(x)
#define wake_up_sync(x)			wake_up(x)

/*
 * partial: ordered after wake-ups so far even where the condition holds at once, as on x86; no
 * signal interrupts a wait, and times are the host's.
 */
void flushdep_shim_wait_done(struct wait_queue_head *wq_head);
#define ___wait_event(wq_head, condition, state, exclusive, ret, cmd)            \
	({                                                                       \
		struct wait_queue_entry __wq_entry;                              \
		long __ret = (ret);                                              \
		init_wait_entry(&__wq_entry, exclusive ? WQ_FLAG_EXCLUSIVE : 0); \
		for (;;) {                                                       \
			prepare_to_wait_event(&(wq_head), &__wq_entry, state);   \
			if (condition)                                           \
				break;                                           \
			cmd;                                                     \
		}                                                                \
		finish_wait(&(wq_head), &__wq_entry);                            \
		__ret;                                                           \
	})
#define ___wait_cond_timeout(condition)    \
	({                                 \
		bool __cond = (condition); \
		if (__cond && !__ret)      \
			__ret = 1;         \
		__cond || !__ret;          \
	})
#define __flushdep_wait(wq_head, condition, state, exclusive, cmd)                         \
	do {                                                                               \
		might_sleep();                                                             \
		if (!(condition))                                                          \
			(void)___wait_event(wq_head, condition, state, exclusive, 0, cmd); \
		flushdep_shim_wait_done(&(wq_head));                                       \
	} while (0)
#define __flushdep_wait_timeout(wq_head, condition, timeout, state)                               \
	({                                                                                        \
		long __ret = (timeout);                                                           \
		might_sleep();                                                                    \
		if (!___wait_cond_timeout(condition))                                             \
			__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition), state, 0, \
					      timeout, __ret = schedule_timeout(__ret));          \
		if (__ret)                                                                        \
			flushdep_shim_wait_done(&(wq_head));                                      \
		__ret;                                                                            \
	})
#define wait_event(wq_head, condition) \
	__flushdep_wait(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, schedule())
#define io_wait_event(wq_head, condition)	 wait_event(wq_head, condition)
#define wait_event_freezable(wq_head, condition) wait_event_interruptible(wq_head, condition)
#define wait_event_idle(wq_head, condition)	 wait_event(wq_head, condition)
#define wait_event_idle_exclusive(wq_head, condition) \
	__flushdep_wait(wq_head, condition, TASK_IDLE, 1, schedule())
#define wait_event_cmd(wq_head, condition, cmd1, cmd2) \
	__flushdep_wait(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, cmd1; schedule(); cmd2)
#define wait_event_interruptible(wq_head, condition)                                    \
	({                                                                              \
		__flushdep_wait(wq_head, condition, TASK_INTERRUPTIBLE, 0, schedule()); \
		0;                                                                      \
	})
#define wait_event_interruptible_exclusive(wq_head, condition)                          \
	({                                                                              \
		__flushdep_wait(wq_head, condition, TASK_INTERRUPTIBLE, 1, schedule()); \
		0;                                                                      \
	})
#define wait_event_killable(wq_head, condition)                                    \
	({                                                                         \
		__flushdep_wait(wq_head, condition, TASK_KILLABLE, 0, schedule()); \
		0;                                                                 \
	})
#define wait_event_timeout(wq_head, condition, timeout) \
	__flushdep_wait_timeout(wq_head, condition, timeout, TASK_UNINTERRUPTIBLE)
#define wait_event_idle_timeout(wq_head, condition, timeout) \
	wait_event_timeout(wq_head, condition, timeout)
#define wait_event_interruptible_timeout(wq_head, condition, timeout) \
	__flushdep_wait_timeout(wq_head, condition, timeout, TASK_INTERRUPTIBLE)
#define wait_event_killable_timeout(wq_head, condition, timeout) \
	__flushdep_wait_timeout(wq_head, condition, timeout, TASK_KILLABLE)
#define wait_event_lock_irq(wq_head, condition, lock)                                    \
	__flushdep_wait_unlocked(wq_head, condition, spin_unlock_irq(&lock); schedule(); \
				 spin_lock_irq(&lock))
#define __flushdep_wait_unlocked(wq_head, condition, cmd)                                         \
	do {                                                                                      \
		if (!(condition))                                                                 \
			(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, cmd); \
		flushdep_shim_wait_done(&(wq_head));                                              \
	} while (0)

#endif
