/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * lock.c: the shim's locks, completions, atomics and RCU are the machine's under the kernel's names
 * (FLUSHDEP_MACHINE); here is checked that both speak of the same things.
 */
#include <asm/flushdep_order.h>
#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>

#include "flushdep_sync.h"

__thread bool flushdep_shim_barrier;
__thread const volatile void *flushdep_shim_relaxed;

#define SAME_SIZE(a, b) _Static_assert(sizeof(a) == sizeof(b), #a " is " #b)
#define SAME_PLACE(a, x, b, y) \
	_Static_assert(offsetof(a, x) == offsetof(b, y), #a "." #x " is " #b "." #y)
#define SAME_NUMBER(name) \
	_Static_assert(FLUSHDEP_SHIM_##name == FLUSHDEP_ATOMIC_##name, "atomic " #name)
#define SAME_ORDER(name) \
	_Static_assert(FLUSHDEP_SHIM_##name == FLUSHDEP_ORDER_##name, "order " #name)

SAME_SIZE(struct flushdep_shim_lock, flushdep_lock);
SAME_PLACE(struct flushdep_shim_lock, word, flushdep_lock, word);
SAME_PLACE(struct flushdep_shim_lock, owner, flushdep_lock, owner);
SAME_PLACE(struct flushdep_shim_lock, site, flushdep_lock, site);
SAME_PLACE(struct flushdep_shim_lock, seq, flushdep_lock, seq);
SAME_PLACE(struct flushdep_shim_lock, key, flushdep_lock, key);
SAME_PLACE(struct flushdep_shim_lock, name, flushdep_lock, name);
SAME_SIZE(struct lock_class_key, flushdep_lock_key);
SAME_SIZE(spinlock_t, flushdep_spinlock);
SAME_SIZE(rwlock_t, flushdep_rwlock);
SAME_SIZE(struct mutex, flushdep_mutex);
SAME_SIZE(struct rw_semaphore, flushdep_rwsem);
SAME_SIZE(struct completion, flushdep_completion);
SAME_SIZE(struct rcu_head, flushdep_rcu_head);
SAME_PLACE(struct rcu_head, next, flushdep_rcu_head, next);
SAME_PLACE(struct rcu_head, func, flushdep_rcu_head, fn);

SAME_NUMBER(READ);
SAME_NUMBER(SET);
SAME_NUMBER(ADD);
SAME_NUMBER(OR);
SAME_NUMBER(AND);
SAME_NUMBER(XCHG);
SAME_NUMBER(CMPXCHG);
SAME_NUMBER(ADD_UNLESS);
SAME_ORDER(ACQUIRE);
SAME_ORDER(RELEASE);
SAME_ORDER(FULL);
