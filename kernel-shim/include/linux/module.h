/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/module.h: modules are linked in; their init runs before the KUnit suites. */
#ifndef FLUSHDEP_LINUX_MODULE_H
#define FLUSHDEP_LINUX_MODULE_H

#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/stringify.h>

/* partial: run by the KUnit runner's main(), init before the suites and exit after them. */
#define module_init(fn) device_initcall(fn);
#define module_exit(fn) __exitcall(fn);

/* empty */
#define MODULE_LICENSE(x)		_Static_assert(1, "")
#define MODULE_AUTHOR(x)		_Static_assert(1, "")
#define MODULE_DESCRIPTION(x)		_Static_assert(1, "")
#define MODULE_VERSION(x)		_Static_assert(1, "")
#define MODULE_ALIAS(x)			_Static_assert(1, "")
#define MODULE_IMPORT_NS(x)		_Static_assert(1, "")
#define MODULE_INFO(tag, x)		_Static_assert(1, "")
#define MODULE_SOFTDEP(x)		_Static_assert(1, "")
#define MODULE_FIRMWARE(x)		_Static_assert(1, "")
#define MODULE_DEVICE_TABLE(type, name) _Static_assert(1, "")
#define try_module_get(module)		true
#define module_put(module)		((void)(module))
#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "flushdep"
#endif

#endif
