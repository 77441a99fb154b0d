/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/threads.h: how many CPUs there can be. */
#ifndef FLUSHDEP_LINUX_THREADS_H
#define FLUSHDEP_LINUX_THREADS_H

#include <linux/kconfig.h>

/* faithful: the simulated machine's limit. */
#define NR_CPUS CONFIG_NR_CPUS

#endif
