/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kconfig.h: tests of configuration symbols. */
#ifndef FLUSHDEP_LINUX_KCONFIG_H
#define FLUSHDEP_LINUX_KCONFIG_H

#include <generated/autoconf.h>

/*
 * A symbol that is on is defined as 1. Pasted onto the name below that gives a comma, which
 * puts the 1 after it in second place; for any other text the second is the 0.
 */
#define FLUSHDEP_CONFIG_ON_1			   ,
#define FLUSHDEP_CONFIG_SECOND(first, second, ...) second
#define FLUSHDEP_CONFIG_SPLIT(...)		   FLUSHDEP_CONFIG_SECOND(__VA_ARGS__)
#define FLUSHDEP_CONFIG_PASTE(value)		   FLUSHDEP_CONFIG_SPLIT(FLUSHDEP_CONFIG_ON_##value 1, 0, 0)
#define FLUSHDEP_CONFIG_IS_ON(symbol)		   FLUSHDEP_CONFIG_PASTE(symbol)

/* A single token, so that it can be pasted onto a name. */
#define FLUSHDEP_CONFIG_OR_00	       0
#define FLUSHDEP_CONFIG_OR_01	       1
#define FLUSHDEP_CONFIG_OR_10	       1
#define FLUSHDEP_CONFIG_OR_11	       1
#define FLUSHDEP_CONFIG_OR_PASTE(a, b) FLUSHDEP_CONFIG_OR_##a##b
#define FLUSHDEP_CONFIG_OR(a, b)       FLUSHDEP_CONFIG_OR_PASTE(a, b)

/* faithful: 0 or 1, in #if and in C */
#define IS_BUILTIN(option)   FLUSHDEP_CONFIG_IS_ON(option)
#define IS_MODULE(option)    FLUSHDEP_CONFIG_IS_ON(option##_MODULE)
#define IS_ENABLED(option)   FLUSHDEP_CONFIG_OR(IS_BUILTIN(option), IS_MODULE(option))
#define IS_REACHABLE(option) IS_BUILTIN(option)

#endif
