/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * srcu.c: read sections that may sleep, as two counters: readers count in the one that is current,
 * and a grace period waits until each has been seen empty while the other was current.
 */
#include <linux/sched.h>
#include <linux/srcu.h>

int init_srcu_struct(struct srcu_struct *ssp)
{
	atomic_set(&ssp->completed, 0);
	atomic_set(&ssp->readers[0], 0);
	atomic_set(&ssp->readers[1], 0);
	mutex_init(&ssp->mutex);
	return 0;
}

void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	WARN_ON(srcu_read_lock_held(ssp));
}

int srcu_read_lock(struct srcu_struct *ssp)
{
	int idx = atomic_read_acquire(&ssp->completed) & 1;

	atomic_inc_return(&ssp->readers[idx]);
	return idx;
}

void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	WARN_ON(atomic_dec_return(&ssp->readers[idx]) < 0);
}

bool srcu_read_lock_held(const struct srcu_struct *ssp)
{
	return atomic_read(&ssp->readers[0]) || atomic_read(&ssp->readers[1]);
}

/* Twice, as a reader may have read the index and not yet counted. */
void synchronize_srcu(struct srcu_struct *ssp)
{
	int turn;

	mutex_lock(&ssp->mutex);
	for (turn = 0; turn < 2; turn++) {
		int idx = atomic_inc_return(&ssp->completed) & 1;

		while (atomic_read_acquire(&ssp->readers[!idx]))
			schedule_timeout_uninterruptible(1);
	}
	mutex_unlock(&ssp->mutex);
}

void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	synchronize_srcu(ssp);
	func(head);
}
