/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/static_key.h: see linux/jump_label.h. */
#ifndef FLUSHDEP_LINUX_STATIC_KEY_H
#define FLUSHDEP_LINUX_STATIC_KEY_H

#include <linux/jump_label.h>

#endif
