/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Calls through constant tables of functions are calls of these functions. */
#include "mm.h"

struct ops {
	int version;
	void (*prepare)(void);
	void (*release)(struct page *page);
};
struct driver {
	struct ops ops;
	const char *name;
};

static void release_direct(struct page *page)
{
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

static void release_pointer(struct page *page)
{
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

static void release_element(struct page *page)
{
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

static void release_inner(struct page *page)
{
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

static void release_argument(struct page *page)
{
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

static void release_changing(struct page *page)
{
	__free_page(page);
}

static void release_flushed(struct page *page)
{
	flush_tlb_all();
	__free_page(page);
}

static const struct ops direct = { .release = release_direct };
static const struct ops pointer = { .release = release_pointer };
static const struct ops table[] = { [1] = { .release = release_element },
				    [0] = { .release = release_flushed } };
static const struct driver driver = { .ops = { .release = release_inner } };
static const struct ops argument = { .release = release_argument };
static const struct ops flushed = { .prepare = flush_tlb_all, .release = release_flushed };
static struct ops changing = { .release = release_changing };

static void run(const struct ops *ops, struct page *page)
{
	if (ops->prepare)
		ops->prepare();
	ops->release(page);
}

static void put(struct page *page)
{
	mermap_put(mermap_get_reserved(page, PAGE_KERNEL));
}

void bad_direct(struct page *page)
{
	put(page);
	direct.release(page);
}

void bad_pointer(struct page *page)
{
	const struct ops *ops = &pointer;

	put(page);
	ops->release(page);
}

void bad_element(struct page *page)
{
	put(page);
	table[1].release(page);
}

void bad_inner(struct page *page)
{
	put(page);
	driver.ops.release(page);
}

void bad_argument(struct page *page)
{
	put(page);
	run(&argument, page);
}

void good_direct(struct page *page)
{
	put(page);
	flushed.release(page);
}

void good_pointer(struct page *page)
{
	const struct ops *ops = &flushed;

	put(page);
	ops->release(page);
}

void good_element(struct page *page)
{
	put(page);
	table[0].release(page);
}

void good_argument(struct page *page)
{
	put(page);
	run(&flushed, page);
}

/* What may be another function by then is not known. */
void good_changing(struct page *page)
{
	put(page);
	changing.release(page);
}
