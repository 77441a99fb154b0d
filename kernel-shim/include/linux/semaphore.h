/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/semaphore.h: counting semaphores. */
#ifndef FLUSHDEP_LINUX_SEMAPHORE_H
#define FLUSHDEP_LINUX_SEMAPHORE_H

#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

/* partial: who waits longest need not be the next. */
struct semaphore {
	raw_spinlock_t lock;
	unsigned int count;
	wait_queue_head_t wait_list;
};

#define __SEMAPHORE_INITIALIZER(name, n)                \
	{.lock = __RAW_SPIN_LOCK_UNLOCKED((name).lock), \
	 .count = (n),                                  \
	 .wait_list = __WAIT_QUEUE_HEAD_INITIALIZER((name).wait_list)}
#define DEFINE_SEMAPHORE(_name, _n) struct semaphore _name = __SEMAPHORE_INITIALIZER(_name, _n)
void sema_init(struct semaphore *sem, int val);
FLUSHDEP_CALL void down(struct semaphore *sem);
FLUSHDEP_CALL int __must_check down_trylock(struct semaphore *sem);
FLUSHDEP_CALL int __must_check down_timeout(struct semaphore *sem, long timeout);
FLUSHDEP_CALL void up(struct semaphore *sem);

/* partial: no signal interrupts a wait. */
FLUSHDEP_CALL int __must_check down_interruptible(struct semaphore *sem);
FLUSHDEP_CALL int __must_check down_killable(struct semaphore *sem);

#endif
