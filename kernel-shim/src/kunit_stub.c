/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit_stub.c: replaced functions of the running case; see kunit/static_stub.h. */
#include <kunit/static_stub.h>

struct stub {
	struct list_head node;
	struct kunit *test;
	void *real;
	void *replacement;
};

static DEFINE_SPINLOCK(stubs_lock);
static LIST_HEAD(stubs);

static struct stub *find(struct kunit *test, void *real)
{
	struct stub *stub;

	list_for_each_entry (stub, &stubs, node)
		if (stub->test == test && stub->real == real)
			return stub;
	return NULL;
}

void *__kunit_static_stub_address(struct kunit *test, void *real)
{
	struct stub *stub;

	guard(spinlock)(&stubs_lock);
	stub = find(test, real);
	return stub ? stub->replacement : NULL;
}

/* The action of a stub: its end with the case, or before. */
static void drop(void *ctx)
{
	struct stub *stub = ctx;

	spin_lock(&stubs_lock);
	list_del(&stub->node);
	spin_unlock(&stubs_lock);
	kfree(stub);
}

static bool replace(struct kunit *test, void *real, void *replacement)
{
	struct stub *stub;

	guard(spinlock)(&stubs_lock);
	stub = find(test, real);
	if (stub)
		stub->replacement = replacement;
	return stub;
}

void __kunit_activate_static_stub(struct kunit *test, void *real, void *replacement)
{
	struct stub *stub;

	KUNIT_ASSERT_PTR_NE_MSG(test, real, NULL, "no function to replace");
	if (!replacement) {
		kunit_deactivate_static_stub(test, real);
		return;
	}
	if (replace(test, real, replacement))
		return;
	stub = kmalloc(sizeof(*stub), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stub);
	*stub = (struct stub){.test = test, .real = real, .replacement = replacement};
	spin_lock(&stubs_lock);
	list_add(&stub->node, &stubs);
	spin_unlock(&stubs_lock);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, drop, stub), 0);
}

void kunit_deactivate_static_stub(struct kunit *test, void *real)
{
	struct stub *stub;

	spin_lock(&stubs_lock);
	stub = find(test, real);
	spin_unlock(&stubs_lock);
	KUNIT_ASSERT_NOT_NULL_MSG(test, stub, "the function is not replaced");
	kunit_release_action(test, drop, stub);
}
