/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * kunit_resource.c: resources of a case; see kunit/resource.h. That they go with
 * the case is an action of it, so that both go in one order, last in, first out.
 */
#include <kunit/resource.h>

static DEFINE_SPINLOCK(resources_lock);
static LIST_HEAD(resources);

static void release(struct kref *ref)
{
	struct kunit_resource *res = container_of(ref, struct kunit_resource, refcount);

	if (res->free)
		res->free(res);
	if (res->should_kfree)
		kfree(res);
}

void kunit_put_resource(struct kunit_resource *res)
{
	kref_put(&res->refcount, release);
}

/* The action of a resource. */
static void drop(void *ctx)
{
	struct kunit_resource *res = ctx;

	spin_lock(&resources_lock);
	list_del(&res->node);
	spin_unlock(&resources_lock);
	kunit_put_resource(res);
}

int kunit_add_resource(struct kunit *test, kunit_resource_init_t init, kunit_resource_free_t free,
		       struct kunit_resource *res, void *data)
{
	int err;

	res->free = free;
	res->flushdep_test = test;
	kref_init(&res->refcount);
	if (init) {
		err = init(res, data);
		if (err)
			return err;
	} else {
		res->data = data;
	}
	spin_lock(&resources_lock);
	list_add(&res->node, &resources);
	spin_unlock(&resources_lock);
	return kunit_add_action_or_reset(test, drop, res);
}

int kunit_add_named_resource(struct kunit *test, kunit_resource_init_t init,
			     kunit_resource_free_t free, struct kunit_resource *res,
			     const char *name, void *data)
{
	struct kunit_resource *there;

	if (!name)
		return -EINVAL;
	there = kunit_find_named_resource(test, name);
	if (there) {
		kunit_put_resource(there);
		return -EEXIST;
	}
	res->name = name;
	res->should_kfree = false;
	return kunit_add_resource(test, init, free, res, data);
}

struct kunit_resource *kunit_alloc_and_get_resource(struct kunit *test, kunit_resource_init_t init,
						    kunit_resource_free_t free, gfp_t internal_gfp,
						    void *context)
{
	struct kunit_resource *res = kzalloc(sizeof(*res), internal_gfp);

	if (!res)
		return NULL;
	res->should_kfree = true;
	if (kunit_add_resource(test, init, free, res, context)) {
		kfree(res);
		return NULL;
	}
	kunit_get_resource(res);
	return res;
}

void *kunit_alloc_resource(struct kunit *test, kunit_resource_init_t init,
			   kunit_resource_free_t free, gfp_t internal_gfp, void *context)
{
	struct kunit_resource *res =
		kunit_alloc_and_get_resource(test, init, free, internal_gfp, context);
	void *data = res ? res->data : NULL;

	if (res)
		kunit_put_resource(res);
	return data;
}

struct kunit_resource *kunit_find_resource(struct kunit *test, kunit_resource_match_t match,
					   void *match_data)
{
	struct kunit_resource *res;

	guard(spinlock)(&resources_lock);
	list_for_each_entry (res, &resources, node) {
		if (res->flushdep_test != test || !match(test, res, match_data))
			continue;
		kunit_get_resource(res);
		return res;
	}
	return NULL;
}

int kunit_destroy_resource(struct kunit *test, kunit_resource_match_t match, void *match_data)
{
	struct kunit_resource *res = kunit_find_resource(test, match, match_data);

	if (!res)
		return -ENOENT;
	kunit_remove_resource(test, res);
	kunit_put_resource(res);
	return 0;
}

void kunit_remove_resource(struct kunit *test, struct kunit_resource *res)
{
	kunit_release_action(test, drop, res);
}
