/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* string.c: the string functions that the C library does not have. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "checked.h"
#include "flushdep.h"

void *memchr_inv(const void *s, int c, size_t count)
{
	unsigned char piece[64];
	size_t done, i;

	for (done = 0; done < count; done += sizeof(piece)) {
		size_t len = min(count - done, sizeof(piece));

		flushdep_copy_from(piece, s + done, len);
		for (i = 0; i < len; i++)
			if (piece[i] != (unsigned char)c)
				return (void *)s + done + i;
	}
	return NULL;
}

char *strnchr(const char *s, size_t count, int c)
{
	for (; count--; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}

char *strnstr(const char *haystack, const char *needle, size_t count)
{
	size_t len = strlen(needle);

	for (; count >= len; count--, haystack++)
		if (!memcmp(haystack, needle, len))
			return (char *)haystack;
	return NULL;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *skip_spaces(const char *s)
{
	while (is_space(*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && is_space(s[len - 1]))
		len--;
	s[len] = '\0';
	return skip_spaces(s);
}

bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == *b)
		return true;
	return (!*a && b[0] == '\n' && !b[1]) || (!*b && a[0] == '\n' && !a[1]);
}

int match_string(const char *const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], string))
			return i;
	return -EINVAL;
}

ssize_t sized_strscpy(char *dest, const char *src, size_t count)
{
	size_t len;

	if (!count || count > INT_MAX)
		return -E2BIG;
	len = strnlen(src, count);
	if (len < count) {
		memcpy(dest, src, len + 1);
		return len;
	}
	memcpy(dest, src, count - 1);
	dest[count - 1] = '\0';
	return -E2BIG;
}

ssize_t strscpy_pad_sized(char *dest, const char *src, size_t count)
{
	ssize_t len = sized_strscpy(dest, src, count);

	if (len >= 0)
		memset(dest + len, 0, count - len);
	return len;
}

char *strreplace(char *str, char from, char to)
{
	char *s;

	for (s = str; *s; s++)
		if (*s == from)
			*s = to;
	return str;
}

char *strnchrnul(const char *s, size_t count, int c)
{
	while (count-- && *s && *s != (char)c)
		s++;
	return (char *)s;
}

void *memscan(void *addr, int c, size_t size)
{
	return memchr(addr, c, size) ?: addr + size;
}

int __sysfs_match_string(const char *const *array, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (sysfs_streq(array[i], s))
			return i;
	return -EINVAL;
}

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *copy = kmalloc(len + 1, gfp);

	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strlen(s), gfp) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}

const char *kstrdup_const(const char *s, gfp_t gfp)
{
	return kstrdup(s, gfp);
}

void kfree_const(const void *x)
{
	kfree(x);
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kmalloc(len, gfp);

	return copy ? memcpy(copy, src, len) : NULL;
}

void *kmemdup_array(const void *src, size_t count, size_t element_size, gfp_t gfp)
{
	return kmemdup(src, size_mul(count, element_size), gfp);
}

void *kvmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kvmalloc(len, gfp);

	return copy ? memcpy(copy, src, len) : NULL;
}

void *memdup_user(const void __user *src, size_t len)
{
	void *copy = kmalloc(len, GFP_USER);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, src, len)) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	return copy;
}

void *vmemdup_user(const void __user *src, size_t len)
{
	return memdup_user(src, len);
}

void *memdup_user_nul(const void __user *src, size_t len)
{
	char *copy = kmalloc(len + 1, GFP_USER);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, src, len)) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	copy[len] = '\0';
	return copy;
}

char *strndup_user(const char __user *s, long n)
{
	size_t len;

	if (!s)
		return ERR_PTR(-EFAULT);
	len = strnlen(s, n);
	return (long)len >= n ? ERR_PTR(-EINVAL) : memdup_user_nul(s, len);
}

/* --- Numbers ----------------------------------------------------------------- */

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static const char *parse_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] | 0x20) == 'x' && digit_of(s[2]) < 16;

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long value = 0;
	const char *start;

	if (*s == '+')
		s++;
	start = s = parse_base(s, &base);
	for (; digit_of(*s) < (int)base; s++)
		if (check_mul_overflow(value, (unsigned long long)base, &value) ||
		    check_add_overflow(value, (unsigned long long)digit_of(*s), &value))
			return -ERANGE;
	if (s == start)
		return -EINVAL;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*res = value;
	return 0;
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	bool negative = *s == '-';
	unsigned long long value;
	int err = negative && s[1] == '+' ? -EINVAL : kstrtoull(negative ? s + 1 : s, base, &value);

	if (err)
		return err;
	if (value > (unsigned long long)LLONG_MAX + negative)
		return -ERANGE;
	*res = negative ? -value : value;
	return 0;
}

int kstrtoul(const char *s, unsigned int base, unsigned long *res)
{
	return kstrtoull(s, base, (unsigned long long *)res);
}

int kstrtol(const char *s, unsigned int base, long *res)
{
	return kstrtoll(s, base, (long long *)res);
}

int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	unsigned long long value;
	int err = kstrtoull(s, base, &value);

	if (err)
		return err;
	if (value > UINT_MAX)
		return -ERANGE;
	*res = value;
	return 0;
}

int kstrtoint(const char *s, unsigned int base, int *res)
{
	long long value;
	int err = kstrtoll(s, base, &value);

	if (err)
		return err;
	if (value != (int)value)
		return -ERANGE;
	*res = value;
	return 0;
}

/* The narrow types, by way of the wide one. */
#define DEFINE_NARROW(name, type, wide, parse)                \
	int name(const char *s, unsigned int base, type *res) \
	{                                                     \
		wide value;                                   \
		int err = parse(s, base, &value);             \
                                                              \
		if (err)                                      \
			return err;                           \
		if (value != (type)value)                     \
			return -ERANGE;                       \
		*res = value;                                 \
		return 0;                                     \
	}

DEFINE_NARROW(kstrtou16, u16, unsigned long long, kstrtoull)
DEFINE_NARROW(kstrtos16, s16, long long, kstrtoll)
DEFINE_NARROW(kstrtou8, u8, unsigned long long, kstrtoull)
DEFINE_NARROW(kstrtos8, s8, long long, kstrtoll)

int kstrtobool(const char *s, bool *res)
{
	char c = s ? *s | 0x20 : 0;

	if (c == 'o')
		c = (s[1] | 0x20) == 'n' ? 'y' : (s[1] | 0x20) == 'f' ? 'n' : 0;
	if (c != 'y' && c != 't' && c != '1' && c != 'n' && c != 'f' && c != '0')
		return -EINVAL;
	*res = c == 'y' || c == 't' || c == '1';
	return 0;
}

size_t strlcat(char *dest, const char *src, size_t count)
{
	size_t used = strlen(dest), len = strlen(src), room;

	/* There is no way to tell the caller. */
	BUG_ON(used >= count);
	room = count - used;
	memcpy(dest + used, src, min(len, room - 1));
	dest[used + min(len, room - 1)] = '\0';
	return used + len;
}

static size_t pointers(void **array)
{
	size_t count = 0;

	while (array[count])
		count++;
	return count;
}

void **__memcat_p(void **a, void **b)
{
	size_t first = pointers(a), second = pointers(b);
	void **both = kmalloc_array(first + second + 1, sizeof(void *), GFP_KERNEL);

	if (!both)
		return NULL;
	memcpy(both, a, first * sizeof(void *));
	memcpy(both + first, b, (second + 1) * sizeof(void *));
	return both;
}

/* --- Random numbers ------------------------------------------------------------ */

u64 get_random_u64(void)
{
	static u64 state;
	u64 z = __atomic_add_fetch(&state, 0x9e3779b97f4a7c15ull, __ATOMIC_RELAXED);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

u32 get_random_u32(void)
{
	return get_random_u64();
}

u32 get_random_u32_below(u32 ceil)
{
	return ((u64)get_random_u32() * ceil) >> 32;
}

void get_random_bytes(void *buf, size_t len)
{
	unsigned char *p = buf;

	while (len--)
		*p++ = get_random_u64();
}
