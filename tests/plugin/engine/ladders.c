/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Error ladders: a failure says what did not happen. */
#include "mm.h"

int bad_ladder_skips_flush(void)
{
	struct mermap_alloc *map;
	struct page *page;
	int err = -ENOMEM;

	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!map)
		goto free;
	consume(mermap_addr(map));
	mermap_put(map);
	err = unknown();
	if (err)
		goto free;
	flush_tlb_all();
free:
	__free_page(page); // expected-warning {{page 'page' is freed without}}
	return err;
}

int good_ladder(void)
{
	struct mermap_alloc *map;
	struct page *page;
	int err = -ENOMEM;

	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!map)
		goto free;
	consume(mermap_addr(map));
	mermap_put(map);
	err = unknown();
	if (err)
		goto flush;
	unknown();
flush:
	flush_tlb_all();
free:
	__free_page(page);
	return err;
}

int good_error_code_tells(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	int err = 0;

	if (!map) {
		err = -ENOMEM;
		goto out;
	}
	mermap_put(map);
out:
	if (err < 0)
		__free_page(page);
	return err;
}

int bad_error_code_tells(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	int err = 0;

	if (!map) {
		err = -ENOMEM;
		goto out;
	}
	mermap_put(map);
	err = -EINVAL;
out:
	if (err < 0)
		__free_page(page); // expected-warning {{[FD001}}
	return err;
}

int good_assignment_in_condition(struct page *page)
{
	struct mermap_alloc *map;

	if (!(map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL))) {
		__free_page(page);
		return -ENOMEM;
	}
	mermap_put(map);
	return 0;
}

int bad_assignment_in_condition(struct page *page)
{
	struct mermap_alloc *map;

	if ((map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL)) != NULL) {
		mermap_put(map);
		__free_page(page); // expected-warning {{[FD001}}
		return -ENOMEM;
	}
	return 0;
}

int good_removal_error(struct page *page)
{
	int ret = set_direct_map_invalid_noflush(page);

	if (ret < 0)
		goto free;
	if (ret > 0)
		goto free;
	flush_tlb_all();
free:
	__free_page(page);
	return ret;
}

int bad_removal_error(struct page *page)
{
	int ret = set_direct_map_invalid_noflush(page);

	if (ret >= 0)
		goto free;
	flush_tlb_all();
free:
	__free_page(page); // expected-warning {{removed from the direct map}}
	return ret;
}

struct page *good_error_pointer(struct page *page)
{
	struct page *copy = alloc_page(GFP_KERNEL);
	struct page *result = copy ? copy : ERR_PTR(-ENOMEM);
	struct mermap_alloc *map;

	if (IS_ERR(result)) {
		__free_page(page);
		return result;
	}
	map = mermap_get(result, PAGE_SIZE, PAGE_KERNEL);
	if (IS_ERR_OR_NULL(map)) {
		__free_page(result);
		return NULL;
	}
	mermap_put(map);
	return result;
}

struct page *bad_error_pointer(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!IS_ERR_OR_NULL(map)) {
		mermap_put(map);
		__free_page(page); // expected-warning {{[FD001}}
		return NULL;
	}
	return page;
}

int good_error_value(struct page *page, struct mermap_alloc *(*get)(struct page *))
{
	struct mermap_alloc *map = get(page);
	long err = PTR_ERR(map);

	if (IS_ERR_VALUE(map))
		return err;
	mermap_put(map);
	__free_page(page);
	return 0;
}

int bad_computed_goto(struct page *page, int way)
{
	static void *ways[] = { &&flush, &&free };
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	goto *ways[way];
flush:
	flush_tlb_all();
free:
	__free_page(page); // expected-warning {{[FD001}}
	return 0;
}

int good_computed_goto(struct page *page, int way)
{
	static void *ways[] = { &&flush, &&out };
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	goto *ways[way];
flush:
	flush_tlb_all();
	__free_page(page);
out:
	return 0;
}

void bad_asm_goto(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	asm goto("jmp %l0" : : : : skip);
	flush_tlb_all();
skip:
	__free_page(page); // expected-warning {{[FD001}}
}

void good_asm_goto(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	asm goto("jmp %l0" : : : : skip);
	unknown();
skip:
	flush_tlb_all();
	__free_page(page);
}
