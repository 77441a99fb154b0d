/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A handle that is copied with what it is a part of, or read through a pointer to an array. */
#include "mm.h"

struct box {
	int state;
	struct mermap_alloc *map;
};
union slot {
	struct mermap_alloc *map;
	unsigned long number;
};
struct pair {
	struct box first;
	struct box second;
	struct mermap_alloc *third;
};
void *memmove(void *to, const void *from, unsigned long size);

#define MAP(page) mermap_get(page, PAGE_SIZE, PAGE_KERNEL)
#define PUT_AND_FLUSH(map)               \
	do {                             \
		if (map) {               \
			mermap_put(map); \
			flush_tlb_all(); \
		}                        \
	} while (0)
#define PUT(map)                         \
	do {                             \
		if (map)                 \
			mermap_put(map); \
	} while (0)

void good_memcpy(struct page *page)
{
	struct box box, copy;

	box.map = MAP(page);
	memcpy(&copy, &box, sizeof(copy));
	PUT_AND_FLUSH(copy.map);
	__free_page(page);
}

void bad_memcpy(struct page *page)
{
	struct box box, copy;

	box.map = MAP(page);
	memcpy(&copy, &box, sizeof(copy));
	PUT(copy.map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_builtin(struct page *page)
{
	struct mermap_alloc *map = MAP(page), *copy;

	__builtin_memcpy(&copy, &map, sizeof(copy));
	PUT_AND_FLUSH(copy);
	__free_page(page);
}

void bad_memmove(struct page *page)
{
	struct mermap_alloc *map = MAP(page), *copy;

	memmove(&copy, &map, sizeof(copy));
	PUT(copy);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_bytes(struct page *page)
{
	unsigned long bytes[4];
	struct box box;

	box.map = MAP(page);
	memcpy(bytes, &box, sizeof(box));
	PUT_AND_FLUSH(((struct box *)bytes)->map);
	__free_page(page);
}

void good_memset(struct page *page)
{
	struct box box;

	box.map = MAP(page);
	PUT_AND_FLUSH(box.map);
	memset(&box, 0, sizeof(box));
	if (box.map)
		mermap_put(box.map);
	__free_page(page);
}

void good_pointer_copy(struct page *page)
{
	struct box box, copy, *from = &box, *to = &copy;

	box.map = MAP(page);
	*to = *from;
	PUT_AND_FLUSH(copy.map);
	__free_page(page);
}

void bad_pointer_copy(struct page *page)
{
	struct box box, copy, *from = &box, *to = &copy;

	box.map = MAP(page);
	*to = *from;
	PUT(copy.map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_union(struct page *page)
{
	union slot slot = { MAP(page) }, copy = slot;

	PUT_AND_FLUSH(copy.map);
	__free_page(page);
}

void bad_union(struct page *page)
{
	union slot slot = { MAP(page) }, copy = slot;

	PUT(copy.map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

/* The first member is at the place of the whole: a copy into it leaves the rest. */
void good_first_member(struct page *page, const struct box *box)
{
	struct pair pair;

	pair.third = MAP(page);
	pair.first = *box;
	PUT_AND_FLUSH(pair.third);
	__free_page(page);
}

void bad_first_member(struct page *page, const struct box *box)
{
	struct pair pair;

	pair.third = MAP(page);
	pair.first = *box;
	PUT(pair.third);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_array(struct page *page)
{
	struct mermap_alloc *maps[1] = { MAP(page) }, **at = maps;

	if (at[0]) {
		mermap_put(*maps);
		flush_tlb_all();
	}
	__free_page(page);
}

void bad_array(struct page *page)
{
	struct mermap_alloc *maps[1] = { MAP(page) }, **at = maps;

	if (at[0])
		mermap_put(*maps);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_second_element(struct page *page)
{
	struct mermap_alloc *maps[2] = { NULL, MAP(page) }, **at = &maps[0];

	at++;
	PUT_AND_FLUSH(*at);
	__free_page(page);
}

void bad_second_element(struct page *page)
{
	struct mermap_alloc *maps[2] = { NULL, MAP(page) }, **at = &maps[0];

	at++;
	PUT(*at);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_array_of_boxes(struct page *page)
{
	struct box boxes[2], *box = boxes;

	boxes->map = MAP(page);
	PUT_AND_FLUSH(box[0].map);
	__free_page(page);
}

void bad_array_of_boxes(struct page *page)
{
	struct box boxes[2], *box = boxes;

	boxes->map = MAP(page);
	PUT(box[0].map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

/* Which element it is is forgotten before they are all put. */
void good_some_element(struct page *page, int number)
{
	struct mermap_alloc *maps[8] = { NULL };

	maps[number] = MAP(page);
	for (int i = 0; i < 8; i++)
		PUT_AND_FLUSH(maps[i]);
	__free_page(page);
}

/* With a mark in it, it is not told from the handle. */
void good_marked(struct page *page, struct box *box)
{
	unsigned long marked = (unsigned long)MAP(page) | 1;

	PUT_AND_FLUSH((struct mermap_alloc *)(marked & ~1ul));
	__free_page(page);
}
