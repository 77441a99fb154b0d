/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/moduleparam.h: parameters of modules. */
#ifndef FLUSHDEP_LINUX_MODULEPARAM_H
#define FLUSHDEP_LINUX_MODULEPARAM_H

#include <linux/init.h>

/* empty: a parameter keeps its initial value. */
#define module_param(name, type, perm) \
	static const void *__maybe_unused __PASTE(__param_, name) = &name
#define module_param_named(name, value, type, perm) \
	static const void *__maybe_unused __PASTE(__param_, name) = &value
#define MODULE_PARM_DESC(parm, desc) _Static_assert(1, "")

#endif
