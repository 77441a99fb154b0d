// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/assume.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "clang-plugin/engine/fault.h"

namespace flushdep::plugin {
namespace {

Range InitialRange(const ValueTable& values, ValueId id) {
  const Value& value = values[id];
  Range range;
  int64_t constant = 0;
  switch (value.kind) {
    case Value::Constant:
      range.low = range.high = value.constant;
      break;
    case Value::Symbol:
      if (value.pointer) range.low = kMinError;
      if (value.non_negative) range.low = 0;
      break;
    case Value::AddressOf:
    case Value::Function:
      range.low = 1;
      break;
    case Value::IsError:
    case Value::IsErrorOrNull:
      range.low = 0;
      range.high = 1;
      break;
    case Value::Binary:
      if (clang::BinaryOperator::isComparisonOp(value.op)) {
        range.low = 0;
        range.high = 1;
      } else if (value.op == clang::BO_And && values.IsConstant(value.right, &constant) &&
                 constant >= 0) {
        range.low = 0;
        range.high = constant;
      }
      break;
    case Value::None:
      break;
  }
  return range;
}

int64_t AddSaturated(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

// A sum with a constant is its other part, shifted. Ends that are not known stay so.
void ShiftRange(const FunctionContext& context, const State& state, const Value& node,
                Range& range) {
  int64_t shift = 0;
  if (!context.values.IsConstant(node.right, &shift)) return;
  if (node.op == clang::BO_Sub) {
    if (shift == std::numeric_limits<int64_t>::min()) return;
    shift = -shift;
  }
  const Range part = RangeOf(context, state, node.left);
  const Range all;
  if (part.low != all.low) range.low = AddSaturated(part.low, shift);
  if (part.high != all.high) range.high = AddSaturated(part.high, shift);
}

// A comparison with a constant, where what is known of the other side decides it.
void DecideRange(const FunctionContext& context, const State& state, const Value& node,
                 Range& range) {
  int64_t constant = 0;
  if (!context.values.IsConstant(node.right, &constant)) return;
  Range if_true = RangeOf(context, state, node.left);
  Range if_false = if_true;
  if (!if_true.Refine(node.op, constant))
    range.high = 0;
  else if (!if_false.Refine(clang::BinaryOperator::negateComparisonOp(node.op), constant))
    range.low = 1;
}

// Bits of which one is known to be set: x | 1, 1 << n, x & 6 where x & 2 is not 0.
bool IsSurelySet(const FunctionContext& context, const State& state, const Value& node) {
  const ValueTable& values = context.values;
  if (node.op == clang::BO_Or)
    return !RangeOf(context, state, node.left).Has(0) ||
           !RangeOf(context, state, node.right).Has(0);
  int64_t mask = 0;
  if (node.op == clang::BO_Shl) return values.IsConstant(node.left, &mask) && mask != 0;
  if (node.op != clang::BO_And || !values.IsConstant(node.right, &mask)) return false;
  for (const auto& [key, known] : state.ranges) {
    const Value& other = values[key];
    int64_t part = 0;
    if (other.kind == Value::Binary && other.op == clang::BO_And && other.left == node.left &&
        values.IsConstant(other.right, &part) && (part & ~mask) == 0 && !known.Has(0))
      return true;
  }
  return false;
}

// With more bits set, a number that is not negative is at least what it was.
void RaiseByBits(const FunctionContext& context, const State& state, const Value& node,
                 Range& range) {
  const int64_t left = RangeOf(context, state, node.left).low;
  const int64_t right = RangeOf(context, state, node.right).low;
  if (left >= 0 && right >= 0) range.Refine(clang::BO_GE, std::max(left, right));
}

// Whether a lock was got that was tried for.
void LinkContext(ValueId& guard, uint8_t& depth, ValueId value, const Range& range) {
  if (guard == 0 || guard != value || (range.Has(0) && !range.IsSingle())) return;
  if (range.Has(0) && depth > 0) --depth;
  guard = 0;
}

// Consequences of what is now known of a value.
void Link(State& state, ValueId value, const Range& range) {
  LinkContext(state.irqs_guard, state.irqs_depth, value, range);
  LinkContext(state.atomic_guard, state.atomic_depth, value, range);
  if (range.high <= 0) {
    std::erase_if(state.pages, [&](const Page& page) { return page.value == value; });
    if (!Planted(Fault::NullHandleStaysMapped))
      std::erase_if(state.handles, [&](const Handle& handle) { return handle.value == value; });
  }
  if (!range.Has(0)) {
    if (!Planted(Fault::FailedRemovalOwes))
      std::erase_if(state.debts, [&](const Debt& debt) { return debt.guard == value; });
    std::erase_if(state.handles, [&](const Handle& handle) { return handle.guard == value; });
  }
}

// Two pointers that are equal are one from here on. False if that cannot be.
bool Unify(FunctionContext& context, State& state, ValueId kept, ValueId other) {
  const Range range = RangeOf(context, state, other);
  const bool possible = AssumeCompare(context, state, clang::BO_GE, kept, range.low) &&
                        AssumeCompare(context, state, clang::BO_LE, kept, range.high);
  if (!possible || (!range.Has(0) && !AssumeCompare(context, state, clang::BO_NE, kept, 0)))
    return false;
  state.ranges.Erase(other);
  if (const Page* old = state.FindPage(other); old != nullptr && state.FindPage(kept) != nullptr) {
    Page& page = state.PageAt(kept);
    page.shared |= old->shared;
    page.references += old->references;
    std::erase_if(state.pages, [&](const Page& entry) { return entry.value == other; });
  }
  state.Rename(context.values, other, kept);
  return true;
}

bool IsPlainPointer(const FunctionContext& context, ValueId id) {
  const Value& value = context.values[id];
  return value.kind == Value::Symbol && value.pointer;
}

bool AssumeError(FunctionContext& context, State& state, ValueId id, bool truth) {
  const Value test = context.values[id];
  const int64_t top = test.kind == Value::IsError ? -1 : 0;
  if (truth)
    return AssumeCompare(context, state, clang::BO_GE, test.left, kMinError) &&
           AssumeCompare(context, state, clang::BO_LE, test.left, top);
  const Range range = RangeOf(context, state, test.left);
  // Only where errors are the bottom of what is possible is the rest an interval.
  if (range.low >= kMinError) return AssumeCompare(context, state, clang::BO_GT, test.left, top);
  return AssumeCompare(context, state, clang::BO_EQ, id, 0);
}

}  // namespace

namespace {

// A number with at most so many possible values is tried value by value.
constexpr int64_t kMaxTried = 64;

bool IsFew(const Range& range) { return range.high < AddSaturated(range.low, kMaxTried); }

std::optional<int64_t> Evaluate(const ValueTable& values, const Value& node, int64_t left) {
  int64_t right = 0;
  if (!values.IsConstant(node.right, &right)) return std::nullopt;
  return FoldConstants(node.op, left, right);
}

// Do all facts about "number op constant" allow the number to be `candidate`?
bool Fits(const FunctionContext& context, const State& state, ValueId number, int64_t candidate) {
  for (const auto& [key, range] : state.ranges) {
    const Value& node = context.values[key];
    if (node.kind != Value::Binary || node.left != number) continue;
    const std::optional<int64_t> result = Evaluate(context.values, node, candidate);
    if (result && !range.Has(*result)) return false;
  }
  return true;
}

// Bits that are surely set, and surely not.
struct Bits {
  int64_t ones = 0;
  int64_t zeros = 0;
};

Bits BitsOf(const FunctionContext& context, const State& state, ValueId value) {
  const Value& node = context.values[value];
  Bits bits;
  if (Planted(Fault::BitsAreNotKnown)) return bits;
  if (node.kind == Value::Constant) return {node.constant, ~node.constant};
  int64_t mask = 0;
  if (node.kind == Value::Binary && context.values.IsConstant(node.right, &mask)) {
    if (node.op == clang::BO_Or) {
      bits = BitsOf(context, state, node.left);
      bits = {bits.ones | mask, bits.zeros & ~mask};
    } else if (node.op == clang::BO_And) {
      bits = BitsOf(context, state, node.left);
      bits = {bits.ones & mask, bits.zeros | ~mask};
    }
  }
  for (const auto& [key, range] : state.ranges) {
    const Value& other = context.values[key];
    if (other.kind != Value::Binary || other.left != value ||
        !context.values.IsConstant(other.right, &mask))
      continue;
    if (other.op == clang::BO_And) {
      if (range.IsSingle()) {
        bits.ones |= range.low & mask;
        bits.zeros |= ~range.low & mask;
      }
      if (!range.Has(0) && (mask & (mask - 1)) == 0) bits.ones |= mask;
    } else if (other.op == clang::BO_Or && range.IsSingle()) {
      bits.ones |= range.low & ~mask;
      bits.zeros |= ~range.low;
    }
  }
  return bits;
}

// Clearing bits makes a number no larger, setting them no smaller; and of known bits a mask leaves
// known ones.
void MaskRange(const FunctionContext& context, const State& state, const Value& node,
               Range& range) {
  int64_t mask = 0;
  if ((node.op != clang::BO_And && node.op != clang::BO_Or) ||
      !context.values.IsConstant(node.right, &mask))
    return;
  const Range part = RangeOf(context, state, node.left);
  if (node.op == clang::BO_Or) {
    if (mask >= 0 && range.low < part.low) range.low = part.low;
    if (part.high < 0 && range.high > -1) range.high = -1;
    return;
  }
  if ((mask < 0 || part.low >= 0) && range.high > part.high) range.high = part.high;
  if (part.low >= 0 && range.low < 0) range.low = 0;
  const Bits bits = BitsOf(context, state, node.left);
  if ((mask & ~bits.zeros) == 0) range.low = range.high = 0;
  if ((mask & bits.ones) != 0) range.Refine(clang::BO_NE, 0);
}

bool BitsAllow(const FunctionContext& context, const State& state, ValueId value,
               int64_t constant) {
  const Bits bits = BitsOf(context, state, value);
  return (constant & bits.ones) == bits.ones && (constant & bits.zeros) == 0;
}

// False if nothing is left.
bool Exclude(State& state, ValueId number, Range& range, int64_t value) {
  if (!range.Refine(clang::BO_NE, value)) return false;
  Link(state, number, range);
  state.ranges.Set(number, range);
  return true;
}

// Takes the numbers away whose bits cannot be, where only a few are left. False if none is.
bool RefineByBits(const FunctionContext& context, const State& state, ValueId value, Range& range) {
  if (!IsFew(range)) return true;
  const Range before = range;
  for (int64_t candidate = before.low;; ++candidate) {
    if (before.Has(candidate) && !BitsAllow(context, state, value, candidate) &&
        !range.Refine(clang::BO_NE, candidate))
      return false;
    if (candidate == before.high) return true;
  }
}

// What is known of x and of x & 4, x + 1, x == 2 together. False if that cannot be.
bool Reconcile(const FunctionContext& context, State& state, ValueId number) {
  Range range = RangeOf(context, state, number);
  // Of many, whether it can be zero matters most: results and flags are tested for that.
  if (!IsFew(range))
    return !range.Has(0) || Fits(context, state, number, 0) || Exclude(state, number, range, 0);
  const Range before = range;
  for (int64_t candidate = before.low;; ++candidate) {
    if (before.Has(candidate) && !Fits(context, state, number, candidate) &&
        !range.Refine(clang::BO_NE, candidate))
      return false;
    if (candidate == before.high) break;
  }
  if (range != before) {
    Link(state, number, range);
    state.ranges.Set(number, range);
  }
  return true;
}

}  // namespace

Range RangeOf(const FunctionContext& context, const State& state, ValueId value) {
  if (const Range* known = state.ranges.Find(value)) return *known;
  Range range = InitialRange(context.values, value);
  const Value& node = context.values[value];
  if (node.kind == Value::IsError || node.kind == Value::IsErrorOrNull) {
    const int64_t top = node.kind == Value::IsError ? -1 : 0;
    const Range tested = RangeOf(context, state, node.left);
    if (tested.high < kMinError || tested.low > top) range.high = 0;
    if (tested.low >= kMinError && tested.high <= top) range.low = 1;
    return range;
  }
  if (node.kind != Value::Binary) return range;
  if (const Range left = RangeOf(context, state, node.left); left.IsSingle())
    if (const auto result = Evaluate(context.values, node, left.low)) {
      range.low = range.high = *result;
      range.holes.clear();
      return range;
    }
  if (node.op == clang::BO_Add || node.op == clang::BO_Sub)
    ShiftRange(context, state, node, range);
  else if (clang::BinaryOperator::isComparisonOp(node.op))
    DecideRange(context, state, node, range);
  else {
    MaskRange(context, state, node, range);
    if (IsSurelySet(context, state, node)) range.Refine(clang::BO_NE, 0);
    if (node.op == clang::BO_Or) RaiseByBits(context, state, node, range);
  }
  return range;
}

// What is known of x + 1 is known of x; and of x & 4, if it is not zero.
static bool AssumeShifted(FunctionContext& context, State& state, ValueId sum) {
  const Value node = context.values[sum];
  int64_t shift = 0;
  if (node.op == clang::BO_And || node.op == clang::BO_Or) {
    // Nothing above the bits that may be set.
    const int64_t possible = ~BitsOf(context, state, node.left).zeros;
    if (possible >= 0 && !(AssumeCompare(context, state, clang::BO_GE, node.left, 0) &&
                           AssumeCompare(context, state, clang::BO_LE, node.left, possible)))
      return false;
    // A number with more bits is not negative only if it was not without them.
    if (node.op == clang::BO_Or)
      return RangeOf(context, state, sum).low < 0 ||
             (AssumeCompare(context, state, clang::BO_GE, node.left, 0) &&
              AssumeCompare(context, state, clang::BO_GE, node.right, 0));
    return RangeOf(context, state, sum).Has(0) ||
           (AssumeCompare(context, state, clang::BO_NE, node.left, 0) &&
            AssumeCompare(context, state, clang::BO_NE, node.right, 0));
  }
  if ((node.op != clang::BO_Add && node.op != clang::BO_Sub) ||
      !context.values.IsConstant(node.right, &shift) || shift < -kMaxTried || shift > kMaxTried)
    return true;
  if (node.op == clang::BO_Sub) shift = -shift;
  const Range range = RangeOf(context, state, sum);
  const Range all;
  if (range.low != all.low &&
      !AssumeCompare(context, state, clang::BO_GE, node.left, AddSaturated(range.low, -shift)))
    return false;
  for (int64_t hole : range.holes)
    if (!AssumeCompare(context, state, clang::BO_NE, node.left, AddSaturated(hole, -shift)))
      return false;
  return range.high == all.high ||
         AssumeCompare(context, state, clang::BO_LE, node.left, AddSaturated(range.high, -shift));
}

bool AssumeCompare(FunctionContext& context, State& state, clang::BinaryOperatorKind op,
                   ValueId value, int64_t constant) {
  Range range = RangeOf(context, state, value);
  if (!range.Refine(op, constant)) return false;
  if (!RefineByBits(context, state, value, range)) return false;
  Link(state, value, range);
  if (range != InitialRange(context.values, value)) state.ranges.Set(value, std::move(range));
  const Value& node = context.values[value];
  if (node.kind == Value::Binary && !AssumeShifted(context, state, value)) return false;
  return Reconcile(context, state, node.kind == Value::Binary ? node.left : value);
}

bool Assume(FunctionContext& context, State& state, ValueId value, bool truth) {
  if (value == 0) return true;
  const Value node = context.values[value];
  if (node.kind == Value::IsError || node.kind == Value::IsErrorOrNull)
    return AssumeError(context, state, value, truth);
  if (node.kind != Value::Binary || !clang::BinaryOperator::isComparisonOp(node.op))
    return AssumeCompare(context, state, truth ? clang::BO_NE : clang::BO_EQ, value, 0);
  int64_t constant = 0;
  if (context.values.IsConstant(node.right, &constant)) {
    const auto op = truth ? node.op : clang::BinaryOperator::negateComparisonOp(node.op);
    const Value::Kind kind = context.values[node.left].kind;
    if (constant == 0 && clang::BinaryOperator::isEqualityOp(op) &&
        (kind == Value::IsError || kind == Value::IsErrorOrNull))
      return AssumeError(context, state, node.left, op == clang::BO_NE);
    return AssumeCompare(context, state, op, node.left, constant);
  }
  const Range left = RangeOf(context, state, node.left);
  const Range right = RangeOf(context, state, node.right);
  const auto op = truth ? node.op : clang::BinaryOperator::negateComparisonOp(node.op);
  if (right.IsSingle()) return AssumeCompare(context, state, op, node.left, right.low);
  if (left.IsSingle())
    return AssumeCompare(context, state, clang::BinaryOperator::reverseComparisonOp(op), node.right,
                         left.low);
  if (op == clang::BO_EQ && IsPlainPointer(context, node.left) &&
      IsPlainPointer(context, node.right)) {
    const bool swap = context.values[node.right].permanent;
    return Unify(context, state, swap ? node.right : node.left, swap ? node.left : node.right);
  }
  // One node for a test and its opposite, so that both remember the same fact.
  const bool flip = node.op == clang::BO_NE || node.op == clang::BO_LE;
  const ValueId key =
      flip ? context.values.Binary(clang::BinaryOperator::negateComparisonOp(node.op), node.left,
                                   node.right)
           : value;
  return AssumeCompare(context, state, truth != flip ? clang::BO_NE : clang::BO_EQ, key, 0);
}

bool KnownDifferent(FunctionContext& context, const State& state, ValueId a, ValueId b) {
  if (a == 0 || b == 0 || a == b) return false;
  const ValueId equal = context.values.Binary(clang::BO_EQ, a, b);
  int64_t constant = 0;
  if (context.values.IsConstant(equal, &constant)) return constant == 0;
  const Range range = RangeOf(context, state, equal);
  return !range.Has(1);
}

}  // namespace flushdep::plugin
