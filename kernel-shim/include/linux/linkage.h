/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/linkage.h: how functions are called. */
#ifndef FLUSHDEP_LINUX_LINKAGE_H
#define FLUSHDEP_LINUX_LINKAGE_H

#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/stringify.h>

/* empty: C is called like C. */
#define asmlinkage

#endif
