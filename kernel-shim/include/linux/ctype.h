/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/ctype.h: kinds of characters. */
#ifndef FLUSHDEP_LINUX_CTYPE_H
#define FLUSHDEP_LINUX_CTYPE_H

#include <linux/compiler.h>

/* partial: of ASCII; the kernel's has letters of Latin-1, too. */
#define isascii(c) (((unsigned char)(c)) <= 0x7f)
#define toascii(c) (((unsigned char)(c)) & 0x7f)
#define isalnum(c) (isalpha(c) || isdigit(c))
#define isgraph(c) (isprint(c) && (c) != ' ')
#define iscntrl(c) flushdep_shim_in_range(c, 0, 0x1f)
#define ispunct(c) (isgraph(c) && !isalnum(c))

static inline int flushdep_shim_in_range(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

static inline int isdigit(int c)
{
	return flushdep_shim_in_range(c, '0', '9');
}

static inline int islower(int c)
{
	return flushdep_shim_in_range(c, 'a', 'z');
}

static inline int isupper(int c)
{
	return flushdep_shim_in_range(c, 'A', 'Z');
}

static inline int isalpha(int c)
{
	return islower(c) || isupper(c);
}

static inline int isodigit(int c)
{
	return flushdep_shim_in_range(c, '0', '7');
}

static inline int isxdigit(int c)
{
	return isdigit(c) || flushdep_shim_in_range(c | 0x20, 'a', 'f');
}

static inline int isprint(int c)
{
	return flushdep_shim_in_range(c, ' ', '~');
}

static inline int isspace(int c)
{
	return c == ' ' || flushdep_shim_in_range(c, '\t', '\r');
}

static inline unsigned char __tolower(unsigned char c)
{
	return isupper(c) ? c | 0x20 : c;
}

static inline unsigned char __toupper(unsigned char c)
{
	return islower(c) ? c & ~0x20 : c;
}

#define tolower(c) __tolower(c)
#define toupper(c) __toupper(c)

static inline char _tolower(const char c)
{
	return c | 0x20;
}

#endif
