/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/poison.h: values that mark dead list entries. */
#ifndef FLUSHDEP_LINUX_POISON_H
#define FLUSHDEP_LINUX_POISON_H

/* faithful */
#define LIST_POISON1 ((void *)0xdead000000000100ul)
#define LIST_POISON2 ((void *)0xdead000000000122ul)
#define POISON_INUSE 0x5a
#define POISON_FREE  0x6b
#define PAGE_POISON  0xaa

#endif
