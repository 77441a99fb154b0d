/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/hex.h: bytes as hexadecimal digits. */
#ifndef FLUSHDEP_LINUX_HEX_H
#define FLUSHDEP_LINUX_HEX_H

#include <linux/compiler.h>
#include <linux/types.h>

/* faithful */
extern const char hex_asc[];
extern const char hex_asc_upper[];
#define hex_asc_lo(x)	    hex_asc[((x) & 0x0f)]
#define hex_asc_hi(x)	    hex_asc[((x) & 0xf0) >> 4]
#define hex_asc_upper_lo(x) hex_asc_upper[((x) & 0x0f)]
#define hex_asc_upper_hi(x) hex_asc_upper[((x) & 0xf0) >> 4]

static inline char *hex_byte_pack(char *buf, u8 byte)
{
	*buf++ = hex_asc_hi(byte);
	*buf++ = hex_asc_lo(byte);
	return buf;
}

/* The digit's value, or -1. */
int hex_to_bin(unsigned char ch);
int __must_check hex2bin(u8 *dst, const char *src, size_t count);
char *bin2hex(char *dst, const void *src, size_t count);

#endif
