// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/atomics.h"

#include "clang-plugin/engine/assume.h"
#include "clang-plugin/engine/memory.h"

namespace flushdep::plugin {
namespace {

// Sums beyond this are not followed, so that counting loops end.
constexpr int64_t kLargestSum = 8;
// Nesting of a value beyond which it is not followed.
constexpr int kMaxDepth = 6;

int Depth(const ValueTable& values, ValueId id) {
  const Value& value = values[id];
  if (value.kind != Value::Binary) return 1;
  return 1 + std::max(Depth(values, value.left), Depth(values, value.right));
}

ValueId Sum(FunctionContext& context, clang::BinaryOperatorKind op, ValueId before,
            ValueId operand) {
  const ValueId sum = context.values.Binary(op, before, operand);
  int64_t constant = 0;
  if (context.values.IsConstant(sum, &constant))
    return constant >= -kLargestSum && constant <= kLargestSum ? sum : 0;
  return context.values[before].kind == Value::Binary ? 0 : sum;
}

// An index that is forgotten later must not take with it that something was written.
void MarkArray(FunctionContext& context, State& state, RegionId place, const clang::Expr* site,
               clang::QualType type) {
  const Region element = context.values.region(place);
  if (element.kind != Region::Element || context.values.IsConstant(element.value)) return;
  state.memory.Set(element.parent, Uncertain(context, state, site, type));
}

ValueId Modified(FunctionContext& context, MemoryOp op, ValueId before, ValueId operand) {
  ValueTable& values = context.values;
  if (before == 0 || operand == 0) return 0;
  ValueId after = 0;
  switch (op) {
    case MemoryOp::Read:
      return before;
    case MemoryOp::Set:
    case MemoryOp::Exchange:
      return operand;
    case MemoryOp::Add:
      return Sum(context, clang::BO_Add, before, operand);
    case MemoryOp::Subtract:
      return Sum(context, clang::BO_Sub, before, operand);
    case MemoryOp::Or:
      after = values.Binary(clang::BO_Or, before, operand);
      break;
    case MemoryOp::And:
      after = values.Binary(clang::BO_And, before, operand);
      break;
    case MemoryOp::Xor:
      after = values.Binary(clang::BO_Xor, before, operand);
      break;
    case MemoryOp::CompareExchange:
    case MemoryOp::AddUnless:
      return 0;
  }
  return Depth(values, after) <= kMaxDepth ? after : 0;
}

}  // namespace

ValueId Modify(FunctionContext& context, State& state, MemoryOp op, RegionId place,
               clang::QualType type, ValueId operand, ValueId other, const clang::Expr* site) {
  if (place == 0) return NewSymbol(context, state, site, 0, type);
  const ValueId before = Load(context, state, place, site, type);
  if (op == MemoryOp::Read) return before;
  const bool conditional = op == MemoryOp::CompareExchange || op == MemoryOp::AddUnless;
  if (conditional && before != 0 && other != 0) {
    const ValueId equal = context.values.Binary(clang::BO_EQ, before, other);
    const Range range = RangeOf(context, state, equal);
    if (range.IsSingle()) {
      const bool happens = (range.low != 0) == (op == MemoryOp::CompareExchange);
      if (!happens) return before;
      op = op == MemoryOp::AddUnless ? MemoryOp::Add : MemoryOp::Exchange;
    }
  }
  const ValueId after = Modified(context, op, before, operand);
  if (after != 0) {
    Store(context, state, place, after);
    MarkArray(context, state, place, site, type);
    // A counter that was counted up does not come to zero.
    int64_t step = 0;
    if (op == MemoryOp::Add && context.values.IsConstant(operand, &step) && step > 0 &&
        !context.values.IsConstant(after))
      AssumeCompare(context, state, clang::BO_NE, after, 0);
    return before;
  }
  const ValueId changed = Uncertain(context, state, site, type);
  // A symbol made for it may have aged the one that was loaded.
  const ValueId* kept = state.memory.Find(place);
  const ValueId old = kept != nullptr ? *kept : before;
  Store(context, state, place, changed);
  MarkArray(context, state, place, site, type);
  if (op == MemoryOp::Or && !RangeOf(context, state, operand).Has(0))
    AssumeCompare(context, state, clang::BO_NE, changed, 0);
  return old;
}

ValueId ModifyBit(FunctionContext& context, State& state, llvm::StringRef op, ValueId nr,
                  ValueId address, const clang::Expr* site) {
  ValueTable& values = context.values;
  const clang::QualType word = context.ast.UnsignedLongTy;
  if (nr == 0 || address == 0) return NewSymbol(context, state, site, 0, word);
  const ValueId bits = values.Constant(static_cast<int64_t>(context.ast.getTypeSize(word)));
  const RegionId place =
      ElementOf(context.values, values.Pointee(address), values.Binary(kUnsignedDiv, nr, bits));
  const ValueId mask =
      values.Binary(clang::BO_Shl, values.Constant(1), values.Binary(kUnsignedRem, nr, bits));
  MemoryOp kind = MemoryOp::Read;
  ValueId operand = mask;
  if (op == "set") kind = MemoryOp::Or;
  if (op == "change") kind = MemoryOp::Xor;
  if (op == "clear") {
    kind = MemoryOp::And;
    operand = values.Binary(clang::BO_Xor, mask, values.Constant(-1));
  }
  const ValueId before = Modify(context, state, kind, place, word, operand, 0, site);
  return values.Truth(values.Binary(clang::BO_And, before, mask));
}

}  // namespace flushdep::plugin
