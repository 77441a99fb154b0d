// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/values.h"

#include <optional>
#include <utility>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "clang/AST/RecordLayout.h"

namespace flushdep::plugin {
namespace {

uint64_t Bits(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

// Arithmetic wraps, as hardware does; no undefined behaviour of our own.
std::optional<int64_t> Arithmetic(clang::BinaryOperatorKind op, int64_t a, int64_t b) {
  const auto ua = static_cast<uint64_t>(a);
  const auto ub = static_cast<uint64_t>(b);
  switch (op) {
    case clang::BO_Add:
      return static_cast<int64_t>(ua + ub);
    case clang::BO_Sub:
      return static_cast<int64_t>(ua - ub);
    case clang::BO_Mul:
      return static_cast<int64_t>(ua * ub);
    case clang::BO_And:
      return a & b;
    case clang::BO_Or:
      return a | b;
    case clang::BO_Xor:
      return a ^ b;
    case kUnsignedDiv:
    case kUnsignedRem:
      if (ub == 0) return std::nullopt;
      return static_cast<int64_t>(op == kUnsignedDiv ? ua / ub : ua % ub);
    case clang::BO_Div:
    case clang::BO_Rem:
      if (b == 0 || b == -1) return std::nullopt;
      return op == clang::BO_Div ? a / b : a % b;
    case clang::BO_Shl:
      return b < 0 || b > 63 ? std::nullopt : std::optional<int64_t>(ua << ub);
    case clang::BO_Shr:
      return b < 0 || b > 63 || a < 0 ? std::nullopt : std::optional<int64_t>(a >> b);
    default:
      return std::nullopt;
  }
}

std::optional<bool> Compare(clang::BinaryOperatorKind op, int64_t a, int64_t b) {
  switch (op) {
    case clang::BO_EQ:
      return a == b;
    case clang::BO_NE:
      return a != b;
    case clang::BO_LT:
      return a < b;
    case clang::BO_LE:
      return a <= b;
    case clang::BO_GT:
      return a > b;
    case clang::BO_GE:
      return a >= b;
    default:
      return std::nullopt;
  }
}

bool IsTruthValue(const Value& value) {
  if (value.kind == Value::IsError || value.kind == Value::IsErrorOrNull) return true;
  return value.kind == Value::Binary && clang::BinaryOperator::isComparisonOp(value.op);
}

bool IsAtOffsetZero(const clang::ValueDecl* decl) {
  const auto* field = llvm::dyn_cast<clang::FieldDecl>(decl);
  if (field == nullptr || field->isBitField() || field->isInvalidDecl()) return false;
  if (field->getParent()->isUnion()) return true;
  const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(field->getParent());
  if (record != nullptr && (!record->isStandardLayout() || record->getNumBases() != 0))
    return false;
  return field->getFieldIndex() == 0;
}

bool IsScalar(const clang::FieldDecl* field) {
  const clang::QualType type = field->getType();
  return !field->isBitField() && !field->isInvalidDecl() && !type->isDependentType() &&
         type->isScalarType();
}

}  // namespace

const clang::ValueDecl* PlaceDecl(const clang::ValueDecl* member) {
  member = llvm::cast<clang::ValueDecl>(member->getCanonicalDecl());
  const auto* field = llvm::dyn_cast<clang::FieldDecl>(member);
  if (field == nullptr || !field->getParent()->isUnion() || !IsScalar(field)) return member;
  const clang::ASTContext& ast = field->getASTContext();
  for (const clang::FieldDecl* other : field->getParent()->fields())
    if (IsScalar(other) && ast.getTypeSize(other->getType()) == ast.getTypeSize(field->getType()))
      return other;
  return member;
}

ValueTable::ValueTable() : values_(1), regions_(1) {}

ValueId ValueTable::Intern(const Key& key, const Value& value) {
  const auto [entry, is_new] = value_ids_.try_emplace(key, values_.size());
  if (is_new) values_.push_back(value);
  return entry->second;
}

RegionId ValueTable::InternRegion(const Key& key, const Region& region) {
  const auto [entry, is_new] = region_ids_.try_emplace(key, regions_.size());
  if (is_new) regions_.push_back(region);
  return entry->second;
}

ValueId ValueTable::Constant(int64_t constant) {
  Value value;
  value.kind = Value::Constant;
  value.constant = constant;
  return Intern({Value::Constant, static_cast<uint64_t>(constant)}, value);
}

ValueId ValueTable::Symbol(const void* site, RegionId place, bool pointer, bool non_negative,
                           uint32_t generation, uint32_t level) {
  Value value;
  value.kind = Value::Symbol;
  value.site = site;
  value.place = place;
  value.pointer = pointer;
  value.non_negative = non_negative;
  value.generation = generation;
  value.level = level;
  const uint64_t type = (pointer ? 1u : 0u) | (non_negative ? 2u : 0u) | uint64_t{level} << 8;
  return Intern({Value::Symbol, Bits(site), place, type, generation}, value);
}

ValueId ValueTable::Permanent(const void* marker) {
  Value value;
  value.kind = Value::Symbol;
  value.site = marker;
  value.pointer = true;
  value.permanent = true;
  return Intern({Value::Symbol, Bits(marker), 0, 4, 0}, value);
}

ValueId ValueTable::NextGeneration(ValueId symbol) {
  const Value old = values_[symbol];
  return Symbol(old.site, old.place, old.pointer, old.non_negative, old.generation + 1, old.level);
}

ValueId ValueTable::Predicate(Value::Kind kind, ValueId operand) {
  int64_t constant = 0;
  if (IsConstant(operand, &constant)) {
    const int64_t top = kind == Value::IsError ? -1 : 0;
    return Constant(constant >= kMinError && constant <= top ? 1 : 0);
  }
  Value value;
  value.kind = kind;
  value.left = operand;
  return Intern({kind, operand}, value);
}

ValueId ValueTable::AddressOf(RegionId region) {
  const Region& place = regions_[region];
  if (place.kind == Region::Pointee) return place.value;
  if (place.kind == Region::Element && regions_[place.parent].kind == Region::Pointee)
    return Binary(clang::BO_Add, regions_[place.parent].value, place.value);
  Value value;
  value.kind = Value::AddressOf;
  value.region = region;
  return Intern({Value::AddressOf, region}, value);
}

std::optional<int64_t> FoldConstants(clang::BinaryOperatorKind op, int64_t a, int64_t b) {
  if (const auto truth = Compare(op, a, b)) return *truth ? 1 : 0;
  return Arithmetic(op, a, b);
}

ValueId ValueTable::Fold(clang::BinaryOperatorKind op, ValueId left, ValueId right) {
  int64_t a = 0;
  int64_t b = 0;
  if (left != right && AsFunction(left) != nullptr && AsFunction(right) != nullptr &&
      clang::BinaryOperator::isEqualityOp(op))
    return Constant(op == clang::BO_NE ? 1 : 0);
  if (!IsConstant(left, &a) || !IsConstant(right, &b)) {
    if (left != right || !clang::BinaryOperator::isComparisonOp(op)) return 0;
    return Constant(op == clang::BO_EQ || op == clang::BO_LE || op == clang::BO_GE ? 1 : 0);
  }
  if (const auto truth = Compare(op, a, b)) return Constant(*truth ? 1 : 0);
  if (const auto result = Arithmetic(op, a, b)) return Constant(*result);
  return 0;
}

// Two places in one array: where a loop over it begins, and where it ends.
ValueId ValueTable::FoldAddresses(clang::BinaryOperatorKind op, ValueId left, ValueId right) {
  if (!clang::BinaryOperator::isComparisonOp(op)) return 0;
  const auto offset = [&](ValueId id, int64_t& at) -> ValueId {
    const Value& node = values_[id];
    at = 0;
    if (node.kind == Value::AddressOf) return id;
    const bool sum = node.kind == Value::Binary && node.op == clang::BO_Add &&
                     values_[node.left].kind == Value::AddressOf && IsConstant(node.right, &at);
    return sum ? node.left : 0;
  };
  int64_t a = 0;
  int64_t b = 0;
  const ValueId base = offset(left, a);
  if (base == 0 || base != offset(right, b)) return 0;
  const std::optional<bool> truth = Compare(op, a, b);
  return truth ? Constant(*truth ? 1 : 0) : 0;
}

// A comparison of a test, which is 0 or 1, with a constant: the test, its opposite or neither.
ValueId ValueTable::SimplifyTest(clang::BinaryOperatorKind op, ValueId left, ValueId right) {
  int64_t constant = 0;
  const Value test = values_[left];
  if (!clang::BinaryOperator::isComparisonOp(op) || !IsConstant(right, &constant) ||
      !IsTruthValue(test))
    return 0;
  const std::optional<bool> if_false = Compare(op, 0, constant);
  const std::optional<bool> if_true = Compare(op, 1, constant);
  if (!if_false || !if_true) return 0;
  if (*if_false == *if_true) return Constant(*if_true ? 1 : 0);
  if (*if_true) return left;
  // An error test has no opposite of its own; one form of the comparison stands for it.
  if (test.kind != Value::Binary)
    return op == clang::BO_EQ && constant == 0 ? 0 : Binary(clang::BO_EQ, left, Constant(0));
  return Binary(clang::BinaryOperator::negateComparisonOp(test.op), test.left, test.right);
}

ValueId ValueTable::Node(clang::BinaryOperatorKind op, ValueId left, ValueId right) {
  Value value;
  value.kind = Value::Binary;
  value.op = op;
  value.left = left;
  value.right = right;
  return Intern({Value::Binary, static_cast<uint64_t>(op), left, right}, value);
}

// (x >> n) & 1 asks for a bit; (x | bit) & bit has it, and (x & ~bit) & bit has not.
ValueId ValueTable::SimplifyMask(ValueId left, ValueId right) {
  int64_t constant = 0;
  const Value node = values_[left];
  if (node.kind != Value::Binary) return 0;
  const bool is_constant = IsConstant(right, &constant);
  if (node.op == clang::BO_Shr && is_constant && constant == 1)
    return Truth(Binary(clang::BO_And, node.left, Binary(clang::BO_Shl, Constant(1), node.right)));
  if (is_constant) return 0;
  if (node.op == clang::BO_Or && (node.right == right || node.left == right)) return right;
  if (node.op != clang::BO_And) return 0;
  const Value inverse = values_[node.right];
  if (inverse.kind == Value::Binary && inverse.op == clang::BO_Xor && inverse.left == right &&
      IsConstant(inverse.right, &constant) && constant == -1)
    return Constant(0);
  return 0;
}

// Bits that are kept, set or cleared by constants, however often, are one (x & kept) | set: the
// rounds of a loop that sets and clears flags make the same value, and (x | 4) & 4 is 4.
ValueId ValueTable::SimplifyBits(clang::BinaryOperatorKind op, ValueId left, ValueId right) {
  int64_t outer = 0;
  int64_t inner = 0;
  const Value node = values_[left];
  if (op == clang::BO_And)
    if (const ValueId simple = SimplifyMask(left, right)) return simple;
  if ((op != clang::BO_And && op != clang::BO_Or) || !IsConstant(right, &outer)) return 0;
  if (op == clang::BO_And && outer == 0) return right;
  if (op == clang::BO_Or && outer == 1 && IsTruthValue(node)) return right;
  if (node.kind != Value::Binary || (node.op != clang::BO_And && node.op != clang::BO_Or) ||
      !IsConstant(node.right, &inner))
    return 0;
  ValueId base = node.left;
  int64_t kept = inner;
  int64_t set = 0;
  if (node.op == clang::BO_Or) {
    set = inner;
    kept = ~inner;
    const Value below = values_[base];
    int64_t mask = 0;
    if (below.kind == Value::Binary && below.op == clang::BO_And &&
        IsConstant(below.right, &mask)) {
      base = below.left;
      kept &= mask;
    }
  }
  kept &= op == clang::BO_And ? outer : ~outer;
  set = op == clang::BO_And ? set & outer : set | outer;
  if (kept == 0) return Constant(set);
  if ((kept | set) == -1) return set == 0 ? base : Node(clang::BO_Or, base, Constant(set));
  const ValueId rest = Node(clang::BO_And, base, Constant(kept));
  return set == 0 ? rest : Node(clang::BO_Or, rest, Constant(set));
}

ValueId ValueTable::Binary(clang::BinaryOperatorKind op, ValueId left, ValueId right) {
  if (left == 0 || right == 0) return 0;
  if (const ValueId folded = Fold(op, left, right)) return folded;
  if (const ValueId folded = FoldAddresses(op, left, right)) return folded;
  if (IsConstant(left)) {
    if (clang::BinaryOperator::isComparisonOp(op)) {
      op = clang::BinaryOperator::reverseComparisonOp(op);
      std::swap(left, right);
    } else if (op == clang::BO_Add || op == clang::BO_And || op == clang::BO_Or) {
      std::swap(left, right);
    }
  }
  // One spelling of an order: a < b for b > a.
  if ((op == clang::BO_GT || op == clang::BO_GE) && !IsConstant(right)) {
    op = clang::BinaryOperator::reverseComparisonOp(op);
    std::swap(left, right);
  }
  // x < x + 1: sums do not wrap.
  const Value sum = values_[right];
  int64_t distance = 0;
  if ((op == clang::BO_LT || op == clang::BO_LE) && sum.kind == Value::Binary &&
      sum.op == clang::BO_Add && sum.left == left && IsConstant(sum.right, &distance))
    return Constant((op == clang::BO_LT ? distance > 0 : distance >= 0) ? 1 : 0);
  if (const ValueId simple = SimplifyTest(op, left, right)) return simple;
  if (const ValueId simple = SimplifyBits(op, left, right)) return simple;
  int64_t constant = 0;
  const bool neutral = op == clang::BO_Add || op == clang::BO_Sub || op == clang::BO_Or;
  if (neutral && IsConstant(right, &constant) && constant == 0) return left;
  if ((op == clang::BO_EQ || op == clang::BO_NE) && !IsConstant(right) && left > right)
    std::swap(left, right);
  return Node(op, left, right);
}

RegionId ValueTable::Variable(const clang::ValueDecl* decl, uint32_t level) {
  decl = llvm::cast<clang::ValueDecl>(decl->getCanonicalDecl());
  Region region;
  region.kind = Region::Variable;
  region.decl = decl;
  region.level = level;
  return InternRegion({Region::Variable, Bits(decl), level}, region);
}

RegionId ValueTable::Special(Region::Kind kind, const void* site, uint32_t level) {
  Region region;
  region.kind = kind;
  region.site = site;
  region.level = level;
  return InternRegion({kind, Bits(site), level}, region);
}

RegionId ValueTable::Field(RegionId parent, const clang::ValueDecl* field) {
  if (parent == 0) return 0;
  // A structure that comes first in another one is at its place: &folio->page is the folio's own.
  if (field->getType()->isRecordType() && IsAtOffsetZero(field)) return parent;
  field = PlaceDecl(field);
  return InternRegion({Region::Field, parent, Bits(field)}, {Region::Field, parent, field});
}

RegionId ValueTable::Element(RegionId parent, ValueId index) {
  if (parent == 0 || index == 0) return 0;
  // p[0] is *p.
  int64_t constant = 0;
  if (regions_[parent].kind == Region::Pointee && IsConstant(index, &constant) && constant == 0)
    return parent;
  return InternRegion({Region::Element, parent, index}, {Region::Element, parent, nullptr, index});
}

RegionId ValueTable::Pointee(ValueId pointer) {
  if (pointer == 0) return 0;
  const Value& value = values_[pointer];
  if (value.kind == Value::AddressOf) return value.region;
  if (value.kind == Value::Binary && value.op == clang::BO_Add &&
      values_[value.left].kind == Value::Symbol && values_[value.left].pointer)
    return Element(Pointee(value.left), value.right);
  return InternRegion({Region::Pointee, pointer}, {Region::Pointee, 0, nullptr, pointer});
}

clang::QualType ValueTable::TypeOf(RegionId region) const {
  const Region& place = regions_[region];
  if (place.kind == Region::Variable || place.kind == Region::Field) return place.decl->getType();
  if (place.kind != Region::Element) return {};
  const clang::QualType outer = TypeOf(place.parent);
  const clang::ArrayType* array = outer.isNull() ? nullptr : outer->getAsArrayTypeUnsafe();
  return array != nullptr ? array->getElementType() : clang::QualType();
}

RegionId ValueTable::PlaceBehind(ValueId pointer, ValueId index, clang::QualType type) {
  const auto same = [&](clang::QualType other) {
    return !other.isNull() && !type.isNull() && !type->isDependentType() &&
           other.getCanonicalType().getUnqualifiedType() ==
               type.getCanonicalType().getUnqualifiedType();
  };
  const Value node = values_[pointer];
  const bool sum = node.kind == Value::Binary && node.op == clang::BO_Add;
  const Value base = values_[sum ? node.left : pointer];
  if (base.kind == Value::AddressOf && (!sum || index == 0 || IsConstant(node.right))) {
    const RegionId region = base.region;
    const Region place = regions_[region];
    ValueId at = sum ? node.right : Constant(0);
    if (index != 0) at = sum ? Binary(clang::BO_Add, index, at) : index;
    const clang::QualType outer = TypeOf(region);
    const clang::ArrayType* array = outer.isNull() ? nullptr : outer->getAsArrayTypeUnsafe();
    if (array != nullptr && same(array->getElementType())) return Element(region, at);
    int64_t first = 0;
    if (place.kind == Region::Element && same(outer) && IsConstant(place.value, &first))
      return Element(place.parent, Binary(clang::BO_Add, at, place.value));
  }
  const RegionId place = Pointee(pointer);
  return index != 0 ? Element(place, index) : place;
}

ValueId ValueTable::Function(const clang::FunctionDecl* function) {
  function = function->getCanonicalDecl();
  Value value;
  value.kind = Value::Function;
  value.site = function;
  return Intern({Value::Function, Bits(function)}, value);
}

const clang::FunctionDecl* ValueTable::AsFunction(ValueId value) const {
  const Value& node = values_[value];
  return node.kind == Value::Function ? static_cast<const clang::FunctionDecl*>(node.site)
                                      : nullptr;
}

RegionId ValueTable::Root(RegionId region) const {
  while (regions_[region].parent != 0) region = regions_[region].parent;
  return region;
}

bool ValueTable::IsInside(RegionId region, RegionId outer) const {
  for (; region != 0; region = regions_[region].parent)
    if (region == outer) return true;
  return false;
}

RegionId ValueTable::Rebase(RegionId region, RegionId from, RegionId to) {
  if (region == from) return to;
  const Region node = regions_[region];
  const RegionId parent = Rebase(node.parent, from, to);
  return node.kind == Region::Field ? Field(parent, node.decl) : Element(parent, node.value);
}

bool ValueTable::Contains(ValueId value, ValueId part) const {
  if (value == part) return true;
  const Value& node = values_[value];
  if (node.kind == Value::AddressOf) return RegionContains(node.region, part);
  return (node.left != 0 && Contains(node.left, part)) ||
         (node.right != 0 && Contains(node.right, part));
}

bool ValueTable::RegionContains(RegionId region, ValueId part) const {
  for (; region != 0; region = regions_[region].parent)
    if (regions_[region].value != 0 && Contains(regions_[region].value, part)) return true;
  return false;
}

ValueId ValueTable::Replace(ValueId value, ValueId from, ValueId to) {
  if (value == from) return to;
  if (!Contains(value, from)) return value;
  const Value node = values_[value];
  if (node.kind == Value::AddressOf) return AddressOf(ReplaceInRegion(node.region, from, to));
  if (node.kind == Value::Binary)
    return Binary(node.op, Replace(node.left, from, to), Replace(node.right, from, to));
  return Predicate(node.kind, Replace(node.left, from, to));
}

RegionId ValueTable::ReplaceInRegion(RegionId region, ValueId from, ValueId to) {
  if (region == 0 || !RegionContains(region, from)) return region;
  const Region node = regions_[region];
  const RegionId parent = ReplaceInRegion(node.parent, from, to);
  if (node.kind == Region::Field) return Field(parent, node.decl);
  if (node.kind == Region::Pointee) return Pointee(Replace(node.value, from, to));
  return Element(parent, Replace(node.value, from, to));
}

ValueId ValueTable::Base(ValueId value) const {
  while (values_[value].kind == Value::Binary &&
         (values_[value].op == clang::BO_Add || values_[value].op == clang::BO_Sub))
    value = values_[value].left;
  return value;
}

bool ValueTable::IsConstant(ValueId id, int64_t* out) const {
  if (values_[id].kind != Value::Constant) return false;
  if (out != nullptr) *out = values_[id].constant;
  return true;
}

}  // namespace flushdep::plugin
