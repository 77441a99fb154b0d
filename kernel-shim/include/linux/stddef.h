/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/stddef.h: NULL, booleans and offsets within structs. */
#ifndef FLUSHDEP_LINUX_STDDEF_H
#define FLUSHDEP_LINUX_STDDEF_H

#include <linux/types.h>

/* faithful */
#undef offsetof
#define offsetof(TYPE, MEMBER)	   __builtin_offsetof(TYPE, MEMBER)
#define sizeof_field(TYPE, MEMBER) sizeof((((TYPE *)0)->MEMBER))
#define offsetofend(TYPE, MEMBER)  (offsetof(TYPE, MEMBER) + sizeof_field(TYPE, MEMBER))
#define struct_group(NAME, MEMBERS...) \
	union {                        \
		struct {               \
			MEMBERS        \
		};                     \
		struct {               \
			MEMBERS        \
		} NAME;                \
	}

#endif
