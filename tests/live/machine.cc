// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// machine.cc: the machine from C++: a class, a template, an exception that
// leaves between get and put. `machine bug|clean|throws|throws_clean`
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

#include "flushdep.h"

namespace guest {

// Puts its mapping whatever way the scope is left.
class Mapping {
 public:
  explicit Mapping(flushdep_pfn_t pfn)
      : mapping_(
            flushdep_mermap_get(pfn, FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE)) {
    if (mapping_ == nullptr) throw std::runtime_error("no mapping");
  }
  ~Mapping() { flushdep_mermap_put(mapping_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  char* data() const { return static_cast<char*>(flushdep_mermap_addr(mapping_)); }

 private:
  flushdep_mapping* mapping_;
};

template <typename T>
__attribute__((noinline)) void Release(flushdep_pfn_t pfn, const T& what, bool flush) {
  if (flush) flushdep_flush_all();
  flushdep_page_free(pfn, 0);
  std::printf("released %zu\n", sizeof(what));
}

__attribute__((noinline)) void Fill(char* data, const std::string& text, bool fail) {
  std::memcpy(data, text.data(), text.size());
  if (fail) throw std::runtime_error("cannot fill");
}

void Populate(bool flush, bool fail) {
  flushdep_mermap_prepare(flushdep_mm_current());
  const flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  try {
    const Mapping mapping(pfn);
    Fill(mapping.data(), "hello", fail);
  } catch (const std::runtime_error& error) {
    std::printf("caught %s\n", error.what());
  }
  Release(pfn, std::string(), flush);
}

}  // namespace guest

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  guest::Populate(what.find("clean") != std::string::npos, what.find("throws") == 0);
  return 0;
}
