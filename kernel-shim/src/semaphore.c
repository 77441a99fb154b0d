/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* semaphore.c: counting semaphores. */
#include <linux/errno.h>
#include <linux/semaphore.h>

void sema_init(struct semaphore *sem, int val)
{
	raw_spin_lock_init(&sem->lock);
	init_waitqueue_head(&sem->wait_list);
	sem->count = val;
}

int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	bool got;

	raw_spin_lock_irqsave(&sem->lock, flags);
	got = sem->count > 0;
	sem->count -= got;
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return !got;
}

void down(struct semaphore *sem)
{
	might_sleep();
	wait_event(sem->wait_list, !down_trylock(sem));
}

int down_interruptible(struct semaphore *sem)
{
	down(sem);
	return 0;
}

int down_killable(struct semaphore *sem)
{
	down(sem);
	return 0;
}

int down_timeout(struct semaphore *sem, long timeout)
{
	might_sleep();
	return wait_event_timeout(sem->wait_list, !down_trylock(sem), timeout) ? 0 : -ETIME;
}

void up(struct semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	sem->count++;
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	wake_up(&sem->wait_list);
}
