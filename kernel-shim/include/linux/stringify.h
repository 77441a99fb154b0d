/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/stringify.h: arguments as text. */
#ifndef FLUSHDEP_LINUX_STRINGIFY_H
#define FLUSHDEP_LINUX_STRINGIFY_H

/* faithful: the arguments are expanded first. */
#define __stringify_1(x...) #x
#define __stringify(x...)   __stringify_1(x)

#endif
