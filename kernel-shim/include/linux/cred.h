/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/cred.h: whose task this is. */
#ifndef FLUSHDEP_LINUX_CRED_H
#define FLUSHDEP_LINUX_CRED_H

#include <linux/sched.h>
#include <linux/sched/user.h>

/* partial: root's, every one. */
#define current_user() (&root_user)

#endif
