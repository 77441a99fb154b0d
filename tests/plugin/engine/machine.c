/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The simulated machine's own calls: pages are numbers. */
#include "checker/event/annotations.h"
#include "runtime/include/flushdep.h"

static int touch(flushdep_pfn_t pfn)
{
	flushdep_mapping *map = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ);

	if (!map)
		return -1;
	flushdep_mermap_put(map);
	return 0;
}

void bad_plain(void)
{
	flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);

	if (pfn == FLUSHDEP_PFN_NONE)
		return;
	touch(pfn);
	flushdep_page_free(pfn, 0); // expected-warning {{[FD001}}
}

void good_plain(void)
{
	flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);

	if (pfn == FLUSHDEP_PFN_NONE)
		return;
	if (!touch(pfn))
		flushdep_flush_all();
	flushdep_page_free(pfn, 0);
}

void bad_frozen(void)
{
	flushdep_pfn_t pfn = flushdep_page_alloc_frozen(0, 0, 0);

	if (pfn == FLUSHDEP_PFN_NONE)
		return;
	flushdep_page_set_refcounted(pfn);
	touch(pfn);
	flushdep_page_put(pfn); // expected-warning {{page 'pfn' is freed}}
}

void good_frozen(void)
{
	flushdep_pfn_t pfn = flushdep_page_alloc_frozen(0, 0, 0);

	if (pfn == FLUSHDEP_PFN_NONE)
		return;
	flushdep_page_set_refcounted(pfn);
	touch(pfn);
	flushdep_flush_all();
	flushdep_page_put(pfn);
}

void bad_folio(void)
{
	flushdep_pfn_t folio = flushdep_folio_alloc(2, 0);

	if (folio == FLUSHDEP_PFN_NONE)
		return;
	flushdep_folio_get(folio);
	touch(folio);
	flushdep_folio_put(folio);
	flushdep_folio_put(folio); // expected-warning {{is freed without a TLB flush}}
}

void good_folio(void)
{
	flushdep_pfn_t folio = flushdep_folio_alloc(2, 0);

	if (folio == FLUSHDEP_PFN_NONE)
		return;
	flushdep_folio_get(folio);
	touch(folio);
	flushdep_folio_put(folio);
	flushdep_flush_mm(flushdep_mm_current());
	flushdep_folio_put(folio);
}

void bad_other_mm(flushdep_pfn_t pfn)
{
	flushdep_mm *other = flushdep_mm_create();

	touch(pfn);
	if (other)
		flushdep_flush_mm(other);
	else
		flushdep_flush_local();
	flushdep_page_free(pfn, 0); // expected-warning {{[FD003}}
}

void bad_direct_map(flushdep_pfn_t pfn)
{
	if (flushdep_direct_map_set(pfn, 1, false))
		return;
	flushdep_page_free(pfn, 0); // expected-warning {{[FD001}}
}

void good_direct_map(flushdep_pfn_t pfn)
{
	if (!flushdep_direct_map_set(pfn, 1, false))
		flushdep_direct_map_set(pfn, 1, true);
	flushdep_page_free(pfn, 0);
}

void bad_split(void)
{
	flushdep_pfn_t pfn = flushdep_page_alloc(1, 0);

	if (pfn == FLUSHDEP_PFN_NONE)
		return;
	flushdep_page_split(pfn);
	touch(pfn + 1);
	flushdep_page_put(pfn + 1); // expected-warning {{[FD001}}
	flushdep_page_put(pfn);
}

void good_split(void)
{
	flushdep_pfn_t pfn = flushdep_page_alloc(1, 0);

	if (pfn == FLUSHDEP_PFN_NONE)
		return;
	flushdep_page_split(pfn);
	touch(pfn + 1);
	flushdep_flush_all();
	flushdep_page_put(pfn + 1);
	flushdep_page_put(pfn);
}

void bad_load_after_put(flushdep_pfn_t pfn)
{
	flushdep_mapping *map = flushdep_mermap_get_reserved(pfn, FLUSHDEP_MAP_READ);
	void *address = flushdep_mermap_addr(map);

	flushdep_mermap_put(map);
	flushdep_load(address, 8); // expected-warning {{[FD008}}
}

void good_load_before_put(flushdep_pfn_t pfn)
{
	flushdep_mapping *map = flushdep_mermap_get_reserved(pfn, FLUSHDEP_MAP_READ);
	void *address = flushdep_mermap_addr(map);

	flushdep_load(address, 8);
	flushdep_mermap_put(map);
}

void bad_flush_with_irqs_off(void)
{
	unsigned long flags = flushdep_irq_save();

	flushdep_flush_all(); // expected-warning {{[FD014}}
	flushdep_irq_restore(flags);
}

void good_flush_with_irqs_on(void)
{
	unsigned long flags = flushdep_irq_save();

	flushdep_irq_restore(flags);
	flushdep_flush_all();
}

void good_handed_over(flushdep_pfn_t pfn, void *batch)
{
	touch(pfn);
	flushdep_debt_handover(pfn, batch);
	flushdep_page_free(pfn, 0);
}

void bad_asserted(flushdep_pfn_t pfn)
{
	touch(pfn);
	flushdep_assert_flushed(pfn); // expected-warning {{is said to be flushed}}
}

void good_asserted(flushdep_pfn_t pfn)
{
	touch(pfn);
	flushdep_flush_all();
	flushdep_assert_flushed(pfn);
	flushdep_assert_not_mapped(pfn);
}
