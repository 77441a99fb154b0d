// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A set of CPUs, by value: kMaxCpus bits. Not thread safe.
#ifndef FLUSHDEP_CHECKER_MODEL_CPU_SET_H_
#define FLUSHDEP_CHECKER_MODEL_CPU_SET_H_

#include <cstdint>

#include "checker/model/limits.h"

namespace flushdep {

class CpuSet {
 public:
  void Add(uint32_t cpu) { words_[cpu / 64] |= 1ull << (cpu % 64); }
  void Remove(uint32_t cpu) { words_[cpu / 64] &= ~(1ull << (cpu % 64)); }
  bool Has(uint32_t cpu) const { return (words_[cpu / 64] >> (cpu % 64)) & 1; }
  void AddWord(uint32_t first_cpu, uint64_t bits) {
    if (first_cpu / 64 < kWords) words_[first_cpu / 64] |= bits;
  }
  bool empty() const {
    for (uint64_t word : words_)
      if (word != 0) return false;
    return true;
  }
  uint32_t Count() const {
    uint32_t count = 0;
    for (uint64_t word : words_) count += static_cast<uint32_t>(__builtin_popcountll(word));
    return count;
  }

 private:
  static constexpr uint32_t kWords = kMaxCpus / 64;
  uint64_t words_[kWords] = {};
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_CPU_SET_H_
