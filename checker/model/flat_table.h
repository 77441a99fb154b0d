// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A table indexed by a dense number (pfn, address, id), reserved at its full
// size and populated by the kernel page by page on first touch: an entry that was
// never written reads as zeros and costs no memory. T must be valid as zeros.
// Init() is for one thread; access needs whatever T needs.
#ifndef FLUSHDEP_CHECKER_MODEL_FLAT_TABLE_H_
#define FLUSHDEP_CHECKER_MODEL_FLAT_TABLE_H_

#include <sys/mman.h>

#include <cstddef>

namespace flushdep {

template <typename T>
class FlatTable {
 public:
  FlatTable() = default;
  FlatTable(const FlatTable&) = delete;
  FlatTable& operator=(const FlatTable&) = delete;
  ~FlatTable() { Reset(); }

  // False if the address space for it cannot be had.
  bool Init(size_t size) {
    Reset();
    const size_t bytes = Bytes(size);
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    memory_ = static_cast<char*>(memory);
    size_ = size;
    // Huge pages halve the cost of scattered access. In a large table they
    // would make a few touched entries cost as much as thousands.
    const bool huge = bytes - kHugePage >= kHugePage && bytes <= kMostHugeBytes;
    madvise(memory, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    const size_t start = reinterpret_cast<size_t>(memory);
    entries_ = reinterpret_cast<T*>((start + kHugePage - 1) & ~(kHugePage - 1));
    return true;
  }
  void Reset() {
    if (memory_ != nullptr) munmap(memory_, Bytes(size_));
    memory_ = nullptr;
    entries_ = nullptr;
    size_ = 0;
  }

  size_t size() const { return size_; }
  bool Has(size_t i) const { return i < size_; }
  T& operator[](size_t i) { return entries_[i]; }
  const T& operator[](size_t i) const { return entries_[i]; }

 private:
  static constexpr size_t kHugePage = 2ul << 20;
  static constexpr size_t kMostHugeBytes = 64ul << 20;
  // With room to start at a huge page; what is not touched costs nothing.
  static size_t Bytes(size_t size) { return size * sizeof(T) + kHugePage; }

  char* memory_ = nullptr;
  T* entries_ = nullptr;
  size_t size_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FLAT_TABLE_H_
