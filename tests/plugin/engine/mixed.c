/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Shapes of kernel code that put several constructs together. */
#include "mm.h"

enum state { NEW, MAPPED, DONE };

struct batch {
	struct page *pages[8];
	unsigned int nr;
	unsigned int stale : 1;
};

void good_retry_get(struct page *page)
{
	struct mermap_alloc *map;

	while (!(map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL)))
		unknown();
	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
}

void bad_retry_get(struct page *page)
{
	struct mermap_alloc *map;

	while (!(map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL)))
		unknown();
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001}}
}

void bad_comma(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map && (mermap_put(map), 1))
		__free_page(page); // expected-warning {{[FD001}}
}

void good_comma(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map && (mermap_put(map), flush_tlb_all(), 1))
		__free_page(page);
}

void good_bit_field(struct batch *batch, struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	batch->stale = 0;
	if (map) {
		mermap_put(map);
		batch->stale = 1;
	}
	if (batch->stale)
		flush_tlb_all();
	__free_page(page);
}

void bad_bit_field(struct batch *batch, struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	batch->stale = 0;
	if (map)
		mermap_put(map);
	else
		batch->stale = 1;
	if (batch->stale)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_or_assign(struct page *page, int n)
{
	unsigned int stale = 0;

	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			continue;
		mermap_put(map);
		stale |= 2;
	}
	if (stale)
		flush_tlb_all();
	__free_page(page);
}

void bad_or_assign(struct page *page, int n)
{
	unsigned int stale = 0;

	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			continue;
		mermap_put(map);
		stale |= 2;
	}
	if (stale & 1)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_counter(struct page *page, int n)
{
	int mapped = 0;

	while (n--) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			break;
		mermap_put(map);
		mapped = 1;
	}
	if (mapped > 0)
		flush_tlb_all();
	__free_page(page);
}

void good_state_machine(struct page *page)
{
	enum state state = NEW;
	struct mermap_alloc *map = NULL;

	while (state != DONE) {
		switch (state) {
		case NEW:
			map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
			state = map ? MAPPED : DONE;
			break;
		case MAPPED:
			mermap_put(map);
			flush_tlb_all();
			state = DONE;
			break;
		case DONE:
			break;
		}
	}
	__free_page(page);
}

void bad_state_machine(struct page *page)
{
	enum state state = NEW;
	struct mermap_alloc *map = NULL;

	while (state != DONE) {
		switch (state) {
		case NEW:
			map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
			state = map ? MAPPED : DONE;
			break;
		case MAPPED:
			mermap_put(map);
			state = DONE;
			break;
		case DONE:
			flush_tlb_all();
			break;
		}
	}
	__free_page(page); // expected-warning {{[FD001}}
}

/* Copy on write: two live mappings, and one page of the two is dropped. */
int good_copy_on_write(struct page *old)
{
	struct page *new = alloc_page(GFP_KERNEL);
	struct mermap_alloc *from, *to;
	int err = -ENOMEM;

	if (!new)
		return -ENOMEM;
	from = mermap_get(old, PAGE_SIZE, PAGE_KERNEL);
	if (!from)
		goto free;
	to = mermap_get(new, PAGE_SIZE, PAGE_KERNEL);
	if (!to)
		goto put_from;
	mermap_put(to);
	mermap_put(from);
	return 0;

put_from:
	mermap_put(from);
free:
	__free_page(new);
	return err;
}

int bad_copy_on_write(struct page *old)
{
	struct page *new = alloc_page(GFP_KERNEL);
	struct mermap_alloc *from, *to;
	int err = -ENOMEM;

	if (!new)
		return -ENOMEM;
	from = mermap_get(old, PAGE_SIZE, PAGE_KERNEL);
	if (!from)
		goto free;
	to = mermap_get(new, PAGE_SIZE, PAGE_KERNEL);
	if (!to)
		goto put_from;
	err = unknown();
	mermap_put(to);
put_from:
	mermap_put(from);
	if (!err)
		return 0;
free:
	__free_page(new); // expected-warning {{[FD001}}
	return err;
}

void good_batch(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->nr; i++) {
		struct mermap_alloc *map = mermap_get(batch->pages[i], PAGE_SIZE, PAGE_KERNEL);

		if (map)
			mermap_put(map);
	}
	flush_tlb_all();
	for (i = 0; i < batch->nr; i++)
		put_page(batch->pages[i]);
}

void bad_batch_inside(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->nr; i++) {
		struct mermap_alloc *map = mermap_get(batch->pages[i], PAGE_SIZE, PAGE_KERNEL);

		if (map)
			mermap_put(map);
		__free_page(batch->pages[i]); // expected-warning {{[FD001}}
	}
}

void good_conditional_flush_of_conditional_put(struct page *page, unsigned int flags, int n)
{
	struct mermap_alloc *map = NULL;

	if (flags & 1)
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	for (int i = 0; i < n; i++)
		unknown();
	if ((flags & 1) && map)
		mermap_put(map);
	if (flags & 1)
		flush_tlb_all();
	put_page(page);
}

void good_null_after_free(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (unknown()) {
		flush_tlb_all();
		__free_page(page);
		page = NULL;
	}
	if (page)
		flush_tlb_all();
	__free_page(page);
}

void bad_minus_one_protocol(struct page *page, int err)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (err != -EINVAL)
		flush_tlb_all();
	if (err == -EINVAL)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_minus_one_protocol(struct page *page, int err)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (err == -EINVAL)
		flush_tlb_all();
	if (err == -EINVAL)
		__free_page(page);
}
