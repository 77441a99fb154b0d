// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Mappings that are left behind, with migration disabled.
#include "mm.h"

struct owner {
	struct mermap_alloc *map;
};

int bad_error_path(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL); // expected-warning {{never put [FD013}}

	if (!map)
		return -ENOMEM;
	if (unknown())
		return -EINVAL;
	mermap_put(map);
	return 0;
}

int good_error_path(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	int err = 0;

	if (!map)
		return -ENOMEM;
	if (unknown())
		err = -EINVAL;
	mermap_put(map);
	return err;
}

struct mermap_alloc *good_returned(struct page *page)
{
	return mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
}

struct owner good_returned_inside(struct page *page)
{
	struct owner owner = {mermap_get(page, PAGE_SIZE, PAGE_KERNEL)};

	return owner;
}

void good_stored(struct owner *owner, struct page *page)
{
	owner->map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
}

void good_out_parameter(struct mermap_alloc **map, struct page *page)
{
	*map = mermap_get_reserved(page, PAGE_KERNEL);
}

void good_handed_on(struct page *page)
{
	unknown_handle(mermap_get_reserved(page, PAGE_KERNEL));
}

void bad_local_owner(struct page *page)
{
	struct owner owner;

	owner.map = mermap_get_reserved(page, PAGE_KERNEL); // expected-warning {{never put [FD013}}
	consume(page);
}

void bad_second_of_two(struct page *to, struct page *from)
{
	struct mermap_alloc *a = mermap_get(to, PAGE_SIZE, PAGE_KERNEL); // expected-warning {{never put}}
	struct mermap_alloc *b;

	if (!a)
		return;
	b = mermap_get(from, PAGE_SIZE, PAGE_KERNEL);
	if (!b)
		return;
	mermap_put(b);
	mermap_put(a);
}

void good_second_of_two(struct page *to, struct page *from)
{
	struct mermap_alloc *a = mermap_get(to, PAGE_SIZE, PAGE_KERNEL);
	struct mermap_alloc *b;

	if (!a)
		return;
	b = mermap_get(from, PAGE_SIZE, PAGE_KERNEL);
	if (b)
		mermap_put(b);
	mermap_put(a);
}

static struct mermap_alloc *open_page(struct page *page)
{
	return mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
}
static struct mermap_alloc *open_other(struct page *page)
{
	return mermap_get(page, PAGE_SIZE, PAGE_KERNEL); // expected-warning {{never put}}
}

void good_through_helper(struct page *page)
{
	struct mermap_alloc *map = open_page(page);

	if (map)
		mermap_put(map);
}

void bad_through_helper(struct page *page)
{
	struct mermap_alloc *map = open_other(page);

	if (map)
		consume(mermap_addr(map));
}

void good_once_per_round(struct page *page, int n)
{
	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			break;
		mermap_put(map);
	}
}

void bad_continue(struct page *page, int n)
{
	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL); // expected-warning {{never put}}

		if (!map)
			break;
		if (unknown())
			continue;
		mermap_put(map);
	}
}

// A callee gets the structure, and with it the handle that nobody here looks at any more.
void release(struct owner *owner);

void good_released(struct page *page, int wait)
{
	struct owner owner = {NULL};

	owner.map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (wait)
		unknown();
	release(&owner);
}

void bad_released(struct page *page, int wait)
{
	struct owner owner = {NULL};

	owner.map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL); // expected-warning {{never put [FD013}}
	if (wait)
		release(&owner);
}
