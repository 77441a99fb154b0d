// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A bit for each page frame, 64 to a word. Read from any thread at any time; writers
// serialise themselves. Ranges cost one operation a word: 8 for a pageblock.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PAGE_BITS_H_
#define FLUSHDEP_RUNTIME_MEMORY_PAGE_BITS_H_

#include <atomic>
#include <cstdint>

namespace flushdep {

class PageBits {
 public:
  using Word = std::atomic<uint64_t>;
  static constexpr uint64_t Words(uint64_t pages) { return pages / 64 + 1; }

  constexpr PageBits() = default;
  // `words` are Words(pages) of them, zero, and outlive this.
  explicit constexpr PageBits(Word* words) : words_(words) {}

  bool Test(uint64_t page) const { return (Load(page / 64) >> (page % 64) & 1) != 0; }

  void Set(uint64_t begin, uint64_t end) {
    ForEachWord(begin, end, [this](uint64_t word, uint64_t mask) {
      words_[word].store(Load(word) | mask, std::memory_order_relaxed);
      return true;
    });
  }
  void Clear(uint64_t begin, uint64_t end) {
    ForEachWord(begin, end, [this](uint64_t word, uint64_t mask) {
      words_[word].store(Load(word) & ~mask, std::memory_order_relaxed);
      return true;
    });
  }
  uint64_t Count(uint64_t begin, uint64_t end) const {
    uint64_t count = 0;
    ForEachWord(begin, end, [&](uint64_t word, uint64_t mask) {
      count += static_cast<uint64_t>(__builtin_popcountll(Load(word) & mask));
      return true;
    });
    return count;
  }
  // The first page in [begin, end) whose bit is `value`; `end` if there is none.
  uint64_t Next(uint64_t begin, uint64_t end, bool value) const {
    uint64_t found = end;
    ForEachWord(begin, end, [&](uint64_t word, uint64_t mask) {
      uint64_t wanted = (value ? Load(word) : ~Load(word)) & mask;
      if (wanted == 0) return true;
      found = word * 64 + static_cast<uint64_t>(__builtin_ctzll(wanted));
      return false;
    });
    return found;
  }

 private:
  uint64_t Load(uint64_t word) const { return words_[word].load(std::memory_order_relaxed); }

  // Calls `fn` with each word's index and the bits of it that are in the range, until
  // that returns false.
  template <typename Fn>
  static void ForEachWord(uint64_t begin, uint64_t end, Fn fn) {
    while (begin < end) {
      uint64_t word = begin / 64;
      uint64_t stop = (word + 1) * 64 < end ? (word + 1) * 64 : end;
      uint64_t bits = stop - begin;
      uint64_t mask = (bits == 64 ? ~0ull : (1ull << bits) - 1) << (begin % 64);
      if (!fn(word, mask)) return;
      begin = stop;
    }
  }

  Word* words_ = nullptr;
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PAGE_BITS_H_
