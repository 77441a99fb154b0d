/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/spinlock.h: locks that do not sleep; holding one disables preemption.
 * They do not yet feed the checker's happens-before, nor its lock classes.
 */
#ifndef FLUSHDEP_LINUX_SPINLOCK_H
#define FLUSHDEP_LINUX_SPINLOCK_H

#include <asm/barrier.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>

/* partial: exclude and disable preemption; no lock classes, interrupts stay as they are. */
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
int spin_trylock(spinlock_t *lock);
int spin_is_locked(spinlock_t *lock);
#define spin_lock_init(lock)		 ((void)((lock)->word = 0))
#define spin_lock_nested(lock, subclass) spin_lock(lock)
#define spin_lock_irq(lock)		 spin_lock(lock)
#define spin_unlock_irq(lock)		 spin_unlock(lock)
#define spin_lock_bh(lock)		 spin_lock(lock)
#define spin_unlock_bh(lock)		 spin_unlock(lock)
#define spin_lock_irqsave(lock, flags) \
	do {                           \
		(flags) = 0;           \
		spin_lock(lock);       \
	} while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do {                                \
		(void)(flags);              \
		spin_unlock(lock);          \
	} while (0)
#define assert_spin_locked(lock)		((void)(lock))
#define raw_spin_lock(lock)			spin_lock(lock)
#define raw_spin_unlock(lock)			spin_unlock(lock)
#define raw_spin_lock_init(lock)		spin_lock_init(lock)
#define raw_spin_lock_irqsave(lock, flags)	spin_lock_irqsave(lock, flags)
#define raw_spin_unlock_irqrestore(lock, flags) spin_unlock_irqrestore(lock, flags)

void read_lock(rwlock_t *lock);
void read_unlock(rwlock_t *lock);
void write_lock(rwlock_t *lock);
void write_unlock(rwlock_t *lock);
#define rwlock_init(lock) ((void)((lock)->word = 0))

DEFINE_LOCK_GUARD_1(spinlock, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(read_lock, rwlock_t, read_lock(_T->lock), read_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock, rwlock_t, write_lock(_T->lock), write_unlock(_T->lock))

#endif
