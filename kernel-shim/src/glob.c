/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* glob.c: patterns as a shell's. */
#include <linux/glob.h>

/* One set, `p` behind its '['; behind its ']', or null if it has none. */
static const char *match_set(const char *p, unsigned char c, bool *matched)
{
	bool invert = *p == '!';
	const char *first = p += invert;

	*matched = false;
	do {
		unsigned char low = *p++, high = low;

		if (!low)
			return NULL;
		if (p[0] == '-' && p[1] && p[1] != ']') {
			high = p[1];
			p += 2;
		}
		*matched |= low <= c && c <= high;
	} while (*p != ']' || p == first);
	*matched ^= invert;
	return p + 1;
}

/* Whether one character matches the pattern's first; and what follows that. */
static bool match_one(const char **pat, char c)
{
	const char *p = *pat, *behind;
	bool matched;

	*pat = p + 1;
	switch (*p) {
	case '?':
		return c != '\0';
	case '[':
		behind = match_set(p + 1, c, &matched);
		/* An open set is a bracket. */
		if (!behind)
			return c == '[';
		*pat = behind;
		return matched && c;
	case '\\':
		*pat = p + 2;
		return p[1] == c && c;
	default:
		return *p == c;
	}
}

bool glob_match(const char *pat, const char *str)
{
	/* Where to go on if the rest does not match: behind the last star, one character later. */
	const char *star = NULL, *retry = NULL;

	while (*str || *pat) {
		if (*pat == '*') {
			star = ++pat;
			retry = str;
			continue;
		}
		if (*pat && *str && match_one(&pat, *str)) {
			str++;
			continue;
		}
		if (!star || !*retry)
			return false;
		pat = star;
		str = ++retry;
	}
	return true;
}
