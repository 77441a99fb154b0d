/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * printf.c: the kernel's format strings. What linux/printk.h names of %p's
 * extensions; an unknown one prints the address and then its letters.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

struct out {
	char *buf;
	size_t size;
	size_t len;
};

struct spec {
	bool left, plus, space, alt, zero, upper;
	int width;
	int precision; /* -1: none */
	char length;   /* H for hh, L for ll and wider, else the letter */
};

static void put(struct out *out, char c)
{
	if (out->len < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static void put_many(struct out *out, char c, int count)
{
	while (count-- > 0)
		put(out, c);
}

static void put_text(struct out *out, const char *text, int len, const struct spec *spec)
{
	if (!spec->left)
		put_many(out, ' ', spec->width - len);
	for (int i = 0; i < len; i++)
		put(out, text[i]);
	if (spec->left)
		put_many(out, ' ', spec->width - len);
}

static void put_string(struct out *out, const char *s, const struct spec *spec)
{
	if ((unsigned long)s < 4096 || IS_ERR(s))
		s = s ? "(efault)" : "(null)";
	put_text(out, s, strnlen(s, spec->precision < 0 ? INT_MAX : spec->precision), spec);
}

static void put_number(struct out *out, unsigned long long value, unsigned int base, bool negative,
		       const struct spec *spec)
{
	const char *digits = spec->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[72], prefix[4];
	int len = 0, prefix_len = 0, zeros;

	if (negative || spec->plus || spec->space)
		prefix[prefix_len++] = negative ? '-' : spec->plus ? '+' : ' ';
	if (spec->alt && base == 16) {
		prefix[prefix_len++] = '0';
		prefix[prefix_len++] = spec->upper ? 'X' : 'x';
	}
	do {
		text[len++] = digits[value % base];
		value /= base;
	} while (value);
	if (spec->alt && base == 8)
		text[len++] = '0';
	zeros = spec->precision - len;
	if (spec->precision < 0 && spec->zero && !spec->left)
		zeros = spec->width - prefix_len - len;
	zeros = max(zeros, 0);
	if (!spec->left)
		put_many(out, ' ', spec->width - prefix_len - zeros - len);
	for (int i = 0; i < prefix_len; i++)
		put(out, prefix[i]);
	put_many(out, '0', zeros);
	for (int i = len; i-- > 0;)
		put(out, text[i]);
	if (spec->left)
		put_many(out, ' ', spec->width - prefix_len - zeros - len);
}

/* --- %p ------------------------------------------------------------------------- */

static const struct {
	int err;
	const char *name;
} error_names[] = {
#define NAME(e) {e, #e}
	NAME(EPERM),	 NAME(ENOENT),	 NAME(EINTR),	  NAME(EIO),	   NAME(ENXIO),
	NAME(E2BIG),	 NAME(EBADF),	 NAME(EAGAIN),	  NAME(ENOMEM),	   NAME(EACCES),
	NAME(EFAULT),	 NAME(EBUSY),	 NAME(EEXIST),	  NAME(EXDEV),	   NAME(ENODEV),
	NAME(ENOTDIR),	 NAME(EISDIR),	 NAME(EINVAL),	  NAME(EFBIG),	   NAME(ENOSPC),
	NAME(ESPIPE),	 NAME(EROFS),	 NAME(EPIPE),	  NAME(EDOM),	   NAME(ERANGE),
	NAME(EDEADLK),	 NAME(ENOSYS),	 NAME(ENODATA),	  NAME(EOVERFLOW), NAME(EOPNOTSUPP),
	NAME(ETIMEDOUT), NAME(ENOTSUPP), NAME(EHWPOISON),
#undef NAME
};

static void put_error(struct out *out, const void *ptr, const struct spec *spec)
{
	struct spec number = {.width = spec->width, .left = spec->left, .precision = -1};
	char text[24];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(error_names); i++)
		if (error_names[i].err == -PTR_ERR(ptr)) {
			text[0] = '-';
			strscpy(text + 1, error_names[i].name, sizeof(text) - 1);
			put_text(out, text, strlen(text), spec);
			return;
		}
	put_number(out, -PTR_ERR(ptr), 10, true, &number);
}

static void put_pointer(struct out *out, const void *ptr, const struct spec *spec)
{
	struct spec full = *spec;

	if (full.width <= 0) {
		full.width = 16;
		full.zero = true;
	}
	full.precision = -1;
	put_number(out, (unsigned long)ptr, 16, false, &full);
}

static void put_gfp(struct out *out, gfp_t gfp)
{
	static const struct {
		gfp_t mask;
		const char *name;
	} names[] = {
		{GFP_TRANSHUGE, "GFP_TRANSHUGE"},
		{GFP_HIGHUSER_MOVABLE, "GFP_HIGHUSER_MOVABLE"},
		{GFP_HIGHUSER, "GFP_HIGHUSER"},
		{GFP_USER, "GFP_USER"},
		{GFP_KERNEL_ACCOUNT, "GFP_KERNEL_ACCOUNT"},
		{GFP_KERNEL, "GFP_KERNEL"},
		{GFP_NOFS, "GFP_NOFS"},
		{GFP_NOIO, "GFP_NOIO"},
		{GFP_ATOMIC, "GFP_ATOMIC"},
		{GFP_NOWAIT, "GFP_NOWAIT"},
		{__GFP_UNMAPPED, "__GFP_UNMAPPED"},
		{__GFP_ZERO, "__GFP_ZERO"},
		{__GFP_COMP, "__GFP_COMP"},
		{__GFP_NOWARN, "__GFP_NOWARN"},
		{__GFP_THISNODE, "__GFP_THISNODE"},
		{__GFP_ACCOUNT, "__GFP_ACCOUNT"},
		{__GFP_HIGHMEM, "__GFP_HIGHMEM"},
		{__GFP_NORETRY, "__GFP_NORETRY"},
		{__GFP_RETRY_MAYFAIL, "__GFP_RETRY_MAYFAIL"},
		{__GFP_NOFAIL, "__GFP_NOFAIL"},
		{__GFP_HIGH, "__GFP_HIGH"},
		{__GFP_DIRECT_RECLAIM, "__GFP_DIRECT_RECLAIM"},
		{__GFP_KSWAPD_RECLAIM, "__GFP_KSWAPD_RECLAIM"},
	};
	struct spec plain = {.precision = -1, .alt = true};
	bool first = true;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if ((gfp & names[i].mask) != names[i].mask)
			continue;
		if (!first)
			put(out, '|');
		first = false;
		gfp &= ~names[i].mask;
		put_string(out, names[i].name, &plain);
	}
	if (!gfp && !first)
		return;
	if (!first)
		put(out, '|');
	put_number(out, gfp, 16, false, &plain);
}

static void put_hex_dump(struct out *out, const u8 *bytes, const struct spec *spec, char separator)
{
	struct spec two = {.width = 2, .zero = true, .precision = -1};

	for (int i = 0; i < spec->width; i++) {
		if (i && separator)
			put(out, separator);
		put_number(out, bytes[i], 16, false, &two);
	}
}

/* %*pb: groups of 32 bits, the highest first; its width is the number of bits. */
static void put_bitmap(struct out *out, const unsigned long *bitmap, unsigned int nbits)
{
	struct spec digits = {.zero = true, .precision = -1};
	unsigned int pos, bits;

	for (pos = ALIGN(nbits, 32); pos > 0; pos -= 32) {
		bits = min(nbits - (pos - 32), 32u);
		digits.width = DIV_ROUND_UP(bits, 4);
		put_number(out, bitmap_read(bitmap, pos - 32, bits), 16, false, &digits);
		if (pos > 32)
			put(out, ',');
	}
}

static void put_bitmap_list(struct out *out, const unsigned long *bitmap, unsigned int nbits)
{
	struct spec plain = {.precision = -1};
	unsigned int first, end;
	bool comma = false;

	for_each_set_bitrange(first, end, bitmap, nbits)
	{
		if (comma)
			put(out, ',');
		comma = true;
		put_number(out, first, 10, false, &plain);
		if (end == first + 1)
			continue;
		put(out, '-');
		put_number(out, end - 1, 10, false, &plain);
	}
}

static void format(struct out *out, const char *fmt, va_list *args);

/* Returns what follows the extension's letters. */
static const char *put_extended(struct out *out, const char *fmt, const void *ptr,
				const struct spec *spec)
{
	switch (*fmt) {
	case 'e':
		if (IS_ERR(ptr))
			put_error(out, ptr, spec);
		else
			put_pointer(out, ptr, spec);
		return fmt + 1;
	case 'V': {
		const struct va_format *nested = ptr;
		va_list copy;

		va_copy(copy, *nested->va);
		format(out, nested->fmt, &copy);
		va_end(copy);
		return fmt + 1;
	}
	case 'b':
		if (fmt[1] == 'l')
			put_bitmap_list(out, ptr, spec->width);
		else
			put_bitmap(out, ptr, spec->width);
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'G':
		if (fmt[1] != 'g')
			break;
		put_gfp(out, *(const gfp_t *)ptr);
		return fmt + 2;
	case 'h':
		put_hex_dump(out, ptr, spec,
			     fmt[1] == 'C'   ? ':'
			     : fmt[1] == 'D' ? '-'
			     : fmt[1] == 'N' ? 0
					     : ' ');
		return fmt + (fmt[1] && strchr("CDN", fmt[1]) ? 2 : 1);
	case 'x':
	case 'K':
	case 'S':
	case 's':
	case 'B':
		put_pointer(out, ptr, spec);
		return fmt + 1;
	}
	put_pointer(out, ptr, spec);
	return fmt;
}

/* --- The rest ---------------------------------------------------------------------- */

static int parse_int(const char **fmt, va_list *args)
{
	int value = 0;

	if (**fmt == '*') {
		(*fmt)++;
		return va_arg(*args, int);
	}
	for (; **fmt >= '0' && **fmt <= '9'; (*fmt)++)
		value = value * 10 + (**fmt - '0');
	return value;
}

static const char *parse_spec(const char *fmt, struct spec *spec, va_list *args)
{
	*spec = (struct spec){.precision = -1};
	for (;; fmt++) {
		if (*fmt == '-')
			spec->left = true;
		else if (*fmt == '+')
			spec->plus = true;
		else if (*fmt == ' ')
			spec->space = true;
		else if (*fmt == '#')
			spec->alt = true;
		else if (*fmt == '0')
			spec->zero = true;
		else
			break;
	}
	spec->width = parse_int(&fmt, args);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*fmt == '.') {
		fmt++;
		spec->precision = max(parse_int(&fmt, args), 0);
	}
	if (*fmt && strchr("hlzjtL", *fmt)) {
		spec->length = *fmt++;
		if (*fmt == spec->length) {
			spec->length = *fmt == 'h' ? 'H' : 'L';
			fmt++;
		}
	}
	return fmt;
}

static unsigned long long get_unsigned(char length, va_list *args)
{
	switch (length) {
	case 'H':
		return (unsigned char)va_arg(*args, int);
	case 'h':
		return (unsigned short)va_arg(*args, int);
	case 0:
		return va_arg(*args, unsigned int);
	default:
		return va_arg(*args, unsigned long long);
	}
}

static long long get_signed(char length, va_list *args)
{
	switch (length) {
	case 'H':
		return (signed char)va_arg(*args, int);
	case 'h':
		return (short)va_arg(*args, int);
	case 0:
		return va_arg(*args, int);
	default:
		return va_arg(*args, long long);
	}
}

static const char *convert(struct out *out, const char *fmt, struct spec *spec, va_list *args)
{
	long long value;
	char c;

	switch (*fmt) {
	case 'd':
	case 'i':
		value = get_signed(spec->length, args);
		put_number(out, value < 0 ? -(unsigned long long)value : (unsigned long long)value,
			   10, value < 0, spec);
		return fmt + 1;
	case 'u':
		spec->plus = spec->space = false;
		put_number(out, get_unsigned(spec->length, args), 10, false, spec);
		return fmt + 1;
	case 'X':
		spec->upper = true;
		fallthrough;
	case 'x':
	case 'o':
		spec->plus = spec->space = false;
		put_number(out, get_unsigned(spec->length, args), *fmt == 'o' ? 8 : 16, false,
			   spec);
		return fmt + 1;
	case 'c':
		c = va_arg(*args, int);
		put_text(out, &c, 1, spec);
		return fmt + 1;
	case 's':
		put_string(out, va_arg(*args, const char *), spec);
		return fmt + 1;
	case 'p':
		return put_extended(out, fmt + 1, va_arg(*args, const void *), spec);
	case '%':
		put(out, '%');
		return fmt + 1;
	}
	put(out, '%');
	return fmt;
}

static void format(struct out *out, const char *fmt, va_list *args)
{
	struct spec spec;

	while (*fmt) {
		if (*fmt != '%') {
			put(out, *fmt++);
			continue;
		}
		fmt = parse_spec(fmt + 1, &spec, args);
		fmt = convert(out, fmt, &spec, args);
	}
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = {.buf = buf, .size = size > INT_MAX ? INT_MAX : size};
	va_list copy;

	va_copy(copy, args);
	format(&out, fmt, &copy);
	va_end(copy);
	if (out.size)
		buf[min(out.len, out.size - 1)] = '\0';
	return out.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return len;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	return size ? min_t(int, len, size - 1) : 0;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	int len = vsnprintf(NULL, 0, fmt, args);
	char *text = kmalloc(len + 1, gfp);

	if (text)
		vsnprintf(text, len + 1, fmt, args);
	return text;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}
