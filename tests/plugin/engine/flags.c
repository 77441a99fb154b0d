/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Bits that are set and cleared in turn, however often. */
#include "mm.h"

struct shared {
	int mode;
};

static void touch(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
}

void good_bits_in_loop(struct shared *s, struct page *page)
{
	for (int i = 0; i < 3; i++) {
		s->mode |= 2;
		s->mode &= ~1;
	}
	touch(page);
	if (s->mode & 2)
		flush_tlb_all();
	__free_page(page);
}

void bad_bits_in_loop(struct shared *s, struct page *page)
{
	for (int i = 0; i < 3; i++) {
		s->mode |= 2;
		s->mode &= ~1;
	}
	touch(page);
	if (s->mode & 1)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_bits_in_switch(struct shared *s, struct page *page)
{
	s->mode |= 2;
	s->mode &= ~1;
	s->mode |= 2;
	s->mode &= ~1;
	s->mode |= 2;
	touch(page);
	switch (s->mode) {
	case 0:
		break;
	default:
		flush_tlb_all();
	}
	__free_page(page);
}

void bad_bits_in_switch(struct shared *s, struct page *page)
{
	s->mode |= 2;
	s->mode &= ~1;
	s->mode |= 2;
	s->mode &= ~2;
	touch(page);
	switch (s->mode) {
	case 0:
		break;
	default:
		flush_tlb_all();
	}
	__free_page(page); // expected-warning {{[FD001}}
}

void good_negative_stays_so(struct shared *s, struct page *page)
{
	if (s->mode >= 0)
		return;
	s->mode |= 1;
	touch(page);
	if (s->mode < 0)
		flush_tlb_all();
	__free_page(page);
}

void bad_negative_stays_so(struct shared *s, struct page *page)
{
	if (s->mode >= 0)
		return;
	s->mode |= 1;
	touch(page);
	if (s->mode > 0)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_set_then_masked(struct page *page, unsigned int flags)
{
	const unsigned int done = (flags & ~4u) | 1;

	touch(page);
	if (!(done & 4) && (done & 1))
		flush_tlb_all();
	__free_page(page);
}

void bad_set_then_masked(struct page *page, unsigned int flags)
{
	const unsigned int done = (flags & ~4u) | 1;

	touch(page);
	if ((done & 4) || (done & 2))
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

/* A result with bits set is not 0 where it is too large for these bits alone. */
void good_result_with_bits_shows_failure(struct shared *s, struct page *page)
{
	s->mode = set_direct_map_invalid_noflush(page);
	s->mode |= 1;
	if (s->mode > 2)
		__free_page(page);
}

void bad_result_with_bits_shows_nothing(struct shared *s, struct page *page)
{
	s->mode = set_direct_map_invalid_noflush(page);
	s->mode |= 1;
	if (s->mode < 2)
		__free_page(page); // expected-warning {{[FD001}}
}

/* No number from 1 to 2 has the bit 4. */
void good_no_number_has_the_bit(struct shared *s, struct page *page)
{
	s->mode |= 4;
	if (s->mode > 2 || s->mode <= 0)
		return;
	touch(page);
	__free_page(page);
}

void bad_a_number_has_the_bit(struct shared *s, struct page *page)
{
	s->mode |= 4;
	if (s->mode > 4 || s->mode <= 0)
		return;
	touch(page);
	__free_page(page); // expected-warning {{[FD001}}
}

/* What is 1 with the bit 1 was 0 or 1 before. */
void good_was_one_of_two_before(struct shared *s, struct page *page)
{
	if (s->mode == 0 || s->mode == 1)
		return;
	s->mode |= 1;
	touch(page);
	if (s->mode == 1)
		__free_page(page);
}

void bad_was_one_of_two_before(struct shared *s, struct page *page)
{
	if (s->mode == 0)
		return;
	s->mode |= 1;
	touch(page);
	if (s->mode == 1)
		__free_page(page); // expected-warning {{[FD001}}
}

/* More bits make no positive number negative, */
void good_still_positive(struct shared *s, struct page *page)
{
	s->mode |= 2;
	if (s->mode > 0)
		touch(page);
	s->mode |= 4;
	if (s->mode > 0)
		flush_tlb_all();
	__free_page(page);
}

/* but need not make it large. */
void bad_not_that_large(struct shared *s, struct page *page)
{
	s->mode |= 2;
	if (s->mode > 0)
		touch(page);
	s->mode |= 4;
	if (s->mode > 8)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}
