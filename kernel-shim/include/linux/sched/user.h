/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/user.h: what is accounted to a user. */
#ifndef FLUSHDEP_LINUX_SCHED_USER_H
#define FLUSHDEP_LINUX_SCHED_USER_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/types.h>

/* partial: there is one user. */
struct user_struct {
	refcount_t __count;
	atomic_long_t locked_vm;
};
extern struct user_struct root_user;
#define INIT_USER (&root_user)

/* faithful */
static inline struct user_struct *get_uid(struct user_struct *u)
{
	refcount_inc(&u->__count);
	return u;
}

void free_uid(struct user_struct *u);

#endif
