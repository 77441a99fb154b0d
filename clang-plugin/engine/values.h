// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Symbolic values and places of one function, interned: equal ones have equal
// ids, so that states compare and hash by number.
//
// A symbol stands for "what this expression gave". Its key is the place in the
// source, not a counter, so that a loop's second round makes the same symbols as its first
// and the walk over it ends. A symbol that is still needed when its place is
// reached again is renamed to an older generation (state.h).
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_VALUES_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_VALUES_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "clang/AST/Decl.h"
#include "clang/AST/OperationKinds.h"

namespace flushdep::plugin {

using ValueId = uint32_t;   // 0: no value
using RegionId = uint32_t;  // 0: no place

struct Value {
  enum Kind : uint8_t {
    None,
    Constant,
    Symbol,
    Binary,
    IsError,
    IsErrorOrNull,
    AddressOf,
    Function,  // the address of a function
  };
  Kind kind = None;
  bool pointer = false;       // Symbol
  bool non_negative = false;  // Symbol: an unsigned integer
  bool permanent = false;     // Symbol: the same everywhere in the function
  clang::BinaryOperatorKind op = clang::BO_EQ;
  int64_t constant = 0;
  const void* site = nullptr;  // Symbol: expression, declaration, or role marker; Function: it
  uint32_t place = 0;          // Symbol: tells several of one site apart
  uint32_t generation = 0;
  uint32_t level = 0;  // Symbol: of the activation, where a function calls itself
  ValueId left = 0;    // Binary; operand of IsError*
  ValueId right = 0;   // Binary
  RegionId region = 0;
};

struct Region {
  // Object is what `this` points to, Return what a call gives back, Temporary an object
  // without a name: of a function or expression, in one activation.
  enum Kind : uint8_t { None, Variable, Field, Pointee, Element, Object, Return, Temporary };
  Kind kind = None;
  RegionId parent = 0;
  const clang::ValueDecl* decl = nullptr;
  ValueId value = 0;           // Pointee: the pointer; Element: the index
  const void* site = nullptr;  // Object, Return, Temporary
  // Variable and the three above: how many activations of the function lie below this one.
  uint32_t level = 0;
};

// Error pointers are -4095..-1, valid ones positive (the top half of the
// address space is of no interest here).
inline constexpr int64_t kMinError = -4095;

// The declaration that stands for the place of a member: members of a union that hold one
// number or pointer of the same size are one place.
const clang::ValueDecl* PlaceDecl(const clang::ValueDecl* member);

// Division of unsigned numbers; the plain ones are of signed ones.
inline constexpr auto kUnsignedDiv = clang::BO_DivAssign;
inline constexpr auto kUnsignedRem = clang::BO_RemAssign;

// "a op b"; nothing where that is not computed.
std::optional<int64_t> FoldConstants(clang::BinaryOperatorKind op, int64_t a, int64_t b);

class ValueTable {
 public:
  ValueTable();

  ValueId Constant(int64_t value);
  ValueId Symbol(const void* site, RegionId place, bool pointer, bool non_negative,
                 uint32_t generation = 0, uint32_t level = 0);
  // A pointer that means the same everywhere, such as the running task.
  ValueId Permanent(const void* marker);
  // Folds constants, moves them to the right, and undoes double negation.
  ValueId Binary(clang::BinaryOperatorKind op, ValueId left, ValueId right);
  ValueId Not(ValueId value) { return Binary(clang::BO_EQ, value, Constant(0)); }
  ValueId Truth(ValueId value) { return Binary(clang::BO_NE, value, Constant(0)); }
  ValueId Predicate(Value::Kind kind, ValueId operand);
  ValueId AddressOf(RegionId region);
  ValueId Function(const clang::FunctionDecl* function);
  // The function that a value is the address of, or null.
  const clang::FunctionDecl* AsFunction(ValueId value) const;
  ValueId NextGeneration(ValueId symbol);

  RegionId Variable(const clang::ValueDecl* decl, uint32_t level = 0);
  RegionId Special(Region::Kind kind, const void* site, uint32_t level);
  RegionId Field(RegionId parent, const clang::ValueDecl* field);
  RegionId Element(RegionId parent, ValueId index);
  // The type of a place as it is declared; none where only a pointer leads there.
  clang::QualType TypeOf(RegionId region) const;
  // What a pointer points to, or, with an index, the element so far from there: an array and its
  // first element are at one place, and are told apart by the `type` that is asked for.
  RegionId PlaceBehind(ValueId pointer, ValueId index, clang::QualType type);
  // What a pointer points to: the region itself for &region.
  RegionId Pointee(ValueId pointer);

  const Value& operator[](ValueId id) const { return values_[id]; }
  const Region& region(RegionId id) const { return regions_[id]; }

  // The variable or pointee that a region is inside of.
  RegionId Root(RegionId region) const;
  bool IsInside(RegionId region, RegionId outer) const;
  // The part of `to` that corresponds to `region`, a part of `from`.
  RegionId Rebase(RegionId region, RegionId from, RegionId to);

  // Does `value` (or a region's path) contain `part`?
  bool Contains(ValueId value, ValueId part) const;
  bool RegionContains(RegionId region, ValueId part) const;
  // The same with `from` replaced by `to`.
  ValueId Replace(ValueId value, ValueId from, ValueId to);
  RegionId ReplaceInRegion(RegionId region, ValueId from, ValueId to);

  // Without pointer arithmetic: the page of page + i.
  ValueId Base(ValueId value) const;
  bool IsConstant(ValueId id, int64_t* out = nullptr) const;

 private:
  using Key = std::array<uint64_t, 5>;
  ValueId Intern(const Key& key, const Value& value);
  RegionId InternRegion(const Key& key, const Region& region);
  ValueId Node(clang::BinaryOperatorKind op, ValueId left, ValueId right);
  ValueId Fold(clang::BinaryOperatorKind op, ValueId left, ValueId right);
  ValueId FoldAddresses(clang::BinaryOperatorKind op, ValueId left, ValueId right);
  ValueId SimplifyTest(clang::BinaryOperatorKind op, ValueId left, ValueId right);
  ValueId SimplifyMask(ValueId left, ValueId right);
  ValueId SimplifyBits(clang::BinaryOperatorKind op, ValueId left, ValueId right);

  std::vector<Value> values_;
  std::vector<Region> regions_;
  std::map<Key, ValueId> value_ids_;
  std::map<Key, RegionId> region_ids_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_VALUES_H_
