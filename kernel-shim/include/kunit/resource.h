/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit/resource.h: counted things that belong to a case and go with it. */
#ifndef FLUSHDEP_KUNIT_RESOURCE_H
#define FLUSHDEP_KUNIT_RESOURCE_H

#include <kunit/test.h>
#include <linux/kref.h>

struct kunit_resource;

/* faithful */
typedef int (*kunit_resource_init_t)(struct kunit_resource *res, void *context);
typedef void (*kunit_resource_free_t)(struct kunit_resource *res);
typedef bool (*kunit_resource_match_t)(struct kunit *test, struct kunit_resource *res,
				       void *match_data);

struct kunit_resource {
	void *data;
	const char *name;
	kunit_resource_free_t free;

	/* private: */
	struct kref refcount;
	struct list_head node;
	bool should_kfree;
	struct kunit *flushdep_test;
};

/* faithful: with the case, or by kunit_destroy_resource() before, its list's reference is dropped.
 */
int kunit_add_resource(struct kunit *test, kunit_resource_init_t init, kunit_resource_free_t free,
		       struct kunit_resource *res, void *data);
int kunit_add_named_resource(struct kunit *test, kunit_resource_init_t init,
			     kunit_resource_free_t free, struct kunit_resource *res,
			     const char *name, void *data);
struct kunit_resource *kunit_alloc_and_get_resource(struct kunit *test, kunit_resource_init_t init,
						    kunit_resource_free_t free, gfp_t internal_gfp,
						    void *context);
void *kunit_alloc_resource(struct kunit *test, kunit_resource_init_t init,
			   kunit_resource_free_t free, gfp_t internal_gfp, void *context);
void kunit_put_resource(struct kunit_resource *res);

/* faithful: the newest that matches, counted for the caller; null if there is none. */
struct kunit_resource *kunit_find_resource(struct kunit *test, kunit_resource_match_t match,
					   void *match_data);

/* faithful: 0 or -ENOENT. */
int kunit_destroy_resource(struct kunit *test, kunit_resource_match_t match, void *match_data);

/* faithful: takes it from the case; other references stay. */
void kunit_remove_resource(struct kunit *test, struct kunit_resource *res);

static inline void kunit_get_resource(struct kunit_resource *res)
{
	kref_get(&res->refcount);
}

static inline bool kunit_resource_instance_match(struct kunit *test, struct kunit_resource *res,
						 void *match_data)
{
	(void)test;
	return res->data == match_data;
}

static inline bool kunit_resource_name_match(struct kunit *test, struct kunit_resource *res,
					     void *match_name)
{
	(void)test;
	return res->name && strcmp(res->name, match_name) == 0;
}

static inline struct kunit_resource *kunit_find_named_resource(struct kunit *test, const char *name)
{
	return kunit_find_resource(test, kunit_resource_name_match, (void *)name);
}

static inline int kunit_destroy_named_resource(struct kunit *test, const char *name)
{
	return kunit_destroy_resource(test, kunit_resource_name_match, (void *)name);
}

#endif
