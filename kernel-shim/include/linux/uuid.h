/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/uuid.h: identifiers of 16 bytes; a guid_t has the first three fields little-endian. */
#ifndef FLUSHDEP_LINUX_UUID_H
#define FLUSHDEP_LINUX_UUID_H

#include <linux/string.h>
#include <linux/types.h>

/* faithful */
#define UUID_SIZE	16
#define UUID_STRING_LEN 36

typedef struct {
	__u8 b[UUID_SIZE];
} guid_t;

typedef struct {
	__u8 b[UUID_SIZE];
} uuid_t;

#define flushdep_shim_byte(x, n) (((x) >> (8 * (n))) & 0xff)
#define GUID_INIT(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)                                       \
	((guid_t){{flushdep_shim_byte(a, 0), flushdep_shim_byte(a, 1), flushdep_shim_byte(a, 2), \
		   flushdep_shim_byte(a, 3), flushdep_shim_byte(b, 0), flushdep_shim_byte(b, 1), \
		   flushdep_shim_byte(c, 0), flushdep_shim_byte(c, 1), (d0), (d1), (d2), (d3),   \
		   (d4), (d5), (d6), (d7)}})
#define UUID_INIT(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)                                       \
	((uuid_t){{flushdep_shim_byte(a, 3), flushdep_shim_byte(a, 2), flushdep_shim_byte(a, 1), \
		   flushdep_shim_byte(a, 0), flushdep_shim_byte(b, 1), flushdep_shim_byte(b, 0), \
		   flushdep_shim_byte(c, 1), flushdep_shim_byte(c, 0), (d0), (d1), (d2), (d3),   \
		   (d4), (d5), (d6), (d7)}})

extern const guid_t guid_null;
extern const uuid_t uuid_null;

bool uuid_is_valid(const char *uuid);
int guid_parse(const char *uuid, guid_t *u);
int uuid_parse(const char *uuid, uuid_t *u);

/* faithful: random, of version 4; see linux/random.h of how random. */
void generate_random_uuid(unsigned char uuid[UUID_SIZE]);
void generate_random_guid(unsigned char guid[UUID_SIZE]);
void guid_gen(guid_t *u);
void uuid_gen(uuid_t *u);

/* faithful */
static inline bool guid_equal(const guid_t *u1, const guid_t *u2)
{
	return memcmp(u1, u2, sizeof(*u1)) == 0;
}

static inline bool uuid_equal(const uuid_t *u1, const uuid_t *u2)
{
	return memcmp(u1, u2, sizeof(*u1)) == 0;
}

static inline void guid_copy(guid_t *dst, const guid_t *src)
{
	*dst = *src;
}

static inline void uuid_copy(uuid_t *dst, const uuid_t *src)
{
	*dst = *src;
}

static inline bool guid_is_null(const guid_t *guid)
{
	return guid_equal(guid, &guid_null);
}

static inline bool uuid_is_null(const uuid_t *uuid)
{
	return uuid_equal(uuid, &uuid_null);
}

static inline void import_uuid(uuid_t *dst, const __u8 *src)
{
	memcpy(dst, src, sizeof(*dst));
}

static inline void export_uuid(__u8 *dst, const uuid_t *src)
{
	memcpy(dst, src, sizeof(*src));
}

static inline void import_guid(guid_t *dst, const __u8 *src)
{
	memcpy(dst, src, sizeof(*dst));
}

static inline void export_guid(__u8 *dst, const guid_t *src)
{
	memcpy(dst, src, sizeof(*src));
}

#endif
