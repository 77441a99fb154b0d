/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rwsem.h: readers and a writer. They do not yet feed the checker's happens-before. */
#ifndef FLUSHDEP_LINUX_RWSEM_H
#define FLUSHDEP_LINUX_RWSEM_H

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/rwsem_types.h>

/* partial: exclude; a writer may starve, and there are no lock classes. */
#define DECLARE_RWSEM(name) struct rw_semaphore name = {0}
#define init_rwsem(sem)	    ((void)((sem)->word = 0))
void down_read(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);
int rwsem_is_locked(struct rw_semaphore *sem);

DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))

#endif
