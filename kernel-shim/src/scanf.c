/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* scanf.c: values out of text. */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sprintf.h>
#include <linux/string.h>

/* One conversion of a format. */
struct conversion {
	bool skip;
	int width; /* -1: none is given */
	int size;  /* of the number, in bytes */
	char kind;
};

static const char *read_conversion(const char *fmt, struct conversion *conv)
{
	*conv = (struct conversion){.width = -1, .size = sizeof(int)};
	if (*fmt == '*') {
		conv->skip = true;
		fmt++;
	}
	if (isdigit(*fmt))
		for (conv->width = 0; isdigit(*fmt); fmt++)
			conv->width = conv->width * 10 + *fmt - '0';
	if (*fmt == 'h') {
		conv->size = *++fmt == 'h' ? sizeof(char) : sizeof(short);
		fmt += *fmt == 'h';
	} else if (*fmt == 'l' || *fmt == 'L' || *fmt == 'z' || *fmt == 't' || *fmt == 'j') {
		conv->size = sizeof(long);
		fmt += fmt[0] == 'l' && fmt[1] == 'l' ? 2 : 1;
	}
	conv->kind = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

static int digit_value(char c)
{
	return isdigit(c) ? c - '0' : isalpha(c) ? tolower(c) - 'a' + 10 : INT_MAX;
}

static int base_of(char kind)
{
	return kind == 'o' ? 8 : kind == 'x' || kind == 'X' ? 16 : kind == 'i' ? 0 : 10;
}

/* The prefix of a number tells its base, where none is given, and is passed over. */
static const char *read_base(const char *s, const char *end, int *base)
{
	bool hex = end - s > 1 && s[0] == '0' && tolower(s[1]) == 'x';

	if (!*base)
		*base = hex && isxdigit(s[2]) ? 16 : s < end && *s == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

static void store(void *to, int size, unsigned long long value)
{
	memcpy(to, &value, size);
}

/* The end of the number, or null if there is none. */
static const char *read_number(const char *s, const struct conversion *conv, void *to)
{
	const char *end = conv->width < 0 ? s + strlen(s) : s + strnlen(s, conv->width);
	bool is_signed = conv->kind == 'd' || conv->kind == 'i';
	bool negative = is_signed && s < end && *s == '-';
	int base = base_of(conv->kind);
	unsigned long long value = 0;
	const char *start;

	s += negative;
	if (s == end || digit_value(*s) >= (base ?: 10))
		return NULL;
	start = read_base(s, end, &base);
	for (s = start; s < end && digit_value(*s) < base; s++)
		value = value * base + digit_value(*s);
	if (to)
		store(to, conv->size, negative ? -value : value);
	return s;
}

static const char *read_string(const char *s, const struct conversion *conv, char *to)
{
	int left = conv->width < 0 ? SHRT_MAX : conv->width;

	s = skip_spaces(s);
	for (; *s && !isspace(*s) && left--; s++)
		if (to)
			*to++ = *s;
	if (to)
		*to = '\0';
	return s;
}

static const char *read_chars(const char *s, const struct conversion *conv, char *to)
{
	int left = max(conv->width, 1);

	for (; left && *s; left--, s++)
		if (to)
			*to++ = *s;
	return s;
}

/* A set, up to its bracket; null if it is not well formed. */
static const char *read_set(const char *fmt, unsigned long *set)
{
	bool negated = *fmt == '^';

	bitmap_zero(set, 256);
	for (fmt += negated; *fmt && *fmt != ']'; fmt++)
		__set_bit((u8)*fmt, set);
	if (*fmt != ']')
		return NULL;
	if (negated)
		bitmap_complement(set, set, 256);
	__clear_bit(0, set);
	return fmt + 1;
}

static const char *read_of_set(const char *s, const struct conversion *conv,
			       const unsigned long *set, char *to)
{
	const char *start = s;
	int left = conv->width;

	for (; test_bit((u8)*s, set) && left--; s++)
		if (to)
			*to++ = *s;
	if (s == start)
		return NULL;
	if (to)
		*to = '\0';
	return s;
}

int vsscanf(const char *buf, const char *fmt, va_list args)
{
	const char *s = buf;
	int count = 0;

	while (*fmt) {
		DECLARE_BITMAP(set, 256);
		struct conversion conv;
		void *to;

		if (isspace(*fmt)) {
			fmt = skip_spaces(fmt);
			s = skip_spaces(s);
			continue;
		}
		if (*fmt != '%' || fmt[1] == '%') {
			fmt += *fmt == '%';
			if (*fmt++ != *s++)
				break;
			continue;
		}
		fmt = read_conversion(fmt + 1, &conv);
		if (conv.kind == 'n') {
			*va_arg(args, int *) = s - buf;
			continue;
		}
		/* A set needs a width, and cannot be skipped. */
		if (conv.kind == '[' &&
		    (conv.width < 0 || conv.skip || !(fmt = read_set(fmt, set))))
			break;
		if (!*s || !conv.width || !conv.kind)
			break;
		to = conv.skip ? NULL : va_arg(args, void *);
		if (conv.kind == 's')
			s = read_string(s, &conv, to);
		else if (conv.kind == 'c')
			s = read_chars(s, &conv, to);
		else if (conv.kind == '[')
			s = read_of_set(s, &conv, set, to);
		else if (strchr("diouxX", conv.kind))
			s = read_number(skip_spaces(s), &conv, to);
		else
			break;
		if (!s)
			break;
		count += !conv.skip;
	}
	return count;
}

int sscanf(const char *buf, const char *fmt, ...)
{
	va_list args;
	int count;

	va_start(args, fmt);
	count = vsscanf(buf, fmt, args);
	va_end(args);
	return count;
}
