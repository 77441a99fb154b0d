// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/effects.h"

#include "clang-plugin/engine/assume.h"
#include "clang-plugin/engine/atomics.h"
#include "clang-plugin/engine/fault.h"
#include "clang-plugin/engine/memory.h"

namespace flushdep::plugin {
namespace {

// References of one page that are counted; a loop that takes more must end too.
constexpr uint32_t kMaxReferences = 4;

// What a page has on x86, and how many of them are counted.
constexpr int64_t kPageBytes = 4096;
constexpr int64_t kMaxPages = 1 << 20;

class Applier {
 public:
  Applier(FunctionContext& context, State& state, const clang::Expr* call,
          llvm::ArrayRef<ValueId> arguments, ValueId result)
      : context_(context), state_(state), call_(call), arguments_(arguments), result_(result) {}

  void Apply(const Effect& effect);
  ValueId result() const { return result_; }

 private:
  ValueId At(int place) const {
    if (place == kReturn) return result_;
    if (place < 1 || place > static_cast<int>(arguments_.size())) return 0;
    return arguments_[place - 1];
  }
  bool Happens(const When& when) const;
  bool IsNull(ValueId value) const {
    return value == 0 || RangeOf(context_, state_, value).high <= 0;
  }
  void LimitResult(Failure failure);
  void Allocate(const Effect& effect);
  void Map(const Effect& effect);
  void Unmap(const Effect& effect);
  void Flush(const Effect& effect);
  void FlushDebt(const Effect& effect, Debt& debt);
  int64_t LengthOf(ValueId start, ValueId end) const;
  bool FlushesEverything(const Effect& effect) const;
  bool IsOtherMm(ValueId flushed, ValueId owed);
  void Remove(const Effect& effect);
  void Restore(const Effect& effect);
  void NoteAddress(const Effect& effect);
  void NoteTable(const Effect& effect);
  void ClearEntry(const Effect& effect);
  void ChangeContext(const Effect& effect);
  void Tell(const Verdicts& verdicts, ValueId page) {
    for (const Verdict& verdict : verdicts)
      context_.sink.OnVerdict(verdict, state_, page, context_.function());
  }
  bool MayBeElement(ValueId a, ValueId b) const;
  void TakeReference(ValueId page);
  void Release(const Effect& effect);
  void Free(ValueId page, bool is_drop, bool certain);
  void AddDebt(Debt debt);
  void HandOver(ValueId page);
  void Assert(ValueId page, bool is_flushed);
  void PutInto(const Effect& effect);
  void ChangeNumber(const Effect& effect);

  FunctionContext& context_;
  State& state_;
  const clang::Expr* call_;
  llvm::ArrayRef<ValueId> arguments_;
  ValueId result_;
};

bool Applier::Happens(const When& when) const {
  if (when.parameter == kNowhere) return true;
  const ValueId value = At(when.parameter);
  if (value == 0) return false;
  const Range range = RangeOf(context_, state_, value);
  if (!range.Has(when.value)) return !when.equal;
  return range.IsSingle() && when.equal;
}

void Applier::LimitResult(Failure failure) {
  switch (failure) {
    case Failure::Never:
      AssumeCompare(context_, state_, clang::BO_GT, result_, 0);
      break;
    case Failure::Null:
      AssumeCompare(context_, state_, clang::BO_GE, result_, 0);
      break;
    case Failure::Error:
      AssumeCompare(context_, state_, clang::BO_GE, result_, kMinError);
      AssumeCompare(context_, state_, clang::BO_NE, result_, 0);
      break;
    case Failure::NullOrError:
      AssumeCompare(context_, state_, clang::BO_GE, result_, kMinError);
      break;
    case Failure::NonZero:
      break;
  }
}

void Applier::Allocate(const Effect& effect) {
  if (result_ == 0) return;
  LimitResult(effect.failure);
  state_.PageAt(result_).allocated = call_;
}

void Applier::Map(const Effect& effect) {
  Handle handle;
  handle.page = At(effect.operand);
  handle.mapped = call_;
  handle.mm = context_.CurrentMm();
  if (effect.handle == kReturn) {
    handle.value = result_;
    if (result_ != 0) LimitResult(effect.failure);
  } else {
    const RegionId out = context_.values.Pointee(At(effect.handle));
    handle.value = NewSymbol(context_, state_, call_, out, context_.ast.VoidPtrTy);
    handle.guard = effect.failure == Failure::NonZero ? result_ : 0;
    Store(context_, state_, out, handle.value);
  }
  if (handle.value == 0 || handle.page == 0) return;
  std::erase_if(state_.handles, [&](const Handle& old) { return old.value == handle.value; });
  state_.handles.push_back(handle);
  state_.impossible |= !AssumeCompare(context_, state_, clang::BO_NE, handle.page, 0);
}

void Applier::AddDebt(Debt debt) {
  std::erase_if(state_.debts,
                [&](const Debt& old) { return old.page == debt.page && old.put == debt.put; });
  state_.debts.push_back(debt);
}

void Applier::Unmap(const Effect& effect) {
  const ValueId value = At(effect.operand);
  if (IsNull(value)) return;
  // What is put was mapped: a later test for null tells nothing new.
  AssumeCompare(context_, state_, clang::BO_GT, value, 0);
  for (const Verdict& verdict : JudgeUnmap({state_, value, call_}))
    context_.sink.OnVerdict(verdict, state_, 0, context_.function());
  Handle* handle = state_.FindHandle(value);
  if (handle == nullptr) {
    Handle stranger;
    stranger.value = value;
    stranger.put = call_;
    stranger.escaped = IsForeign(context_, value);
    state_.handles.push_back(stranger);
    return;
  }
  if (handle->put != nullptr) return;
  handle->put = call_;
  if (!effect.owes_flush || handle->page == 0) return;
  Debt debt;
  debt.page = handle->page;
  debt.mapped = handle->mapped;
  debt.put = call_;
  debt.mm = handle->mm;
  AddDebt(debt);
}

bool Applier::IsOtherMm(ValueId flushed, ValueId owed) {
  if (flushed == 0 || owed == 0 || flushed == owed || Planted(Fault::OtherMmIsEnough)) return false;
  const Value& node = context_.values[flushed];
  const bool is_new = node.kind == Value::Symbol && context_.new_mm_sites.contains(node.site);
  return is_new || KnownDifferent(context_, state_, flushed, owed);
}

// A kernel range up to the last address asks for everything.
bool Applier::FlushesEverything(const Effect& effect) const {
  if (effect.scope == FlushScope::All) return true;
  int64_t end = 0;
  return effect.scope == FlushScope::KernelRange && effect.end != kNowhere &&
         context_.values.IsConstant(At(effect.end), &end) && end == -1;
}

// Of a range whose ends differ by a constant; 0 if they are not known to.
int64_t Applier::LengthOf(ValueId start, ValueId end) const {
  const ValueTable& values = context_.values;
  if (start == 0 || end == 0) return 0;
  const auto offset = [&](ValueId id, ValueId& base) {
    int64_t constant = 0;
    const Value& node = values[id];
    base = id;
    if (node.kind == Value::Binary && node.op == clang::BO_Add &&
        values.IsConstant(node.right, &constant))
      base = node.left;
    return constant;
  };
  ValueId first = 0, last = 0;
  const int64_t from = offset(start, first);
  const int64_t to = offset(end, last);
  if (first != last || to <= from || to - from > kMaxPages * kPageBytes) return 0;
  return (to - from + kPageBytes - 1) / kPageBytes * kPageBytes;
}

void Applier::FlushDebt(const Effect& effect, Debt& debt) {
  Shortfall shortfall = Shortfall::None;
  if (debt.kind == DebtKind::Table) {
    if (effect.scope == FlushScope::Local) shortfall = Shortfall::LocalOnly;
    const ValueId tables = At(effect.tables);
    if (tables != 0 && RangeOf(context_, state_, tables).high == 0)
      shortfall = Shortfall::NotTables;
  } else if (debt.kind == DebtKind::DirectMap) {
    // Global entries: a flush of one mm does not even touch them.
    if (effect.scope == FlushScope::Mm || effect.scope == FlushScope::MmRange)
      shortfall = Shortfall::UserSpace;
    if (effect.scope == FlushScope::KernelRange && debt.bytes > 0 && !FlushesEverything(effect)) {
      // Parts add up; whether they overlap is not looked at.
      const int64_t length = LengthOf(At(effect.start), At(effect.end));
      if (length > 0 && length < debt.bytes) {
        debt.bytes -= length;
        shortfall = Shortfall::ShortRange;
      }
    }
    if (effect.scope == FlushScope::KernelRange && Planted(Fault::KernelFlushMissesDirectMap))
      return;
    if (effect.scope == FlushScope::Local) shortfall = Shortfall::LocalOnly;
  } else {
    if (effect.scope == FlushScope::Local && !Planted(Fault::LocalFlushIsEnough))
      shortfall = Shortfall::LocalOnly;
    if (effect.scope == FlushScope::KernelRange) shortfall = Shortfall::KernelRange;
    if (effect.scope == FlushScope::Mm && IsOtherMm(At(effect.mm), debt.mm))
      shortfall = Shortfall::OtherMm;
  }
  if (shortfall == Shortfall::None || FlushesEverything(effect)) {
    debt.page = 0;
  } else {
    debt.shortfall = shortfall;
    debt.flush = call_;
  }
}

void Applier::Flush(const Effect& effect) {
  for (Debt& debt : state_.debts) FlushDebt(effect, debt);
  std::erase_if(state_.debts, [](const Debt& debt) { return debt.page == 0; });
}

void Applier::Remove(const Effect& effect) {
  Debt debt;
  debt.page = At(effect.operand);
  debt.kind = DebtKind::DirectMap;
  debt.put = call_;
  debt.guard = effect.failure == Failure::NonZero ? result_ : 0;
  int64_t pages = 0;
  const ValueId count = effect.pages != kNowhere ? At(effect.pages) : 0;
  if (context_.values.IsConstant(count, &pages) && pages > 0 && pages <= kMaxPages)
    debt.bytes = pages * kPageBytes;
  if (debt.page != 0 && !IsNull(debt.page)) AddDebt(debt);
}

// Pages of one array or block at places that are not known to differ: a loop that undoes the
// removals of another one does not name them alike.
bool Applier::MayBeElement(ValueId a, ValueId b) const {
  const ValueTable& values = context_.values;
  const auto is_read = [&](ValueId id) {
    const Value& value = values[id];
    return value.kind == Value::Symbol && context_.element_reads.contains(value.site);
  };
  if (is_read(a) && is_read(b)) return true;
  const auto offset_known = [&](ValueId id) {
    return values[id].kind != Value::Binary || values.IsConstant(values[id].right);
  };
  return values.Base(a) == values.Base(b) && !(offset_known(a) && offset_known(b));
}

void Applier::Restore(const Effect& effect) {
  const ValueId page = At(effect.operand);
  std::erase_if(state_.debts, [&](const Debt& debt) {
    return debt.kind == DebtKind::DirectMap &&
           (IsPartOf(context_.values, debt.page, page) || MayBeElement(debt.page, page));
  });
}

// A mapping has one address, however often it is asked for.
void Applier::NoteAddress(const Effect& effect) {
  if (result_ == 0) return;
  Handle* handle = state_.FindHandle(At(effect.operand));
  if (handle != nullptr && handle->address != 0) {
    result_ = handle->address;
    return;
  }
  if (handle != nullptr) handle->address = result_;
  LimitResult(Failure::Never);
}

void Applier::NoteTable(const Effect& effect) {
  const ValueId entry = At(effect.operand);
  if (result_ == 0 || entry == 0) return;
  LimitResult(Failure::Never);
  std::erase_if(state_.tables, [&](const Table& old) { return old.table == result_; });
  state_.tables.push_back({result_, entry});
}

// What the entry led to may still be walked through caches of the upper levels.
void Applier::ClearEntry(const Effect& effect) {
  const ValueId entry = At(effect.operand);
  for (const Table& table : state_.tables) {
    if (table.entry != entry) continue;
    Debt debt;
    debt.page = table.table;
    debt.kind = DebtKind::Table;
    debt.put = call_;
    AddDebt(debt);
  }
}

void Applier::ChangeContext(const Effect& effect) {
  constexpr uint8_t kMaxDepth = 8;
  const bool irqs = effect.text != "atomic";
  uint8_t& depth = irqs ? state_.irqs_depth : state_.atomic_depth;
  Site& since = irqs ? state_.irqs_off : state_.atomic;
  ValueId& guard = irqs ? state_.irqs_guard : state_.atomic_guard;
  if (effect.kind == EffectKind::Leave) {
    // Whoever waited for it may put now what was left for him.
    ShareHandles(state_);
    if (depth > 0) --depth;
    if (effect.text == "all-irqs-off") depth = 0;
    guard = 0;
    return;
  }
  if (depth == 0) since = call_;
  if (depth < kMaxDepth) ++depth;
  if (effect.failure == Failure::Null && result_ != 0) guard = result_;
}

void Applier::TakeReference(ValueId page) {
  if (page == 0 || IsNull(page)) return;
  Page& known = state_.PageAt(page);
  if (known.references < kMaxReferences && !Planted(Fault::ReferencesNotCounted))
    ++known.references;
}

void Applier::Release(const Effect& effect) {
  const ValueId page = At(effect.operand);
  if (page == 0 || IsNull(page)) return;
  if (effect.kind == EffectKind::Free) return Free(page, /*is_drop=*/false, /*certain=*/true);
  Page* known = state_.FindPage(page);
  if (known != nullptr && known->references > 0) {
    --known->references;
    return;
  }
  const bool last = Planted(Fault::EveryDropIsLast) ||
                    (known != nullptr && known->allocated != nullptr && !known->shared);
  Free(page, /*is_drop=*/true, last);
}

void Applier::Free(ValueId page, bool is_drop, bool certain) {
  for (const Verdict& verdict : JudgeFree({state_, context_.values, page, call_, is_drop, certain}))
    context_.sink.OnVerdict(verdict, state_, page, context_.function());
  const auto part = [&](ValueId value) { return IsPartOf(context_.values, value, page); };
  std::erase_if(state_.debts, [&](const Debt& debt) { return part(debt.page); });
  std::erase_if(state_.pages, [&](const Page& old) { return old.value == page; });
  // A later put of a mapping of it owes nothing to this page's past.
  for (Handle& handle : state_.handles)
    if (part(handle.page)) handle.page = 0;
}

// Another one owes the flush from here on, and the page is no longer ours alone.
void Applier::HandOver(ValueId page) {
  if (page == 0 || IsNull(page)) return;
  std::erase_if(state_.debts,
                [&](const Debt& debt) { return IsPartOf(context_.values, debt.page, page); });
  state_.PageAt(page).shared = true;
}

void Applier::Assert(ValueId page, bool is_flushed) {
  Verdicts verdicts = JudgeFree({state_, context_.values, page, call_});
  std::erase_if(verdicts, [&](const Verdict& verdict) {
    return (verdict.rule == Rule::FD002) == is_flushed;
  });
  for (Verdict& verdict : verdicts) verdict.is_assertion = true;
  Tell(verdicts, page);
}

// The container owes what its pages owe; they are not told apart in it. A list is given a
// member of the page's structure.
void Applier::PutInto(const Effect& effect) {
  ValueId page = At(effect.operand);
  const ValueId container = At(effect.container);
  ShareHandles(state_);
  if (page == 0 || container == 0) return;
  if (context_.values[page].kind == Value::AddressOf) {
    const Region& root = context_.values.region(context_.values.Root(context_.values[page].region));
    if (root.kind == Region::Pointee) page = root.value;
  }
  std::vector<Debt> moved;
  for (const Debt& debt : state_.debts)
    if (IsPartOf(context_.values, debt.page, page)) moved.push_back(debt);
  std::erase_if(state_.debts,
                [&](const Debt& debt) { return IsPartOf(context_.values, debt.page, page); });
  for (Debt& debt : moved) {
    debt.page = container;
    AddDebt(debt);
  }
}

// A counter may be the one member of a structure.
void Applier::ChangeNumber(const Effect& effect) {
  RegionId place = context_.values.Pointee(At(effect.at));
  clang::QualType type = context_.ast.LongTy;
  const auto* call = llvm::dyn_cast<clang::CallExpr>(call_);
  if (call != nullptr && effect.at <= static_cast<int>(call->getNumArgs())) {
    const clang::Expr* argument = call->getArg(effect.at - 1)->IgnoreParenCasts();
    if (argument->getType()->isPointerType()) type = argument->getType()->getPointeeType();
  }
  if (const clang::RecordDecl* record = type->getAsRecordDecl();
      record != nullptr && record->isCompleteDefinition() && !record->field_empty()) {
    place = context_.values.Field(place, *record->field_begin());
    type = record->field_begin()->getType();
  }
  const ValueId operand = effect.by == kNowhere ? context_.values.Constant(1) : At(effect.by);
  result_ = Modify(context_, state_, effect.op, place, type, operand, At(effect.other), call_);
}

void Applier::Apply(const Effect& effect) {
  if (!Happens(effect.when)) return;
  switch (effect.kind) {
    case EffectKind::Allocate:
      return Allocate(effect);
    case EffectKind::Map:
      return Map(effect);
    case EffectKind::Unmap:
      return Unmap(effect);
    case EffectKind::Flush:
      return Flush(effect);
    case EffectKind::Free:
    case EffectKind::Drop:
      return Release(effect);
    case EffectKind::Ref:
      return TakeReference(At(effect.operand));
    case EffectKind::Remove:
      return Remove(effect);
    case EffectKind::Restore:
      return Restore(effect);
    case EffectKind::AddressOf:
      return NoteAddress(effect);
    case EffectKind::Access:
      return Tell(JudgeAccess({state_, context_.values, At(effect.operand), call_}), 0);
    case EffectKind::Publish:
      return Tell(JudgePublish({state_, context_.values, At(effect.operand), call_}),
                  At(effect.operand));
    case EffectKind::Table:
      return NoteTable(effect);
    case EffectKind::Clear:
      return ClearEntry(effect);
    case EffectKind::Enter:
    case EffectKind::Leave:
      return ChangeContext(effect);
    case EffectKind::HandOver:
      return HandOver(At(effect.operand));
    case EffectKind::AssertFlushed:
      return Assert(At(effect.operand), /*is_flushed=*/true);
    case EffectKind::AssertUnmapped:
      return Assert(At(effect.operand), /*is_flushed=*/false);
    case EffectKind::Store:
      return PutInto(effect);
    case EffectKind::FreeAll:
      return Free(At(effect.operand), /*is_drop=*/false, /*certain=*/true);
    case EffectKind::DropAll:
      return Free(At(effect.operand), /*is_drop=*/true, /*certain=*/false);
    case EffectKind::Alias:
      result_ = At(effect.operand);
      return;
    case EffectKind::IsError:
      result_ = context_.values.Predicate(Value::IsError, At(effect.operand));
      return;
    case EffectKind::IsErrorOrNull:
      result_ = context_.values.Predicate(Value::IsErrorOrNull, At(effect.operand));
      return;
    case EffectKind::AllocateMm:
      if (result_ != 0) LimitResult(effect.failure);
      context_.new_mm_sites.insert(call_);
      return;
    case EffectKind::CurrentMm:
      result_ = context_.CurrentMm();
      return;
    case EffectKind::CurrentTask:
      result_ = context_.CurrentTask();
      context_.mm_field = effect.text;
      return;
    case EffectKind::Atomic:
      return ChangeNumber(effect);
    case EffectKind::Bit:
      result_ = ModifyBit(context_, state_, effect.text, At(effect.nr), At(effect.at), call_);
      return;
    case EffectKind::Context:
      Tell(JudgeContext({state_, effect.text, call_}), 0);
      if (effect.text == "task" && state_.irqs_depth == 0 && state_.atomic_depth == 0)
        state_.task = call_;
      return;
  }
}

}  // namespace

ValueId ApplyEffects(FunctionContext& context, State& state, const FunctionProtocol& protocol,
                     const clang::Expr* call, llvm::ArrayRef<ValueId> arguments, ValueId result) {
  Applier applier(context, state, call, arguments, result);
  const bool tells = llvm::any_of(protocol.effects, [](const Effect& effect) {
    return effect.kind != EffectKind::Atomic && effect.kind != EffectKind::Bit;
  });
  if (tells) context.AddStep(state, StepKind::Call, call);
  for (const Effect& effect : protocol.effects) applier.Apply(effect);
  return applier.result();
}

}  // namespace flushdep::plugin
