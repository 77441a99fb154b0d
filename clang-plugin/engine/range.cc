// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/range.h"

#include <algorithm>

#include "llvm/ADT/STLExtras.h"

namespace flushdep::plugin {

bool Range::Has(int64_t value) const {
  return value >= low && value <= high && !llvm::is_contained(holes, value);
}

// Drops holes at the edges by moving the edges.
bool Range::Tighten() {
  while (low <= high && llvm::is_contained(holes, low)) {
    if (low == high) return false;
    ++low;
  }
  while (low <= high && llvm::is_contained(holes, high)) {
    if (low == high) return false;
    --high;
  }
  llvm::erase_if(holes, [&](int64_t hole) { return hole <= low || hole >= high; });
  return low <= high;
}

bool Range::Refine(clang::BinaryOperatorKind op, int64_t constant) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  switch (op) {
    case clang::BO_EQ:
      if (!Has(constant)) return false;
      low = high = constant;
      holes.clear();
      return true;
    case clang::BO_NE:
      if (!Has(constant)) return true;
      if (holes.size() == kMaxHoles && constant != low && constant != high) return true;
      holes.insert(std::lower_bound(holes.begin(), holes.end(), constant), constant);
      break;
    case clang::BO_LT:
      if (constant == kMin) return false;
      high = std::min(high, constant - 1);
      break;
    case clang::BO_LE:
      high = std::min(high, constant);
      break;
    case clang::BO_GT:
      if (constant == kMax) return false;
      low = std::max(low, constant + 1);
      break;
    case clang::BO_GE:
      low = std::max(low, constant);
      break;
    default:
      return true;
  }
  return low <= high && Tighten();
}

}  // namespace flushdep::plugin
