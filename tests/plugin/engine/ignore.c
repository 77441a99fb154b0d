/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* FLUSHDEP_IGNORE silences one rule in the statement that follows. */
#include "checker/event/annotations.h"
#include "mm.h"

void silenced(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	FLUSHDEP_IGNORE("FD001", "flushed by the caller's batch");
	__free_page(page);
}

void silenced_by_name(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	goto out;
out:
	FLUSHDEP_IGNORE("unflushed-free", "flushed by the caller's batch");
	if (page)
		__free_page(page);
}

void bad_other_rule(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	FLUSHDEP_IGNORE("FD003", "another rule");
	__free_page(page); // expected-warning {{[FD001}}
}

void bad_next_statement_only(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	FLUSHDEP_IGNORE("FD001", "for the next statement only");
	unknown();
	__free_page(page); // expected-warning {{[FD001}}
}

void bad_name(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	FLUSHDEP_IGNORE("FD999", "no such rule"); // expected-error {{FLUSHDEP_IGNORE: no rule is called 'FD999'}}
	mermap_put(map);
}
