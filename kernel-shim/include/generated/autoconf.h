/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* generated/autoconf.h: the configuration that the shim stands for. */
#ifndef FLUSHDEP_GENERATED_AUTOCONF_H
#define FLUSHDEP_GENERATED_AUTOCONF_H

/* partial: the symbols that code on the shim asks for. */
#define CONFIG_64BIT		       1
#define CONFIG_X86		       1
#define CONFIG_X86_64		       1
#define CONFIG_SMP		       1
#define CONFIG_MMU		       1
#define CONFIG_NUMA		       1
#define CONFIG_KUNIT		       1
#define CONFIG_PREEMPT_COUNT	       1
#define CONFIG_DEBUG_VM		       1
#define CONFIG_MERMAP		       1
#define CONFIG_FLUSHDEP_SHIM	       1
#define CONFIG_PAGE_ALLOC_UNMAPPED     1
#define CONFIG_ARCH_HAS_SET_DIRECT_MAP 1
#define CONFIG_ARCH_SUPPORTS_INT128    1
#define CONFIG_SECRETMEM	       1
#define CONFIG_NR_CPUS		       256
#define CONFIG_NODES_SHIFT	       0

#endif
