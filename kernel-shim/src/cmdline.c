/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* cmdline.c: numbers and ranges out of option strings. */
#include <linux/ctype.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/string.h>

static unsigned int digit_value(char c)
{
	return isdigit(c) ? c - '0' : isxdigit(c) ? (c | 0x20) - 'a' + 10 : UINT_MAX;
}

unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base)
{
	unsigned long long value = 0;
	bool hex = cp[0] == '0' && (cp[1] | 0x20) == 'x' && isxdigit(cp[2]);

	if (base == 0)
		base = hex ? 16 : cp[0] == '0' ? 8 : 10;
	if (base == 16 && hex)
		cp += 2;
	for (; digit_value(*cp) < base; cp++)
		value = value * base + digit_value(*cp);
	if (endp)
		*endp = (char *)cp;
	return value;
}

unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoull(cp, endp, base);
}

long long simple_strtoll(const char *cp, char **endp, unsigned int base)
{
	return *cp == '-' ? -simple_strtoull(cp + 1, endp, base) : simple_strtoull(cp, endp, base);
}

long simple_strtol(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoll(cp, endp, base);
}

int get_option(char **str, int *pint)
{
	const char *begin = *str;
	bool negative;
	int value;

	if (!begin || !*begin)
		return 0;
	negative = *begin == '-';
	begin += negative;
	value = simple_strtoull(begin, str, 0);
	if (pint)
		*pint = negative ? -value : value;
	if (*str == begin)
		return 0;
	switch (**str) {
	case ',':
		(*str)++;
		return 2;
	case '-':
		return 3;
	}
	return 1;
}

/* The numbers of "FIRST-LAST" below LAST, which comes next; how many, or below 0. */
static int expand_range(char **str, int *ints, int room)
{
	int first = *ints, last, value;

	(*str)++;
	last = simple_strtol(*str, NULL, 0);
	for (value = first; value < last && room > 0; value++, room--)
		*ints++ = value;
	return last - first;
}

/* Without room, ints[0] alone is there: it is worked with, and says how many there are. */
char *get_options(const char *str, int nints, int *ints)
{
	bool count_only = nints == 0;
	char *p = (char *)str;
	int i = 1;

	while (count_only || i < nints) {
		int *slot = count_only ? ints : ints + i;
		int kind = get_option(&p, slot), range;

		if (!kind)
			break;
		if (kind == 3) {
			range = expand_range(&p, slot, count_only ? 0 : nints - i);
			if (range < 0)
				break;
			i += range - 1;
		}
		i++;
		if (kind == 1)
			break;
	}
	ints[0] = i - 1;
	return p;
}

unsigned long long memparse(const char *ptr, char **retptr)
{
	static const char suffixes[] = "kmgtpe";
	char *end;
	unsigned long long value = simple_strtoull(ptr, &end, 0);
	const char *suffix = *end ? strchr(suffixes, *end | 0x20) : NULL;

	if (suffix) {
		value <<= 10 * (suffix - suffixes + 1);
		end++;
	}
	if (retptr)
		*retptr = end;
	return value;
}
