// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Macros that ask several BUILD_BUG_ON_MSG() on one line, and warn about nothing; compiled by every
 * compiler with -Werror, and run.
 */
#include <kunit/test.h>

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/build_bug.h>

#define LOW  GENMASK(3, 0)
#define HIGH GENMASK(7, 4)

static unsigned int level(unsigned int v)
{
	return FIELD_GET(HIGH, v) + FIELD_GET(LOW, v);
}

static void two_on_a_line(struct kunit *test)
{
	u32 both = FIELD_PREP(HIGH, 2) | FIELD_PREP(LOW, 3);

	KUNIT_EXPECT_EQ(test, FIELD_GET(HIGH, both), 2);
	KUNIT_EXPECT_EQ(test, FIELD_GET(HIGH, both), FIELD_GET(LOW, both) - 1);
	KUNIT_EXPECT_EQ(test, FIELD_PREP(HIGH, FIELD_GET(LOW, both)), 0x30);
	KUNIT_EXPECT_TRUE(test, FIELD_FIT(LOW, FIELD_MAX(LOW)) && !FIELD_FIT(LOW, 16));
	KUNIT_EXPECT_EQ(test, level(both), 5);
	BUILD_BUG_ON_MSG(LOW == HIGH, "one");
	BUILD_BUG_ON_MSG(LOW > HIGH, "other");
}

static struct kunit_case cases[] = {KUNIT_CASE(two_on_a_line), {}};
static struct kunit_suite suite = {.name = "bitfield", .test_cases = cases};
kunit_test_suite(suite);

MODULE_LICENSE("GPL");
