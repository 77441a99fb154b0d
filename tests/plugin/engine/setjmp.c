// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What returns twice has more ways than are seen: such functions are given up on, and the
// callers forget. Inline assembly neither maps nor flushes; asm goto goes either way.
#include "mm.h"

typedef long jmp_buf[32];
int setjmp(jmp_buf where) __attribute__((returns_twice));
jmp_buf place;

void silent_returns_twice(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	if (setjmp(place))
		flush_tlb_all();
	mermap_put(map);
	__free_page(page);
}

static void maybe_flush(void)
{
	if (setjmp(place))
		flush_tlb_all();
}

void silent_calls_it(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	maybe_flush();
	__free_page(page);
}

void bad_assembly(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	__asm__ volatile("" : : : "memory");
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_assembly(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	__asm__ volatile("" : : : "memory");
	flush_tlb_all();
	__free_page(page);
}

void bad_asm_goto(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	asm goto("" : : : : skip);
	flush_tlb_all();
skip:
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_asm_goto(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	asm goto("" : : : : skip);
	consume(page);
skip:
	flush_tlb_all();
	__free_page(page);
}

void bad_asm_output(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);
	int flag = 1;

	mermap_put(map);
	__asm__("" : "=r"(flag));
	if (flag)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}
