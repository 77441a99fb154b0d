/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Elements with indices that are not constant: each round's is another one. */
#include "mm.h"

void good_backwards(struct page **pages)
{
	struct mermap_alloc *maps[4];
	int i;

	for (i = 0; i < 4; i++)
		maps[i] = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);
	for (i = 4; i-- > 0;)
		mermap_put(maps[i]);
}

void bad_backwards(struct page **pages)
{
	struct mermap_alloc *maps[4];
	int i;

	for (i = 0; i < 4; i++)
		maps[i] = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);
	for (i = 4; i-- > 0;) {
		mermap_put(maps[i]);
		if (unknown())
			mermap_put(maps[i]); // expected-warning {{mapping 'maps[i]' is put twice}}
	}
}

void good_many(struct page **pages, int n)
{
	struct mermap_alloc *maps[16];
	int i;

	for (i = 0; i < n; i++)
		maps[i] = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);
	for (i = 0; i < n; i++)
		mermap_put(maps[i]);
	flush_tlb_all();
	for (i = 0; i < n; i++)
		__free_page(pages[i]);
}

void bad_many(struct page **pages, int n)
{
	struct mermap_alloc *map;
	int i;

	for (i = 0; i < n; i++) {
		map = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);
		if (!map)
			continue;
		mermap_put(map);
		__free_page(pages[i]); // expected-warning {{[FD001}}
	}
}

void good_undo(struct page **pages, int n)
{
	struct mermap_alloc *maps[16];
	int i;

	for (i = 0; i < n; i++) {
		maps[i] = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);
		if (!maps[i])
			goto undo;
	}
	return;
undo:
	while (--i >= 0)
		mermap_put(maps[i]);
}

void good_variable_length(struct page **pages, int n)
{
	struct mermap_alloc *maps[n];
	int i;

	for (i = 0; i < n; ++i)
		maps[i] = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);
	for (i = 0; i < n; ++i)
		if (maps[i])
			mermap_put(maps[i]);
	flush_tlb_all();
	for (i = 0; i < n; ++i)
		__free_page(pages[i]);
}

/* A place that may have been overwritten still holds its handle. */
void good_stored_over(struct page *page, struct page *other, int i, int j)
{
	struct mermap_alloc *maps[4];

	maps[i] = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	maps[j] = mermap_get(other, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(maps[i]);
	mermap_put(maps[j]);
	flush_tlb_all();
	__free_page(page);
}

void bad_stored_over(struct page *page, struct page *other, int i)
{
	struct mermap_alloc *maps[4];

	maps[i] = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!maps[i])
		return;
	maps[i] = mermap_get(other, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(maps[i]);
	flush_tlb_all();
	__free_page(page); // expected-warning {{[FD002}}
}
