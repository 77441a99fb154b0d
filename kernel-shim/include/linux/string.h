/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/string.h: memory and strings; the C library's functions where it has them. */
#ifndef FLUSHDEP_LINUX_STRING_H
#define FLUSHDEP_LINUX_STRING_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/stddef.h>
#include <linux/types.h>

/* faithful */
void *memcpy(void *dest, const void *src, size_t count);
void *memmove(void *dest, const void *src, size_t count);
void *memset(void *s, int c, size_t count);
int memcmp(const void *a, const void *b, size_t count);
void *memchr(const void *s, int c, size_t count);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t count);
char *strcpy(char *dest, const char *src);
char *strncpy(char *dest, const char *src, size_t count);
char *strcat(char *dest, const char *src);
size_t strlcat(char *dest, const char *src, size_t count);
char *strncat(char *dest, const char *src, size_t count);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t count);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t count);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *haystack, const char *needle);
char *strsep(char **s, const char *ct);
char *strpbrk(const char *s, const char *accept);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);

void *memchr_inv(const void *s, int c, size_t count);
char *strchrnul(const char *s, int c);
char *strnchr(const char *s, size_t count, int c);
char *strnstr(const char *haystack, const char *needle, size_t count);
char *skip_spaces(const char *s);
char *strim(char *s);
bool sysfs_streq(const char *a, const char *b);
int match_string(const char *const *array, size_t n, const char *string);
ssize_t sized_strscpy(char *dest, const char *src, size_t count);
ssize_t strscpy_pad_sized(char *dest, const char *src, size_t count);
#define __strscpy0(dst, src, ...)	    sized_strscpy(dst, src, sizeof(dst) + __must_be_array(dst))
#define __strscpy1(dst, src, size)	    sized_strscpy(dst, src, size)
#define __strscpy_pick(d, s, n, which, ...) which
#define strscpy(dst, src, ...) \
	__strscpy_pick(dst, src, ##__VA_ARGS__, __strscpy1, __strscpy0)(dst, src, ##__VA_ARGS__)
#define __strscpy_pad0(dst, src, ...) \
	strscpy_pad_sized(dst, src, sizeof(dst) + __must_be_array(dst))
#define __strscpy_pad1(dst, src, size) strscpy_pad_sized(dst, src, size)
#define strscpy_pad(dst, src, ...)                                                        \
	__strscpy_pick(dst, src, ##__VA_ARGS__, __strscpy_pad1, __strscpy_pad0)(dst, src, \
										##__VA_ARGS__)
#define strstrip(s) strim(s)
char *strreplace(char *str, char from, char to);
char *strnchrnul(const char *s, size_t count, int c);
void *memscan(void *addr, int c, size_t size);
int __sysfs_match_string(const char *const *array, size_t n, const char *s);
#define sysfs_match_string(_a, _s)		      __sysfs_match_string(_a, sizeof(_a) / sizeof(*(_a)), _s)
#define unsafe_memcpy(dst, src, bytes, justification) memcpy(dst, src, bytes)
#define memset_after(obj, v, member)                                          \
	({                                                                    \
		u8 *__obj = (u8 *)(obj);                                      \
		typeof(v) __value = (v);                                      \
		memset(__obj + offsetofend(typeof(*(obj)), member), __value,  \
		       sizeof(*(obj)) - offsetofend(typeof(*(obj)), member)); \
	})
#define memset_startat(obj, v, member)                                     \
	({                                                                 \
		u8 *__obj = (u8 *)(obj);                                   \
		typeof(v) __value = (v);                                   \
		memset(__obj + offsetof(typeof(*(obj)), member), __value,  \
		       sizeof(*(obj)) - offsetof(typeof(*(obj)), member)); \
	})

static inline bool mem_is_zero(const void *s, size_t n)
{
	return !memchr_inv(s, 0, n);
}

static inline const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The length of the prefix, or 0. */
static __always_inline size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(str, prefix, len) == 0 ? len : 0;
}

static inline void memcpy_and_pad(void *dest, size_t dest_len, const void *src, size_t count,
				  int pad)
{
	size_t copied = count < dest_len ? count : dest_len;

	memcpy(dest, src, copied);
	memset((char *)dest + copied, pad, dest_len - copied);
}

static inline bool strstarts(const char *str, const char *prefix)
{
	return strncmp(str, prefix, strlen(prefix)) == 0;
}

static inline void memzero_explicit(void *s, size_t count)
{
	memset(s, 0, count);
	barrier_data(s);
}

/* faithful: their memory is the slab's (linux/slab.h). */
char *kstrdup(const char *s, gfp_t gfp);
const char *kstrdup_const(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
void *kmemdup(const void *src, size_t len, gfp_t gfp);
void *kmemdup_array(const void *src, size_t count, size_t element_size, gfp_t gfp);
void *kvmemdup(const void *src, size_t len, gfp_t gfp);
char *kmemdup_nul(const char *s, size_t len, gfp_t gfp);
void kfree_const(const void *x);

/* faithful: fills with patterns of 16, 32 and 64 bits. */
static inline void *memset16(u16 *s, u16 v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		s[i] = v;
	return s;
}

static inline void *memset32(u32 *s, u32 v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		s[i] = v;
	return s;
}

static inline void *memset_l(unsigned long *p, unsigned long v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		p[i] = v;
	return p;
}

static inline void *memset_p(void **p, void *v, size_t count)
{
	return memset_l((unsigned long *)p, (unsigned long)v, count);
}

static inline void *memset64(u64 *s, u64 v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		s[i] = v;
	return s;
}

/* faithful: two arrays of pointers that end with a null one, as one from the slab. */
void **__memcat_p(void **a, void **b);
#define memcat_p(a, b) ((typeof(*(a)) *)__memcat_p((void **)(a), (void **)(b)))

/* faithful: out of option strings. */
int get_option(char **str, int *pint);
char *get_options(const char *str, int nints, int *ints);
unsigned long long memparse(const char *ptr, char **retptr);

/* faithful: strings in arrays that need not end with a zero byte. */
#define flushdep_shim_copied(dest, src, from)                         \
	({                                                            \
		size_t __room = sizeof(dest) + __must_be_array(dest); \
		size_t __len = strnlen(src, from);                    \
		__len < __room ? __len : __room;                      \
	})
#define strtomem(dest, src) ((void)memcpy(dest, src, flushdep_shim_copied(dest, src, sizeof(dest))))
#define strtomem_pad(dest, src, pad)                                                  \
	do {                                                                          \
		const size_t __taken = flushdep_shim_copied(dest, src, sizeof(dest)); \
                                                                                      \
		memcpy(dest, src, __taken);                                           \
		memset((char *)(dest) + __taken, pad, sizeof(dest) - __taken);        \
	} while (0)
#define memtostr(dest, src)                                                    \
	do {                                                                   \
		size_t __taken = flushdep_shim_copied(dest, src, sizeof(src)); \
                                                                               \
		__taken = __taken < sizeof(dest) ? __taken : sizeof(dest) - 1; \
		memcpy(dest, src, __taken);                                    \
		(dest)[__taken] = '\0';                                        \
	} while (0)
#define memtostr_pad(dest, src)                                                \
	do {                                                                   \
		size_t __taken = flushdep_shim_copied(dest, src, sizeof(src)); \
                                                                               \
		__taken = __taken < sizeof(dest) ? __taken : sizeof(dest) - 1; \
		memcpy(dest, src, __taken);                                    \
		memset((dest) + __taken, 0, sizeof(dest) - __taken);           \
	} while (0)

/* partial: of memory of the program, as in linux/uaccess.h. */
void *memdup_user(const void __user *src, size_t len);
void *memdup_user_nul(const void __user *src, size_t len);
void *vmemdup_user(const void __user *src, size_t len);
char *strndup_user(const char __user *s, long n);

#endif
