/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A mapping whose handle is kept in an object: others may put it, but only if they get a chance. */
#include "mm.h"

struct object {
	struct mermap_alloc *map;
	struct page *page;
	struct object *next;
};
static struct object *first, *last;
void *kzalloc(unsigned long size, gfp_t gfp);

#define MAP(page) mermap_get(page, PAGE_SIZE, PAGE_KERNEL)

int bad_parameter(struct object *object)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	object->map = MAP(page);
	if (!object->map)
		return 0;
	__free_page(page); // expected-warning {{[FD002 free-while-mapped]}}
	return 0;
}

int bad_local(void)
{
	struct object local, *object = &local;
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	object->map = MAP(page);
	if (!object->map)
		return 0;
	__free_page(page); // expected-warning {{[FD002 free-while-mapped]}}
	return 0;
}

int bad_allocated(void)
{
	struct object *object = kzalloc(sizeof(*object), GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page || !object)
		return -ENOMEM;
	object->map = MAP(page);
	if (!object->map)
		return 0;
	__free_page(page); // expected-warning {{[FD002 free-while-mapped]}}
	return 0;
}

int good_put(struct object *object)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	object->map = MAP(page);
	if (object->map) {
		mermap_put(object->map);
		flush_tlb_all();
	}
	__free_page(page);
	return 0;
}

int good_unknown_call(struct object *object)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	object->map = MAP(page);
	unknown();
	__free_page(page);
	return 0;
}

/* The two may be one. */
int good_other_object(struct object *object, struct object *other)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	object->map = MAP(page);
	if (other->map) {
		mermap_put(other->map);
		flush_tlb_all();
	}
	__free_page(page);
	return 0;
}

/* By the list, or by its other end, the object itself may be meant. */
int good_linked(struct object *object)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	object->map = MAP(page);
	first = object;
	for (struct object *at = first; at != last; at = at->next)
		if (at->map)
			mermap_put(at->map);
	flush_tlb_all();
	__free_page(page);
	return 0;
}

int good_found(struct object *object)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	object->map = MAP(page);
	for (struct object *at = first; at; at = at->next)
		if (at->map)
			mermap_put(at->map);
	flush_tlb_all();
	__free_page(page);
	return 0;
}

/* Whoever waits for the lock may put it. */
int good_unlocked(struct object *object)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	preempt_disable();
	object->map = MAP(page);
	preempt_enable();
	__free_page(page);
	return 0;
}

/* The one who has the object puts it later: no leak. */
int good_kept(struct object *object)
{
	object->map = MAP(object->page);
	return object->map ? 0 : -ENOMEM;
}
