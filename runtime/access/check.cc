// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first look at an access that instrumented code asks about, and the table that lets it do
// without asking. Compiled without vector registers, which the caller does not save.
#include <atomic>

#include "runtime/access/access.h"
#include "runtime/access/plain_pages.h"

namespace flushdep {
namespace {

// Answers that are no address: look closer, or do not come back.
constexpr uintptr_t kAsk = 0, kRefused = 1;

constexpr uint64_t kWindowPages = (FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START) >> kPageShift;
static_assert(kDirectMapStart == FLUSHDEP_WINDOW_START);

}  // namespace
}  // namespace flushdep

extern "C" {
// Untouched, it costs nothing.
__attribute__((visibility("default"))) uint8_t __flushdep_plain_pages[flushdep::kWindowPages];
// For check_entry.cc: where the host has it, or one of these.
char* flushdep_check_fast(uint64_t va, uint64_t access);
}

static std::atomic_ref<uint8_t> Plain(uint64_t pfn) {
  return std::atomic_ref(__flushdep_plain_pages[pfn]);
}

void flushdep::NotePlain(uint64_t pfn) {
  Plain(pfn).store(1, std::memory_order_seq_cst);
  if (!DirectMapPresent(pfn)) Plain(pfn).store(0, std::memory_order_relaxed);
}

void flushdep::ForgetPlain(uint64_t pfn, uint64_t npages) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  for (uint64_t page = pfn; page < pfn + npages; page++)
    if (Plain(page).load(std::memory_order_relaxed) != 0)
      Plain(page).store(0, std::memory_order_relaxed);
}

static uint64_t PageOf(uint64_t va) { return (va - FLUSHDEP_WINDOW_START) >> flushdep::kPageShift; }

// Within one page that the tables of the loaded mm do not give.
static bool IsRefused(uint64_t va, uint64_t size, bool write) {
  using namespace flushdep;
  if (!InWindow(va) || va % kPageBytes + size > kPageBytes) return false;
  if (InDirectMap(va)) return !DirectMapPresent(PageOf(va));
  const Mm* mm = t_thread.mm;
  if (mm == nullptr) return false;
  return va - MmAddress(mm->slot) >= kMmBytes || !Grants(PteOf(va), write);
}

char* flushdep_check_fast(uint64_t va, uint64_t access) {
  using namespace flushdep;
  const uint64_t size = access >> 1;
  const bool write = (access & 1) != 0;
  char* host = g_tells_uses ? nullptr : TranslateFast(va, size, write);
  if (host == nullptr) return reinterpret_cast<char*>(IsRefused(va, size, write) ? kRefused : kAsk);
  if (InWindow(va) && InDirectMap(va)) NotePlain(PageOf(va));
  return host;
}

static bool IsPlain(uint64_t page, bool write) {
  using namespace flushdep;
  if (Plain(page).load(std::memory_order_relaxed) != 0) return true;
  const uint64_t va = FLUSHDEP_WINDOW_START + (page << kPageShift);
  if (TranslateFast(va, 1, write) != reinterpret_cast<char*>(va)) return false;
  if (InDirectMap(va)) NotePlain(page);
  return true;
}

// Are these eight, as one word says?
static bool ArePlain(uint64_t page) {
  uint64_t word;
  __builtin_memcpy(&word, &__flushdep_plain_pages[page], sizeof(word));
  return word == 0x0101010101010101;
}

// Is there nothing to be said of any access in [low, end), and are all of its bytes where the
// program has them? For the calling thread, as long as it runs on without a call. Asked before a
// loop that takes `turns`: not worth looking at many more pages than that.
FLUSHDEP_API uint64_t __flushdep_plain(uint64_t low, uint64_t end, uint64_t write, uint64_t turns) {
  using namespace flushdep;
  if (low >= end || g_tells_uses) return 0;
  if (!InWindow(low)) return end <= FLUSHDEP_WINDOW_START || low >= FLUSHDEP_WINDOW_END;
  if (!InWindow(end - 1)) return 0;
  uint64_t page = PageOf(low);
  const uint64_t stop = PageOf(end - 1) + 1;
  if (stop - page > 64 && stop - page - 64 > turns) return 0;
  while (page < stop) {
    if (stop - page >= 8 && ArePlain(page)) {
      page += 8;
    } else if (IsPlain(page, write != 0)) {
      page++;
    } else {
      return 0;
    }
  }
  return 1;
}
