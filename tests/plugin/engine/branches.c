/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Branches: correlated conditions, short circuits, ternaries, switches. */
#include "mm.h"

void bad_flush_on_one_way(struct page *page, int flush)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (flush)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_flush_and_free_on_one_way(struct page *page, int last)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (last)
		flush_tlb_all();
	unknown();
	if (last)
		__free_page(page);
}

void bad_opposite_ways(struct page *page, int last)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (!last)
		flush_tlb_all();
	unknown();
	if (last)
		__free_page(page); // expected-warning {{[FD001}}
}

/* The variable was changed in between, so the conditions say nothing. */
void bad_condition_changed(struct page *page, int last)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (last)
		flush_tlb_all();
	last = unknown();
	if (last)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_flag_variable(struct page *page, int n)
{
	bool stale = false;

	if (n) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (map) {
			mermap_put(map);
			stale = true;
		}
	}
	if (stale)
		flush_tlb_all();
	__free_page(page);
}

void bad_flag_variable(struct page *page, int n)
{
	bool stale = false;

	if (n) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (map) {
			mermap_put(map);
			stale = n > 4;
		}
	}
	if (stale)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_flag_bits(struct page *page, unsigned int flags)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (flags & 4)
		flush_tlb_all();
	if (flags & 4)
		__free_page(page);
}

void bad_other_flag_bits(struct page *page, unsigned int flags)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (flags & 4)
		flush_tlb_all();
	if (flags & 8)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_test_in_variable(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	bool failed = !map;

	if (!failed)
		mermap_put(map);
	if (failed)
		__free_page(page);
}

void bad_test_in_variable(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	bool failed = !map;

	if (!failed)
		mermap_put(map);
	if (!failed)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_and(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (a && b)
		flush_tlb_all();
	if (a && b)
		__free_page(page);
}

void bad_and(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (a && b)
		flush_tlb_all();
	if (b)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_or(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (a || b)
		flush_tlb_all();
	if (b)
		__free_page(page);
}

void bad_or(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (a)
		flush_tlb_all();
	if (a || b)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_likely(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (unlikely(!map || !a)) {
		if (map)
			mermap_put(map);
		return;
	}
	mermap_put(map);
	if (likely(a && b))
		flush_tlb_all();
	if (b)
		__free_page(page);
}

void bad_likely(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (unlikely(!map))
		return;
	mermap_put(map);
	if (likely(a && b))
		flush_tlb_all();
	if (b)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_logical_value(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	int both = a && b;

	mermap_put(map);
	if (both)
		flush_tlb_all();
	if (a && b)
		__free_page(page);
}

void bad_logical_value(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	int either = a || b;

	mermap_put(map);
	if (!either)
		flush_tlb_all();
	if (a && b)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_ternary(struct page *page, int n)
{
	struct mermap_alloc *map = n ? mermap_get(page, PAGE_SIZE, PAGE_KERNEL) : NULL;

	if (map)
		mermap_put(map);
	if (n)
		flush_tlb_all();
	__free_page(page);
}

void bad_ternary(struct page *page, int n)
{
	struct mermap_alloc *map = n ? mermap_get(page, PAGE_SIZE, PAGE_KERNEL) : NULL;

	if (map)
		mermap_put(map);
	if (!n)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_ternary_as_statement(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	n ? flush_tlb_all() : (void)unknown();
	if (n)
		__free_page(page);
}

void good_switch(struct page *page, int kind)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	switch (kind) {
	case 1:
	case 2:
		flush_tlb_all();
		break;
	case 3:
		return;
	default:
		flush_tlb_all();
	}
	__free_page(page);
}

void bad_switch(struct page *page, int kind)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	switch (kind) {
	case 1:
		flush_tlb_all();
		break;
	case 3:
		return;
	}
	__free_page(page); // expected-warning {{[FD001}}
}

void good_switch_correlates(struct page *page, int kind)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	switch (kind) {
	case 1 ... 4:
		flush_tlb_all();
	}
	if (kind == 3)
		__free_page(page);
}

void bad_switch_correlates(struct page *page, int kind)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	switch (kind) {
	case 1 ... 4:
		flush_tlb_all();
	}
	if (kind == 5)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_fallthrough(struct page *page, int kind)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	switch (kind) {
	case 1:
		flush_tlb_all();
		__attribute__((fallthrough));
	case 2:
		if (kind == 1)
			__free_page(page);
	}
}

void good_order(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (n > 3)
		flush_tlb_all();
	if (n >= 5)
		__free_page(page);
}

void bad_order(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (n > 3)
		flush_tlb_all();
	if (n >= 3)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_two_variables(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (a < b)
		flush_tlb_all();
	if (!(a >= b))
		__free_page(page);
}

void bad_two_variables(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (a < b)
		flush_tlb_all();
	if (a >= b)
		__free_page(page); // expected-warning {{[FD001}}
}

void good_warn_on(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (WARN_ON(!map)) {
		__free_page(page);
		return;
	}
	mermap_put(map);
}

void bad_warn_on(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (WARN_ON(!map))
		return;
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001}}
}

void good_gnu_elvis(struct page *page, struct page *other)
{
	struct page *chosen = page ?: other;
	struct mermap_alloc *map = mermap_get(chosen, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_all();
	__free_page(chosen);
}

void bad_gnu_elvis(struct page *page, struct page *other)
{
	struct page *chosen = page ?: other;
	struct mermap_alloc *map = mermap_get(chosen, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (page)
		__free_page(page); // expected-warning {{[FD001}}
}
