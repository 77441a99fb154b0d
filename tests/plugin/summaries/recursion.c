// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that call themselves, directly and through others.
#include "mm.h"

struct node {
	struct page *page;
	struct node *next;
	bool mapped;
};

static void flush_down(int depth)
{
	if (depth == 0) {
		flush_tlb_all();
		return;
	}
	flush_down(depth - 1);
}

static void look_down(int depth)
{
	if (depth == 0) {
		__flush_tlb_all();
		return;
	}
	look_down(depth - 1);
}

void good_flushed_at_the_bottom(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	flush_down(3);
	__free_page(page);
}

void good_flushed_at_some_depth(struct page *page, int depth)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	flush_down(depth);
	__free_page(page);
}

void bad_flushed_locally_at_the_bottom(struct page *page, int depth)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	look_down(depth);
	__free_page(page); // expected-warning {{[FD003 insufficient-flush]}}
}

static void touch_all(struct node *node)
{
	struct mermap_alloc *map;

	if (!node)
		return;
	map = mermap_get(node->page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	touch_all(node->next);
}

void good_list(struct node *node)
{
	touch_all(node);
	flush_tlb_all();
	__free_page(node->page);
}

void bad_list(struct node *node)
{
	touch_all(node);
	__free_page(node->page); // expected-warning {{[FD001 unflushed-free]}}
}

static void odd(struct page *page, int depth);
static void even(struct page *page, int depth)
{
	if (depth == 0)
		__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
	else
		odd(page, depth - 1);
}
static void odd(struct page *page, int depth)
{
	if (depth == 0)
		flush_tlb_all();
	else
		even(page, depth - 1);
}

void bad_mutual(struct page *page, int depth)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	even(page, depth);
}

void good_mutual(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	odd(page, 0);
	even(page, 0);
}

// Tries again by calling itself.
static int fill(struct page **page, int tries)
{
	struct mermap_alloc *map;

	*page = alloc_page(GFP_KERNEL);
	if (!*page)
		return -ENOMEM;
	map = mermap_get(*page, PAGE_SIZE, PAGE_KERNEL);
	if (!map) {
		__free_page(*page);
		return tries ? fill(page, tries - 1) : -EINVAL;
	}
	mermap_put(map);
	return 0;
}

int good_fill(void)
{
	struct page *page;
	int err = fill(&page, 3);

	if (err)
		return err;
	flush_tlb_all();
	__free_page(page);
	return 0;
}

int bad_fill(void)
{
	struct page *page;
	int err = fill(&page, 3);

	if (err)
		return err;
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
	return 0;
}

// Without effects of its own: what it leaves alone on every level is still known.
struct walk {
	struct page *found;
	int rounds;
};

static int descend(struct walk *walk, struct page **out, int depth)
{
	struct page *below;

	if (depth > 0)
		descend(walk, &below, depth - 1);
	walk->rounds = 0;
	*out = walk->found;
	return 0;
}

void good_descend(struct page *page)
{
	struct walk walk = {NULL, 0};
	struct page *found = page;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	mermap_put(map);
	descend(&walk, &found, 3);
	if (found)
		__free_page(page);
}

void bad_descend(struct page *page)
{
	struct walk walk = {page, 0};
	struct page *found = NULL;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	mermap_put(map);
	descend(&walk, &found, 3);
	if (found)
		__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

// Deeper than is followed: it may have changed what it was given.
void bad_descend_deep(struct page *page, int depth)
{
	struct walk walk = {NULL, 0};
	struct page *found = page;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	mermap_put(map);
	descend(&walk, &found, depth);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}
