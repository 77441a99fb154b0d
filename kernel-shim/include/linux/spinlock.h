/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/spinlock.h: locks that do not sleep; holding one disables preemption, and what
 * the name says. They are the machine's: ordered, with lock classes, and checked.
 */
#ifndef FLUSHDEP_LINUX_SPINLOCK_H
#define FLUSHDEP_LINUX_SPINLOCK_H

#include <asm/barrier.h>
#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>

/* faithful */
FLUSHDEP_CALL void spin_lock(spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_lock);
FLUSHDEP_CALL void spin_lock_nested(spinlock_t *lock, unsigned int subclass)
	FLUSHDEP_MACHINE(flushdep_spin_lock_nested);
FLUSHDEP_CALL void spin_unlock(spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_unlock);
FLUSHDEP_CALL bool spin_trylock(spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_trylock);
bool spin_is_locked(const spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_is_locked);
FLUSHDEP_CALL void spin_lock_irq(spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_lock_irq);
FLUSHDEP_CALL void spin_unlock_irq(spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_unlock_irq);
FLUSHDEP_CALL void spin_lock_bh(spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_lock_bh);
FLUSHDEP_CALL void spin_unlock_bh(spinlock_t *lock) FLUSHDEP_MACHINE(flushdep_spin_unlock_bh);
FLUSHDEP_CALL unsigned long __spin_lock_irqsave(spinlock_t *lock)
	FLUSHDEP_MACHINE(flushdep_spin_lock_irqsave);
FLUSHDEP_CALL unsigned long __spin_lock_irqsave_nested(spinlock_t *lock, unsigned int subclass)
	FLUSHDEP_MACHINE(flushdep_spin_lock_irqsave_nested);
FLUSHDEP_CALL bool __spin_trylock_irqsave(spinlock_t *lock, unsigned long *flags)
	FLUSHDEP_MACHINE(flushdep_spin_trylock_irqsave);
FLUSHDEP_CALL void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
	FLUSHDEP_MACHINE(flushdep_spin_unlock_irqrestore);
#define spin_lock_init(lock)		  FLUSHDEP_SHIM_LOCK_INIT(lock)
#define spin_lock_irqsave(lock, flags)	  ((void)((flags) = __spin_lock_irqsave(lock)))
#define spin_trylock_irqsave(lock, flags) __spin_trylock_irqsave(lock, &(flags))
#define spin_lock_irqsave_nested(lock, flags, subclass) \
	((void)((flags) = __spin_lock_irqsave_nested(lock, subclass)))
#define assert_spin_locked(lock)	     BUG_ON(!spin_is_locked(lock))
#define spin_lock_nest_lock(lock, nest_lock) ((void)(nest_lock), spin_lock(lock))
#define spin_lock_bh_nested(lock, subclass)  spin_lock_bh(lock)
#define __flushdep_trylock(off, try, on) \
	({                               \
		bool __got;              \
                                         \
		off;                     \
		__got = try;             \
		if (!__got)              \
			on;              \
		__got;                   \
	})
#define spin_trylock_irq(lock) \
	__flushdep_trylock(local_irq_disable(), spin_trylock(lock), local_irq_enable())
#define spin_trylock_bh(lock) \
	__flushdep_trylock(local_bh_disable(), spin_trylock(lock), local_bh_enable())
#define spin_is_contended(lock)			((void)(lock), 0)
#define raw_spin_trylock_irqsave(lock, flags)	spin_trylock_irqsave(lock, flags)
#define raw_spin_lock_nested(lock, subclass)	spin_lock_nested(lock, subclass)
#define raw_spin_lock_bh(lock)			spin_lock_bh(lock)
#define raw_spin_unlock_bh(lock)		spin_unlock_bh(lock)
#define raw_spin_is_locked(lock)		spin_is_locked(lock)
#define raw_spin_lock(lock)			spin_lock(lock)
#define raw_spin_unlock(lock)			spin_unlock(lock)
#define raw_spin_trylock(lock)			spin_trylock(lock)
#define raw_spin_lock_init(lock)		spin_lock_init(lock)
#define raw_spin_lock_irq(lock)			spin_lock_irq(lock)
#define raw_spin_unlock_irq(lock)		spin_unlock_irq(lock)
#define raw_spin_lock_irqsave(lock, flags)	spin_lock_irqsave(lock, flags)
#define raw_spin_unlock_irqrestore(lock, flags) spin_unlock_irqrestore(lock, flags)

/* partial: readers come in while others read, even if a writer waits. */
FLUSHDEP_CALL void read_lock(rwlock_t *lock) FLUSHDEP_MACHINE(flushdep_read_lock);
FLUSHDEP_CALL void read_unlock(rwlock_t *lock) FLUSHDEP_MACHINE(flushdep_read_unlock);
FLUSHDEP_CALL bool read_trylock(rwlock_t *lock) FLUSHDEP_MACHINE(flushdep_read_trylock);
FLUSHDEP_CALL void write_lock(rwlock_t *lock) FLUSHDEP_MACHINE(flushdep_write_lock);
FLUSHDEP_CALL void write_unlock(rwlock_t *lock) FLUSHDEP_MACHINE(flushdep_write_unlock);
FLUSHDEP_CALL bool write_trylock(rwlock_t *lock) FLUSHDEP_MACHINE(flushdep_write_trylock);
FLUSHDEP_CALL unsigned long __read_lock_irqsave(rwlock_t *lock)
	FLUSHDEP_MACHINE(flushdep_read_lock_irqsave);
FLUSHDEP_CALL void read_unlock_irqrestore(rwlock_t *lock, unsigned long flags)
	FLUSHDEP_MACHINE(flushdep_read_unlock_irqrestore);
FLUSHDEP_CALL unsigned long __write_lock_irqsave(rwlock_t *lock)
	FLUSHDEP_MACHINE(flushdep_write_lock_irqsave);
FLUSHDEP_CALL void write_unlock_irqrestore(rwlock_t *lock, unsigned long flags)
	FLUSHDEP_MACHINE(flushdep_write_unlock_irqrestore);
#define rwlock_init(lock)		FLUSHDEP_SHIM_LOCK_INIT(lock)
#define read_lock_irqsave(lock, flags)	((void)((flags) = __read_lock_irqsave(lock)))
#define write_lock_irqsave(lock, flags) ((void)((flags) = __write_lock_irqsave(lock)))
#define __flushdep_then(first, second) \
	do {                           \
		first;                 \
		second;                \
	} while (0)
#define read_lock_irq(lock)	  __flushdep_then(local_irq_disable(), read_lock(lock))
#define read_unlock_irq(lock)	  __flushdep_then(read_unlock(lock), local_irq_enable())
#define read_lock_bh(lock)	  __flushdep_then(local_bh_disable(), read_lock(lock))
#define read_unlock_bh(lock)	  __flushdep_then(read_unlock(lock), local_bh_enable())
#define write_lock_irq(lock)	  __flushdep_then(local_irq_disable(), write_lock(lock))
#define write_unlock_irq(lock)	  __flushdep_then(write_unlock(lock), local_irq_enable())
#define write_lock_bh(lock)	  __flushdep_then(local_bh_disable(), write_lock(lock))
#define write_unlock_bh(lock)	  __flushdep_then(write_unlock(lock), local_bh_enable())
#define rwlock_is_contended(lock) ((void)(lock), 0)

/* faithful */
DEFINE_LOCK_GUARD_1(spinlock, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irq, spinlock_t, spin_lock_irq(_T->lock), spin_unlock_irq(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(read_lock, rwlock_t, read_lock(_T->lock), read_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock, rwlock_t, write_lock(_T->lock), write_unlock(_T->lock))

DEFINE_LOCK_GUARD_1(spinlock_nested, spinlock_t, spin_lock_nested(_T->lock, 1),
		    spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_bh, spinlock_t, spin_lock_bh(_T->lock), spin_unlock_bh(_T->lock))
DEFINE_LOCK_GUARD_1_COND(spinlock, _try, spin_trylock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(spinlock_irq, _try, spin_trylock_irq(_T->lock))
DEFINE_LOCK_GUARD_1_COND(spinlock_irqsave, _try, spin_trylock_irqsave(_T->lock, _T->flags))
DEFINE_LOCK_GUARD_1(raw_spinlock, raw_spinlock_t, raw_spin_lock(_T->lock),
		    raw_spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(raw_spinlock, _try, raw_spin_trylock(_T->lock))
DEFINE_LOCK_GUARD_1(raw_spinlock_nested, raw_spinlock_t, raw_spin_lock_nested(_T->lock, 1),
		    raw_spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(raw_spinlock_irq, raw_spinlock_t, raw_spin_lock_irq(_T->lock),
		    raw_spin_unlock_irq(_T->lock))
DEFINE_LOCK_GUARD_1(raw_spinlock_irqsave, raw_spinlock_t,
		    raw_spin_lock_irqsave(_T->lock, _T->flags),
		    raw_spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(read_lock_irq, rwlock_t, read_lock_irq(_T->lock), read_unlock_irq(_T->lock))
DEFINE_LOCK_GUARD_1(read_lock_irqsave, rwlock_t, read_lock_irqsave(_T->lock, _T->flags),
		    read_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(write_lock_irq, rwlock_t, write_lock_irq(_T->lock), write_unlock_irq(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock_irqsave, rwlock_t, write_lock_irqsave(_T->lock, _T->flags),
		    write_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)

/* faithful: the count falls to 0 with the lock held only. */
#define __flushdep_dec_and_lock(v, lock_it, unlock_it)         \
	({                                                     \
		atomic_t *__count = (v);                       \
		bool __last = false;                           \
                                                               \
		if (!atomic_add_unless(__count, -1, 1)) {      \
			lock_it;                               \
			__last = atomic_dec_and_test(__count); \
			if (!__last)                           \
				unlock_it;                     \
		}                                              \
		__last;                                        \
	})
#define atomic_dec_and_lock(v, lock) __flushdep_dec_and_lock(v, spin_lock(lock), spin_unlock(lock))
#define atomic_dec_and_lock_irqsave(v, lock, flags)                \
	__flushdep_dec_and_lock(v, spin_lock_irqsave(lock, flags), \
				spin_unlock_irqrestore(lock, flags))

#endif
