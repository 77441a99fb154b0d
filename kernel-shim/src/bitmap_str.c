/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * bitmap_str.c: sets of bits as text. As a mask, groups of 32 bits in hexadecimal,
 * the highest first, and commas between; as a list, "0-3,8-31:2/4" (of every 4
 * bits of a range the first 2).
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/sprintf.h>

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_gap(char c)
{
	return is_space(c) || c == ',';
}

static bool is_end(char c)
{
	return c == '\0' || c == '\n';
}

/* --- Lists ------------------------------------------------------------------------ */

struct region {
	unsigned int start, end; /* the last bit included */
	unsigned int used, group;
};

/* A decimal number or N, the last bit; what follows it, or an error. */
static const char *parse_number(const char *text, unsigned int *number, unsigned int last)
{
	unsigned long long value = 0;
	const char *p = text;

	if (*p == 'N') {
		*number = last;
		return p + 1;
	}
	for (; *p >= '0' && *p <= '9'; p++) {
		if (value <= UINT_MAX)
			value = value * 10 + (*p - '0');
	}
	if (p == text)
		return ERR_PTR(-EINVAL);
	if (value > UINT_MAX)
		return ERR_PTR(-EOVERFLOW);
	*number = value;
	return p;
}

/* "START", "START-END" or "all", without a pattern. */
static const char *parse_bounds(const char *p, struct region *region, unsigned int last)
{
	if (!strncasecmp(p, "all", 3)) {
		region->start = 0;
		region->end = last;
		return p + 3;
	}
	p = parse_number(p, &region->start, last);
	if (IS_ERR(p))
		return p;
	region->end = region->start;
	if (is_gap(*p) || is_end(*p))
		return p;
	return *p == '-' ? parse_number(p + 1, &region->end, last) : ERR_PTR(-EINVAL);
}

static const char *parse_region(const char *p, struct region *region, unsigned int last)
{
	p = parse_bounds(p, region, last);
	if (IS_ERR(p))
		return p;
	region->used = region->group = region->end + 1;
	if (is_gap(*p) || is_end(*p))
		return p;
	if (*p != ':')
		return ERR_PTR(-EINVAL);
	p = parse_number(p + 1, &region->used, last);
	if (IS_ERR(p))
		return p;
	return *p == '/' ? parse_number(p + 1, &region->group, last) : ERR_PTR(-EINVAL);
}

static int check_region(const struct region *region, unsigned int nbits)
{
	if (region->start > region->end || !region->group || region->used > region->group)
		return -EINVAL;
	return region->end >= nbits ? -ERANGE : 0;
}

int bitmap_parselist(const char *buf, unsigned long *maskp, int nbits)
{
	struct region region;
	unsigned int bit;
	int err;

	bitmap_zero(maskp, nbits);
	for (;;) {
		while (is_gap(*buf) && !is_end(*buf))
			buf++;
		if (is_end(*buf))
			return 0;
		buf = parse_region(buf, &region, nbits - 1);
		if (IS_ERR(buf))
			return PTR_ERR(buf);
		err = check_region(&region, nbits);
		if (err)
			return err;
		for (bit = region.start; bit <= region.end; bit += region.group)
			bitmap_set(maskp, bit, min(region.end - bit + 1, region.used));
	}
}

/* --- Masks ------------------------------------------------------------------------ */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One group of digits, backwards from before `end`; where it begins, or an error. */
static const char *parse_group(const char *begin, const char *end, u32 *group)
{
	unsigned int shift;

	*group = 0;
	for (shift = 0; end > begin && !is_gap(end[-1]); shift += 4) {
		int digit = hex_digit(*--end);

		if (digit < 0)
			return ERR_PTR(-EINVAL);
		if (shift >= 32)
			return ERR_PTR(-EOVERFLOW);
		*group |= (u32)digit << shift;
	}
	return end;
}

int bitmap_parse(const char *buf, unsigned int buflen, unsigned long *dst, int nbits)
{
	const char *end = buf;
	unsigned int pos;
	u32 group;

	while ((unsigned int)(end - buf) < buflen && *end && *end != '\n')
		end++;
	bitmap_zero(dst, nbits);
	for (pos = 0;; pos += 32) {
		while (end > buf && is_gap(end[-1]))
			end--;
		if (end == buf)
			return 0;
		if (pos >= (unsigned int)nbits)
			return -EOVERFLOW;
		end = parse_group(buf, end, &group);
		if (IS_ERR(end))
			return PTR_ERR(end);
		if (nbits - pos < 32 && group >> (nbits - pos))
			return -EOVERFLOW;
		bitmap_write(dst, group, pos, min_t(unsigned int, nbits - pos, 32));
	}
}

/* --- Printing ----------------------------------------------------------------------- */

int bitmap_print_to_pagebuf(bool list, char *buf, const unsigned long *maskp, int nbits)
{
	ptrdiff_t room = 4096 - ((unsigned long)buf & 4095);

	return list ? scnprintf(buf, room, "%*pbl\n", nbits, maskp)
		    : scnprintf(buf, room, "%*pb\n", nbits, maskp);
}

/* A part of the text, as a file is read: from `off`, at most `count` bytes. */
static int print_part(bool list, char *buf, const unsigned long *maskp, int nbits, loff_t off,
		      size_t count)
{
	char *text = kasprintf(0, list ? "%*pbl\n" : "%*pb\n", nbits, maskp);
	size_t len;

	if (!text)
		return -ENOMEM;
	/* The end of the text is a byte of it, as the kernel's memory_read_from_buffer(). */
	len = strlen(text) + 1;
	count = off < (loff_t)len ? min_t(size_t, count, len - off) : 0;
	memcpy(buf, text + off, count);
	kfree(text);
	return count;
}

int bitmap_print_bitmask_to_buf(char *buf, const unsigned long *maskp, int nbits, loff_t off,
				size_t count)
{
	return print_part(false, buf, maskp, nbits, off, count);
}

int bitmap_print_list_to_buf(char *buf, const unsigned long *maskp, int nbits, loff_t off,
			     size_t count)
{
	return print_part(true, buf, maskp, nbits, off, count);
}
