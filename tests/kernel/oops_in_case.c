/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* oops_in_case.c: pointers that lead nowhere end the case, not the run. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/kthread.h>

struct node {
	int number;
	int data[100];
	void (*call)(void);
};

static struct node *volatile none;
static struct node *volatile wild = (struct node *)0xdead000000000100;

static void null_load(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, none->data[3], 1);
}
static void null_store(struct kunit *test)
{
	none->number = 5;
}
static void error_pointer(struct kunit *test)
{
	struct node *volatile node = ERR_PTR(-ENOMEM);

	KUNIT_EXPECT_EQ(test, node->number, 1);
}
static void wild_load(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, wild->number, 1);
}
static void null_call(struct kunit *test)
{
	void (*volatile call)(void) = NULL;

	call();
}
static int load_null(void *data)
{
	return none->data[3];
}
static void null_load_in_thread(struct kunit *test)
{
	struct task_struct *task = kthread_run(load_null, NULL, "oops");

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	kthread_stop(task);
}
static void after_all(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, preemptible());
}

static struct kunit_case oops_cases[] = {
	KUNIT_CASE(null_load),	 KUNIT_CASE(null_store),	  KUNIT_CASE(error_pointer),
	KUNIT_CASE(wild_load),	 KUNIT_CASE(null_call),
	KUNIT_CASE(after_all),	 {},
};
static struct kunit_suite oops_suite = {.name = "oops", .test_cases = oops_cases};

static struct kunit_case thread_cases[] = {KUNIT_CASE(null_load_in_thread), KUNIT_CASE(after_all), {}};
static struct kunit_suite thread_suite = {.name = "oops_thread", .test_cases = thread_cases};

kunit_test_suites(&oops_suite, &thread_suite);
