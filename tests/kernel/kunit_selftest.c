// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * kunit_selftest.c: cases that pass, fail, abort, skip, trap and leave things
 * undone. What the runner prints is compared with kunit_selftest.ktap.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>

static void say(void *text)
{
	flushdep_shim_kunit_log(KUNIT_SUBTEST_INDENT "# action: %s", (const char *)text);
}

static void passes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1, 1);
	KUNIT_SUCCEED(test);
}

static void expect_goes_on(struct kunit *test)
{
	int three = 3;

	KUNIT_EXPECT_EQ(test, three, 4);
	KUNIT_EXPECT_STREQ_MSG(test, "abc", "abd", "strings %d and %d", 1, 2);
	KUNIT_EXPECT_TRUE(test, three > 3);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, ERR_PTR(-ENOMEM));
	kunit_info(test, "still here\n");
}

static void assert_ends_case(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, say, "first added, last run"), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, say, "released early"), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, say, "last added, first run"), 0);
	kunit_release_action(test, say, "released early");
	KUNIT_ASSERT_GT(test, 1, 2);
	kunit_info(test, "not reached\n");
}

static void skips(struct kunit *test)
{
	kunit_skip(test, "because of %s", "reasons");
}

static void fails_by_hand(struct kunit *test)
{
	KUNIT_FAIL(test, "number %d", 5);
}

static void warns(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, WARN_ON_ONCE(test != NULL));
}

static void dies(struct kunit *test)
{
	BUG_ON(test->priv);
	BUG();
	kunit_info(test, "not reached\n");
}

static void forgets_to_enable(struct kunit *test)
{
	preempt_disable();
}

static void is_not_spoilt(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

static const int numbers[] = {1, 2, 3};
KUNIT_ARRAY_PARAM(number, numbers, NULL);

static void is_odd(struct kunit *test)
{
	const int *number = test->param_value;

	if (*number == 3)
		kunit_skip(test, "three");
	KUNIT_EXPECT_NE(test, *number % 2, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(passes),
	KUNIT_CASE(expect_goes_on),
	KUNIT_CASE(assert_ends_case),
	KUNIT_CASE(skips),
	KUNIT_CASE(fails_by_hand),
	KUNIT_CASE(warns),
	KUNIT_CASE(dies),
	KUNIT_CASE(forgets_to_enable),
	KUNIT_CASE(is_not_spoilt),
	KUNIT_CASE_PARAM(is_odd, number_gen_params),
	{},
};

static struct kunit_suite suite = {
	.name = "selftest",
	.test_cases = cases,
};

/* --- A suite that cannot start ------------------------------------------------- */

static int broken_init(struct kunit_suite *broken)
{
	return -ENODEV;
}

static struct kunit_case quiet_cases[] = {
	KUNIT_CASE(passes),
	{},
};

static struct kunit_suite broken_suite = {
	.name = "broken",
	.suite_init = broken_init,
	.test_cases = quiet_cases,
};

static struct kunit_suite quiet_suite = {
	.name = "quiet",
	.test_cases = quiet_cases,
};

kunit_test_suites(&suite, &broken_suite);
kunit_test_suite(quiet_suite);
