// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One disjunct: what is true on one way through a function. Contents of
// variables and memory, what branches told about values, and the typestate:
// pages that were allocated here, handles, and flushes that are owed.
//
// States are values: copied at branches, compared to find that a way was walked
// before. The trace (how the state came about) is shared and takes no part in comparisons.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_STATE_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_STATE_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "clang-plugin/engine/range.h"
#include "clang-plugin/engine/values.h"
#include "clang/AST/Expr.h"

namespace flushdep::plugin {

// A sorted vector of pairs; small, cheap to copy and to compare.
template <typename K, typename V>
class FlatMap {
 public:
  using Entry = std::pair<K, V>;
  V* Find(K key) {
    const auto at = Lower(key);
    return at != entries_.end() && at->first == key ? &at->second : nullptr;
  }
  const V* Find(K key) const { return const_cast<FlatMap*>(this)->Find(key); }
  void Set(K key, V value) {
    const auto at = Lower(key);
    if (at != entries_.end() && at->first == key)
      at->second = std::move(value);
    else
      entries_.insert(at, {key, std::move(value)});
  }
  void Erase(K key) {
    const auto at = Lower(key);
    if (at != entries_.end() && at->first == key) entries_.erase(at);
  }
  template <typename P>
  void EraseIf(P predicate) {
    std::erase_if(entries_, predicate);
  }
  // Values may be changed in place, keys not.
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  size_t size() const { return entries_.size(); }
  bool operator==(const FlatMap&) const = default;

 private:
  auto Lower(K key) {
    return std::lower_bound(entries_.begin(), entries_.end(), key,
                            [](const Entry& a, K b) { return a.first < b; });
  }
  std::vector<Entry> entries_;
};

// An expression in one activation of its function: the level is in the low bits.
using ExprKey = uintptr_t;
inline constexpr uintptr_t kLevelMask = 7;

// A call that had an effect; the calls themselves are compared, not the way there.
using Site = const clang::Expr*;

struct Page {
  ValueId value = 0;
  Site allocated = nullptr;  // null: not in this function
  uint32_t references = 0;   // taken here and not dropped
  bool shared = false;       // others may hold a reference by now
  bool operator==(const Page&) const = default;
};

struct Handle {
  ValueId value = 0;
  ValueId page = 0;  // 0: mapped elsewhere
  ValueId mm = 0;
  Site mapped = nullptr;
  Site put = nullptr;      // null: live
  ValueId guard = 0;       // if this is not 0, it was never mapped
  bool escaped = false;    // somebody may have put it, or may do so by a name that is not known
  bool shared = false;     // stored where others find it, who get a chance with the next call
  bool contained = false;  // stored in an array, whose elements are not all told apart
  ValueId address = 0;     // what it is mapped at, if that was asked for
  bool operator==(const Handle&) const = default;
};

// A page table that was found through an entry.
struct Table {
  ValueId table = 0;
  ValueId entry = 0;  // address of the entry
  bool operator==(const Table&) const = default;
};

enum class DebtKind : uint8_t { Mapping, DirectMap, Table };

// Why a flush after the put was not enough.
enum class Shortfall : uint8_t {
  None,
  LocalOnly,
  OtherMm,
  KernelRange,
  NotTables,
  UserSpace,
  ShortRange
};

struct Debt {
  ValueId page = 0;
  DebtKind kind = DebtKind::Mapping;
  Site mapped = nullptr;  // the get, if it was here
  Site put = nullptr;     // the put, or the removal from the direct map
  ValueId mm = 0;         // whose translations; 0 for the kernel's own
  ValueId guard = 0;      // if this is not 0, the removal did not happen
  int64_t bytes = 0;      // of a removal: how many must be flushed, if that is known
  Shortfall shortfall = Shortfall::None;
  Site flush = nullptr;  // the flush that fell short
  bool operator==(const Debt&) const = default;
};

enum class StepKind : uint8_t { Call, Branch, Enter, Return };

// One step of the way, newest first.
struct Step {
  StepKind kind = StepKind::Call;
  const clang::Stmt* where = nullptr;           // the call, or the condition
  bool taken = false;                           // Branch: was it true
  const clang::FunctionDecl* callee = nullptr;  // Enter
  const Step* previous = nullptr;
};

// A variable that must be destroyed when an exception leaves its scope.
struct Scope {
  const clang::VarDecl* variable = nullptr;
  uint32_t level = 0;
  bool operator==(const Scope&) const = default;
};

struct State {
  FlatMap<RegionId, ValueId> memory;
  FlatMap<ValueId, Range> ranges;
  FlatMap<ExprKey, ValueId> expressions;
  std::vector<Page> pages;
  std::vector<Handle> handles;
  std::vector<Debt> debts;
  std::vector<Scope> scopes;
  std::vector<Table> tables;
  // Where interrupts were disabled, and where the context became atomic; null: not here.
  Site irqs_off = nullptr;
  Site atomic = nullptr;
  uint8_t irqs_depth = 0;
  uint8_t atomic_depth = 0;
  // If this is null after all, the innermost of them did not begin: of a trylock.
  ValueId irqs_guard = 0;
  ValueId atomic_guard = 0;
  // A call that only a task may make: where nothing was entered since, preemption is on.
  Site task = nullptr;
  const Step* trace = nullptr;
  bool impossible = false;  // no way leads here: to be dropped

  // Everything but the trace.
  bool SameAs(const State& other) const;
  uint64_t Hash() const;

  Page* FindPage(ValueId value);
  Page& PageAt(ValueId value);
  Handle* FindHandle(ValueId value);

  // Is `value` a part of anything that is remembered?
  bool Mentions(const ValueTable& values, ValueId value) const;
  // Replaces a symbol everywhere.
  void Rename(ValueTable& values, ValueId from, ValueId to);
  // Forgets what no variable, expression or handle leads to any more.
  void DropUnreachable(const ValueTable& values);
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_STATE_H_
