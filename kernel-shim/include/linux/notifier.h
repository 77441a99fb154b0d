/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/notifier.h: chains of callbacks. */
#ifndef FLUSHDEP_LINUX_NOTIFIER_H
#define FLUSHDEP_LINUX_NOTIFIER_H

#include <linux/errno.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct notifier_block;

/* faithful: results. */
#define NOTIFY_DONE	 0x0000
#define NOTIFY_OK	 0x0001
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD	 (NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP	 (NOTIFY_OK | NOTIFY_STOP_MASK)

static inline int notifier_from_errno(int err)
{
	return err ? NOTIFY_STOP_MASK | (NOTIFY_OK - err) : NOTIFY_OK;
}

static inline int notifier_to_errno(int ret)
{
	ret &= ~NOTIFY_STOP_MASK;
	return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}

/* faithful: the highest priority first, and those of one in the order of registration. */
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;
};

struct raw_notifier_head {
	struct notifier_block *head;
};

#define RAW_NOTIFIER_INIT(name)	     {.head = NULL}
#define RAW_INIT_NOTIFIER_HEAD(name) ((void)((name)->head = NULL))
#define RAW_NOTIFIER_HEAD(name)	     struct raw_notifier_head name = RAW_NOTIFIER_INIT(name)

static inline int raw_notifier_chain_register(struct raw_notifier_head *nh,
					      struct notifier_block *nb)
{
	struct notifier_block **at = &nh->head;

	for (; *at && (*at)->priority >= nb->priority; at = &(*at)->next)
		if (*at == nb)
			return -EEXIST;
	nb->next = *at;
	*at = nb;
	return 0;
}

static inline int raw_notifier_chain_unregister(struct raw_notifier_head *nh,
						struct notifier_block *nb)
{
	struct notifier_block **at;

	for (at = &nh->head; *at; at = &(*at)->next) {
		if (*at == nb) {
			*at = nb->next;
			return 0;
		}
	}
	return -ENOENT;
}

static inline int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v)
{
	struct notifier_block *nb = nh->head;
	int ret = NOTIFY_DONE;

	while (nb && !(ret & NOTIFY_STOP_MASK)) {
		struct notifier_block *next = nb->next;

		ret = nb->notifier_call(nb, val, v);
		nb = next;
	}
	return ret;
}

/* faithful: the callbacks may sleep. */
struct blocking_notifier_head {
	struct rw_semaphore rwsem;
	struct raw_notifier_head chain;
};

#define BLOCKING_NOTIFIER_INIT(name) {.rwsem = __RWSEM_INITIALIZER((name).rwsem)}
#define BLOCKING_INIT_NOTIFIER_HEAD(name)   \
	do {                                \
		init_rwsem(&(name)->rwsem); \
		(name)->chain.head = NULL;  \
	} while (0)
#define BLOCKING_NOTIFIER_HEAD(name) \
	struct blocking_notifier_head name = BLOCKING_NOTIFIER_INIT(name)

static inline int blocking_notifier_chain_register(struct blocking_notifier_head *nh,
						   struct notifier_block *nb)
{
	int err;

	down_write(&nh->rwsem);
	err = raw_notifier_chain_register(&nh->chain, nb);
	up_write(&nh->rwsem);
	return err;
}

static inline int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh,
						     struct notifier_block *nb)
{
	int err;

	down_write(&nh->rwsem);
	err = raw_notifier_chain_unregister(&nh->chain, nb);
	up_write(&nh->rwsem);
	return err;
}

static inline int blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long val,
					       void *v)
{
	int ret;

	down_read(&nh->rwsem);
	ret = raw_notifier_call_chain(&nh->chain, val, v);
	up_read(&nh->rwsem);
	return ret;
}

/* partial: under a spinlock and not in an RCU section, so that a chain cannot call itself. */
struct atomic_notifier_head {
	spinlock_t lock;
	struct raw_notifier_head chain;
};

#define ATOMIC_NOTIFIER_INIT(name) {.lock = __SPIN_LOCK_UNLOCKED(name.lock)}
#define ATOMIC_INIT_NOTIFIER_HEAD(name)        \
	do {                                   \
		spin_lock_init(&(name)->lock); \
		(name)->chain.head = NULL;     \
	} while (0)
#define ATOMIC_NOTIFIER_HEAD(name) \
	struct atomic_notifier_head name = {.lock = FLUSHDEP_SHIM_LOCK(name)}

static inline int atomic_notifier_chain_register(struct atomic_notifier_head *nh,
						 struct notifier_block *nb)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&nh->lock, flags);
	err = raw_notifier_chain_register(&nh->chain, nb);
	spin_unlock_irqrestore(&nh->lock, flags);
	return err;
}

static inline int atomic_notifier_chain_unregister(struct atomic_notifier_head *nh,
						   struct notifier_block *nb)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&nh->lock, flags);
	err = raw_notifier_chain_unregister(&nh->chain, nb);
	spin_unlock_irqrestore(&nh->lock, flags);
	return err;
}

static inline int atomic_notifier_call_chain(struct atomic_notifier_head *nh, unsigned long val,
					     void *v)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&nh->lock, flags);
	ret = raw_notifier_call_chain(&nh->chain, val, v);
	spin_unlock_irqrestore(&nh->lock, flags);
	return ret;
}

#endif
