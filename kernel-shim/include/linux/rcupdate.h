/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rcupdate.h: RCU, the machine's: grace periods really wait for readers. */
#ifndef FLUSHDEP_LINUX_RCUPDATE_H
#define FLUSHDEP_LINUX_RCUPDATE_H

#include <asm/barrier.h>
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/preempt.h>
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
#define rcu_replace_pointer(rcu_ptr, ptr, c)                                    \
	({                                                                      \
		typeof(ptr) __replaced = rcu_dereference_protected(rcu_ptr, c); \
		rcu_assign_pointer(rcu_ptr, ptr);                               \
		__replaced;                                                     \
	})
#define rcu_pointer_handoff(p)	    (p)
#define unrcu_pointer(p)	    (p)
#define synchronize_rcu_expedited() synchronize_rcu()
#define call_rcu_hurry(head, func)  call_rcu(head, func)
#define rcu_is_watching()	    true
#define RCU_INITIALIZER(v)	    (v)
typedef void (*rcu_callback_t)(struct rcu_head *head);

/* partial: any RCU section is one of every kind. */
#define rcu_read_lock_any_held() rcu_read_lock_held()
#define rcu_read_lock_bh()          \
	do {                        \
		local_bh_disable(); \
		rcu_read_lock();    \
	} while (0)
#define rcu_read_unlock_bh()       \
	do {                       \
		rcu_read_unlock(); \
		local_bh_enable(); \
	} while (0)
#define rcu_read_lock_sched()      \
	do {                       \
		preempt_disable(); \
		rcu_read_lock();   \
	} while (0)
#define rcu_read_unlock_sched()    \
	do {                       \
		rcu_read_unlock(); \
		preempt_enable();  \
	} while (0)
#define rcu_read_lock_bh_held()	   rcu_read_lock_held()
#define rcu_read_lock_sched_held() rcu_read_lock_held()
#define rcu_dereference_bh(p)	   rcu_dereference(p)
#define rcu_dereference_sched(p)   rcu_dereference(p)
#define RCU_LOCKDEP_WARN(c, s)	   ((void)WARN_ONCE(c, "%s\n", s))

/* faithful: a grace period after `start` is over when this returns. */
#define get_state_synchronize_rcu()    0UL
#define start_poll_synchronize_rcu()   0UL
#define cond_synchronize_rcu(oldstate) ((void)(oldstate), synchronize_rcu())

/* empty: heads need not be known. */
#define init_rcu_head(head)		((void)(head))
#define destroy_rcu_head(head)		((void)(head))
#define init_rcu_head_on_stack(head)	((void)(head))
#define destroy_rcu_head_on_stack(head) ((void)(head))

/* partial: the order of an acquire; a dependency is all that the kernel promises. */
#define rcu_dereference(p) smp_load_acquire(&(p))

/* partial: runs in the next synchronize_rcu() or rcu_barrier() of any task, in softirq context. */
FLUSHDEP_CALL void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
	FLUSHDEP_MACHINE(flushdep_call_rcu);

/* faithful */
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())

/* partial: as call_rcu(); the other form waits for a grace period. */
FLUSHDEP_CALL void flushdep_shim_kfree_rcu(struct rcu_head *head, const void *ptr);
FLUSHDEP_CALL void flushdep_shim_kfree_after_rcu(const void *ptr);
#define kfree_rcu(ptr, rhf)                                                  \
	do {                                                                 \
		typeof(ptr) __rcu_ptr = (ptr);                               \
                                                                             \
		if (__rcu_ptr)                                               \
			flushdep_shim_kfree_rcu(&__rcu_ptr->rhf, __rcu_ptr); \
	} while (0)
#define kvfree_rcu(ptr, rhf)	   kfree_rcu(ptr, rhf)
#define kfree_rcu_mightsleep(ptr)  flushdep_shim_kfree_after_rcu(ptr)
#define kvfree_rcu_mightsleep(ptr) flushdep_shim_kfree_after_rcu(ptr)

#endif
