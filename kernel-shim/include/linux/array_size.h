/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/array_size.h: elements of an array. */
#ifndef FLUSHDEP_LINUX_ARRAY_SIZE_H
#define FLUSHDEP_LINUX_ARRAY_SIZE_H

#include <linux/compiler.h>

/* faithful */
#define ARRAY_SIZE(arr) (sizeof(arr) / sizeof((arr)[0]) + __must_be_array(arr))

#endif
