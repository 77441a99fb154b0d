/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The same page by other names; and what gets out of sight. */
#include "mm.h"

struct box {
	struct page *page;
	struct mermap_alloc *map;
	int state;
	struct box *next;
};

void bad_copy(struct page *page)
{
	struct page *same = page;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(same); // expected-warning {{page 'same' is freed without}}
}

void good_copy(struct page *page)
{
	struct page *same = page;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	same = unknown() ? page : NULL;
	flush_tlb_all();
	__free_page(same);
}

void bad_field(struct box *box)
{
	struct mermap_alloc *map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(box->page); // expected-warning {{page 'box->page' is freed without}}
}

void good_field(struct box *box)
{
	struct mermap_alloc *map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_all();
	__free_page(box->page);
}

/* box->page may be another one by now. */
void good_field_changed(struct box *box, int (*change)(struct box *))
{
	struct mermap_alloc *map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	change(box);
	__free_page(box->page);
}

void good_field_assigned(struct box *box, struct page *other)
{
	struct mermap_alloc *map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	box->page = other;
	__free_page(box->page);
}

void bad_local_struct(struct page *page)
{
	struct box box = { .page = page };

	box.map = mermap_get(box.page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(box.map);
	__free_page(page); // expected-warning {{page 'page' is freed without}}
}

void good_local_struct(struct page *page)
{
	struct box box = { .page = page };

	box.map = mermap_get(box.page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(box.map);
	flush_tlb_all();
	__free_page(box.page);
}

void bad_handle_in_field(struct box *box)
{
	box->map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);
	if (!box->map)
		return;
	mermap_put(box->map);
	__free_page(box->page); // expected-warning {{[FD001}}
}

void good_handle_in_field(struct box *box)
{
	box->map = mermap_get(box->page, PAGE_SIZE, PAGE_KERNEL);
	if (!box->map) {
		__free_page(box->page);
		return;
	}
	mermap_put(box->map);
}

void good_condition_in_field(struct box *box)
{
	struct page *page = box->page;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (box->state)
		flush_tlb_all();
	unknown();
	if (box->state)
		__free_page(page);
}

void bad_condition_in_field(struct box *box)
{
	struct page *page = box->page;
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (box->state)
		flush_tlb_all();
	box->state = unknown();
	if (box->state)
		__free_page(page); // expected-warning {{[FD001}}
}

void bad_folio(struct folio *folio)
{
	struct mermap_alloc *map = mermap_get(&folio->page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(&folio->page); // expected-warning {{[FD001}}
}

void possible_page_folio(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	folio_put(page_folio(page)); // expected-warning {{may free page 'page_folio(page)'}}
}

void good_page_folio(struct page *page)
{
	struct folio *folio = page_folio(page);
	struct mermap_alloc *map = mermap_get(&folio->page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_all();
	folio_put(folio);
}

void bad_by_address(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	free_pages((unsigned long)page_address(page), 0); // expected-warning {{[FD001}}
}

void bad_cast(void *cookie)
{
	struct mermap_alloc *map = mermap_get((struct page *)cookie, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page((struct page *)(unsigned long)cookie); // expected-warning {{[FD001}}
}

void good_cast_other(void *cookie, void *other)
{
	struct mermap_alloc *map = mermap_get((struct page *)cookie, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page((struct page *)(unsigned long)other);
}

void bad_array(struct page **pages)
{
	struct mermap_alloc *map = mermap_get(pages[1], PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(pages[1]); // expected-warning {{[FD001}}
}

void good_array(struct page **pages)
{
	struct mermap_alloc *map = mermap_get(pages[1], PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(pages[2]);
}

void bad_array_same_index(struct page **pages, int i)
{
	struct mermap_alloc *map = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(pages[i]); // expected-warning {{[FD001}}
}

void good_array_next_index(struct page **pages, int i)
{
	struct mermap_alloc *map = mermap_get(pages[i], PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	i++;
	__free_page(pages[i]);
}

void bad_through_pointer(struct page *page)
{
	struct page **where = &page;
	struct mermap_alloc *map = mermap_get(*where, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001}}
}

void good_out_parameter(struct page *page, int (*replace)(struct page **))
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	replace(&page);
	__free_page(page);
}

/* A call that is unknown does not flush. */
void bad_unknown_call(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	unknown_page(page);
	__free_page(page); // expected-warning {{[FD001}}
}

static void callee_that_flushes(int n)
{
	if (n)
		flush_tlb_all();
}

static void callee_of_callee(void)
{
	callee_that_flushes(1);
}

static int callee_without_effect(int n)
{
	return n + unknown();
}

/* A callee of the unit that can flush ends what is known. */
void good_callee(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	callee_of_callee();
	__free_page(page);
}

void bad_callee(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	callee_without_effect(2);
	__free_page(page); // expected-warning {{[FD001}}
}

static void put_cleanup(struct mermap_alloc **map)
{
	if (*map)
		mermap_put(*map);
}

/* What runs at the end of the scope is not forgotten. */
void good_cleanup(struct page *page)
{
	{
		struct mermap_alloc *map __attribute__((cleanup(put_cleanup))) =
			mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		consume(map);
	}
	flush_tlb_all();
	__free_page(page);
}

void bad_statement_expression(struct page *page)
{
	struct mermap_alloc *map = ({
		struct mermap_alloc *inner = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		inner;
	});

	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001}}
}

void good_statement_expression(struct page *page)
{
	struct mermap_alloc *map = ({
		struct mermap_alloc *inner = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		if (!inner) {
			__free_page(page);
			return;
		}
		inner;
	});

	mermap_put(map);
}

/* A page by its number and its address, as the shim has them. */
void *flushdep_shim_pfn_to_page(unsigned long pfn, unsigned long size);
unsigned long flushdep_shim_page_to_pfn(const volatile void *page, unsigned long size);
unsigned long flushdep_shim_virt_to_pfn(unsigned long addr);
unsigned long get_zeroed_page(gfp_t gfp);
void free_page(unsigned long addr);

#define TO_PAGE(pfn) ((struct page *)flushdep_shim_pfn_to_page(pfn, sizeof(struct page)))
#define VIRT_TO_PAGE(addr) TO_PAGE(flushdep_shim_virt_to_pfn((unsigned long)(addr)))

void bad_by_number(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	__free_page(TO_PAGE(flushdep_shim_page_to_pfn(page, sizeof(*page)))); // expected-warning {{[FD001 unflushed-free]}}
}

void bad_by_virt(void)
{
	unsigned long addr = get_zeroed_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!addr)
		return;
	map = mermap_get(VIRT_TO_PAGE(addr), PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	free_page(addr); // expected-warning {{[FD001 unflushed-free]}}
}

void good_by_virt(void)
{
	unsigned long addr = get_zeroed_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!addr)
		return;
	map = mermap_get(VIRT_TO_PAGE(addr), PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	flush_tlb_all();
	free_page(addr);
}
