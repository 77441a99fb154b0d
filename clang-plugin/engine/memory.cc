// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/memory.h"

#include <algorithm>
#include <utility>

#include "clang-plugin/engine/constants.h"
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

// Places of one variable or pointee that have no byte in common.
bool AreApart(const ValueTable& values, RegionId a, RegionId b) {
  const auto path = [&](RegionId region) {
    llvm::SmallVector<RegionId, 8> steps;
    for (; region != 0; region = values.region(region).parent) steps.push_back(region);
    std::reverse(steps.begin(), steps.end());
    return steps;
  };
  const auto first = path(a);
  const auto second = path(b);
  size_t at = 0;
  while (at < first.size() && at < second.size() && first[at] == second[at]) ++at;
  if (at == first.size() || at == second.size()) return false;
  const Region& x = values.region(first[at]);
  const Region& y = values.region(second[at]);
  if (x.kind == Region::Element && y.kind == Region::Element)
    return values.IsConstant(x.value) && values.IsConstant(y.value);
  if (x.kind != Region::Field || y.kind != Region::Field) return false;
  const auto* one = llvm::dyn_cast<clang::FieldDecl>(x.decl);
  const auto* other = llvm::dyn_cast<clang::FieldDecl>(y.decl);
  return one != nullptr && other != nullptr && one->getParent() == other->getParent() &&
         !one->getParent()->isUnion();
}

// May a pointer lead there that is not known to?
bool IsFound(const FunctionContext& context, RegionId root) {
  const Region& place = context.values.region(root);
  if (place.kind != Region::Variable) return false;
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(place.decl);
  return variable == nullptr || !variable->hasLocalStorage() || context.AddressTaken(place.decl);
}

// What a parameter points to was there before.
bool IsGiven(const ValueTable& values, RegionId root) {
  const Region& place = values.region(root);
  if (place.kind != Region::Pointee) return false;
  const Value& pointer = values[place.value];
  const Region& source = values.region(pointer.place < kLeastReadMark ? pointer.place : 0);
  return pointer.kind == Value::Symbol && pointer.site == nullptr &&
         source.kind == Region::Variable && llvm::isa<clang::ParmVarDecl>(source.decl);
}

// Could what is read from `read`, where nothing is known, be what is at `held`?
bool MayBeReadFrom(const FunctionContext& context, RegionId held, RegionId read) {
  const ValueTable& values = context.values;
  const RegionId a = values.Root(held);
  const RegionId b = values.Root(read);
  if (a == b) return !AreApart(values, held, read);
  const bool a_behind = values.region(a).kind == Region::Pointee;
  const bool b_behind = values.region(b).kind == Region::Pointee;
  if (a_behind && b_behind) return true;
  if (a_behind) return IsFound(context, b);
  if (!b_behind || !IsFound(context, a)) return false;
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(values.region(a).decl);
  return !IsGiven(values, b) || variable == nullptr || !variable->hasLocalStorage();
}

// Can a pointer of this type be the handle?
bool IsLikeHandle(const Handle& handle, clang::QualType type) {
  if (type.isNull() || !type->isPointerType() || handle.mapped == nullptr) return false;
  const clang::QualType mapped = handle.mapped->getType();
  const clang::QualType target = type->getPointeeType().getCanonicalType().getUnqualifiedType();
  return target->isVoidType() || target->isCharType() || !mapped->isPointerType() ||
         target == mapped->getPointeeType().getCanonicalType().getUnqualifiedType();
}

// May the way to the object that a handle was stored in lead over such a pointer? Not over pages.
bool MayLeadToObject(const Handle& handle, clang::QualType type) {
  const clang::QualType target = type->getPointeeType().getCanonicalType().getUnqualifiedType();
  const auto* map = llvm::dyn_cast_or_null<clang::CallExpr>(handle.mapped);
  if (target->isArithmeticType() || target->isFunctionType()) return false;
  if (map == nullptr || map->getNumArgs() == 0) return true;
  const clang::QualType page = map->getArg(0)->getType();
  return !page->isPointerType() ||
         target != page->getPointeeType().getCanonicalType().getUnqualifiedType();
}

bool HasMembersOf(const clang::RecordDecl* record, const clang::DeclContext* owner,
                  unsigned depth = 0) {
  if (record == nullptr || depth > 8) return false;
  record = record->getDefinition() != nullptr ? record->getDefinition() : record;
  if (record->getPrimaryContext() == owner->getPrimaryContext()) return true;
  if (const auto* derived = llvm::dyn_cast<clang::CXXRecordDecl>(record);
      derived != nullptr && derived->hasDefinition())
    for (const clang::CXXBaseSpecifier& base : derived->bases())
      if (HasMembersOf(base.getType()->getAsRecordDecl(), owner, depth + 1)) return true;
  for (const clang::FieldDecl* field : record->fields()) {
    if (HasMembersOf(field->getType()->getAsRecordDecl(), owner, depth + 1)) return true;
    if (!record->isUnion()) break;
  }
  return false;
}

// Is `region` in an object of `record` at `outer`? A structure and its first member, and an object
// and its bases, are at one place, so that there may be more in it.
bool IsInObject(const ValueTable& values, RegionId region, RegionId outer,
                const clang::RecordDecl* record) {
  if (!values.IsInside(region, outer)) return false;
  if (record == nullptr || region == outer) return true;
  while (values.region(region).parent != outer) region = values.region(region).parent;
  const Region& step = values.region(region);
  const auto* field = llvm::dyn_cast_or_null<clang::FieldDecl>(step.decl);
  return step.kind != Region::Field || field == nullptr || HasMembersOf(record, field->getParent());
}

// Stored where others may find it.
void NoteEscape(FunctionContext& context, State& state, ValueId value) {
  const Value& node = context.values[value];
  if (node.kind == Value::AddressOf) {
    const Region& root = context.values.region(context.values.Root(node.region));
    if (root.kind == Region::Variable) context.kept.insert(root.decl);
  }
  if (Handle* handle = state.FindHandle(value)) handle->shared = true;
  // An object with handles in it: whoever comes by it there may put them.
  const RegionId object = context.values.Root(context.values.Pointee(context.values.Base(value)));
  if (object != 0)
    for (const auto& [place, content] : std::as_const(state.memory))
      if (context.values.Root(place) == object)
        if (Handle* handle = state.FindHandle(content); handle != nullptr && handle->shared)
          handle->escaped = true;
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
  if (const ValueId constant = ConstantPointer(context.ast, context.values, region))
    return constant;
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
  const RegionId read = region;
  // Read again from what was read here before, as in a walk over a list: that is older by now.
  if (context.values.RegionContains(region, symbol)) {
    const ValueId older = context.values.NextGeneration(symbol);
    const bool aged = state.Mentions(context.values, older);
    region = aged ? context.values.ReplaceInRegion(region, symbol, older) : 0;
  }
  if (region != 0) state.memory.Set(region, symbol);
  // What the caller gave was there before any mapping that was made here.
  if (!variable || !llvm::isa<clang::ParmVarDecl>(place.decl))
    NoteUnknownPointer(context, state, read, type);
  return symbol;
}

void NoteUnknownPointer(const FunctionContext& context, State& state, RegionId region,
                        clang::QualType type) {
  if (type.isNull() || !type->isPointerType()) return;
  const ValueTable& values = context.values;
  const RegionId root = values.Root(region);
  const bool open = IsFound(context, root) ||
                    (values.region(root).kind == Region::Pointee && !IsGiven(values, root));
  const auto held = [&](const Handle& handle) {
    return llvm::any_of(state.memory,
                        [&](const auto& entry) { return entry.second == handle.value; });
  };
  for (Handle& handle : state.handles) {
    if (handle.put != nullptr || handle.escaped) continue;
    handle.escaped =
        handle.shared && region != 0 && !IsLocal(context, region) && MayLeadToObject(handle, type);
    if (handle.escaped || !IsLikeHandle(handle, type)) continue;
    // One that no name is known of is somewhere all the same.
    handle.escaped =
        (open && !held(handle)) || region == 0 || (handle.shared && !IsLocal(context, region)) ||
        llvm::any_of(state.memory, [&](const auto& entry) {
          return entry.second == handle.value && MayBeReadFrom(context, entry.first, region);
        });
  }
}

void NoteCopies(const FunctionContext& context, State& state, RegionId region) {
  for (Handle& handle : state.handles)
    if (region == 0 || (handle.shared && !IsLocal(context, region))) handle.escaped = true;
  for (const auto& [place, value] : std::as_const(state.memory))
    if (context.values.IsInside(place, region) || context.values.IsInside(region, place))
      if (Handle* handle = state.FindHandle(value)) handle->escaped = true;
}

void ForgetPlace(const FunctionContext& context, State& state, RegionId region) {
  if (region == 0) return;
  ForgetPlaces(state, [&](const auto& entry) {
    return context.values.IsInside(entry.first, region) ||
           context.values.IsInside(region, entry.first) ||
           MayOverlap(context.values, entry.first, region);
  });
}

void ShareHandles(State& state) {
  for (Handle& handle : state.handles) handle.escaped |= handle.shared;
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
      if (state.memory.Find(part) != nullptr) continue;
      ValueId value = ConstantPointer(context.ast, context.values, part);
      if (value == 0) {
        value = NewSymbol(context, state, site, ReadMark(context, from, index), field->getType());
        NoteUnknownPointer(context, state, part, field->getType());
      }
      state.memory.Set(part, value);
    }
  }
  std::vector<std::pair<RegionId, ValueId>> parts;
  if (from != 0)
    for (const auto& [region, value] : std::as_const(state.memory))
      if (region != from && IsInObject(context.values, region, from, record))
        parts.emplace_back(region, value);
  state.memory.EraseIf(
      [&](const auto& entry) { return IsInObject(context.values, entry.first, to, record); });
  ForgetPlaces(state,
               [&](const auto& entry) { return MayOverlap(context.values, entry.first, to); });
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
  std::erase_if(state.handles,
                [](const Handle& handle) { return handle.escaped || handle.shared; });
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
