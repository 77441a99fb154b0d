// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of a number or pointer: an interval with up to a few holes.
// Holes beyond kMaxHoles are forgotten, which only ever adds possible values.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_RANGE_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_RANGE_H_

#include <cstdint>
#include <limits>

#include "clang/AST/OperationKinds.h"
#include "llvm/ADT/SmallVector.h"

namespace flushdep::plugin {

struct Range {
  static constexpr unsigned kMaxHoles = 8;

  int64_t low = std::numeric_limits<int64_t>::min();
  int64_t high = std::numeric_limits<int64_t>::max();
  llvm::SmallVector<int64_t, 2> holes;  // sorted, strictly inside

  bool Has(int64_t value) const;
  bool IsSingle() const { return low == high; }
  bool operator==(const Range& other) const = default;

  // Keep what satisfies "x op constant" (a comparison); false if nothing is left.
  bool Refine(clang::BinaryOperatorKind op, int64_t constant);

 private:
  bool Tighten();
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_RANGE_H_
