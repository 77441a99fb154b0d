/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/local_lock.h: locks of this CPU's data. */
#ifndef FLUSHDEP_LINUX_LOCAL_LOCK_H
#define FLUSHDEP_LINUX_LOCAL_LOCK_H

#include <linux/bottom_half.h>
#include <linux/cleanup.h>
#include <linux/irqflags.h>
#include <linux/percpu-defs.h>
#include <linux/preempt.h>

/* partial: as without PREEMPT_RT and without lockdep: they turn off preemption, or interrupts. */
typedef struct {
	int flushdep_unused;
} local_lock_t;
typedef local_lock_t local_trylock_t;

#define INIT_LOCAL_LOCK(lockname)    {0}
#define INIT_LOCAL_TRYLOCK(lockname) {0}
#define local_lock_init(lock)	     ((void)(lock))
#define local_trylock_init(lock)     ((void)(lock))
#define local_lock(lock)                 \
	do {                             \
		__verify_pcpu_ptr(lock); \
		preempt_disable();       \
	} while (0)
#define local_unlock(lock)               \
	do {                             \
		__verify_pcpu_ptr(lock); \
		preempt_enable();        \
	} while (0)
#define local_lock_irq(lock)             \
	do {                             \
		__verify_pcpu_ptr(lock); \
		local_irq_disable();     \
	} while (0)
#define local_unlock_irq(lock)           \
	do {                             \
		__verify_pcpu_ptr(lock); \
		local_irq_enable();      \
	} while (0)
#define local_lock_irqsave(lock, flags)  \
	do {                             \
		__verify_pcpu_ptr(lock); \
		local_irq_save(flags);   \
	} while (0)
#define local_unlock_irqrestore(lock, flags) \
	do {                                 \
		__verify_pcpu_ptr(lock);     \
		local_irq_restore(flags);    \
	} while (0)
#define local_lock_nested_bh(lock)   __verify_pcpu_ptr(lock)
#define local_unlock_nested_bh(lock) __verify_pcpu_ptr(lock)

/* faithful */
DEFINE_LOCK_GUARD_1(local_lock, local_lock_t __percpu, local_lock(_T->lock), local_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(local_lock_irq, local_lock_t __percpu, local_lock_irq(_T->lock),
		    local_unlock_irq(_T->lock))
DEFINE_LOCK_GUARD_1(local_lock_irqsave, local_lock_t __percpu,
		    local_lock_irqsave(_T->lock, _T->flags),
		    local_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)

#endif
