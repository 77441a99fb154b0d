/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* wait.c: wait queues, on the machine's spinlocks and schedule(); and waits with a time-out. */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>

#include "flushdep_sync.h"
#include "host.h"
#include "task.h"

void flushdep_shim_wait_init(struct wait_queue_head *wq_head)
{
	INIT_LIST_HEAD(&wq_head->head);
	flushdep_sync_reset(&wq_head->head);
}

void flushdep_shim_wait_done(struct wait_queue_head *wq_head)
{
	flushdep_sync_acquire(&wq_head->head);
}

void init_wait_entry(struct wait_queue_entry *wq_entry, int flags)
{
	wq_entry->flags = flags;
	wq_entry->private = current;
	wq_entry->func = autoremove_wake_function;
	INIT_LIST_HEAD(&wq_entry->entry);
}

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			  void *key)
{
	return wake_up_state(wq_entry->private, mode);
}

int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
			     void *key)
{
	int woken = default_wake_function(wq_entry, mode, sync, key);

	if (woken)
		list_del_init(&wq_entry->entry);
	return woken;
}

int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *key)
{
	/* It may be seen by one who does not sleep, and is not woken then. */
	flushdep_sync_release(&wq_entry->flags);
	__atomic_fetch_or(&wq_entry->flags, WQ_FLAG_WOKEN, __ATOMIC_SEQ_CST);
	return default_wake_function(wq_entry, mode, sync, key);
}

long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout)
{
	set_current_state(mode);
	if (!(__atomic_load_n(&wq_entry->flags, __ATOMIC_SEQ_CST) & WQ_FLAG_WOKEN))
		timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);
	if (__atomic_fetch_and(&wq_entry->flags, ~(unsigned int)WQ_FLAG_WOKEN, __ATOMIC_SEQ_CST) &
	    WQ_FLAG_WOKEN)
		flushdep_sync_acquire(&wq_entry->flags);
	return timeout;
}

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	__add_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	__add_wait_queue_entry_tail(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	__remove_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	if (list_empty(&wq_entry->entry))
		__add_wait_queue(wq_head, wq_entry);
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			       int state)
{
	bool was_empty = false;
	unsigned long flags;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	if (list_empty(&wq_entry->entry)) {
		was_empty = list_empty(&wq_head->head);
		__add_wait_queue_entry_tail(wq_head, wq_entry);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return was_empty;
}

long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			   int state)
{
	if (wq_entry->flags & WQ_FLAG_EXCLUSIVE)
		prepare_to_wait_exclusive(wq_head, wq_entry, state);
	else
		prepare_to_wait(wq_head, wq_entry, state);
	return 0;
}

void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&wq_head->lock, flags);
	list_del_init(&wq_entry->entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

static int wake_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key)
{
	struct wait_queue_entry *entry, *next;
	int woken = 0;

	list_for_each_entry_safe (entry, next, &wq_head->head, entry) {
		unsigned int flags = entry->flags;
		int done = entry->func(entry, mode, 0, key);

		if (done < 0)
			break;
		if (!done)
			continue;
		woken++;
		if ((flags & WQ_FLAG_EXCLUSIVE) && !--nr)
			break;
	}
	return woken;
}

int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key)
{
	unsigned long flags;
	int woken;

	flushdep_sync_release(&wq_head->head);
	spin_lock_irqsave(&wq_head->lock, flags);
	woken = wake_locked(wq_head, mode, nr, key);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return woken;
}

void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr)
{
	flushdep_sync_release(&wq_head->head);
	wake_locked(wq_head, mode, nr, NULL);
}

/* --- Queues of addresses ---------------------------------------------------------------- */

#define HASH_BITS 6

static struct wait_queue_head tables[1 << HASH_BITS];

__attribute__((constructor(101))) static void wait_boot(void)
{
	int i;

	for (i = 0; i < 1 << HASH_BITS; i++)
		INIT_LIST_HEAD(&tables[i].head);
}

struct wait_queue_head *__var_waitqueue(void *p)
{
	return &tables[((unsigned long)p * 0x61c8864680b583ebul) >> (64 - HASH_BITS)];
}

/* --- Completions ---------------------------------------------------------------------------- */

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	u64 start, deadline, now;

	might_sleep();
	if (timeout >= MAX_JIFFY_OFFSET) {
		wait_for_completion(x);
		return timeout;
	}
	start = shim_host_now();
	deadline = shim_after_ticks(start, timeout);
	while (!try_wait_for_completion(x)) {
		if (shim_host_now() >= deadline)
			return 0;
		shim_park_until(&x->done, 0, deadline);
	}
	now = shim_host_now();
	return now >= deadline ? 1 : timeout - (now - start) / TICK_NSEC;
}
