// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A page that others can see, out of the direct map, before and after the flush.
#include "mm.h"

int bad_unlocked_before_flush(struct page *page)
{
	int err = set_direct_map_invalid_noflush(page);

	if (err)
		return err;
	unlock_page(page); // expected-warning {{[FD011 unflushed-handout]}}
	flush_tlb_kernel_range(0, PAGE_SIZE);
	return 0;
}

int good_unlocked_after_flush(struct page *page)
{
	int err = set_direct_map_invalid_noflush(page);

	if (err)
		return err;
	flush_tlb_kernel_range(0, PAGE_SIZE);
	unlock_page(page);
	return 0;
}

void bad_folio(struct folio *folio)
{
	if (set_direct_map_invalid_noflush(&folio->page))
		return;
	__flush_tlb_all();
	folio_unlock(folio); // expected-warning {{[FD011 unflushed-handout]}}
}

void good_folio(struct folio *folio)
{
	if (set_direct_map_invalid_noflush(&folio->page))
		return;
	flush_tlb_all();
	folio_unlock(folio);
}

void good_failed(struct folio *folio)
{
	if (set_direct_map_invalid_noflush(&folio->page))
		folio_unlock(folio);
}

void good_restored(struct folio *folio)
{
	if (set_direct_map_invalid_noflush(&folio->page))
		return;
	set_direct_map_default_noflush(&folio->page);
	folio_unlock(folio);
}

static void hand_out(struct folio *folio)
{
	folio_unlock(folio); // expected-warning {{[FD011 unflushed-handout]}}
}

void bad_in_helper(struct folio *folio)
{
	if (!set_direct_map_invalid_noflush(&folio->page))
		hand_out(folio);
}

void good_other_page(struct folio *folio, struct folio *other)
{
	if (!set_direct_map_invalid_noflush(&folio->page))
		folio_unlock(other);
}
