// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flushes that come too early or cover too little, put in the wrong place, or are not where the
// page is freed: mistakes of callers, each with its twin.
#include "tests/programs/cache.h"

namespace flushdep::programs {
namespace {

// The flush must come after the entry is gone.
template <bool kAfter>
void FlushAndPut() {
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  flushdep_fill(flushdep_mermap_addr(mapping), 0, kPage);
  if (!kAfter) flushdep_flush_all();
  flushdep_mermap_put(mapping);
  if (kAfter) flushdep_flush_all();
  flushdep_page_put(pfn);
}
PROGRAM(flush_before_put, "FD001") { FlushAndPut<false>(); }
PROGRAM(flush_after_put, "") { FlushAndPut<true>(); }

// All that was mapped, not only its first page.
template <unsigned kPages>
void FlushRangeOfTwo() {
  Prepare();
  flushdep_migrate_disable();
  const Pfn pfn = flushdep_folio_alloc(1, FLUSHDEP_ALLOC_UNMAPPED);
  Require(pfn != FLUSHDEP_PFN_NONE, "no folio");
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, 2 * kPage, kReadWrite);
  Require(mapping != nullptr, "no mapping");
  const auto at = reinterpret_cast<uintptr_t>(flushdep_mermap_addr(mapping));
  flushdep_fill(flushdep_mermap_addr(mapping), 0, 2 * kPage);
  flushdep_mermap_put(mapping);
  flushdep_flush_mm_range(flushdep_mm_current(), at, at + kPages * kPage);
  flushdep_folio_put(pfn);
  flushdep_migrate_enable();
}
PROGRAM(flush_of_a_shorter_range, "FD003") { FlushRangeOfTwo<1>(); }
PROGRAM(flush_of_the_whole_range, "") { FlushRangeOfTwo<2>(); }

// A mapping is put on the CPU that it was got on, and once.
template <bool kTwice>
void Puts() {
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  flushdep_mermap_put(mapping);
  if (kTwice) flushdep_mermap_put(mapping);
  flushdep_flush_all();
  flushdep_page_put(pfn);
}
PROGRAM(put_twice, "FD013") { Puts<true>(); }
PROGRAM(put_once, "") { Puts<false>(); }

template <bool kElsewhere>
void PutBySomebody() {
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  if (kElsewhere) {
    Threads threads;
    // The sleeper's CPU is free for the other, so it goes to the next one.
    threads.Start("other", [mapping, next = (flushdep_cpu_current() + 1) % flushdep_cpu_count()] {
      Require(flushdep_cpu_migrate(next) == 0, "migration");
      flushdep_mermap_put(mapping);
    });
    threads.Join();
    flushdep_migrate_enable();
  } else {
    flushdep_mermap_put(mapping);
  }
  flushdep_flush_all();
  flushdep_page_put(pfn);
}
PROGRAM(put_on_another_cpu, "FD013") { PutBySomebody<true>(); }
PROGRAM(put_on_its_cpu, "") { PutBySomebody<false>(); }

// A thread takes none of its mappings with it.
template <bool kPuts>
void ThreadEnds() {
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  Threads threads;
  threads.Start("user", [pfn] {
    flushdep_mapping* mapping = Get(pfn, kReadWrite);
    if (kPuts) flushdep_mermap_put(mapping);
  });
  threads.Join();
  flushdep_flush_all();
  if (kPuts) flushdep_page_put(pfn);
}
PROGRAM(thread_ends_mapped, "FD013") { ThreadEnds<false>(); }
PROGRAM(thread_ends, "") { ThreadEnds<true>(); }

}  // namespace
}  // namespace flushdep::programs
