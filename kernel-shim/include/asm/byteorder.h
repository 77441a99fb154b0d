/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/byteorder.h: byte order of x86-64. */
#ifndef FLUSHDEP_ASM_BYTEORDER_H
#define FLUSHDEP_ASM_BYTEORDER_H

#include <linux/types.h>

/* faithful */
#define cpu_to_le16(x) ((__le16)(x))
#define cpu_to_le32(x) ((__le32)(x))
#define cpu_to_le64(x) ((__le64)(x))
#define le16_to_cpu(x) ((__u16)(x))
#define le32_to_cpu(x) ((__u32)(x))
#define le64_to_cpu(x) ((__u64)(x))
#define cpu_to_be16(x) ((__be16)__builtin_bswap16(x))
#define cpu_to_be32(x) ((__be32)__builtin_bswap32(x))
#define cpu_to_be64(x) ((__be64)__builtin_bswap64(x))
#define be16_to_cpu(x) ((__u16)__builtin_bswap16(x))
#define be32_to_cpu(x) ((__u32)__builtin_bswap32(x))
#define be64_to_cpu(x) ((__u64)__builtin_bswap64(x))
#define swab16(x)      ((__u16)__builtin_bswap16(x))
#define swab32(x)      ((__u32)__builtin_bswap32(x))
#define swab64(x)      ((__u64)__builtin_bswap64(x))

#endif
