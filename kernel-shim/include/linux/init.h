/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/init.h: functions that run before the tests (see linux/module.h). */
#ifndef FLUSHDEP_LINUX_INIT_H
#define FLUSHDEP_LINUX_INIT_H

#include <linux/compiler.h>

/* faithful */
typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

/* empty: nothing is discarded after the start. */
#define __init
#define __exit
#define __initdata
#define __exitdata
#define __initconst
#define __exit_p(x) x
#define __meminit
#define __net_init

/* partial: in link order, level by level only as far as the KUnit runner starts them. */
#define __flushdep_call(section, type, tag, fn)                                                    \
	static const type FLUSHDEP_RETAIN __section(section) __PASTE(tag, __PASTE(fn, __LINE__)) = \
		(fn)
#define device_initcall(fn) __flushdep_call("flushdep_initcalls", initcall_t, __initcall_, fn)
#define __initcall(fn)	    device_initcall(fn)
#define core_initcall(fn)   device_initcall(fn)
#define subsys_initcall(fn) device_initcall(fn)
#define fs_initcall(fn)	    device_initcall(fn)
#define late_initcall(fn)   device_initcall(fn)
#define __exitcall(fn)	    __flushdep_call("flushdep_exitcalls", exitcall_t, __exitcall_, fn)

#endif
