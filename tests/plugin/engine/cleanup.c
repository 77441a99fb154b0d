// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cleanup attributes as the kernel's cleanup.h uses them: __free, guard, scoped_guard, no_free_ptr.
#include "mm.h"

#define __cleanup(function) __attribute__((cleanup(function)))
#define DEFINE_FREE(name, type, code)                                  \
	static inline void __free_##name(void *p)                      \
	{                                                              \
		type _T = *(type *)p;                                  \
		code;                                                  \
	}
#define __free(name) __cleanup(__free_##name)
#define no_free_ptr(p)                       \
	({                                   \
		__auto_type __ptr = (p);     \
		(p) = NULL;                  \
		__ptr;                       \
	})
#define return_ptr(p) return no_free_ptr(p)

DEFINE_FREE(mapping, struct mermap_alloc *, if (_T) mermap_put(_T))
DEFINE_FREE(whole, struct page *, if (_T) __free_page(_T)) // expected-warning 2 {{[FD001 unflushed-free]}}
DEFINE_FREE(flushed_page, struct page *, if (_T) { flush_tlb_all(); __free_page(_T); })

struct flusher {
	int unused;
};
static inline struct flusher flusher_init(void)
{
	struct flusher f = {0};

	return f;
}
static inline void flusher_exit(struct flusher *f) { flush_tlb_all(); }
#define guard_flush() struct flusher flush_guard __cleanup(flusher_exit) = flusher_init()
#define scoped_guard_flush() \
	for (struct flusher scope __cleanup(flusher_exit) = flusher_init(), *done = NULL; !done; done = (void *)1)

int bad_freed_after_put(void)
{
	struct page *page __free(whole) = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	{
		struct mermap_alloc *map __free(mapping) = mermap_get_reserved(page, PAGE_KERNEL);

		consume(mermap_addr(map));
	}
	return 0;
}

int good_freed_after_put(void)
{
	struct page *page __free(flushed_page) = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	{
		struct mermap_alloc *map __free(mapping) = mermap_get_reserved(page, PAGE_KERNEL);

		consume(mermap_addr(map));
	}
	return 0;
}

struct page *good_given_away(void)
{
	struct page *page __free(whole) = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return NULL;
	map = mermap_get_reserved(page, PAGE_KERNEL);
	mermap_put(map);
	return_ptr(page);
}

struct page *bad_error_path(void)
{
	struct page *page __free(whole) = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return NULL;
	map = mermap_get_reserved(page, PAGE_KERNEL);
	mermap_put(map);
	if (unknown())
		return NULL;
	return_ptr(page);
}

void good_guard(struct page *page)
{
	{
		guard_flush();
		struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

		mermap_put(map);
	}
	__free_page(page);
}

void bad_guard_still_held(struct page *page)
{
	guard_flush();
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_scoped_guard(struct page *page)
{
	scoped_guard_flush() {
		struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

		mermap_put(map);
	}
	__free_page(page);
}

void bad_scoped_guard(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	scoped_guard_flush()
		consume(mermap_addr(map));
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

int good_return_out_of_guard(struct page *page, bool early)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	scoped_guard_flush() {
		if (early)
			goto out;
	}
out:
	__free_page(page);
	return 0;
}
