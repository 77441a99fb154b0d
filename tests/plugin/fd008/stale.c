// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores through a mapping, before and after its put.
#include "mm.h"

int bad_load(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	int *data = mermap_addr(map);

	mermap_put(map);
	return *data; // expected-warning {{[FD008 stale-access]}}
}

int good_load(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	int *data = mermap_addr(map);
	int value = *data;

	mermap_put(map);
	return value;
}

void bad_store(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	char *data;

	if (!map)
		return;
	data = mermap_addr(map);
	mermap_put(map);
	data[5] = 1; // expected-warning {{[FD008 stale-access]}}
}

void good_store(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	char *data;

	if (!map)
		return;
	data = mermap_addr(map);
	data[5] = 1;
	mermap_put(map);
	data = page_address(page);
	data[5] = 1;
}

struct header {
	int length;
	int kind;
};

int bad_member(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	struct header *header = mermap_addr(map);

	mermap_put(map);
	return header->kind; // expected-warning {{[FD008 stale-access]}}
}

int good_member(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	struct header header = *(struct header *)mermap_addr(map);

	mermap_put(map);
	return header.kind;
}

void bad_memset(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	void *data = mermap_addr(map);

	mermap_put(map);
	memset(data, 0, PAGE_SIZE); // expected-warning {{[FD008 stale-access]}}
}

void good_memset(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	memset(mermap_addr(map), 0, PAGE_SIZE);
	mermap_put(map);
}

void bad_copy(struct page *to, struct page *from)
{
	struct mermap_alloc *a = mermap_get_reserved(to, PAGE_KERNEL);
	struct mermap_alloc *b = mermap_get_reserved(from, PAGE_KERNEL);
	void *target = mermap_addr(a);
	void *source = mermap_addr(b);

	mermap_put(b);
	memcpy(target, source, PAGE_SIZE); // expected-warning {{[FD008 stale-access]}}
	mermap_put(a);
}

void good_copy(struct page *to, struct page *from)
{
	struct mermap_alloc *a = mermap_get_reserved(to, PAGE_KERNEL);
	struct mermap_alloc *b = mermap_get_reserved(from, PAGE_KERNEL);

	memcpy(mermap_addr(a), mermap_addr(b), PAGE_SIZE);
	mermap_put(b);
	mermap_put(a);
}

static void fill(int *data, int n) { data[n] = n; } // expected-warning {{[FD008 stale-access]}}
static void set(int *data, int n) { data[n] = n; }

void bad_in_helper(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	int *data = mermap_addr(map);

	mermap_put(map);
	fill(data, 3);
}

void good_in_helper(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	set(mermap_addr(map), 3);
	mermap_put(map);
}

int bad_on_one_way(struct page *page, int early)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	int *data = mermap_addr(map);
	int value;

	if (early)
		mermap_put(map);
	value = *data; // expected-warning {{[FD008 stale-access]}}
	if (!early)
		mermap_put(map);
	return value;
}

int good_on_both_ways(struct page *page, int early)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	int *data = mermap_addr(map);
	int value = 0;

	if (early)
		mermap_put(map);
	if (!early)
		value = *data;
	if (!early)
		mermap_put(map);
	return value;
}
