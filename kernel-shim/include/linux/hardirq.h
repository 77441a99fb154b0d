/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/hardirq.h: kinds of context; see linux/preempt.h. */
#ifndef FLUSHDEP_LINUX_HARDIRQ_H
#define FLUSHDEP_LINUX_HARDIRQ_H

#include <linux/preempt.h>

#endif
