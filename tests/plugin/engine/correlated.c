/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Conditions that agree without being written alike. */
#include "mm.h"

union word {
	struct page *page;
	void *pointer;
	int small;
};

struct box {
	struct page *page;
	unsigned long flags;
};

#define STALE (1ul << 0)
#define OTHER (1ul << 3)

/* A counter beyond any that are told apart is still not zero. */
void good_counted(struct page *page, int n)
{
	int puts = 0;

	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			break;
		mermap_put(map);
		puts++;
	}
	if (puts)
		flush_tlb_all();
	__free_page(page);
}

void bad_counted(struct page *page, int n)
{
	int puts = 0;

	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			break;
		mermap_put(map);
		puts++;
	}
	if (puts > 1)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_counted_down(struct page *page, int n)
{
	int left = 0;

	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			break;
		mermap_put(map);
		--left;
	}
	if (left < 0)
		flush_tlb_all();
	__free_page(page);
}

void bad_counted_down(struct page *page, int n)
{
	int left = 0;

	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			break;
		mermap_put(map);
		--left;
	}
	if (left > 0)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_one_more(struct page *page, unsigned int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	if (n + 1 > 0)
		flush_tlb_all();
	__free_page(page);
}

void bad_one_more(struct page *page, unsigned int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	if (n + 1 > 1)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_bits(struct box *box)
{
	struct mermap_alloc *map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);

	box->flags &= ~STALE;
	if (map) {
		mermap_put(map);
		box->flags |= STALE;
	}
	box->flags |= OTHER;
	if (box->flags & STALE)
		flush_tlb_all();
	__free_page(box->page);
}

void bad_bits(struct box *box)
{
	struct mermap_alloc *map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);

	box->flags &= ~STALE;
	if (map) {
		mermap_put(map);
		box->flags |= OTHER;
	}
	if (box->flags & STALE)
		flush_tlb_all();
	__free_page(box->page); // expected-warning {{[FD001}}
}

void good_local_bits(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	unsigned long flags = 0;

	if (map) {
		mermap_put(map);
		flags |= STALE;
	}
	if (n)
		flags |= OTHER;
	if (flags & STALE)
		flush_tlb_all();
	__free_page(page);
}

void bad_local_bits(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	unsigned long flags = 0;

	if (map) {
		mermap_put(map);
		flags |= STALE;
	}
	if (n)
		flags |= OTHER;
	if (flags & OTHER)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_test_as_number(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	const int mapped = map != NULL;

	if (map)
		mermap_put(map);
	if (mapped > 0)
		flush_tlb_all();
	__free_page(page);
}

void bad_test_as_number(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	const int mapped = map != NULL;

	if (map)
		mermap_put(map);
	if (mapped < 1)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_other_pointer(struct page *page, struct page *other)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	if (other != page)
		__free_page(other);
}

void bad_equal_pointer(struct page *page, struct page *other)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	if (other == page)
		__free_page(other); // expected-warning {{[FD001}}
}

void good_union(union word word)
{
	struct mermap_alloc *map = mermap_get(word.page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	word.pointer = alloc_page(GFP_KERNEL);
	if (word.page)
		__free_page(word.page);
}

void bad_union(union word word)
{
	struct mermap_alloc *map = mermap_get(word.page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	__free_page(word.pointer); // expected-warning {{[FD001}}
}

void good_turned_around(struct page *page, int a, int b)
{
	struct mermap_alloc *map = NULL;

	if (a < b)
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	if (b > a)
		flush_tlb_all();
	__free_page(page);
}

void bad_turned_around(struct page *page, int a, int b)
{
	struct mermap_alloc *map = NULL;

	if (a < b)
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	if (b <= a)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_collected(struct page *page, int n)
{
	bool stale = false;

	while (n--) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		stale |= map != NULL;
		if (map)
			mermap_put(map);
	}
	if (stale)
		flush_tlb_all();
	__free_page(page);
}

void bad_collected(struct page *page, int n)
{
	bool stale = false;

	while (n--) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		stale |= map != NULL;
		if (map)
			mermap_put(map);
	}
	if (!stale)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_any_bit(struct page *page, int bit)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	unsigned long bits = 0;

	if (map) {
		mermap_put(map);
		bits |= 1ul << bit;
	}
	if (bits)
		flush_tlb_all();
	__free_page(page);
}

void bad_any_bit(struct page *page, int bit)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	unsigned long bits = 0;

	if (map) {
		mermap_put(map);
		bits |= 1ul << bit;
	}
	if (bits & 2)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_wider_mask(struct page *page, unsigned int flags)
{
	struct mermap_alloc *map = NULL;

	if (flags & 4)
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	if (flags & 12)
		flush_tlb_all();
	__free_page(page);
}

void bad_wider_mask(struct page *page, unsigned int flags)
{
	struct mermap_alloc *map = NULL;

	if (flags & 4)
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	if (flags & 8)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_mapped_is_there(struct page *page, struct page *last)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	if (page)
		flush_tlb_all();
	__free_page(page);
}

void bad_mapped_is_there(struct page *page, struct page *last)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	if (last)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

// An error number stays negative, whatever little is added to it.
static int fails_or_not(int way)
{
	return way ? -ENOMEM : 0;
}

void good_error_number(struct page *page, int way, int more)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	int err = fails_or_not(way);

	if (map)
		mermap_put(map);
	if (more)
		err += 0;
	else if (err)
		err += 2;
	if (err > 0)
		__free_page(page);
}

void bad_error_number(struct page *page, int way, int more)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	int err = fails_or_not(way);

	if (map)
		mermap_put(map);
	if (more)
		err += 2;
	if (err > 0)
		__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

/* The range that a flush needs, gathered where mappings are put. */
void good_gathered(struct page *page, unsigned long a)
{
	unsigned long start = ~0ul, end = 0;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map) {
		start = start < a ? start : a;
		end = end > a + PAGE_SIZE ? end : a + PAGE_SIZE;
		mermap_put(map);
	}
	if (start < end)
		flush_tlb_all();
	__free_page(page);
}

void bad_gathered(struct page *page)
{
	unsigned long start = ~0ul, end = 0;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	if (start < end)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}
