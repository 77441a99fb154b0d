/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * flushdep.h: the simulated machine, as seen by a program (C and C++).
 *
 * A machine of up to FLUSHDEP_MAX_CPUS virtual CPUs, physical memory, a direct
 * map from which pageblocks are really removed, a page allocator and the
 * mermap. Everything it does is told to the checker as events (events.h); it
 * judges nothing itself. kernel-shim's linux/ headers are thin forms of these calls.
 *
 * Start. The machine boots before main() (and before other constructors) from
 * FLUSHDEP_OPTIONS. A thread that makes its first call gets the lowest free CPU, or, when there
 * is none, shares one: one thread at a time runs on a CPU, and whoever makes a call waits
 * for its turn first. A thread may lose its CPU at the end of any call and, in code of its own, at
 * any time, unless it has preemption, softirqs or interrupts off.
 *
 * Addresses. All simulated addresses lie in one window,
 * [FLUSHDEP_WINDOW_START, FLUSHDEP_WINDOW_END). An access that the page tables
 * do not allow traps, is reported, and ends like any segmentation fault unless
 * a test runner took it over with flushdep_oops_set_handler(). With backend=model
 * ordinary loads and stores are not held to the page tables; see "Accesses".
 *
 * Errors are negative errno values or null, as each call says. All calls are
 * thread safe; none may be made from a signal handler.
 */
#ifndef FLUSHDEP_H
#define FLUSHDEP_H

#ifdef __KERNEL__
#include <linux/types.h>
typedef u64 flushdep_pfn_t;
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef uint64_t flushdep_pfn_t;
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define FLUSHDEP_WINDOW_START 0x7e8000000000ull
#define FLUSHDEP_WINDOW_END (FLUSHDEP_WINDOW_START + (256ull << 30))

#define FLUSHDEP_MAX_CPUS 256
#define FLUSHDEP_PAGE_BYTES 4096ul
#define FLUSHDEP_PAGEBLOCK_ORDER 9
#define FLUSHDEP_MAX_ORDER 10

/* No page: what flushdep_page_alloc() returns when it fails. Pfn 0 is never
 * handed out, so that 0 can also be told from a page. */
#define FLUSHDEP_PFN_NONE (~(flushdep_pfn_t)0)

/* --- CPUs ---------------------------------------------------------------- */

/* Number of CPUs of the machine (option `cpus`). */
unsigned flushdep_cpu_count(void);
/* The calling thread's CPU, 0-based. */
unsigned flushdep_cpu_current(void);
/*
 * Moves the calling thread to `cpu`, where it stays from then on: until the next call of this, it
 * is not moved to another one. The CPU left behind runs another thread or goes idle and, like
 * Linux's, keeps its mm loaded lazily. If another thread runs on `cpu`, they share it, and
 * this waits for its turn. 0, -EINVAL (no such CPU, or offline), -EBUSY (the other thread is in
 * code of its own with preemption, softirqs or interrupts off: who knows for how long), -EPERM (not
 * where the caller has migration, preemption, softirqs or interrupts off, nor in an interrupt).
 */
int flushdep_cpu_migrate(unsigned cpu);
/* The calling thread's number, 1-based and never used again. */
unsigned flushdep_thread_current(void);
/* The CPU on which a thread runs, or will next. -ESRCH: it has ended. */
int flushdep_thread_cpu(unsigned thread);
/*
 * As flushdep_cpu_migrate(), for any thread. Another one that sleeps or waits for its turn goes on
 * there; one in code of its own goes on in that, and waits for its turn on `cpu` in its next API
 * call. 0, -EINVAL, -ESRCH (it has ended), -EBUSY (not now: it is in an API call, or where it may
 * not be moved).
 */
int flushdep_thread_migrate(unsigned thread, unsigned cpu);
/* Takes a CPU out of the machine, with empty TLBs, and puts it back. 0, -EINVAL (no such CPU, or it
 * is so already), -EBUSY (a thread runs there or is tied to it, or it is the last one), -EPERM
 * (atomic context). */
int flushdep_cpu_offline(unsigned cpu);
int flushdep_cpu_online(unsigned cpu);
/* Does a shootdown wait for `cpu` to turn interrupts on? */
bool flushdep_cpu_ipi_pending(unsigned cpu);
/* Lets the next thread that waits for this CPU run. False if none does, or in atomic context, which
 * is told as WRONG_CONTEXT. */
bool flushdep_cond_resched(void);

/* --- Context -------------------------------------------------------------- */

/*
 * Each belongs to the calling thread. They nest; one enable, restore or exit too many changes
 * nothing and is told. None of them but migrate_disable() allows the thread to be preempted, or to
 * sleep. Interrupts are off after irq_save() and in hardirq and NMI; meanwhile shootdowns wait.
 */

void flushdep_preempt_disable(void);
void flushdep_preempt_enable(void);
int flushdep_preempt_count(void);
void flushdep_migrate_disable(void);
void flushdep_migrate_enable(void);
int flushdep_migrate_count(void);
/* Interrupts off; what to give to flushdep_irq_restore(): 0 if they were on. */
#define FLUSHDEP_IRQS_WERE_OFF 1ul
unsigned long flushdep_irq_save(void);
void flushdep_irq_restore(unsigned long flags);
void flushdep_bh_disable(void);
void flushdep_bh_enable(void);
void flushdep_softirq_enter(void);
void flushdep_softirq_exit(void);
void flushdep_hardirq_enter(void);
void flushdep_hardirq_exit(void);
void flushdep_nmi_enter(void);
void flushdep_nmi_exit(void);
bool flushdep_in_task(void);   /* not in softirq, hardirq or NMI */
bool flushdep_in_atomic(void); /* where sleeping is forbidden */
bool flushdep_irqs_off(void);
bool flushdep_may_migrate(void);
/* How deep the calling thread is in one of them: enum flushdep_context of events.h. */
int flushdep_context_depth(unsigned context);

/* --- Address spaces ------------------------------------------------------ */

typedef struct flushdep_mm flushdep_mm;

/* A new, empty address space with one reference; null when out of them. */
flushdep_mm* flushdep_mm_create(void);
void flushdep_mm_get(flushdep_mm* mm);
/* Drops a reference; the last one tears the mermap down and ends the mm. */
void flushdep_mm_put(flushdep_mm* mm);
/* The id that events and reports use for this mm (1..). */
uint32_t flushdep_mm_id(const flushdep_mm* mm);
/* The mm of the calling thread; every thread starts in the program's first
 * mm. Null after flushdep_mm_switch(NULL). */
flushdep_mm* flushdep_mm_current(void);
/* Has `cpu` it loaded, lazily too? Only a hint, unless something keeps the CPU from switching. */
bool flushdep_mm_loaded(const flushdep_mm* mm, unsigned cpu);
/* Context switch of the calling thread's CPU to `mm`; null is a kernel
 * thread's, which keeps the old one loaded lazily. */
void flushdep_mm_switch(flushdep_mm* mm);
/* A kernel thread (without an mm) runs in `mm` for a while. The caller sees to it that the mm lives
 * on; afterwards it stays loaded, lazily. 0, or -EINVAL: has an mm already, the mm ended; or: not
 * this one. */
int flushdep_kthread_use_mm(flushdep_mm* mm);
int flushdep_kthread_unuse_mm(flushdep_mm* mm);

/* --- Pages ---------------------------------------------------------------- */

/*
 * Freetypes: which free lists a pageblock (2 MiB) belongs to. A migratetype and
 * flags in one number; FLUSHDEP_FREETYPE_UNMAPPED, outside the direct map, exists only with
 * FLUSHDEP_MIGRATE_UNMOVABLE. Two freetypes are equal only if their flags are too.
 */
enum flushdep_migratetype {
  FLUSHDEP_MIGRATE_UNMOVABLE = 0,
  FLUSHDEP_MIGRATE_MOVABLE = 1,
  FLUSHDEP_MIGRATE_RECLAIMABLE = 2,
  FLUSHDEP_MIGRATE_PCPTYPES = 3, /* number of those that can be asked for */
  FLUSHDEP_MIGRATE_ISOLATE = 3,  /* being emptied by compaction */
  FLUSHDEP_MIGRATE_TYPES = 4,
};
enum { FLUSHDEP_FREETYPE_UNMAPPED = 1u << 0 };
#define FLUSHDEP_FREETYPE_FLAG_SHIFT 4
#define FLUSHDEP_NR_FREETYPES (FLUSHDEP_MIGRATE_TYPES + 1)

static inline unsigned flushdep_freetype(unsigned migratetype, unsigned flags) {
  return migratetype | flags << FLUSHDEP_FREETYPE_FLAG_SHIFT;
}
static inline unsigned flushdep_freetype_migratetype(unsigned freetype) {
  return freetype & ((1u << FLUSHDEP_FREETYPE_FLAG_SHIFT) - 1);
}
static inline unsigned flushdep_freetype_flags(unsigned freetype) {
  return freetype >> FLUSHDEP_FREETYPE_FLAG_SHIFT;
}
/* Dense, below FLUSHDEP_NR_FREETYPES; -1 for a combination that does not exist. */
int flushdep_freetype_index(unsigned freetype);
/* Of the pageblock of a page; without index for a pfn beyond memory. */
unsigned flushdep_page_freetype(flushdep_pfn_t pfn);

enum {
  FLUSHDEP_ALLOC_UNMAPPED = 1u << 0, /* from a pageblock outside the direct map */
  FLUSHDEP_ALLOC_ZERO = 1u << 1,
  FLUSHDEP_ALLOC_ATOMIC = 1u << 2,      /* may not block: never flips a pageblock, but may
                                           use part of the reserve */
  FLUSHDEP_ALLOC_MOVABLE = 1u << 3,     /* the owner can have it moved, see below */
  FLUSHDEP_ALLOC_RECLAIMABLE = 1u << 4, /* not together with MOVABLE */
  FLUSHDEP_ALLOC_COMPOUND = 1u << 5,    /* tails find their head */
  FLUSHDEP_ALLOC_NOLOCK = 1u << 6,      /* as ATOMIC without the reserve; fails rather than
                                           wait for the zone's lock */
};

/* The allocator's own flags, which are not for every caller. */
enum {
  FLUSHDEP_ALLOCF_UNMAPPED = 1u << 0,      /* as FLUSHDEP_ALLOC_UNMAPPED */
  FLUSHDEP_ALLOCF_NO_WATERMARKS = 1u << 1, /* the last page, too */
};

/*
 * 2^order contiguous pages with one reference, or FLUSHDEP_PFN_NONE: out of
 * memory of the kind; flags that contradict each other; UNMAPPED where there is no unmapped
 * page free and a shootdown is not possible (ATOMIC, NOLOCK, interrupts or preemption off, not in
 * task context, !flushdep_can_set_direct_map()).
 */
flushdep_pfn_t flushdep_page_alloc(unsigned order, unsigned flags);
/* For the inside of the memory management: no reference yet. */
flushdep_pfn_t flushdep_page_alloc_frozen(unsigned order, unsigned flags, unsigned alloc_flags);
/* The first reference of a frozen page; false, and nothing done, for any other. */
bool flushdep_page_set_refcounted(flushdep_pfn_t pfn);
/* Frees what an allocation of the same order returned, whatever its count. */
void flushdep_page_free(flushdep_pfn_t pfn, unsigned order);

/*
 * The scoped way to ask: until the matching leave, which is given what enter returned, all
 * allocations of the calling thread have `flags` too (UNMAPPED, ATOMIC). Nests. Within an
 * unmapped scope MOVABLE and RECLAIMABLE are ignored.
 */
unsigned flushdep_alloc_scope_enter(unsigned flags);
void flushdep_alloc_scope_leave(unsigned old);

/* References; through a tail of a compound page they are the head's. */
void flushdep_page_get(flushdep_pfn_t pfn);
/* False, and nothing done, if there is no reference to add to. */
bool flushdep_page_get_unless_zero(flushdep_pfn_t pfn);
/* Drops a reference; the last one frees. True if it was the last. */
bool flushdep_page_put(flushdep_pfn_t pfn);
/* The same, but the last one frees with `order`, which has to be the
 * allocation's (as __free_pages() does): another order is an invalid free. */
bool flushdep_page_put_order(flushdep_pfn_t pfn, unsigned order);
/* Drops a reference and frees nothing. True if it was the last: the page is frozen from then on,
 * and the caller's to free with flushdep_page_free(). `site`, if not null, is the place in the
 * program: holders that drop at one place also go on alike when they are the last. */
bool flushdep_page_drop(flushdep_pfn_t pfn, const void* site);
/* All of the page's `count` references, which are the caller's, are taken away: it is frozen.
 * False, and nothing done, if it has another count. */
bool flushdep_page_freeze(flushdep_pfn_t pfn, int count);
/* A frozen page gets `count` references; false, and nothing done, for any other. */
bool flushdep_page_unfreeze(flushdep_pfn_t pfn, int count);
int flushdep_page_refcount(flushdep_pfn_t pfn);

/* The head of a compound page's tail; any other page is its own. */
flushdep_pfn_t flushdep_page_head(flushdep_pfn_t pfn);
/* Order of the allocation that starts at, or as a compound page contains, `pfn`; -1: none. */
int flushdep_page_order(flushdep_pfn_t pfn);
/* One allocation becomes 2^order single pages, each with a reference. 0; -EINVAL (not
 * the first page of one); -EBUSY (more than one reference, or being moved). */
int flushdep_page_split(flushdep_pfn_t pfn);

/* Folios: compound pages, by their head. */
flushdep_pfn_t flushdep_folio_alloc(unsigned order, unsigned flags);
static inline flushdep_pfn_t flushdep_folio_from_page(flushdep_pfn_t pfn) {
  return flushdep_page_head(pfn);
}
static inline int flushdep_folio_order(flushdep_pfn_t folio) { return flushdep_page_order(folio); }
static inline void flushdep_folio_get(flushdep_pfn_t folio) { flushdep_page_get(folio); }
static inline bool flushdep_folio_put(flushdep_pfn_t folio) { return flushdep_page_put(folio); }

/*
 * How the owner of a page has it moved, so that its pageblock can be emptied for an unmapped
 * request; like the kernel's movable_operations. Called from the allocation that needs the block,
 * on its thread, without locks; may use this API. Not called for a page with more than one
 * reference, or outside the direct map. isolate  from here to one of the others the owner does not
 * use, free or map the page, and has no mapping of it left that is not flushed. False: not now. May
 * be null. migrate  contents are copied. 0: `to` is the owner's instead, with one reference and
 * this registration; `from` is freed. Else it stays as it is. putback  it stays. May be null.
 */
struct flushdep_movable_ops {
  bool (*isolate)(flushdep_pfn_t pfn, void* arg);
  int (*migrate)(flushdep_pfn_t from, flushdep_pfn_t to, void* arg);
  void (*putback)(flushdep_pfn_t pfn, void* arg);
};
/* Until the page is freed or split, or `ops` is null. 0; -EINVAL (nobody owns it, unmapped, no
 * `migrate`); -EBUSY (being moved). */
int flushdep_page_set_movable(flushdep_pfn_t pfn, const struct flushdep_movable_ops* ops,
                              void* arg);

/* Is the page in an unmapped pageblock? */
bool flushdep_page_unmapped(flushdep_pfn_t pfn);

/*
 * Flip pageblocks in advance, many with one flush, until `npages` are free of that
 * kind. 0; -ENOMEM; -EAGAIN (not in this context).
 */
int flushdep_unmap_reserve(uint64_t npages);
int flushdep_map_reserve(uint64_t npages);

/*
 * What FLUSHDEP_ALLOC_ZERO does to unmapped pages; the series had all of these.
 *   HOST    zeroes outside of the machine: no translation, no flush. The default.
 *   MERMAP  through an ephemeral mapping of the current mm, where that is prepared and a flush
 *           is possible, else as HOST. Costs a flush of all CPUs each time, as the allocator
 *           made the translations and so owes it.
 *   REFUSE  unmapped and zero exclude each other: such an allocation fails, with a message once.
 */
enum flushdep_zero_policy {
  FLUSHDEP_ZERO_HOST = 0,
  FLUSHDEP_ZERO_MERMAP = 1,
  FLUSHDEP_ZERO_REFUSE = 2,
};
void flushdep_set_unmapped_zero(enum flushdep_zero_policy policy);

/* Gives the CPUs' own free pages back to the common lists, where they merge. */
void flushdep_drain_all_pages(void);

#define FLUSHDEP_NR_PCP_BANKS (FLUSHDEP_MIGRATE_PCPTYPES + 1) /* the last is unmapped */
struct flushdep_mem_stats {
  uint64_t managed_pages;
  uint64_t free_pages;                                   /* of all kinds, in the CPUs' lists too */
  uint64_t free_unmapped;                                /* of those, outside the direct map */
  uint64_t watermark_min, watermark_low, watermark_high; /* of mapped pages */
  uint64_t free_blocks[FLUSHDEP_NR_FREETYPES][FLUSHDEP_MAX_ORDER + 1]; /* by freetype index */
  uint64_t pageblocks[FLUSHDEP_NR_FREETYPES];
  uint64_t pcp_pages[FLUSHDEP_NR_PCP_BANKS];
};
/* Exact while nothing else runs. */
void flushdep_read_mem_stats(struct flushdep_mem_stats* stats);
/* One counter, by its name in the text below; false if there is none. */
bool flushdep_vmstat(const char* name, uint64_t* value);
/* Text as in /proc/buddyinfo, /proc/pagetypeinfo, /proc/vmstat. */
void flushdep_print_meminfo(int fd);

flushdep_pfn_t flushdep_page_count(void);

/* Direct-map address of a page, whether it is present there or not; and back.
 * flushdep_virt_to_pfn() returns FLUSHDEP_PFN_NONE outside the direct map. */
void* flushdep_page_address(flushdep_pfn_t pfn);
flushdep_pfn_t flushdep_virt_to_pfn(const void* addr);
bool flushdep_direct_map_present(flushdep_pfn_t pfn);
/* Changes the direct map of `npages` pages without a flush, but for the one that
 * splitting a 2 MiB entry makes. 0, -EINVAL, -EOPNOTSUPP (option direct_map=0), or -ENOMEM (a
 * limit of the host's; then nothing is changed). */
int flushdep_direct_map_set(flushdep_pfn_t pfn, uint64_t npages, bool valid);
/* Can this machine change its direct map (option direct_map)? */
bool flushdep_can_set_direct_map(void);

/* --- Page tables ------------------------------------------------------------ */

/*
 * An entry as x86-64 has it: flags, and the page frame in bits 12 to 51. The entries of
 * one table lie in order, so that `ptep + 1` is the next page's up to the end of a table's 512.
 */
typedef uint64_t flushdep_pte_t;

#define FLUSHDEP_PTE_PRESENT (1ull << 0)
#define FLUSHDEP_PTE_WRITE (1ull << 1)
#define FLUSHDEP_PTE_USER (1ull << 2)
#define FLUSHDEP_PTE_GLOBAL (1ull << 8)
#define FLUSHDEP_PTE_SOFT (1ull << 9) /* hardware ignores it */
#define FLUSHDEP_PTE_NX (1ull << 63)

/* First and one-past-last address of `mm` that is free for entries set by hand. */
void* flushdep_pte_area_start(const flushdep_mm* mm);
void* flushdep_pte_area_end(const flushdep_mm* mm);
/* Makes the tables for [start, end) of `mm`: 0, -EINVAL (not addresses of `mm`), or -ENOMEM; those
 * made so far stay, as Linux does it. They go with the mm. */
int flushdep_pte_populate(flushdep_mm* mm, const void* start, const void* end);
/* The entry of an address of any mm; null where no table is. */
flushdep_pte_t* flushdep_pte_lookup(const void* addr);
/* The address whose entry it is, and its mm; null for a pointer that is to no entry. */
void* flushdep_pte_address(const flushdep_pte_t* ptep);
flushdep_mm* flushdep_pte_mm(const flushdep_pte_t* ptep);
/* What hardware reads there. */
flushdep_pte_t flushdep_pte_read(const flushdep_pte_t* ptep);
/*
 * Writes an entry, without a flush. Mapping and unmapping of the address follow, and the checker
 * is told. 0, -EINVAL (no entry, or a page frame that there is not), or -ENOMEM
 * (the host's limit of mappings; nothing changed).
 */
int flushdep_pte_set(flushdep_pte_t* ptep, flushdep_pte_t pte);
/*
 * Table pages: each holds the entries of 2 MiB. Those that flushdep_pte_populate() made and those
 * of the program's own are alike; what is linked when the mm ends is freed with it.
 */
/* The page frame of the table that has the entry of `addr`; FLUSHDEP_PFN_NONE: none. */
flushdep_pfn_t flushdep_pte_table(const void* addr);
/* `pfn`, an allocation of order 0, becomes the table, with no entries. 0; -EINVAL (not an address
 * for entries set by hand, no such allocation); -EBUSY (there is one); -ENOMEM (for levels above).
 */
int flushdep_pte_table_link(const void* addr, flushdep_pfn_t pfn);
/* No walk finds the table any more, without a flush: its entries are gone, and it is the caller's
 * to free. FLUSHDEP_PFN_NONE: none there, or the mermap's. */
flushdep_pfn_t flushdep_pte_table_unlink(const void* addr);
/*
 * `mm` loses the right to what [addr, addr + npages) shows, the pages from `pfn` on (munmap, exit):
 * no translation of them may outlive this. Changes no entry.
 */
void flushdep_access_lost(flushdep_mm* mm, const void* addr, flushdep_pfn_t pfn, uint32_t npages);

/* --- The mermap: CPU-local ephemeral mappings ------------------------------- */

/* Where in its slice and of what a live mapping is; owned by the mermap. */
typedef struct flushdep_mapping flushdep_mapping;

enum {
  FLUSHDEP_MAP_READ = 1u << 0,
  FLUSHDEP_MAP_WRITE = 1u << 1,
};

/* Preallocates page tables, of simulated memory: one page for each CPU's slice and three or four
 * above them; idempotent. 0, -ENOMEM, or -EINVAL for null. */
int flushdep_mermap_prepare(flushdep_mm* mm);
/* Can flushdep_mermap_get() be called here: task, an mm, prepared. */
bool flushdep_mermap_ready(void);
/* Maps `size` bytes (rounded up to pages) of contiguous pages at `pfn` into
 * this CPU's slice; disables migration until the put. Null on failure: not ready,
 * four live, no space, bad size or protection. Never allocates. */
flushdep_mapping* flushdep_mermap_get(flushdep_pfn_t pfn, size_t size, unsigned prot);
/* One page in the reserved last page of the slice. Preemption must be off
 * from here to the put; always succeeds then. */
flushdep_mapping* flushdep_mermap_get_reserved(flushdep_pfn_t pfn, unsigned prot);
void* flushdep_mermap_addr(const flushdep_mapping* mapping);
/* Clears the PTEs and allows migration again. Does not flush. */
void flushdep_mermap_put(flushdep_mapping* mapping);
/* First and one-past-last address of a CPU's slice in `mm`. */
void* flushdep_mermap_slice_start(const flushdep_mm* mm, unsigned cpu);
void* flushdep_mermap_slice_end(const flushdep_mm* mm, unsigned cpu);

struct flushdep_mermap_stats {
  uint64_t gets, puts, reserved_gets;
  uint64_t fail_not_ready, fail_slots, fail_space, fail_invalid, fail_injected;
  uint64_t wraps; /* each is one local flush */
};
void flushdep_mermap_read_stats(struct flushdep_mermap_stats* stats);

/* --- Accesses ---------------------------------------------------------------- */

/*
 * Loads and stores that the machine sees, for code that is not instrumented. With
 * backend=model they are the only way to mermap addresses, and the only accesses in which an
 * absent page is noticed; with backend=mmu they say the same as ordinary ones, and more: an access
 * through another CPU's slice.
 *
 * Every page is looked up as the CPU would. Refused (not present, a store to a read-only
 * mapping, the slice of an mm that the CPU has not loaded): reported, and goes on like a trap
 * (flushdep_oops_set_handler(), or death by SIGSEGV). Another CPU's slice, mapped: told to the
 * checker, and done. Addresses outside the window are ordinary memory, so any pointer may be given.
 * Ranges are judged page by page, and done as far as they are allowed. Not atomic.
 */
uint64_t flushdep_load(const void* addr, size_t size); /* of 1, 2, 4 or 8 bytes */
void flushdep_store(void* addr, uint64_t value, size_t size);
/* As memcpy(): ranges must not overlap. The two are alike; names say which side is simulated. */
void flushdep_copy_from(void* dst, const void* sim, size_t size);
void flushdep_copy_to(void* sim, const void* src, size_t size);
void flushdep_fill(void* sim, int byte, size_t size);
/*
 * The host's address for an access of `size` bytes at `addr`, judged now; `access` as
 * FLUSHDEP_MAP_*, MAP_WRITE for a store. Good until the mapping is put or the page leaves the
 * direct map. Null if the pages do not follow each other on the host: take them one by one.
 */
void* flushdep_translate(const void* addr, size_t size, unsigned access);

/* --- TLB flushes, with the kernel's semantics ------------------------------- */

/* Those that may interrupt other CPUs have to be called in a task with interrupts on, and return
 * when all have flushed: a CPU with interrupts off is waited for. */
void flushdep_flush_all(void);   /* every CPU, everything */
void flushdep_flush_local(void); /* this CPU, everything; interrupts nobody */
/* This CPU, of the mm that it has loaded: everything but global entries; one page. */
void flushdep_flush_local_mm(void);
void flushdep_flush_local_page(uintptr_t addr);
/* flush_tlb_mm(): CPUs that have it loaded, lazily too (page tables may have been freed). */
void flushdep_flush_mm(flushdep_mm* mm);
/* flush_tlb_mm_range(): skips lazy CPUs, unless page tables were freed. */
void flushdep_flush_mm_range(flushdep_mm* mm, uintptr_t start, uintptr_t end);
void flushdep_flush_mm_range_tables(flushdep_mm* mm, uintptr_t start, uintptr_t end);
void flushdep_flush_page(flushdep_mm* mm, uintptr_t addr); /* skips lazy CPUs */
void flushdep_flush_kernel_range(uintptr_t start, uintptr_t end);

/* arch_tlbbatch: many mms, one flush. All zeroes is an empty one. */
struct flushdep_tlb_batch {
  uint64_t cpus[FLUSHDEP_MAX_CPUS / 64];
};
/* After PTEs of `mm` were cleared. */
void flushdep_flush_batch_add(struct flushdep_tlb_batch* batch, flushdep_mm* mm);
/* Flushes what was added, lazy CPUs skipped, and empties the batch. */
void flushdep_flush_batch(struct flushdep_tlb_batch* batch);

/* --- Failure injection -------------------------------------------------------- */

/*
 * Makes operations fail that may fail anyway, as Linux's fault injection does. Rules come from here
 * or from the options inject_alloc, inject_get, inject_direct_map, inject_prepare; an operation
 * fails if any rule of its point says so. Random decisions follow option `seed`.
 */
enum flushdep_inject_point {
  FLUSHDEP_INJECT_ALLOC = 0,      /* flushdep_page_alloc() and its kin */
  FLUSHDEP_INJECT_GET = 1,        /* flushdep_mermap_get(); the reserve never fails */
  FLUSHDEP_INJECT_DIRECT_MAP = 2, /* changes of the direct map, those of flips too */
  FLUSHDEP_INJECT_PREPARE = 3,    /* flushdep_mermap_prepare() */
};

struct flushdep_inject_rule {
  uint32_t point;  /* enum flushdep_inject_point */
  uint32_t one_in; /* by rate: each with a chance of 1 in this; 0: all */
  uint64_t after;  /* by count: this many pass first */
  uint64_t every;  /* then every so-many-th; 0: each */
  uint64_t times;  /* at most; 0: no limit */
  /* By call site: only operations with a return address in [start, end) among their
   * FLUSHDEP_INJECT_DEPTH innermost callers. Both null: any. */
  const void* site_start;
  const void* site_end;
};
#define FLUSHDEP_INJECT_DEPTH 8
#define FLUSHDEP_MAX_INJECT_RULES 16

/* 0, -EINVAL, or -ENOSPC past FLUSHDEP_MAX_INJECT_RULES. */
int flushdep_inject(const struct flushdep_inject_rule* rule);
/* Bounds of a function of the executable, by its name in the symbol table, for site_start and
 * site_end: 0, -ENOENT, or -EEXIST if it is not the only one of that name. */
int flushdep_inject_find(const char* function, const void** start, const void** end);
/* Drops every rule, those of the options too. */
void flushdep_inject_clear(void);
/* Failures made so far at a point. */
uint64_t flushdep_inject_count(unsigned point);

/* --- Test runners ------------------------------------------------------------ */

/*
 * Called on the faulting thread, outside the signal handler, after a trapped
 * access was reported; it must not return (longjmp, or end the thread). Null:
 * the process dies by SIGSEGV. Per thread.
 */
typedef void (*flushdep_oops_fn)(void* arg);
void flushdep_oops_set_handler(flushdep_oops_fn fn, void* arg);

/* Findings (errors and possibles) so far in this process; a repeat of a known
 * problem counts, although it is not reported again. */
uint64_t flushdep_report_count(void);
/* The findings among them for which the run fails: errors, and possibles with fail_on=possible. */
uint64_t flushdep_failure_count(void);

/* Ends the process with `message` and status 4, after every report is out.
 * For errors of use that leave nothing sensible to go on with. */
void flushdep_fatal(const char* message) __attribute__((noreturn));

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUSHDEP_H */
