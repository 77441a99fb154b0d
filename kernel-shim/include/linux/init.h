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
#define __meminitdata
#define __initdata_or_module
#define __init_or_module
#define __init_memblock
#define __cpuinit
#define __net_init

/* partial: in link order, level by level only as far as the KUnit runner starts them. */
#define __flushdep_call(section, type, tag, fn)                                                    \
	static const type FLUSHDEP_RETAIN __section(section) __PASTE(tag, __PASTE(fn, __LINE__)) = \
		(fn)
#define device_initcall(fn)	 __flushdep_call("flushdep_initcalls", initcall_t, __initcall_, fn)
#define __initcall(fn)		 device_initcall(fn)
#define early_initcall(fn)	 device_initcall(fn)
#define pure_initcall(fn)	 device_initcall(fn)
#define core_initcall(fn)	 device_initcall(fn)
#define postcore_initcall(fn)	 device_initcall(fn)
#define arch_initcall(fn)	 device_initcall(fn)
#define rootfs_initcall(fn)	 device_initcall(fn)
#define core_initcall_sync(fn)	 device_initcall(fn)
#define subsys_initcall_sync(fn) device_initcall(fn)
#define late_initcall_sync(fn)	 device_initcall(fn)
#define subsys_initcall(fn)	 device_initcall(fn)
#define fs_initcall(fn)		 device_initcall(fn)
#define late_initcall(fn)	 device_initcall(fn)
#define __exitcall(fn)		 __flushdep_call("flushdep_exitcalls", exitcall_t, __exitcall_, fn)

/* empty: there is no command line of a kernel. */
#define __setup(str, fn)     static int (*const __maybe_unused __PASTE(__setup_, fn))(char *) = (fn)
#define early_param(str, fn) __setup(str, fn)

#endif
