// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/memory.h"

#include <utility>

#include "clang-plugin/engine/fault.h"

#include "llvm/ADT/DenseSet.h"

namespace flushdep::plugin {
namespace {

// Older generations of a symbol that are told apart; beyond, the oldest is forgotten.
constexpr uint32_t kMaxGenerations = 6;
// Of what is no page or handle: the nodes of a list that was walked, say.
constexpr uint32_t kMaxPlainGenerations = 1;

// Members of an object that is copied without having been looked at.
constexpr unsigned kMaxCopiedMembers = 24;

bool IsLocal(const FunctionContext& context, RegionId region) {
  const Region& root = context.values.region(context.values.Root(region));
  if (root.kind == Region::Return || root.kind == Region::Temporary) return true;
  if (root.kind != Region::Variable) return false;
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(root.decl);
  return variable != nullptr && variable->hasLocalStorage() && !context.AddressKept(root.decl);
}

// Tells a symbol for what an expression read from one for what it computed: even where it was read
// from others' memory. `member` is 0, or one more than the index of a member that was copied.
RegionId ReadMark(const FunctionContext& context, RegionId from, unsigned member) {
  return ~0u - 2 * member - (IsLocal(context, from) ? 1 : 0);
}
constexpr RegionId kLeastReadMark = ~0u - 2 * kMaxCopiedMembers - 1;
// The same for what is uncertain.
constexpr RegionId kUncertainMark = kLeastReadMark - 1;

// Is the number itself, or the array that it may be an element of, uncertain?
bool LiesInUncertain(const FunctionContext& context, const State& state, RegionId region) {
  const ValueTable& values = context.values;
  const Region& place = values.region(region);
  for (RegionId at = place.parent; at != 0; at = values.region(at).parent)
    if (const ValueId* known = state.memory.Find(at); known && IsUncertain(values, *known))
      return true;
  if (place.kind != Region::Element) return false;
  // Bits of a word that may be this one.
  return llvm::any_of(state.memory, [&](const auto& entry) {
    const Region& other = values.region(entry.first);
    if (other.kind != Region::Element || other.parent != place.parent) return false;
    if (values.IsConstant(other.value) && values.IsConstant(place.value)) return false;
    const Value& content = values[entry.second];
    return IsUncertain(values, entry.second) ||
           (content.kind == Value::Binary &&
            (content.op == clang::BO_Or || content.op == clang::BO_Xor));
  });
}

bool IsPointerContent(const FunctionContext& context, ValueId value) {
  const Value& node = context.values[value];
  return node.kind != Value::Constant && (node.pointer || node.kind == Value::AddressOf);
}

// Forgets places whose contents are still there: a handle among them may be put by a name
// that is not followed.
template <typename P>
void ForgetPlaces(State& state, P predicate) {
  for (const auto& entry : std::as_const(state.memory)) {
    if (!predicate(entry)) continue;
    if (Handle* handle = state.FindHandle(entry.second)) handle->escaped = true;
  }
  state.memory.EraseIf(predicate);
}

// Nothing is left that tells `symbol` from its successor: whatever it was part of is unknown.
void ForgetSymbol(const FunctionContext& context, State& state, ValueId symbol) {
  const ValueTable& values = context.values;
  const auto part = [&](ValueId value) { return value != 0 && values.Contains(value, symbol); };
  ForgetPlaces(state, [&](const auto& entry) {
    return part(entry.second) || values.RegionContains(entry.first, symbol);
  });
  // The expressions stay evaluated: a call must not have its effects twice.
  for (auto& [expr, value] : state.expressions)
    if (part(value)) value = 0;
  state.ranges.EraseIf([&](const auto& entry) { return part(entry.first); });
  std::erase_if(state.pages, [&](const Page& page) { return part(page.value); });
  std::erase_if(state.handles, [&](const Handle& handle) {
    return part(handle.value) || part(handle.page) || part(handle.guard) || part(handle.mm) ||
           part(handle.address);
  });
  std::erase_if(state.tables,
                [&](const Table& table) { return part(table.table) || part(table.entry); });
  std::erase_if(state.debts, [&](const Debt& debt) {
    return part(debt.page) || part(debt.guard) || part(debt.mm);
  });
}

void AgeSymbol(FunctionContext& context, State& state, ValueId symbol) {
  const ValueId older = context.values.NextGeneration(symbol);
  const auto part = [&](ValueId value) {
    return value != 0 && context.values.Contains(value, symbol);
  };
  const bool plain =
      llvm::none_of(state.pages, [&](const Page& page) { return part(page.value); }) &&
      llvm::none_of(state.debts, [&](const Debt& debt) { return part(debt.page); }) &&
      llvm::none_of(state.handles,
                    [&](const Handle& handle) { return part(handle.value) || part(handle.page); });
  if (context.values[older].generation > (plain ? kMaxPlainGenerations : kMaxGenerations))
    return ForgetSymbol(context, state, symbol);
  if (state.Mentions(context.values, older)) AgeSymbol(context, state, older);
  state.Rename(context.values, symbol, older);
}

// Two places of which one may be (in) the other, though neither is known to be.
bool MayOverlap(const ValueTable& values, RegionId a, RegionId b) {
  const Region& x = values.region(a);
  const Region& y = values.region(b);
  const bool a_pointee = values.region(values.Root(a)).kind == Region::Pointee;
  const bool b_pointee = values.region(values.Root(b)).kind == Region::Pointee;
  // The same field of two objects that may be one.
  if (x.kind == Region::Field && y.kind == Region::Field && a_pointee && b_pointee)
    return x.decl == y.decl;
  // Elements with indices that may be equal.
  if (x.kind == Region::Element && y.kind == Region::Element && x.parent == y.parent)
    return !(values.IsConstant(x.value) && values.IsConstant(y.value));
  return false;
}

// Stored where others may find it.
void NoteEscape(FunctionContext& context, State& state, ValueId value) {
  const Value& node = context.values[value];
  if (node.kind == Value::AddressOf) {
    const Region& root = context.values.region(context.values.Root(node.region));
    if (root.kind == Region::Variable) context.kept.insert(root.decl);
  }
  if (Handle* handle = state.FindHandle(value)) handle->escaped = true;
  if (Page* page = state.FindPage(value)) page->shared = true;
}

}  // namespace

ValueId NewSymbol(FunctionContext& context, State& state, const void* site, RegionId place,
                  clang::QualType type) {
  const bool pointer = !type.isNull() && (type->isPointerType() || type->isArrayType());
  const bool non_negative = !type.isNull() && type->isUnsignedIntegerOrEnumerationType();
  const ValueId symbol = context.values.Symbol(site, place, pointer, non_negative, /*generation=*/0,
                                               context.frame().level);
  if (!Planted(Fault::SymbolsDoNotAge) && state.Mentions(context.values, symbol)) {
    state.DropUnreachable(context.values);
    if (state.Mentions(context.values, symbol)) AgeSymbol(context, state, symbol);
  }
  return symbol;
}

ValueId Load(FunctionContext& context, State& state, RegionId region, const clang::Expr* site,
             clang::QualType type) {
  if (region == 0) return 0;
  if (const ValueId* known = state.memory.Find(region)) return *known;
  const Region place = context.values.region(region);
  if (place.kind == Region::Field && !context.mm_field.empty()) {
    const Region& parent = context.values.region(place.parent);
    if (parent.kind == Region::Pointee && parent.value == context.CurrentTask() &&
        place.decl->getName() == context.mm_field)
      return context.CurrentMm();
  }
  const bool variable = place.kind == Region::Variable;
  if (!variable && LiesInUncertain(context, state, region)) {
    const ValueId unknown = Uncertain(context, state, site, type);
    state.memory.Set(region, unknown);
    return unknown;
  }
  const ValueId symbol = NewSymbol(context, state, variable ? nullptr : site,
                                   variable ? region : ReadMark(context, region, 0), type);
  state.memory.Set(region, symbol);
  return symbol;
}

void Store(FunctionContext& context, State& state, RegionId region, ValueId value) {
  if (region == 0) return;
  state.memory.EraseIf(
      [&](const auto& entry) { return context.values.IsInside(entry.first, region); });
  ForgetPlaces(state,
               [&](const auto& entry) { return MayOverlap(context.values, entry.first, region); });
  for (RegionId at = region; at != 0; at = context.values.region(at).parent)
    if (context.values.region(at).kind == Region::Element)
      if (Handle* handle = state.FindHandle(value)) handle->contained = true;
  if (!IsLocal(context, region) && !Planted(Fault::StoresDoNotEscape))
    NoteEscape(context, state, value);
  if (value != 0) state.memory.Set(region, value);
}

void Clear(FunctionContext& context, State& state, RegionId region) {
  state.memory.EraseIf(
      [&](const auto& entry) { return context.values.IsInside(entry.first, region); });
}

void CopyObject(FunctionContext& context, State& state, RegionId from, RegionId to,
                clang::QualType type, const clang::Expr* site) {
  if (to == 0 || from == to) return;
  // What was not looked at yet is the same in both all the same.
  const clang::RecordDecl* record = type.isNull() ? nullptr : type->getAsRecordDecl();
  if (from != 0 && record != nullptr && !record->isUnion()) {
    unsigned index = 0;
    for (const clang::FieldDecl* field : record->fields()) {
      if (++index > kMaxCopiedMembers) break;
      if (!field->getType()->isScalarType() || field->isUnnamedBitField()) continue;
      const RegionId part = context.values.Field(from, field);
      if (state.memory.Find(part) == nullptr)
        state.memory.Set(part, NewSymbol(context, state, site, ReadMark(context, from, index),
                                         field->getType()));
    }
  }
  std::vector<std::pair<RegionId, ValueId>> parts;
  if (from != 0)
    for (const auto& [region, value] : std::as_const(state.memory))
      if (region != from && context.values.IsInside(region, from))
        parts.emplace_back(region, value);
  Store(context, state, to, 0);
  for (const auto& [region, value] : parts)
    Store(context, state, context.values.Rebase(region, from, to), value);
}

namespace {

// The places that a call can reach from its arguments: what they point to, and what is
// pointed to from there. A variable that is found only inside of another object may be kept.
llvm::DenseSet<RegionId> ReachableRoots(FunctionContext& context, const State& state,
                                        llvm::ArrayRef<ValueId> arguments) {
  llvm::DenseSet<RegionId> roots;
  for (ValueId argument : arguments)
    if (argument != 0) roots.insert(context.values.Root(context.values.Pointee(argument)));
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [region, value] : state.memory) {
      const Value& node = context.values[value];
      if (node.kind != Value::AddressOf || !roots.contains(context.values.Root(region))) continue;
      const RegionId target = context.values.Root(node.region);
      if (!roots.insert(target).second) continue;
      changed = true;
      const Region& place = context.values.region(target);
      if (place.kind == Region::Variable) context.kept.insert(place.decl);
    }
  }
  return roots;
}

}  // namespace

void ForgetAfterCall(FunctionContext& context, State& state, llvm::ArrayRef<ValueId> arguments) {
  if (Planted(Fault::CallsForgetNothing)) return;
  for (ValueId argument : arguments) {
    if (argument == 0) continue;
    const ValueId value = argument;
    std::erase_if(state.handles, [&](const Handle& handle) { return handle.value == value; });
    if (Page* page = state.FindPage(value)) page->shared = true;
  }
  const llvm::DenseSet<RegionId> roots = ReachableRoots(context, state, arguments);
  ForgetPlaces(state, [&](const auto& entry) {
    const RegionId root = context.values.Root(entry.first);
    if (roots.contains(root)) return true;
    const Region& place = context.values.region(root);
    if (place.kind == Region::Variable) {
      const auto* variable = llvm::dyn_cast<clang::VarDecl>(place.decl);
      const bool safe = variable == nullptr || variable->hasLocalStorage();
      if (safe && !context.AddressKept(place.decl)) return false;
    }
    if (place.kind == Region::Object || place.kind == Region::Return ||
        place.kind == Region::Temporary)
      return false;
    // Flags and the like are taken to stay, so that conditions keep correlating.
    return IsPointerContent(context, entry.second);
  });
  std::erase_if(state.handles, [](const Handle& handle) { return handle.escaped; });
}

void ForgetShared(FunctionContext& context, State& state) {
  ForgetPlaces(state, [&](const auto& entry) {
    const Region& place = context.values.region(context.values.Root(entry.first));
    const auto* variable =
        place.kind == Region::Variable ? llvm::dyn_cast<clang::VarDecl>(place.decl) : nullptr;
    const bool shared =
        place.kind == Region::Pointee || (variable != nullptr && !variable->hasLocalStorage());
    return shared && IsPointerContent(context, entry.second);
  });
  std::erase_if(state.handles, [](const Handle& handle) { return handle.escaped; });
}

bool IsForeign(const FunctionContext& context, ValueId value) {
  const Value& node = context.values[value];
  if (node.kind != Value::Symbol || node.place == 0) return false;
  if (node.place >= kLeastReadMark) return (~0u - node.place) % 2 == 0;
  return node.site == nullptr && !IsLocal(context, node.place);
}

ValueId Uncertain(FunctionContext& context, State& state, const void* site, clang::QualType type) {
  return NewSymbol(context, state, site, kUncertainMark, type);
}

bool IsUncertain(const ValueTable& values, ValueId value) {
  const Value& node = values[value];
  if (node.kind == Value::Symbol) return node.place == kUncertainMark;
  return (node.left != 0 && IsUncertain(values, node.left)) ||
         (node.right != 0 && IsUncertain(values, node.right));
}

bool IsWritten(const FunctionContext& context, const State& state, RegionId place) {
  const ValueTable& values = context.values;
  return llvm::any_of(state.memory, [&](const auto& entry) {
    if (!values.IsInside(entry.first, place) && !values.IsInside(place, entry.first)) return false;
    const Value& content = values[entry.second];
    if (content.kind == Value::Constant) return content.constant != 0;
    return content.kind != Value::Symbol ||
           (content.site != nullptr && content.place < kLeastReadMark);
  });
}

void Scramble(FunctionContext& context, State& state, RegionId place, const clang::Expr* site) {
  if (place == 0) return;
  const ValueId unknown = Uncertain(context, state, site, context.ast.LongTy);
  Store(context, state, place, unknown);
}

RegionId ElementOf(ValueTable& values, RegionId array, ValueId index) {
  int64_t constant = 0;
  if (array == 0 || !values.IsConstant(index, &constant) || constant != 0)
    return values.Element(array, index);
  const Region& region = values.region(array);
  const bool declared = region.kind == Region::Variable || region.kind == Region::Field;
  return declared && !region.decl->getType()->isArrayType() ? array : values.Element(array, index);
}

void ForgetTypestate(State& state) {
  state.pages.clear();
  state.handles.clear();
  state.debts.clear();
  state.tables.clear();
  state.irqs_depth = state.atomic_depth = 0;
  state.irqs_guard = state.atomic_guard = 0;
  state.task = nullptr;
}

}  // namespace flushdep::plugin
