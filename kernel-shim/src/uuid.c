/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* uuid.c: identifiers of 16 bytes, as text and at random. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/random.h>
#include <linux/uuid.h>

const guid_t guid_null;
const uuid_t uuid_null;

/* Where the bytes of the text go. */
static const u8 uuid_places[UUID_SIZE] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const u8 guid_places[UUID_SIZE] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

static bool is_dash(unsigned int i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

bool uuid_is_valid(const char *uuid)
{
	unsigned int i;

	for (i = 0; i < UUID_STRING_LEN; i++)
		if (is_dash(i) ? uuid[i] != '-' : !isxdigit(uuid[i]))
			return false;
	return true;
}

static int parse(const char *text, u8 *bytes, const u8 *places)
{
	unsigned int i;

	if (!uuid_is_valid(text))
		return -EINVAL;
	for (i = 0; i < UUID_SIZE; i++, text += 2) {
		text += *text == '-';
		bytes[places[i]] = (hex_to_bin(text[0]) << 4) | hex_to_bin(text[1]);
	}
	return 0;
}

int guid_parse(const char *uuid, guid_t *u)
{
	return parse(uuid, u->b, guid_places);
}

int uuid_parse(const char *uuid, uuid_t *u)
{
	return parse(uuid, u->b, uuid_places);
}

static void generate(u8 *bytes, unsigned int version_at)
{
	get_random_bytes(bytes, UUID_SIZE);
	bytes[version_at] = (bytes[version_at] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
}

void generate_random_uuid(unsigned char uuid[UUID_SIZE])
{
	generate(uuid, 6);
}

void generate_random_guid(unsigned char guid[UUID_SIZE])
{
	generate(guid, 7);
}

void guid_gen(guid_t *u)
{
	generate(u->b, 7);
}

void uuid_gen(uuid_t *u)
{
	generate(u->b, 6);
}
