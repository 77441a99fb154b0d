// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/* locks_left.c: cases that leave locks behind, and one that would hang. */
#include <kunit/test.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

static DEFINE_MUTEX(left_mutex);
static DEFINE_SPINLOCK(left_spinlock);

static void forgets_to_unlock(struct kunit *test)
{
	mutex_lock(&left_mutex);
}

static void asserts_away(struct kunit *test)
{
	struct mutex on_stack;

	mutex_init(&on_stack);
	mutex_lock(&left_mutex);
	mutex_lock(&on_stack);
	rcu_read_lock();
	spin_lock_irq(&left_spinlock);
	KUNIT_ASSERT_TRUE(test, preempt_count() == 0);
}

static void finds_all_free(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&left_mutex));
	KUNIT_EXPECT_FALSE(test, spin_is_locked(&left_spinlock));
	KUNIT_EXPECT_FALSE(test, rcu_read_lock_held());
	mutex_lock(&left_mutex);
	synchronize_rcu();
	mutex_unlock(&left_mutex);
}

static struct kunit_case left_cases[] = {
	KUNIT_CASE(forgets_to_unlock),
	KUNIT_CASE(asserts_away),
	KUNIT_CASE(finds_all_free),
	{},
};

static struct kunit_suite left_suite = {
	.name = "left",
	.test_cases = left_cases,
};

static void locks_twice(struct kunit *test)
{
	mutex_lock(&left_mutex);
	mutex_lock(&left_mutex);
}

static struct kunit_case hang_cases[] = {
	KUNIT_CASE(locks_twice),
	{},
};

static struct kunit_suite hang_suite = {
	.name = "hang",
	.test_cases = hang_cases,
};

kunit_test_suites(&left_suite, &hang_suite);
