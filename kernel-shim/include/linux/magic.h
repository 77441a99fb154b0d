/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/magic.h: forwards. */
#ifndef FLUSHDEP_LINUX_MAGIC_H
#define FLUSHDEP_LINUX_MAGIC_H

#include <uapi/linux/magic.h>

#endif
