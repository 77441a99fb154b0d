/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Containers owe what their pages owe; what is handed over is another one's. */
#include "mm.h"

struct list_head {
	struct list_head *next, *prev;
};
struct item {
	struct page page;
	struct list_head lru;
};
struct folio_batch;
struct mmu_gather;

unsigned int folio_batch_add(struct folio_batch *batch, struct folio *folio);
void folio_batch_release(struct folio_batch *batch);
void free_unref_folios(struct folio_batch *batch);
void list_add(struct list_head *entry, struct list_head *head);
void put_pages_list(struct list_head *pages);
void tlb_remove_page(struct mmu_gather *tlb, struct page *page);
void tlb_finish_mmu(struct mmu_gather *tlb);
struct page *my_pop(void *pool);
void my_push(void *pool, struct page *page)
	__attribute__((annotate("flushdep:store 2 in=1")));
void my_free_pool(void *pool) __attribute__((annotate("flushdep:free-all 1")));
void my_defer(struct page *page) __attribute__((annotate("flushdep:hand-over 1")));
void my_check(struct page *page) __attribute__((annotate("flushdep:assert-flushed 1")));
void my_check_unmapped(struct page *page)
	__attribute__((annotate("flushdep:assert-unmapped 1")));

static void touch(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
}

void bad_batch_freed(struct folio_batch *batch, struct folio *folio)
{
	touch(&folio->page);
	folio_batch_add(batch, folio);
	free_unref_folios(batch); // expected-warning {{[FD001}}
}

void good_batch_freed(struct folio_batch *batch, struct folio *folio)
{
	touch(&folio->page);
	folio_batch_add(batch, folio);
	flush_tlb_all();
	free_unref_folios(batch);
}

void bad_batch_loop(struct folio_batch *batch, struct folio **folios, int n)
{
	for (int i = 0; i < n; i++) {
		touch(&folios[i]->page);
		folio_batch_add(batch, folios[i]);
	}
	folio_batch_release(batch); // expected-warning {{this reference drop may free}}
}

void good_batch_loop(struct folio_batch *batch, struct folio **folios, int n)
{
	for (int i = 0; i < n; i++) {
		touch(&folios[i]->page);
		folio_batch_add(batch, folios[i]);
	}
	flush_tlb_all();
	folio_batch_release(batch);
}

void bad_batch_local_flush(struct folio_batch *batch, struct folio *folio)
{
	touch(&folio->page);
	folio_batch_add(batch, folio);
	__flush_tlb_all();
	free_unref_folios(batch); // expected-warning {{[FD003}}
}

void good_two_batches(struct folio_batch *stale, struct folio_batch *clean, struct folio *a,
		      struct folio *b)
{
	touch(&a->page);
	folio_batch_add(stale, a);
	folio_batch_add(clean, b);
	free_unref_folios(clean);
	flush_tlb_all();
	free_unref_folios(stale);
}

void bad_two_batches(struct folio_batch *stale, struct folio_batch *clean, struct folio *a,
		     struct folio *b)
{
	touch(&a->page);
	folio_batch_add(stale, a);
	folio_batch_add(clean, b);
	free_unref_folios(clean);
	free_unref_folios(stale); // expected-warning {{[FD001}}
}

void bad_list(struct item *item)
{
	struct list_head list;

	touch(&item->page);
	list_add(&item->lru, &list);
	put_pages_list(&list); // expected-warning {{[FD001}}
}

void good_list(struct item *item)
{
	struct list_head list;

	touch(&item->page);
	list_add(&item->lru, &list);
	flush_tlb_all();
	put_pages_list(&list);
}

void bad_removed_on_list(struct item **items, struct list_head *list, int n)
{
	for (int i = 0; i < n; i++) {
		if (set_direct_map_invalid_noflush(&items[i]->page))
			break;
		list_add(&items[i]->lru, list);
	}
	put_pages_list(list); // expected-warning {{[FD001}}
}

void good_removed_on_list(struct item **items, struct list_head *list, int n)
{
	for (int i = 0; i < n; i++) {
		if (set_direct_map_invalid_noflush(&items[i]->page))
			break;
		list_add(&items[i]->lru, list);
	}
	flush_tlb_all();
	put_pages_list(list);
}

void good_gather(struct mmu_gather *tlb, struct page *page)
{
	touch(page);
	tlb_remove_page(tlb, page);
	tlb_finish_mmu(tlb);
}

void bad_beside_gather(struct mmu_gather *tlb, struct page *page, struct page *other)
{
	touch(page);
	touch(other);
	tlb_remove_page(tlb, page);
	__free_page(other); // expected-warning {{[FD001}}
	tlb_finish_mmu(tlb);
}

void good_behind_gather(struct mmu_gather *tlb, struct page *page, struct page *other)
{
	touch(page);
	touch(other);
	tlb_remove_page(tlb, page);
	tlb_finish_mmu(tlb);
	__free_page(other);
}

void good_deferred(struct page *page)
{
	touch(page);
	my_defer(page);
	put_page(page);
}

void bad_touched_after_deferral(struct page *page)
{
	my_defer(page);
	touch(page);
	put_page(page); // expected-warning {{[FD001}}
}

void bad_pool(void *pool, struct page *page)
{
	touch(page);
	my_push(pool, page);
	my_free_pool(pool); // expected-warning {{[FD001}}
}

void good_pool(void *pool, struct page *page)
{
	touch(page);
	flush_tlb_all();
	my_push(pool, page);
	my_free_pool(pool);
}

void bad_assertion(struct page *page)
{
	touch(page);
	my_check(page); // expected-warning {{page 'page' is said to be flushed without a TLB flush after its mapping was put [FD001}}
	flush_tlb_all();
	__free_page(page);
}

void good_assertion(struct page *page)
{
	touch(page);
	flush_tlb_all();
	my_check(page);
	__free_page(page);
}

void bad_assertion_of_local_flush(struct page *page)
{
	touch(page);
	__flush_tlb_all();
	my_check(page); // expected-warning {{[FD003}}
}

void bad_said_unmapped(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	my_check_unmapped(page); // expected-warning {{page 'page' is said to have no mapping while an ephemeral mapping of it is live [FD002}}
	mermap_put(map);
}

void good_said_unmapped(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	my_check_unmapped(page);
}
