// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <flushdep.h>

#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// Exceptions unwind through the program's own unwinder, not through ours.
static void Copy(flushdep_pfn_t page, const std::string& text, bool fail) {
  flushdep_mapping* mapping =
      flushdep_mermap_get(page, 4096, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  if (mapping == nullptr) throw std::runtime_error("no mapping");
  std::copy(text.begin(), text.end(), static_cast<char*>(flushdep_mermap_addr(mapping)));
  flushdep_mermap_put(mapping);
  if (fail) throw std::runtime_error("asked to fail");
}

int main() {
  flushdep_mermap_prepare(flushdep_mm_current());
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([i] {
      const flushdep_pfn_t page = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
      try {
        Copy(page, "hello", i % 2 == 0);
      } catch (const std::runtime_error& error) {
        std::cout << error.what() << "\n";
      }
      flushdep_flush_mm(flushdep_mm_current());
      flushdep_flush_all();
      flushdep_page_free(page, 0);
    });
  for (std::thread& thread : threads) thread.join();
  return 0;
}
