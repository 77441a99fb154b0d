/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/glob.h: patterns as a shell's. */
#ifndef FLUSHDEP_LINUX_GLOB_H
#define FLUSHDEP_LINUX_GLOB_H

#include <linux/types.h>

/* faithful: * ? [set] [!set], and a backslash before what is meant as it is. */
bool glob_match(const char *pat, const char *str);

#endif
