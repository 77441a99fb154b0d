/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bottom_half.h: softirqs of the task's CPU. */
#ifndef FLUSHDEP_LINUX_BOTTOM_HALF_H
#define FLUSHDEP_LINUX_BOTTOM_HALF_H

#include <linux/preempt.h>

/* faithful: they nest, and what they keep off is timers, tasklets and RCU callbacks of the CPU. */
FLUSHDEP_CALL void local_bh_disable(void) FLUSHDEP_MACHINE(flushdep_bh_disable);
FLUSHDEP_CALL void local_bh_enable(void) FLUSHDEP_MACHINE(flushdep_bh_enable);
#define _local_bh_enable()	     local_bh_enable()
#define local_bh_enable_ip(ip)	     ((void)(ip), local_bh_enable())
#define __local_bh_disable_ip(ip, n) ((void)(ip), (void)(n), local_bh_disable())
#define __local_bh_enable_ip(ip, n)  ((void)(ip), (void)(n), local_bh_enable())

/* faithful */
DEFINE_LOCK_GUARD_0(bh, local_bh_disable(), local_bh_enable())

#endif
