/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* hexdump.c: bytes as hexadecimal digits, and the dump of them. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "checked.h"

const char hex_asc[] = "0123456789abcdef";
const char hex_asc_upper[] = "0123456789ABCDEF";

int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	return isxdigit(ch) ? (ch | 0x20) - 'a' + 10 : -1;
}

int hex2bin(u8 *dst, const char *src, size_t count)
{
	for (; count--; src += 2) {
		int high = hex_to_bin(src[0]);
		int low = high < 0 ? -1 : hex_to_bin(src[1]);

		if (low < 0)
			return -EINVAL;
		*dst++ = (high << 4) | low;
	}
	return 0;
}

char *bin2hex(char *dst, const void *src, size_t count)
{
	const u8 *p = src;

	while (count--)
		dst = hex_byte_pack(dst, *p++);
	return dst;
}

/* --- A line of a dump ------------------------------------------------------------------ */

/* The longest: 32 single bytes, spaces between, and their characters. */
struct line {
	char text[32 * 3 + 2 + 32 + 1];
	int len;
};

/* A group is a number of the machine: its highest byte comes first. */
static void add_group(struct line *line, const u8 *bytes, int groupsize)
{
	int i;

	for (i = groupsize; i-- > 0;) {
		line->text[line->len++] = hex_asc_hi(bytes[i]);
		line->text[line->len++] = hex_asc_lo(bytes[i]);
	}
}

int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize, char *linebuf,
		       size_t linebuflen, bool ascii)
{
	u8 bytes[32];
	struct line line = {.len = 0};
	size_t i;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	len = min_t(size_t, len, rowsize);
	if (!is_power_of_2(groupsize) || groupsize > 8 || len % groupsize)
		groupsize = 1;
	memcpy(bytes, buf, len);
	for (i = 0; i < len; i += groupsize) {
		if (i)
			line.text[line.len++] = ' ';
		add_group(&line, bytes + i, groupsize);
	}
	if (ascii && len) {
		while (line.len < rowsize * 2 + rowsize / groupsize + 1)
			line.text[line.len++] = ' ';
		for (i = 0; i < len; i++)
			line.text[line.len++] = isprint(bytes[i]) ? bytes[i] : '.';
	}
	if (linebuflen) {
		size_t fits = min_t(size_t, line.len, linebuflen - 1);

		memcpy(linebuf, line.text, fits);
		linebuf[fits] = '\0';
	}
	return line.len;
}

void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize,
		    int groupsize, const void *buf, size_t len, bool ascii)
{
	char text[sizeof(((struct line *)0)->text)];
	size_t at;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	for (at = 0; at < len; at += rowsize) {
		hex_dump_to_buffer(buf + at, len - at, rowsize, groupsize, text, sizeof(text),
				   ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%p: %s\n", level, prefix_str, buf + at, text);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%.8x: %s\n", level, prefix_str, (unsigned int)at, text);
		else
			printk("%s%s%s\n", level, prefix_str, text);
	}
}
