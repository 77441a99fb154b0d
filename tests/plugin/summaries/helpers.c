// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The debt through functions of the unit: who puts, who flushes, who frees.
#include "mm.h"

static void release(struct page *page)
{
	__free_page(page); // expected-warning 2 {{[FD001 unflushed-free]}}
}

void bad_freed_by_helper(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	release(page);
}

void good_freed_by_helper(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	flush_tlb_all();
	release(page);
}

static int copy_in(struct page *page, void *data)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return -ENOMEM;
	consume(mermap_addr(map));
	mermap_put(map);
	return 0;
}

void bad_put_by_helper(void *data)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	copy_in(page, data);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

// If it failed it never mapped.
int good_error_return(void *data)
{
	struct page *page = alloc_page(GFP_KERNEL);
	int err;

	if (!page)
		return -ENOMEM;
	err = copy_in(page, data);
	if (err) {
		__free_page(page);
		return err;
	}
	flush_tlb_all();
	__free_page(page);
	return 0;
}

int bad_success_return(void *data)
{
	struct page *page = alloc_page(GFP_KERNEL);
	int err;

	if (!page)
		return -ENOMEM;
	err = copy_in(page, data);
	if (!err)
		__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
	return err;
}

static void flush_after(void) { flush_tlb_all(); }
static void flush_here(void) { __flush_tlb_all(); }

void good_flushed_by_helper(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	flush_after();
	__free_page(page);
}

void bad_flushed_locally_by_helper(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	flush_here();
	__free_page(page); // expected-warning {{[FD003 insufficient-flush]}}
}

// A callee that flushes unless told not to.
static void put_and(struct mermap_alloc *map, bool defer)
{
	mermap_put(map);
	if (!defer)
		flush_tlb_all();
}

void good_constant_flag(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		put_and(map, false);
	__free_page(page);
}

void bad_constant_flag(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		put_and(map, true);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_deferred_flag(struct page *page, bool defer)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		put_and(map, defer);
	if (defer)
		flush_tlb_all();
	__free_page(page);
}

void bad_deferred_flag(struct page *page, bool defer)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		put_and(map, defer);
	if (!defer)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

#define FLAG_FLUSH 4u
#define FLAG_KEEP 8u
static void finish(struct page *page, unsigned int flags)
{
	if (flags & FLAG_FLUSH)
		flush_tlb_all();
	if (!(flags & FLAG_KEEP))
		__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_flags(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	finish(page, FLAG_KEEP);
	finish(page, FLAG_FLUSH);
}

void bad_flags(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	finish(page, 0);
}

// Function pointers, where the unit shows the target.
static void each(struct page **pages, int count, void (*what)(struct page *))
{
	for (int i = 0; i < count; i++)
		what(pages[i]);
}
static void flush_one(struct page *page) { flush_tlb_all(); }
static void just_look(struct page *page) { consume(page); }
static void release_one(struct page *page)
{
	__free_page(page);
}

void good_pointer(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	void (*what)(struct page *) = flush_one;

	if (map)
		mermap_put(map);
	what(page);
	__free_page(page);
}

void bad_pointer(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	void (*what)(struct page *) = just_look;

	if (map)
		mermap_put(map);
	what(page);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

static void with(struct page *page, void (*what)(struct page *))
{
	what(page);
}

void good_pointer_argument(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	with(page, flush_one);
	__free_page(page);
}

void bad_pointer_argument(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	with(page, just_look);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void bad_freed_through_pointer(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	with(page, release);
}

void good_each(struct page **pages)
{
	each(pages, 2, release_one);
}

// Pages and handles that come back through parameters and return values.
static int map_one(struct page **page, struct mermap_alloc **map)
{
	*page = alloc_page(GFP_KERNEL);
	if (!*page)
		return -ENOMEM;
	*map = mermap_get(*page, PAGE_SIZE, PAGE_KERNEL);
	if (!*map) {
		__free_page(*page);
		return -EINVAL;
	}
	return 0;
}

int good_out_parameters(void)
{
	struct page *page;
	struct mermap_alloc *map;
	int err = map_one(&page, &map);

	if (err)
		return err;
	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
	return 0;
}

int bad_out_parameters(void)
{
	struct page *page;
	struct mermap_alloc *map;
	int err = map_one(&page, &map);

	if (err)
		return err;
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
	return 0;
}

static struct page *fresh(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return NULL;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!map) {
		__free_page(page);
		return NULL;
	}
	mermap_put(map);
	return page;
}

void bad_fresh(void)
{
	struct page *page = fresh();

	if (page)
		put_page(page); // expected-warning {{page 'page' is freed without}}
}

void good_fresh(void)
{
	struct page *page = fresh();

	if (!page)
		return;
	flush_tlb_all();
	put_page(page);
}

// What a helper of the same file sets or tells.
struct batch {
	struct page *page;
	bool stale;
	int mode;
};
static void mark(struct batch *b) { b->stale = true; }
static bool is_stale(struct batch *b) { return b->stale; }
static bool must_flush(int mode) { return mode == 2 || mode == 3; }

void good_marked_by_helper(struct batch *b)
{
	struct mermap_alloc *map = mermap_get(b->page, PAGE_SIZE, PAGE_KERNEL);

	b->stale = false;
	if (map) {
		mermap_put(map);
		mark(b);
	}
	if (is_stale(b))
		flush_tlb_all();
	__free_page(b->page);
}

void bad_marked_by_helper(struct batch *b)
{
	struct mermap_alloc *map = mermap_get(b->page, PAGE_SIZE, PAGE_KERNEL);

	b->stale = true;
	if (map) {
		mermap_put(map);
		mark(b);
	}
	if (!is_stale(b))
		flush_tlb_all();
	__free_page(b->page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_told_by_helper(struct page *page, int mode)
{
	struct mermap_alloc *map;

	if (mode != 2)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	if (must_flush(mode))
		flush_tlb_all();
	__free_page(page);
}

void bad_told_by_helper(struct page *page, int mode)
{
	struct mermap_alloc *map;

	if (mode > 2)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	if (must_flush(mode))
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

// Structures by value.
struct mapping {
	struct page *page;
	struct mermap_alloc *map;
};
static struct mapping open_one(struct page *page)
{
	struct mapping m = {page, mermap_get_reserved(page, PAGE_KERNEL)};

	return m;
}
static void close_one(struct mapping m) { mermap_put(m.map); }

void good_by_value(struct page *page)
{
	struct mapping m = open_one(page);

	close_one(m);
	flush_tlb_all();
	__free_page(page);
}

void bad_by_value(struct page *page)
{
	struct mapping m = open_one(page);
	struct mapping copy;

	copy = m;
	close_one(copy);
	__free_page(m.page); // expected-warning {{[FD001 unflushed-free]}}
}

// Only called with the flag that makes it right.
static void put_flush_free(struct page *page, struct mermap_alloc *map, int flush)
{
	mermap_put(map);
	if (flush)
		flush_tlb_all();
	__free_page(page);
}

void good_only_caller(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		put_flush_free(page, map, 1);
}

// Large and with loops, but without effects: what it leaves alone in a structure that it gets is known.
struct scan {
	struct page *page;
	int counts[4];
	int total;
};

static int count_scan(struct scan *scan, int limit)
{
	int i;

	scan->total = 0;
	for (i = 0; i < 4; i++) {
		if (scan->counts[i] > limit)
			scan->total = limit;
		else if (scan->counts[i] < 0)
			return -EINVAL;
	}
	while (limit > 0) {
		if (unknown())
			scan->total = 1;
		limit = unknown();
	}
	return 0;
}

void good_scan(struct page *page, int limit)
{
	struct scan scan = {NULL, {0, 0, 0, 0}, 0};
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	count_scan(&scan, limit);
	if (scan.page)
		__free_page(page);
}

void bad_scan(struct page *page, int limit)
{
	struct scan scan = {page, {0, 0, 0, 0}, 0};
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	count_scan(&scan, limit);
	if (scan.page)
		__free_page(scan.page); // expected-warning {{[FD001 unflushed-free]}}
}
