/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rwsem.h: readers and a writer. They are the machine's: ordered, with classes, and checked.
 */
#ifndef FLUSHDEP_LINUX_RWSEM_H
#define FLUSHDEP_LINUX_RWSEM_H

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/rwsem_types.h>

/* partial: readers come in while others read, so that a writer may starve. */
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)
#define init_rwsem(sem)	    FLUSHDEP_SHIM_LOCK_INIT(sem)
FLUSHDEP_CALL void down_read(struct rw_semaphore *sem) FLUSHDEP_MACHINE(flushdep_down_read);
FLUSHDEP_CALL void down_read_nested(struct rw_semaphore *sem, unsigned int subclass)
	FLUSHDEP_MACHINE(flushdep_down_read_nested);
FLUSHDEP_CALL void up_read(struct rw_semaphore *sem) FLUSHDEP_MACHINE(flushdep_up_read);
FLUSHDEP_CALL void down_write(struct rw_semaphore *sem) FLUSHDEP_MACHINE(flushdep_down_write);
FLUSHDEP_CALL void down_write_nested(struct rw_semaphore *sem, unsigned int subclass)
	FLUSHDEP_MACHINE(flushdep_down_write_nested);
FLUSHDEP_CALL void up_write(struct rw_semaphore *sem) FLUSHDEP_MACHINE(flushdep_up_write);
FLUSHDEP_CALL bool down_read_trylock(struct rw_semaphore *sem)
	FLUSHDEP_MACHINE(flushdep_down_read_trylock);
FLUSHDEP_CALL bool down_write_trylock(struct rw_semaphore *sem)
	FLUSHDEP_MACHINE(flushdep_down_write_trylock);
FLUSHDEP_CALL void downgrade_write(struct rw_semaphore *sem)
	FLUSHDEP_MACHINE(flushdep_downgrade_write);
bool rwsem_is_locked(const struct rw_semaphore *sem) FLUSHDEP_MACHINE(flushdep_rwsem_is_locked);

/* empty: nobody is told who waits. */
#define rwsem_is_contended(sem) ((void)(sem), 0)

/* partial: no signal interrupts a wait. */
#define down_read_interruptible(sem) \
	({                           \
		down_read(sem);      \
		0;                   \
	})
#define down_read_killable(sem) down_read_interruptible(sem)
#define down_write_killable(sem) \
	({                       \
		down_write(sem); \
		0;               \
	})

/* partial: by this task, in any way. */
#define rwsem_assert_held(sem)	     lockdep_assert_held(sem)
#define rwsem_assert_held_write(sem) lockdep_assert_held(sem)

/* faithful */
DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))

DEFINE_GUARD_COND(rwsem_read, _try, down_read_trylock(_T))
DEFINE_GUARD_COND(rwsem_read, _intr, down_read_interruptible(_T) == 0)
DEFINE_GUARD_COND(rwsem_read, _kill, down_read_killable(_T) == 0)
DEFINE_GUARD_COND(rwsem_write, _try, down_write_trylock(_T))
DEFINE_GUARD_COND(rwsem_write, _kill, down_write_killable(_T) == 0)

#endif
