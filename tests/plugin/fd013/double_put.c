/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A mapping is put once on every way. */
#include "mm.h"

struct shared_handle {
	struct mermap_alloc *map;
};

void bad_twice(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	mermap_put(map); // expected-warning {{mapping 'map' is put twice [FD013 mapping-imbalance]}}
}

void good_once(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
}

void good_two_mappings(struct page *page)
{
	struct mermap_alloc *a = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	struct mermap_alloc *b = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(a);
	mermap_put(b);
}

void bad_error_path(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	if (unknown()) {
		mermap_put(map);
		goto out;
	}
	unknown();
out:
	mermap_put(map); // expected-warning {{mapping 'map' is put twice}}
}

void good_error_path(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	if (unknown()) {
		mermap_put(map);
		return;
	}
	unknown();
	mermap_put(map);
}

void bad_parameter(struct mermap_alloc *map, int again)
{
	mermap_put(map);
	if (again)
		mermap_put(map); // expected-warning {{mapping 'map' is put twice}}
}

void good_parameter_either_way(struct mermap_alloc *map, int early)
{
	if (early)
		mermap_put(map);
	unknown();
	if (!early)
		mermap_put(map);
}

void good_put_resets(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
}

void bad_alias(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	struct mermap_alloc *same = map;

	mermap_put(map);
	mermap_put(same); // expected-warning {{mapping 'same' is put twice}}
}

void good_nulled(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	map = NULL;
	if (map)
		mermap_put(map);
}

void bad_loop(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL); // expected-warning {{this mapping is never put}}
	int i;

	for (i = 0; i < n; i++)
		mermap_put(map); // expected-warning {{mapping 'map' is put twice}}
}

void good_loop(struct page *page, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		mermap_put(map);
	}
}

// Whoever has the structure may have mapped anew, though it is not looked at here any more.
void silent_put_elsewhere(struct shared_handle *shared, int wait)
{
	struct mermap_alloc *map = shared->map;

	mermap_put(shared->map);
	if (wait)
		wait = unknown();
	unknown_page(NULL);
	mermap_put(map);
}

void bad_put_here(struct shared_handle *shared, int wait)
{
	struct mermap_alloc *map = shared->map;

	mermap_put(shared->map);
	if (wait)
		wait = 0;
	mermap_put(map); // expected-warning {{put twice [FD013}}
}
