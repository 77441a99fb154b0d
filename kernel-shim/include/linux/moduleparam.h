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

struct kernel_param;
struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);
};
struct kernel_param {
	const char *name;
	const struct kernel_param_ops *ops;
	void *arg;
};
#define module_param_array(name, type, nump, perm) \
	static const void *__maybe_unused __PASTE(__param_, name) = &name
#define module_param_array_named(name, array, type, nump, perm) \
	static const void *__maybe_unused __PASTE(__param_, name) = &array
#define module_param_string(name, string, len, perm) \
	static const void *__maybe_unused __PASTE(__param_, name) = &string
#define module_param_cb(name, ops, arg, perm) \
	static const void *__maybe_unused __PASTE(__param_, name) = (ops)
#define module_param_unsafe(name, type, perm) module_param(name, type, perm)
#define core_param(name, var, type, perm)     module_param_named(name, var, type, perm)

#endif
