// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The eight sequences that kernel code goes through, each correct and with one mistake.
#include "tests/programs/cache.h"

namespace flushdep::programs {
namespace {

constexpr int kWorkers = 3;
constexpr int kRounds = 6;

// --- 1. Page-cache add: a failed insert flushes before it drops -------------------

template <bool kFlush>
void AddPages() {
  Cache cache;
  Prepare();
  {
    Threads threads;
    for (int worker = 0; worker < kWorkers; worker++)
      threads.Start("adder", [&cache] {
        for (int round = 0; round < kRounds; round++) {
          const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
          Anywhere();
          Zero(pfn);
          Anywhere();
          flushdep_atomic_xchg(&cache.stale, 1);
          if (cache.Insert(Random(2), pfn)) continue;
          if (kFlush) flushdep_flush_all();
          flushdep_page_put(pfn);
        }
      });
  }
  Truncate(cache);
}
PROGRAM(page_cache_add, "") { AddPages<true>(); }
PROGRAM(page_cache_add_unflushed, "FD001") { AddPages<false>(); }

// --- 2. secretmem, older form: out of the direct map, insert, flush ----------------

void SecretmemFault(Cache& cache, unsigned index) {
  machine::RwsemReadGuard shared(cache.invalidate);
  for (;;) {
    const Pfn there = cache.Find(index);
    if (there != FLUSHDEP_PFN_NONE) {
      flushdep_page_put(there);
      return;
    }
    const Pfn pfn = AllocPage(0);
    flushdep_fill(flushdep_page_address(pfn), 0, kPage);
    Require(flushdep_direct_map_set(pfn, 1, false) == 0, "set_direct_map_invalid_noflush()");
    Anywhere();
    if (cache.Insert(index, pfn)) {
      const auto start = reinterpret_cast<uintptr_t>(flushdep_page_address(pfn));
      flushdep_flush_kernel_range(start, start + kPage);
      return;
    }
    Require(flushdep_direct_map_set(pfn, 1, true) == 0, "put back");
    flushdep_page_put(pfn);
  }
}

void SecretmemFree(Cache& cache) {
  for (Pfn pfn : cache.TakeAll()) {
    Require(flushdep_direct_map_set(pfn, 1, true) == 0, "set_direct_map_default_noflush()");
    flushdep_fill(flushdep_page_address(pfn), 0, kPage);
    flushdep_page_put(pfn);
  }
}

template <bool kPutBack>
void Secretmem() {
  Cache cache;
  // The pageblock's entry is split once, so that the program's own flushes are all there is.
  const Pfn first = AllocPage(0);
  flushdep_direct_map_set(first, 1, false);
  flushdep_direct_map_set(first, 1, true);
  flushdep_page_put(first);
  {
    Threads threads;
    for (int worker = 0; worker < kWorkers; worker++)
      threads.Start("fault", [&cache] {
        for (int round = 0; round < kRounds; round++) {
          SecretmemFault(cache, Random(Cache::kSlots));
          Anywhere();
        }
      });
  }
  flushdep_down_write(&cache.invalidate);
  SecretmemFree(cache);
  flushdep_up_write(&cache.invalidate);
  // And an insert that is lost for sure.
  const Pfn pfn = AllocPage(0);
  Require(flushdep_direct_map_set(pfn, 1, false) == 0, "take out");
  if (kPutBack) Require(flushdep_direct_map_set(pfn, 1, true) == 0, "put back");
  flushdep_page_put(pfn);
}
PROGRAM(secretmem, "") { Secretmem<true>(); }
PROGRAM(secretmem_not_put_back, "FD001") { Secretmem<false>(); }

// --- 3. Truncate: a batch out under the locks, one flush, free each -----------------

template <bool kInTime>
void TruncateFile() {
  Cache cache;
  Prepare();
  for (int round = 0; round < 3; round++) {
    Threads threads;
    for (int worker = 0; worker < kWorkers; worker++)
      threads.Start("writer", [&cache, worker] {
        const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
        Zero(pfn);
        Anywhere();
        Require(cache.Insert(static_cast<unsigned>(worker), pfn), "insert");
      });
    threads.Join();
    flushdep_down_write(&cache.invalidate);
    const std::vector<Pfn> batch = cache.TakeAll();
    flushdep_up_write(&cache.invalidate);
    Anywhere();
    if (kInTime) flushdep_flush_all();
    for (Pfn pfn : batch) flushdep_page_put(pfn);
    if (!kInTime) flushdep_flush_all();
  }
}
PROGRAM(truncate_batch, "") { TruncateFile<true>(); }
PROGRAM(truncate_batch_flushed_late, "FD001") { TruncateFile<false>(); }

// --- 4. munmap and exit: close the area, flush if stale -------------------------------

template <bool kFlushOnClose>
void CloseArea() {
  Cache cache;
  std::vector<Threads> no_threads;
  {
    Threads threads;
    for (int worker = 0; worker < kWorkers; worker++)
      threads.Start("process", [&cache, worker] {
        flushdep_mm* mm = flushdep_mm_create();
        flushdep_mm_switch(mm);
        Prepare();
        const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
        flushdep_page_get(pfn);
        flushdep_atomic stale = FLUSHDEP_ATOMIC(0);
        Zero(pfn);
        flushdep_atomic_xchg(&stale, 1);
        Anywhere();
        Require(cache.Insert(static_cast<unsigned>(worker), pfn), "insert");
        // The area goes; the page stays in the file.
        if (flushdep_atomic_xchg(&stale, 0) == 1 && kFlushOnClose) flushdep_flush_all();
        flushdep_access_lost(mm, nullptr, pfn, 1);
        Anywhere();
        flushdep_mm_put(mm);
        flushdep_page_put(pfn);
      });
  }
  Truncate(cache);
}
PROGRAM(close_area, "") { CloseArea<true>(); }
PROGRAM(close_area_unflushed, "FD016") { CloseArea<false>(); }

// --- 5. guest_memfd: out at the fault, written through the mermap, back at the free --------

template <bool kFlush>
void GuestMemfd() {
  Cache cache;
  Prepare();
  for (unsigned index = 0; index < 4; index++) {
    const Pfn pfn = AllocPage(0);
    flushdep_fill(flushdep_page_address(pfn), 0, kPage);
    Require(flushdep_direct_map_set(pfn, 1, false) == 0, "zap");
    const auto start = reinterpret_cast<uintptr_t>(flushdep_page_address(pfn));
    flushdep_flush_kernel_range(start, start + kPage);
    Require(cache.Insert(index, pfn), "insert");
  }
  {
    Threads threads;
    for (int worker = 0; worker < kWorkers; worker++)
      threads.Start("write", [&cache] {
        for (int round = 0; round < kRounds; round++) {
          machine::RwsemReadGuard shared(cache.invalidate);
          const unsigned index = round == 0 ? 0 : Random(4);
          machine::MutexGuard folio(cache.folio_lock[index]);
          const Pfn pfn = cache.Find(index);
          flushdep_mapping* mapping = Get(pfn, kReadWrite);
          const uint64_t data = Random(1000);
          flushdep_copy_to(flushdep_mermap_addr(mapping), &data, sizeof(data));
          flushdep_mermap_put(mapping);
          flushdep_page_put(pfn);
          Anywhere();
        }
      });
  }
  flushdep_down_write(&cache.invalidate);
  const std::vector<Pfn> batch = cache.TakeAll();
  flushdep_up_write(&cache.invalidate);
  if (kFlush) flushdep_flush_all();
  for (Pfn pfn : batch) {
    Require(flushdep_direct_map_set(pfn, 1, true) == 0, "restore");
    flushdep_page_put(pfn);
    if (!kFlush) flushdep_flush_all();  // one report is enough
  }
}
PROGRAM(guest_memfd, "") { GuestMemfd<true>(); }
PROGRAM(guest_memfd_unflushed, "FD001") { GuestMemfd<false>(); }

// --- 6. Allocator zeroing, older: the block at once, else by the reserve ----------------------

void ZeroBlock(Pfn pfn, unsigned order) {
  const size_t pages = size_t{1} << order;
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, pages * kPage, kReadWrite);
  if (mapping != nullptr) {
    flushdep_fill(flushdep_mermap_addr(mapping), 0, pages * kPage);
    flushdep_mermap_put(mapping);
    return;
  }
  for (size_t page = 0; page < pages; page++) {
    flushdep_preempt_disable();
    mapping = flushdep_mermap_get_reserved(pfn + page, kReadWrite);
    flushdep_fill(flushdep_mermap_addr(mapping), 0, kPage);
    flushdep_mermap_put(mapping);
    flushdep_preempt_enable();
  }
}

template <bool kEverywhere>
void AllocatorZeroing() {
  Prepare();
  Threads threads;
  for (int worker = 0; worker < (kEverywhere ? kWorkers : 1); worker++)
    threads.Start("zero", [] {
      for (int round = 0; round < 3; round++) {
        const unsigned order = Random(3);
        const Pfn pfn = flushdep_page_alloc(order, FLUSHDEP_ALLOC_UNMAPPED);
        Require(pfn != FLUSHDEP_PFN_NONE, "no block");
        // All four slots may be taken.
        flushdep_mapping* others[4];
        const Pfn other = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
        const unsigned wanted = OneIn(2) ? 4 : 0;
        unsigned taken = 0;
        while (taken < wanted &&
               (others[taken] = flushdep_mermap_get(other, kPage, FLUSHDEP_MAP_READ)) != nullptr)
          taken++;
        ZeroBlock(pfn, order);
        for (unsigned i = taken; i-- > 0;) flushdep_mermap_put(others[i]);
        // Where it does not suffice, the page was used on one CPU and is freed on another.
        if (kEverywhere) {
          Anywhere();
          flushdep_flush_all();
        } else {
          flushdep_cpu_migrate((flushdep_cpu_current() + 1) % flushdep_cpu_count());
          flushdep_flush_local();
        }
        flushdep_page_free(pfn, order);
        if (!kEverywhere) flushdep_flush_all();
        flushdep_page_free(other, 0);
        if (!kEverywhere) return;
      }
    });
}
PROGRAM(allocator_zeroing, "") { AllocatorZeroing<true>(); }
PROGRAM(allocator_zeroing_flushed_here, "FD003") { AllocatorZeroing<false>(); }

// --- 7. read() and copy-on-write: two live handles ---------------------------------------------

template <bool kPutSource>
void CopyOnWrite() {
  Cache cache;
  Prepare();
  for (unsigned index = 0; index < 4; index++) {
    const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
    Zero(pfn);
    Require(cache.Insert(index, pfn), "insert");
  }
  std::vector<Pfn> copies[kWorkers];
  {
    Threads threads;
    for (int worker = 0; worker < (kPutSource ? kWorkers : 1); worker++)
      threads.Start("reader", [&cache, &copies, worker] {
        for (int round = 0; round < kRounds; round++) {
          machine::RwsemReadGuard shared(cache.invalidate);
          const Pfn from = cache.Find(Random(4));
          flushdep_mapping* source = Get(from, FLUSHDEP_MAP_READ);
          char data[64];
          flushdep_copy_from(data, flushdep_mermap_addr(source), sizeof(data));
          Anywhere();
          if (OneIn(2)) {
            const Pfn to = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
            flushdep_mapping* target = Get(to, kReadWrite);
            flushdep_copy_to(flushdep_mermap_addr(target), data, sizeof(data));
            flushdep_mermap_put(target);
            copies[worker].push_back(to);
          }
          if (kPutSource || round != kRounds - 1) flushdep_mermap_put(source);
          flushdep_page_put(from);
          if (!kPutSource && round == kRounds - 1) flushdep_migrate_enable();
        }
      });
  }
  Truncate(cache);
  for (const std::vector<Pfn>& own : copies)
    for (Pfn pfn : own) flushdep_page_put(pfn);
}
PROGRAM(copy_on_write, "") { CopyOnWrite<true>(); }
PROGRAM(copy_on_write_source_left, "FD002") { CopyOnWrite<false>(); }

// --- 8. Pageblock flips, both ways and with a failure -------------------------------------------

template <bool kRestore>
void Flips() {
  const uint64_t quarter = flushdep_page_count() / 4;
  {
    Threads threads;
    for (int worker = 0; worker < kWorkers; worker++)
      threads.Start("flip", [quarter] {
        for (int round = 0; round < 3; round++) {
          std::vector<Pfn> pages;
          const unsigned flags = OneIn(2) ? unsigned{FLUSHDEP_ALLOC_UNMAPPED} : 0u;
          for (uint64_t i = 0; i < quarter / 4; i++) {
            const Pfn pfn = flushdep_page_alloc(0, flags);
            if (pfn == FLUSHDEP_PFN_NONE) break;
            pages.push_back(pfn);
          }
          Anywhere();
          for (Pfn pfn : pages) flushdep_page_free(pfn, 0);
          if (OneIn(2)) flushdep_drain_all_pages();
        }
      });
  }
  // The removal fails half way, then does not.
  flushdep_inject_rule rule = {};
  rule.point = FLUSHDEP_INJECT_DIRECT_MAP;
  rule.times = 1;
  rule.every = 1;
  flushdep_inject(&rule);
  flushdep_unmap_reserve(quarter);
  flushdep_inject_clear();
  flushdep_unmap_reserve(quarter);
  flushdep_map_reserve(quarter);
  if (!kRestore) {
    // A flip by hand that forgets the way back.
    const Pfn block = flushdep_page_alloc(9, 0);
    Require(block != FLUSHDEP_PFN_NONE, "no block");
    flushdep_direct_map_set(block, 512, false);
    flushdep_page_free(block, 9);
  }
}
PROGRAM(pageblock_flips, "") { Flips<true>(); }
PROGRAM(pageblock_not_restored, "FD001") { Flips<false>(); }

}  // namespace
}  // namespace flushdep::programs
