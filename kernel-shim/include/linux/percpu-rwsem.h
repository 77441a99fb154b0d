/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/percpu-rwsem.h: readers and a writer; cheap for readers in the kernel. */
#ifndef FLUSHDEP_LINUX_PERCPU_RWSEM_H
#define FLUSHDEP_LINUX_PERCPU_RWSEM_H

#include <linux/cleanup.h>
#include <linux/rwsem.h>

/* partial: as linux/rwsem.h; a reader is not cheaper here. */
struct percpu_rw_semaphore {
	struct rw_semaphore rw_sem;
};

#define DEFINE_PERCPU_RWSEM(name) \
	struct percpu_rw_semaphore name = {.rw_sem = __RWSEM_INITIALIZER(name)}
#define DEFINE_STATIC_PERCPU_RWSEM(name) static DEFINE_PERCPU_RWSEM(name)
#define percpu_init_rwsem(sem)              \
	({                                  \
		init_rwsem(&(sem)->rw_sem); \
		0;                          \
	})
#define percpu_free_rwsem(sem)	      ((void)(sem))
#define percpu_down_read(sem)	      down_read(&(sem)->rw_sem)
#define percpu_down_read_trylock(sem) down_read_trylock(&(sem)->rw_sem)
#define percpu_up_read(sem)	      up_read(&(sem)->rw_sem)
#define percpu_down_write(sem)	      down_write(&(sem)->rw_sem)
#define percpu_up_write(sem)	      up_write(&(sem)->rw_sem)
#define percpu_is_write_locked(sem)   rwsem_is_locked(&(sem)->rw_sem)
#define percpu_rwsem_is_held(sem)     lockdep_is_held(&(sem)->rw_sem)
#define percpu_rwsem_assert_held(sem) lockdep_assert_held(&(sem)->rw_sem)

/* faithful */
DEFINE_GUARD(percpu_read, struct percpu_rw_semaphore *, percpu_down_read(_T), percpu_up_read(_T))
DEFINE_GUARD(percpu_write, struct percpu_rw_semaphore *, percpu_down_write(_T), percpu_up_write(_T))

#endif
