/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rcupdate.h: RCU, the machine's: grace periods really wait for readers. */
#ifndef FLUSHDEP_LINUX_RCUPDATE_H
#define FLUSHDEP_LINUX_RCUPDATE_H

#include <asm/barrier.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* faithful */
FLUSHDEP_CALL void rcu_read_lock(void) FLUSHDEP_MACHINE(flushdep_rcu_read_lock);
FLUSHDEP_CALL void rcu_read_unlock(void) FLUSHDEP_MACHINE(flushdep_rcu_read_unlock);
bool rcu_read_lock_held(void) FLUSHDEP_MACHINE(flushdep_rcu_read_lock_held);
FLUSHDEP_CALL void synchronize_rcu(void) FLUSHDEP_MACHINE(flushdep_synchronize_rcu);
FLUSHDEP_CALL void rcu_barrier(void) FLUSHDEP_MACHINE(flushdep_rcu_barrier);
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), v)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_dereference_raw(p)		rcu_dereference(p)
#define rcu_dereference_check(p, c)	rcu_dereference(p)
#define rcu_dereference_protected(p, c) (p)

/* partial: the order of an acquire; a dependency is all that the kernel promises. */
#define rcu_dereference(p) smp_load_acquire(&(p))

/* partial: runs in the next synchronize_rcu() or rcu_barrier() of any task, in softirq context. */
FLUSHDEP_CALL void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
	FLUSHDEP_MACHINE(flushdep_call_rcu);

/* faithful */
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())

#endif
