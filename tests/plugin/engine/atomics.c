/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Flags that are kept in bits and atomic numbers: a test finds what was set. */
#include "mm.h"

typedef struct {
	int counter;
} atomic_t;

struct object {
	unsigned long flags;
	unsigned long *bits;
	atomic_t stale;
};

static unsigned long flags;
static _Atomic int number;
static unsigned long map_of_bits[4];

#define MAP(page) mermap_get(page, PAGE_SIZE, PAGE_KERNEL)

/* `mark` where the mapping was put, and a flush where `test` is true. */
#define GOOD(name, mark, test)                                    \
	void good_##name(struct page *page, struct object *o, int k)  \
	{                                                             \
		struct mermap_alloc *map = MAP(page);                 \
                                                                      \
		if (map) {                                            \
			mark;                                         \
			mermap_put(map);                              \
		}                                                     \
		if (test)                                             \
			flush_tlb_all();                              \
		__free_page(page);                                    \
	}
#define BAD(name, test)                                               \
	void bad_##name(struct page *page, struct object *o, int k)   \
	{                                                             \
		struct mermap_alloc *map = MAP(page);                 \
                                                                      \
		if (map)                                              \
			mermap_put(map);                              \
		if (test)                                             \
			flush_tlb_all();                              \
		__free_page(page);                                    \
	}
#define BOTH(name, mark, test) GOOD(name, mark, test) BAD(name, test)

#define BIT_WORD(nr) ((nr) / 64)
#define BIT_MASK(nr) (1ul << ((nr) % 64))

static inline void set_bit(unsigned long nr, volatile unsigned long *addr)
{
	__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline bool test_bit(unsigned long nr, const volatile unsigned long *addr)
{
	return (addr[BIT_WORD(nr)] >> (nr % 64)) & 1;
}

static inline bool test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	return __atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

/* As the kernel has them, for x86. */
static inline void asm_set_bit(long nr, volatile unsigned long *addr)
{
	__asm__ volatile("btsq %1,%0" : : "m"(*(volatile long *)addr), "Ir"(nr) : "memory");
}

static inline bool asm_test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bool old;

	__asm__ volatile("btrq %2,%1" : "=@ccc"(old), "+m"(*(volatile long *)addr) : "Ir"(nr) : "memory");
	return old;
}

unsigned long find_first_bit(const unsigned long *addr, unsigned long size);

/* clang-format off */
GOOD(bit, set_bit(3, &flags), test_bit(3, &flags))
BAD(bit, test_bit(3, &flags)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(cleared, set_bit(3, &flags), test_and_clear_bit(3, &flags))
BAD(cleared, test_and_clear_bit(3, &flags)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(field, set_bit(5, &o->flags), test_and_clear_bit(5, &o->flags))
BAD(field, test_and_clear_bit(5, &o->flags)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(array, set_bit(70, o->bits), test_bit(70, o->bits))
BAD(array, test_bit(70, o->bits)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(number, set_bit(k, o->bits), test_and_clear_bit(k, o->bits))
BAD(number, test_and_clear_bit(k, o->bits)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(searched, set_bit(k, map_of_bits), find_first_bit(map_of_bits, 256) < 256)
BAD(searched, find_first_bit(map_of_bits, 256) < 256) // expected-warning {{[FD001 unflushed-free]}}
GOOD(assembled, asm_set_bit(3, &flags), asm_test_and_clear_bit(3, &flags))
BAD(assembled, asm_test_and_clear_bit(3, &flags)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(counter, __atomic_fetch_add(&o->stale.counter, 1, 0), __atomic_exchange_n(&o->stale.counter, 0, 0))
BAD(counter, __atomic_exchange_n(&o->stale.counter, 0, 0)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(stored, __atomic_store_n(&o->stale.counter, 1, 0), __atomic_load_n(&o->stale.counter, 0))
BAD(stored, __atomic_load_n(&o->stale.counter, 0)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(c11, __c11_atomic_store(&number, 1, 5), __c11_atomic_exchange(&number, 0, 5))
BAD(c11, __c11_atomic_exchange(&number, 0, 5)) // expected-warning {{[FD001 unflushed-free]}}
GOOD(plain_c11, number = 1, number)
BAD(plain_c11, number) // expected-warning {{[FD001 unflushed-free]}}
GOOD(sync, __sync_fetch_and_or(&flags, 4), flags & 4)
BAD(sync, flags & 4) // expected-warning {{[FD001 unflushed-free]}}
GOOD(swapped, __sync_lock_test_and_set(&flags, 1), __sync_bool_compare_and_swap(&flags, 1, 0))
BAD(swapped, __sync_bool_compare_and_swap(&flags, 1, 0)) // expected-warning {{[FD001 unflushed-free]}}
/* clang-format on */

/* Another bit was set. */
void bad_other_bit(struct page *page)
{
	struct mermap_alloc *map = MAP(page);

	flags = 0;
	if (map) {
		set_bit(4, &flags);
		mermap_put(map);
	}
	if (test_bit(3, &flags))
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

/* The flag goes before it is asked for. */
void bad_cleared_before(struct page *page)
{
	struct mermap_alloc *map = MAP(page);

	if (map) {
		set_bit(4, &flags);
		mermap_put(map);
	}
	__atomic_fetch_and(&flags, ~16ul, 0);
	if (test_bit(4, &flags))
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void bad_no_flush(struct page *page)
{
	struct mermap_alloc *map = MAP(page);

	if (map) {
		asm_set_bit(4, &flags);
		mermap_put(map);
	}
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

/* Numbers that are computed from others. */
void good_odd(struct page *page, int op)
{
	if (op == 3) {
		struct mermap_alloc *map = MAP(page);

		if (map)
			mermap_put(map);
	}
	if (op % 2)
		flush_tlb_all();
	__free_page(page);
}

void bad_even(struct page *page, int op)
{
	if (op == 4) {
		struct mermap_alloc *map = MAP(page);

		if (map)
			mermap_put(map);
	}
	if (op % 2)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}
