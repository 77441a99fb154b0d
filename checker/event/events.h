/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * flushdep events, version 1: what happened to pages, translations and CPUs.
 *
 * This is the only door into the checker. The simulated machine, a program
 * with a machine of its own and the replay of a kernel trace all describe what
 * they do with these events; the checker derives everything it reports from
 * them. Events say what happened. They never say whether it was right.
 *
 * ABI. The struct has a fixed size and layout, asserted below, and the entry
 * points carry no other type. A producer compiled against another version is
 * refused at start by flushdep_events_check(). Fields that a kind does not name
 * must be zero: later minor additions give them meaning, zero meaning "as in
 * version 1". Unknown kinds are counted and otherwise ignored.
 *
 * Order and time. Order is the order in which flushdep_emit() accepts events;
 * the checker assigns it, and every judgement is made in that order. So that
 * it is never kinder than reality, a producer submits
 *   - PTE_SET before the entry is written, PTE_CLEAR after it was removed;
 *   - FLUSH_ISSUE before the first CPU is asked, FLUSH_ACK after that CPU's
 *     TLB dropped the entries, FLUSH_RETURN before the caller goes on;
 *   - CPU_LOAD before the CPU can use the mm, and
 *     an owner change before anyone else can get the page;
 *   - a sync release before, a sync acquire after, the operation itself.
 * `time` is nanoseconds and is only shown to people. A live producer leaves it
 * 0 and the checker reads its own (injected) monotonic clock when a report
 * needs it; a replayed trace fills it in, and then it never runs backwards on
 * one CPU.
 *
 * Threads. flushdep_emit() may be called from any thread and from a signal
 * handler, concurrently; it does not allocate, block on a lock held by another
 * producer's code, or touch errno. Events of one page or one CPU from several
 * threads at once need the producer's own ordering, as the objects do.
 */
#ifndef FLUSHDEP_EVENTS_H
#define FLUSHDEP_EVENTS_H

#ifdef __KERNEL__
#include <linux/types.h>
typedef u8 flushdep_u8;
typedef u16 flushdep_u16;
typedef u32 flushdep_u32;
typedef s32 flushdep_s32;
typedef u64 flushdep_u64;
#else
#include <stdint.h>
typedef uint8_t flushdep_u8;
typedef uint16_t flushdep_u16;
typedef uint32_t flushdep_u32;
typedef int32_t flushdep_s32;
typedef uint64_t flushdep_u64;
#endif

#define FLUSHDEP_EVENTS_VERSION 1

/* Number of bytes of struct flushdep_event; part of the handshake. */
#define FLUSHDEP_EVENT_SIZE 96

/* The `mm` of the kernel's own (global) translations: the direct map, vmalloc. */
#define FLUSHDEP_SPACE_KERNEL 0u

/* Pages per base page, for the sizes that events carry in pages. */
#define FLUSHDEP_PAGE_SHIFT 12
#define FLUSHDEP_PAGE_SIZE (1ull << FLUSHDEP_PAGE_SHIFT)

/* A pfn or CPU that does not apply. */
#define FLUSHDEP_NO_PFN (~0ull)
#define FLUSHDEP_NO_CPU 0xffffu

enum flushdep_event_kind {
  FLUSHDEP_EV_NONE = 0,

  /* --- The machine ----------------------------------------------------- */
  FLUSHDEP_EV_MACHINE = 1,    /* u.machine: size and knobs; first event of all.
                                 Another one starts over: all else is forgotten */
  FLUSHDEP_EV_REGION = 2,     /* u.region: addresses and how they are judged */
  FLUSHDEP_EV_REGION_END = 3, /* u.region: the same range is no longer special */
  FLUSHDEP_EV_LOST = 4,       /* u.lost: events were dropped here (replay) */
  FLUSHDEP_EV_STACK = 5,      /* u.stack: frames for a later event's `stack` */
  FLUSHDEP_EV_NAME = 6,       /* u.name: a piece of a text for an object */

  /* --- Address spaces and CPUs ------------------------------------------ */
  FLUSHDEP_EV_MM_CREATE = 16,   /* u.mm: a new mm; ids are never reused */
  FLUSHDEP_EV_MM_END = 17,      /* u.mm: no thread can load it any more */
  FLUSHDEP_EV_CPU_LOAD = 18,    /* u.mm: `cpu` loads this mm (ends lazy) */
  FLUSHDEP_EV_CPU_LAZY = 19,    /* u.mm: `cpu` keeps it loaded, but lazily */
  FLUSHDEP_EV_CPU_ONLINE = 20,  /* `cpu` starts with empty TLBs */
  FLUSHDEP_EV_CPU_OFFLINE = 21, /* `cpu` stops; its TLBs are gone */
  FLUSHDEP_EV_ACCESS_LOST = 22, /* u.pte: mm loses its right to [va, va+n) */

  /* --- Translations ------------------------------------------------------ */
  FLUSHDEP_EV_PTE_SET = 32,    /* u.pte: present from here on (old_*: before) */
  FLUSHDEP_EV_PTE_CLEAR = 33,  /* u.pte: not present from here on */
  FLUSHDEP_EV_PTE_SPLIT = 34,  /* u.pte: a large entry became small ones */
  FLUSHDEP_EV_TABLE_LINK = 35, /* u.pte: pfn is a page-table page at va, level */
  FLUSHDEP_EV_TABLE_UNLINK = 36,

  /* --- Flushes ----------------------------------------------------------- */
  FLUSHDEP_EV_FLUSH_ISSUE = 48,  /* u.flush: asked for; id new in this run */
  FLUSHDEP_EV_FLUSH_TARGET = 49, /* u.target: 64 more CPUs of an explicit set */
  FLUSHDEP_EV_FLUSH_ACK = 50,    /* u.flush: `cpu` has dropped eff_* of it */
  FLUSHDEP_EV_FLUSH_RETURN = 51, /* u.flush: the call returns to its caller */

  /* --- Owners and references --------------------------------------------- */
  FLUSHDEP_EV_PAGE_ALLOC = 64,    /* u.page: handed to a new owner */
  FLUSHDEP_EV_PAGE_FREE = 65,     /* u.page: given back; owner changes */
  FLUSHDEP_EV_PAGE_PUBLISH = 66,  /* u.page: visible to others as unmapped */
  FLUSHDEP_EV_PAGE_TRANSFER = 67, /* u.page: owner changes without a free */
  FLUSHDEP_EV_PAGE_RETYPE = 68,   /* u.page: free block gets new page flags */
  FLUSHDEP_EV_PAGE_SPLIT = 69,    /* u.page: one allocation becomes 2^order */
  FLUSHDEP_EV_REF_GET = 70,       /* u.ref */
  FLUSHDEP_EV_REF_PUT = 71,       /* u.ref: count after; 0 is the last drop */
  FLUSHDEP_EV_DEBT_HANDOVER = 72, /* u.page: the flush is owed by someone else */
  FLUSHDEP_EV_DEBT_CANCEL = 73,   /* u.page: "flushed by other means" */
  FLUSHDEP_EV_ASSERT = 74,        /* u.page: page is claimed to be clean */

  /* --- Mapping API (why translations changed) ------------------------------ */
  FLUSHDEP_EV_MAP_BEGIN = 80,  /* u.map: a handle is live from here on */
  FLUSHDEP_EV_MAP_END = 81,    /* u.map: the handle is put */
  FLUSHDEP_EV_MAP_FAIL = 82,   /* u.map: a get that returned nothing */
  FLUSHDEP_EV_MAP_REWIND = 83, /* u.map: [va, va+n) will be handed out again */

  /* --- Execution context and threads -------------------------------------- */
  FLUSHDEP_EV_THREAD_START = 96,   /* u.thread */
  FLUSHDEP_EV_THREAD_EXIT = 97,    /* u.thread */
  FLUSHDEP_EV_THREAD_ON_CPU = 98,  /* u.thread: `thread` now runs on `cpu` */
  FLUSHDEP_EV_CONTEXT = 99,        /* u.context: one counter moved */
  FLUSHDEP_EV_WRONG_CONTEXT = 100, /* u.context: a call refused for context */

  /* --- Happens-before ------------------------------------------------------ */
  FLUSHDEP_EV_SYNC = 112, /* u.sync */

  /* --- Accesses ------------------------------------------------------------ */
  FLUSHDEP_EV_ACCESS = 128, /* u.access */

  /* Producers' own kinds, never judged, kept in recordings. */
  FLUSHDEP_EV_USER = 0xf000,
};

/* Event flags (header). */
enum flushdep_event_flag {
  FLUSHDEP_F_TRAPPED = 1u << 0,       /* ACCESS: the hardware refused it */
  FLUSHDEP_F_INTERNAL = 1u << 1,      /* done by the machine, not asked by a caller */
  FLUSHDEP_F_FAILED = 1u << 2,        /* the operation failed and changed nothing;
                                         PTE_CLEAR: takes back a SET that failed */
  FLUSHDEP_F_SIGNAL = 1u << 3,        /* submitted from a signal handler */
  FLUSHDEP_F_EXPLICIT_TIME = 1u << 4, /* `time` is the producer's, even if 0 */
};

/* Which API call is the reason for an event (header). 0: none or unknown. */
enum flushdep_reason {
  FLUSHDEP_WHY_NONE = 0,
  FLUSHDEP_WHY_BOOT = 1,
  FLUSHDEP_WHY_ALLOC = 2,
  FLUSHDEP_WHY_FREE = 3,
  FLUSHDEP_WHY_ZERO = 4,        /* zeroing by the allocator */
  FLUSHDEP_WHY_BLOCK_UNMAP = 5, /* pageblock flip: mapped to unmapped */
  FLUSHDEP_WHY_BLOCK_MAP = 6,   /* and back */
  FLUSHDEP_WHY_DIRECT_MAP = 7,  /* set_direct_map_*() by a caller */
  FLUSHDEP_WHY_MERMAP_GET = 8,
  FLUSHDEP_WHY_MERMAP_GET_RESERVED = 9,
  FLUSHDEP_WHY_MERMAP_PUT = 10,
  FLUSHDEP_WHY_MERMAP_WRAP = 11, /* local flush when a slice is used up */
  FLUSHDEP_WHY_MERMAP_PREPARE = 12,
  FLUSHDEP_WHY_MERMAP_TEARDOWN = 13,
  FLUSHDEP_WHY_FLUSH_ALL = 14,    /* flush_tlb_all() */
  FLUSHDEP_WHY_FLUSH_LOCAL = 15,  /* __flush_tlb_all(): this CPU only */
  FLUSHDEP_WHY_FLUSH_MM = 16,     /* flush_tlb_mm() */
  FLUSHDEP_WHY_FLUSH_RANGE = 17,  /* flush_tlb_range(), flush_tlb_page() */
  FLUSHDEP_WHY_FLUSH_KERNEL = 18, /* flush_tlb_kernel_range() */
  FLUSHDEP_WHY_FLUSH_BATCH = 19,  /* mmu_gather, arch_tlbbatch */
  FLUSHDEP_WHY_SWITCH_MM = 20,
  FLUSHDEP_WHY_MIGRATE = 21,
  FLUSHDEP_WHY_IDLE = 22,
  FLUSHDEP_WHY_SET_PTE = 23,    /* page tables edited by hand */
  FLUSHDEP_WHY_AREA_CLOSE = 24, /* munmap, exit */
  FLUSHDEP_WHY_SPLIT = 25,
  FLUSHDEP_WHY_REF = 26,
  FLUSHDEP_WHY_USER = 0x8000, /* a producer's own, from here up */
};

/* Protection of a translation. The hardware's view, not a vma's. */
enum flushdep_prot {
  FLUSHDEP_PROT_READ = 1u << 0, /* the P bit: 0 protection is not present */
  FLUSHDEP_PROT_WRITE = 1u << 1,
  FLUSHDEP_PROT_EXEC = 1u << 2,
  FLUSHDEP_PROT_USER = 1u << 3,
  FLUSHDEP_PROT_GLOBAL = 1u << 4,
};

/* Which page-table level holds an entry. */
enum flushdep_level {
  FLUSHDEP_LEVEL_PTE = 1, /* 4 KiB */
  FLUSHDEP_LEVEL_PMD = 2, /* 2 MiB */
  FLUSHDEP_LEVEL_PUD = 3, /* 1 GiB */
  FLUSHDEP_LEVEL_P4D = 4,
  FLUSHDEP_LEVEL_PGD = 5,
};

/* Whose missing flush is how bad in a range of addresses. */
enum flushdep_policy {
  FLUSHDEP_POLICY_STRICT = 0,     /* mermap, direct map: every CPU, lazy too */
  FLUSHDEP_POLICY_REUSE_ONLY = 1, /* vmalloc: free first, flush later */
  FLUSHDEP_POLICY_USER = 2,       /* lazy CPUs may be skipped */
  FLUSHDEP_POLICY_IGNORE = 3,
};

enum flushdep_region_type {
  FLUSHDEP_REGION_DIRECT_MAP = 1, /* va - start is the physical address */
  FLUSHDEP_REGION_MERMAP = 2,     /* slices of `slice_pages`, CPU i's at i */
  FLUSHDEP_REGION_VMALLOC = 3,
  FLUSHDEP_REGION_USER = 4,
};

/* What part of a TLB a flush is about. */
enum flushdep_flush_what {
  FLUSHDEP_FLUSH_EVERYTHING = 1,   /* all PCIDs and global entries */
  FLUSHDEP_FLUSH_SPACE = 2,        /* all (non-global) entries of one mm */
  FLUSHDEP_FLUSH_SPACE_RANGE = 3,  /* [start, end) of one mm */
  FLUSHDEP_FLUSH_KERNEL_RANGE = 4, /* [start, end): global, and current PCID */
  FLUSHDEP_FLUSH_NON_GLOBAL = 5,   /* all PCIDs, global entries stay */
};

/* Which CPUs a flush is about. */
enum flushdep_flush_who {
  FLUSHDEP_CPUS_LOCAL = 1,      /* the issuing CPU */
  FLUSHDEP_CPUS_SPACE = 2,      /* CPUs that have the mm loaded, lazy too */
  FLUSHDEP_CPUS_SPACE_BUSY = 3, /* the same, lazy ones skipped */
  FLUSHDEP_CPUS_ALL = 4,
  FLUSHDEP_CPUS_MASK = 5, /* as FLUSH_TARGET events list them */
};

enum flushdep_flush_flag {
  FLUSHDEP_FLUSH_BUMPS_GEN = 1u << 0, /* tlb_gen: others flush when they load */
  FLUSHDEP_FLUSH_TABLES = 1u << 1,    /* page-table caches are covered too */
  FLUSHDEP_FLUSH_BROADCAST = 1u << 2, /* by the hardware, no IPI (INVLPGB) */
  FLUSHDEP_FLUSH_PROMOTED = 1u << 3,  /* eff_what is wider than req_what */
};

enum flushdep_page_flag {
  FLUSHDEP_PAGE_UNMAPPED = 1u << 0, /* not in the direct map by its freetype */
  FLUSHDEP_PAGE_ZEROED = 1u << 1,
  FLUSHDEP_PAGE_COMPOUND = 1u << 2,
  FLUSHDEP_PAGE_USER_KEY = 1u << 3, /* class_key came from an annotation */
  FLUSHDEP_PAGE_REFUSED = 1u << 4,  /* FREE: the allocator will not take it */
};

enum flushdep_context {
  FLUSHDEP_CTX_PREEMPT = 1, /* preempt_disable() depth */
  FLUSHDEP_CTX_MIGRATE = 2, /* migrate_disable() depth */
  FLUSHDEP_CTX_IRQS_OFF = 3,
  FLUSHDEP_CTX_BH_OFF = 4,
  FLUSHDEP_CTX_SOFTIRQ = 5,
  FLUSHDEP_CTX_HARDIRQ = 6,
  FLUSHDEP_CTX_NMI = 7,
  FLUSHDEP_CTX_RCU = 8,
  FLUSHDEP_CTX_CHECKER_OFF = 9, /* no checking in a scope (annotation) */
};

enum flushdep_sync_op {
  FLUSHDEP_SYNC_ACQUIRE = 1, /* what released `object` happened before me */
  FLUSHDEP_SYNC_RELEASE = 2,
  FLUSHDEP_SYNC_ACQ_REL = 3,
  FLUSHDEP_SYNC_RESET = 4, /* `object` is new memory: forget its past */
  FLUSHDEP_SYNC_LOCK = 5,  /* ACQUIRE, and held from here: lock classes */
  FLUSHDEP_SYNC_UNLOCK = 6,
  FLUSHDEP_SYNC_LOCK_WAIT = 7, /* about to wait for it */
  FLUSHDEP_SYNC_LOCK_SHARED = 8,
  FLUSHDEP_SYNC_UNLOCK_SHARED = 9,
};

enum flushdep_access_flag {
  FLUSHDEP_ACCESS_WRITE = 1u << 0,
  FLUSHDEP_ACCESS_ATOMIC = 1u << 1,
  FLUSHDEP_ACCESS_EXEC = 1u << 2,
  FLUSHDEP_ACCESS_RANGE = 1u << 3, /* memcpy and the like */
};

struct flushdep_event_pte {
  flushdep_u64 va;      /* first byte, page aligned */
  flushdep_u64 pfn;     /* of va; page i of the range is pfn + i */
  flushdep_u64 old_pfn; /* what was there; FLUSHDEP_NO_PFN: nothing */
  flushdep_u64 handle;  /* the mapping this belongs to, or 0 */
  flushdep_u32 mm;
  flushdep_u32 npages;
  flushdep_u16 prot;     /* enum flushdep_prot; what is set, or was cleared */
  flushdep_u16 old_prot; /* 0 when nothing was present */
  flushdep_u8 level;     /* enum flushdep_level of each entry */
  flushdep_u8 old_level;
  flushdep_u8 reserved[2];
  flushdep_u64 user[2];
};

struct flushdep_event_flush {
  flushdep_u64 id;    /* one flush's ISSUE, ACKs and RETURN share it */
  flushdep_u64 start; /* bytes; both 0 where no range applies */
  flushdep_u64 end;
  flushdep_u64 gen; /* the mm's tlb_gen after a bump, else 0 */
  flushdep_u32 mm;
  flushdep_u32 flags;       /* enum flushdep_flush_flag */
  flushdep_u8 req_what;     /* enum flushdep_flush_what: asked */
  flushdep_u8 req_who;      /* enum flushdep_flush_who: asked */
  flushdep_u8 eff_what;     /* what is really dropped; in an ACK: on this CPU */
  flushdep_u8 eff_who;      /* who is really asked */
  flushdep_u8 stride_shift; /* of a range; 0 means FLUSHDEP_PAGE_SHIFT */
  flushdep_u8 reserved[3];
  flushdep_u64 eff_start; /* range really dropped where it differs, else 0 */
  flushdep_u64 eff_end;
};

struct flushdep_event_target {
  flushdep_u64 id;        /* of the flush; sent between ISSUE and first ACK */
  flushdep_u64 cpus;      /* bit i is CPU first_cpu + i */
  flushdep_u32 first_cpu; /* multiple of 64 */
  flushdep_u32 last;      /* 1 on the last piece */
  flushdep_u64 reserved[5];
};

struct flushdep_event_page {
  flushdep_u64 pfn;
  flushdep_u64 class_key; /* allocation class, 0: by the allocation stack */
  flushdep_u64 object;    /* container or new owner (TRANSFER, HANDOVER) */
  flushdep_u32 npages;    /* 2^order, except RETYPE */
  flushdep_u32 flags;     /* enum flushdep_page_flag */
  flushdep_u32 mm;        /* on whose behalf, or 0 */
  flushdep_u32 subclass;
  flushdep_u8 order;
  flushdep_u8 migratetype;
  flushdep_u8 old_order; /* FREE: the order that it was allocated with */
  flushdep_u8 node;
  flushdep_u32 gfp; /* as asked, the producer's own bits */
  flushdep_u64 user[2];
};

struct flushdep_event_ref {
  flushdep_u64 pfn;
  flushdep_u64 holder; /* token of who holds it, or 0 */
  flushdep_s32 delta;
  flushdep_s32 count; /* after the operation */
  flushdep_u64 reserved[5];
};

struct flushdep_event_map {
  flushdep_u64 handle; /* unique while live; never 0 */
  flushdep_u64 va;
  flushdep_u64 pfn;
  flushdep_u32 mm;
  flushdep_u32 npages;
  flushdep_u32 owner_cpu; /* whose slice */
  flushdep_u32 owner_thread;
  flushdep_u16 prot;
  flushdep_u16 cause; /* MAP_FAIL: enum flushdep_map_fail */
  flushdep_u32 reserved0;
  flushdep_u64 reserved[2];
};

enum flushdep_map_fail {
  FLUSHDEP_MAP_FAIL_NOT_READY = 1, /* no mm, not prepared, not task context */
  FLUSHDEP_MAP_FAIL_SLOTS = 2,     /* four live already */
  FLUSHDEP_MAP_FAIL_SPACE = 3,     /* does not fit, or nothing to reclaim */
  FLUSHDEP_MAP_FAIL_INVALID = 4,   /* size or protection */
  FLUSHDEP_MAP_FAIL_INJECTED = 5,
};

struct flushdep_event_mm {
  flushdep_u32 mm;
  flushdep_u32 old_mm; /* CPU_LOAD: what was loaded before, or 0 */
  flushdep_u32 asid;   /* hardware PCID if the producer knows it, else 0 */
  flushdep_u32 flags;
  flushdep_u64 ctx_id; /* the kernel's, if it has one; else 0 */
  flushdep_u64 tlb_gen;
  flushdep_u64 cr3_noflush; /* 1: known that this load kept the PCID's entries;
                               2: known that it dropped them; 0: by the model */
  flushdep_u64 reserved[3];
};

struct flushdep_event_machine {
  flushdep_u32 version; /* FLUSHDEP_EVENTS_VERSION */
  flushdep_u32 event_size;
  flushdep_u32 cpus;
  flushdep_u32 knobs;           /* enum flushdep_knob */
  flushdep_u64 pfns;            /* page frames 0 .. pfns-1 */
  flushdep_u64 boot_id;         /* tells recordings of one run apart */
  flushdep_u32 asids;           /* dynamic ASID slots per CPU; 0: 6 */
  flushdep_u32 flush_ceiling;   /* pages; 0: 33 */
  flushdep_u32 pageblock_order; /* 0: 9 */
  flushdep_u32 reserved0;
  flushdep_u64 reserved[2];
};

enum flushdep_knob {
  FLUSHDEP_KNOB_PCID = 1u << 0,
  FLUSHDEP_KNOB_PTI = 1u << 1,
  FLUSHDEP_KNOB_BROADCAST = 1u << 2,
};

struct flushdep_event_region {
  flushdep_u64 start;
  flushdep_u64 end;
  flushdep_u64 slice_pages; /* MERMAP: pages per CPU, incl. the reserve */
  flushdep_u32 mm;
  flushdep_u32 type;           /* enum flushdep_region_type */
  flushdep_u32 policy;         /* enum flushdep_policy */
  flushdep_u32 reserved_pages; /* MERMAP: at the end of each slice */
  flushdep_u64 reserved[3];
};

struct flushdep_event_thread {
  flushdep_u32 other;  /* START: the creator; EXIT: 0 */
  flushdep_u32 os_tid; /* for people; 0 unknown */
  flushdep_u32 mm;
  flushdep_u32 flags;
  flushdep_u64 reserved[6];
};

struct flushdep_event_context {
  flushdep_u32 what;  /* enum flushdep_context */
  flushdep_s32 delta; /* +1 entered, -1 left */
  flushdep_s32 depth; /* after */
  flushdep_u32 api;   /* WRONG_CONTEXT: enum flushdep_reason of the call */
  flushdep_u64 reserved[6];
};

struct flushdep_event_sync {
  flushdep_u64 object;     /* address or token */
  flushdep_u64 lock_class; /* 0: none */
  flushdep_u32 op;         /* enum flushdep_sync_op */
  flushdep_u32 subclass;
  flushdep_u64 seq; /* producer's order of operations on `object` */
  flushdep_u64 reserved[4];
};

struct flushdep_event_access {
  flushdep_u64 va;
  flushdep_u64 size; /* bytes; 0: unknown (a trap) */
  flushdep_u64 pfn;  /* reached through the mapping, or FLUSHDEP_NO_PFN */
  flushdep_u32 mm;
  flushdep_u32 flags;    /* enum flushdep_access_flag */
  flushdep_u64 frame;    /* frame pointer at the access, for the stack; 0: none */
  flushdep_u64 ucontext; /* address of the trap's ucontext_t; 0: none */
  flushdep_u64 reserved[2];
};

struct flushdep_event_stack {
  flushdep_u32 index; /* of pc[0] within the stack, innermost first */
  flushdep_u32 total; /* frames in the whole stack */
  flushdep_u64 pc[7]; /* the id is the header's `stack` */
};

struct flushdep_event_lost {
  flushdep_u64 count; /* 0: unknown */
  flushdep_u64 reserved[7];
};

struct flushdep_event_name {
  flushdep_u64 object; /* lock class, page class, mm, thread ... */
  flushdep_u32 kind;   /* the event kind whose ids `object` is one of */
  flushdep_u32 index;  /* byte offset of this piece */
  char text[48];       /* zero padded; a piece that ends in zero is the last */
};

struct flushdep_event {
  flushdep_u16 kind;   /* enum flushdep_event_kind */
  flushdep_u16 flags;  /* enum flushdep_event_flag */
  flushdep_u16 cpu;    /* where it happened; FLUSHDEP_NO_CPU: nowhere */
  flushdep_u16 reason; /* enum flushdep_reason */
  flushdep_u32 thread; /* 1..; 0: not a thread's doing. Ids are never reused */
  flushdep_u32 stack;  /* of a STACK event; 0: live, the checker unwinds */
  flushdep_u64 time;   /* see "Order and time" */
  flushdep_u64 site;   /* return address of the API call; 0: the stack's top */
  union {
    struct flushdep_event_pte pte;
    struct flushdep_event_flush flush;
    struct flushdep_event_target target;
    struct flushdep_event_page page;
    struct flushdep_event_ref ref;
    struct flushdep_event_map map;
    struct flushdep_event_mm mm;
    struct flushdep_event_machine machine;
    struct flushdep_event_region region;
    struct flushdep_event_thread thread;
    struct flushdep_event_context context;
    struct flushdep_event_sync sync;
    struct flushdep_event_access access;
    struct flushdep_event_stack stack;
    struct flushdep_event_lost lost;
    struct flushdep_event_name name;
    flushdep_u64 raw[8];
  } u;
};

#ifdef __cplusplus
#define FLUSHDEP_STATIC_ASSERT(cond, text) static_assert(cond, text)
extern "C" {
#else
#define FLUSHDEP_STATIC_ASSERT(cond, text) _Static_assert(cond, text)
#endif

FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event) == FLUSHDEP_EVENT_SIZE,
                       "struct flushdep_event is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_pte) == 64, "pte is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_flush) == 64, "flush is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_target) == 64, "target is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_page) == 64, "page is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_ref) == 64, "ref is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_map) == 64, "map is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_mm) == 64, "mm is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_machine) == 64, "machine is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_region) == 64, "region is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_thread) == 64, "thread is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_context) == 64, "context is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_sync) == 64, "sync is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_access) == 64, "access is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_stack) == 64, "stack is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_lost) == 64, "lost is ABI");
FLUSHDEP_STATIC_ASSERT(sizeof(struct flushdep_event_name) == 64, "name is ABI");

/*
 * Refuses, with a message and exit status 4, a producer that was compiled
 * against another version of this header. Called once per producer, before
 * its first event; FLUSHDEP_EVENTS_HANDSHAKE() passes the right arguments.
 */
void flushdep_events_check(flushdep_u32 version, flushdep_u32 event_size);
#define FLUSHDEP_EVENTS_HANDSHAKE() \
  flushdep_events_check(FLUSHDEP_EVENTS_VERSION, (flushdep_u32)sizeof(struct flushdep_event))

/* Submits one event. The event is read before the call returns. */
void flushdep_emit(const struct flushdep_event* event);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUSHDEP_EVENTS_H */
