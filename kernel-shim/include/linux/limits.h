/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/limits.h: largest and smallest values of the integer types. */
#ifndef FLUSHDEP_LINUX_LIMITS_H
#define FLUSHDEP_LINUX_LIMITS_H

/* faithful: the compiler knows its types best */
#define SHRT_MAX   __SHRT_MAX__
#define INT_MAX	   __INT_MAX__
#define LONG_MAX   __LONG_MAX__
#define LLONG_MAX  __LONG_LONG_MAX__
#define SHRT_MIN   (-SHRT_MAX - 1)
#define INT_MIN	   (-INT_MAX - 1)
#define LONG_MIN   (-LONG_MAX - 1L)
#define LLONG_MIN  (-LLONG_MAX - 1LL)
#define USHRT_MAX  (SHRT_MAX * 2 + 1)
#define UINT_MAX   (INT_MAX * 2U + 1U)
#define ULONG_MAX  (LONG_MAX * 2UL + 1UL)
#define ULLONG_MAX (LLONG_MAX * 2ULL + 1ULL)

#define UINTPTR_MAX   ULONG_MAX
#define SIZE_MAX      __SIZE_MAX__
#define SSIZE_MAX     LONG_MAX
#define PHYS_ADDR_MAX ((phys_addr_t)-1)

#define U8_MAX	((u8)0xff)
#define U16_MAX ((u16)0xffff)
#define U32_MAX ((u32)0xffffffff)
#define U64_MAX ((u64)-1)
#define U32_MIN ((u32)0)
#define S8_MAX	((s8)0x7f)
#define S16_MAX ((s16)0x7fff)
#define S32_MAX ((s32)0x7fffffff)
#define S64_MAX ((s64)0x7fffffffffffffff)
#define S8_MIN	((s8)-0x80)
#define S16_MIN ((s16)-0x8000)
#define S32_MIN ((s32)(-S32_MAX - 1))
#define S64_MIN ((s64)(-S64_MAX - 1))

#define PATH_MAX 4096
#define NAME_MAX 255

#include <linux/types.h>

#endif
