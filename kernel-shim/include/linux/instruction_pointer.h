/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/instruction_pointer.h: where code is. */
#ifndef FLUSHDEP_LINUX_INSTRUCTION_POINTER_H
#define FLUSHDEP_LINUX_INSTRUCTION_POINTER_H

/* faithful */
#define _RET_IP_ ((unsigned long)__builtin_return_address(0))
#define _THIS_IP_                        \
	({                               \
		__label__ __here;        \
	__here:                          \
		__asm__ volatile("");    \
		(unsigned long)&&__here; \
	})

#endif
