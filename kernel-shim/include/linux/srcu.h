/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/srcu.h: RCU whose readers may sleep. */
#ifndef FLUSHDEP_LINUX_SRCU_H
#define FLUSHDEP_LINUX_SRCU_H

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/* partial: counters for all CPUs, and not for each; grace periods wait for readers, one after the
 * other. */
struct srcu_struct {
	atomic_t completed;
	atomic_t readers[2];
	struct mutex mutex;
};

#define __SRCU_STRUCT_INIT(name)                          \
	{                                                 \
		.mutex = __MUTEX_INITIALIZER(name.mutex), \
	}
#define DEFINE_SRCU(name)	 struct srcu_struct name = __SRCU_STRUCT_INIT(name)
#define DEFINE_STATIC_SRCU(name) static DEFINE_SRCU(name)
int init_srcu_struct(struct srcu_struct *ssp);
void cleanup_srcu_struct(struct srcu_struct *ssp);
FLUSHDEP_CALL int __must_check srcu_read_lock(struct srcu_struct *ssp);
FLUSHDEP_CALL void srcu_read_unlock(struct srcu_struct *ssp, int idx);
FLUSHDEP_CALL void synchronize_srcu(struct srcu_struct *ssp);
#define synchronize_srcu_expedited(ssp) synchronize_srcu(ssp)

/* faithful */
#define srcu_dereference(p, ssp)	  rcu_dereference(p)
#define srcu_dereference_check(p, ssp, c) rcu_dereference(p)

/* partial: by any task. */
bool srcu_read_lock_held(const struct srcu_struct *ssp);

/* partial: called at once, after a grace period that this waits for; so not in atomic context. */
FLUSHDEP_CALL void call_srcu(struct srcu_struct *ssp, struct rcu_head *head,
			     void (*func)(struct rcu_head *head));
#define srcu_barrier(ssp) ((void)(ssp))

/* faithful */
DEFINE_LOCK_GUARD_1(srcu, struct srcu_struct, _T->idx = srcu_read_lock(_T->lock),
		    srcu_read_unlock(_T->lock, _T->idx), int idx)

#endif
