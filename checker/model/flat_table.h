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
#include <cstdint>
#include <cstring>

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
    void* memory = mmap(nullptr, Bytes(size), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    // Whole huge pages would be resident for a few touched entries.
    madvise(memory, Bytes(size), MADV_NOHUGEPAGE);
    entries_ = static_cast<T*>(memory);
    size_ = size;
    return true;
  }
  void Reset() {
    if (entries_ != nullptr) munmap(entries_, Bytes(size_));
    entries_ = nullptr;
    size_ = 0;
  }

  // Makes entries [first, first + count) zeros again; whole pages of them go back to the host.
  void Clear(size_t first, size_t count) {
    constexpr uintptr_t kHostPage = 4096;
    const auto begin = reinterpret_cast<uintptr_t>(entries_ + first);
    const auto end = reinterpret_cast<uintptr_t>(entries_ + first + count);
    const uintptr_t whole = (begin + kHostPage - 1) & ~(kHostPage - 1);
    const uintptr_t whole_end = end & ~(kHostPage - 1);
    if (whole >= whole_end ||
        madvise(reinterpret_cast<void*>(whole), whole_end - whole, MADV_DONTNEED) != 0) {
      memset(reinterpret_cast<void*>(begin), 0, end - begin);
      return;
    }
    memset(reinterpret_cast<void*>(begin), 0, whole - begin);
    memset(reinterpret_cast<void*>(whole_end), 0, end - whole_end);
  }

  size_t size() const { return size_; }
  bool Has(size_t i) const { return i < size_; }
  T& operator[](size_t i) { return entries_[i]; }
  const T& operator[](size_t i) const { return entries_[i]; }

 private:
  static size_t Bytes(size_t size) { return size == 0 ? 1 : size * sizeof(T); }
  T* entries_ = nullptr;
  size_t size_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FLAT_TABLE_H_
