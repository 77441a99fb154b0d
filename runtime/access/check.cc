// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first look at an access that instrumented code asks about, and the table that lets it do
// without asking. Compiled without vector registers, which the caller does not save.
#include <atomic>

#include "runtime/access/access.h"
#include "runtime/access/plain_pages.h"

namespace flushdep {
namespace {

constexpr uint64_t kWindowPages = (FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START) >> kPageShift;
static_assert(kDirectMapStart == FLUSHDEP_WINDOW_START);

}  // namespace
}  // namespace flushdep

extern "C" {
// Untouched, it costs nothing.
__attribute__((visibility("default"))) uint8_t __flushdep_plain_pages[flushdep::kWindowPages];
// For check_entry.cc. Null: look closer.
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

char* flushdep_check_fast(uint64_t va, uint64_t access) {
  using namespace flushdep;
  if (g_tells_uses) return nullptr;
  char* host = TranslateFast(va, access >> 1, (access & 1) != 0);
  if (host != nullptr && InWindow(va) && InDirectMap(va))
    NotePlain((va - kDirectMapStart) >> kPageShift);
  return host;
}
