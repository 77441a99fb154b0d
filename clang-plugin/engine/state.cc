// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/state.h"

#include "clang-plugin/engine/fault.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/Hashing.h"

namespace flushdep::plugin {
namespace {

// The symbols inside values, transitively.
class Marks {
 public:
  explicit Marks(const ValueTable& values) : values_(values) {}

  bool Add(ValueId value) {
    if (value == 0 || !marked_.insert(value).second) return false;
    const Value& node = values_[value];
    Add(node.left);
    Add(node.right);
    if (node.kind == Value::AddressOf) AddRegion(node.region);
    return true;
  }
  void AddRegion(RegionId region) {
    for (; region != 0; region = values_.region(region).parent) Add(values_.region(region).value);
  }
  bool Has(ValueId value) const { return marked_.contains(value); }

  // Is a composite value still of use: are all its symbols?
  bool HasAllOf(ValueId value) const {
    if (value == 0 || Has(value)) return true;
    const Value& node = values_[value];
    switch (node.kind) {
      case Value::Constant:
      case Value::Function:
        return true;
      case Value::Symbol:
        return node.permanent;
      case Value::AddressOf:
        return RegionAlive(node.region);
      default:
        return HasAllOf(node.left) && HasAllOf(node.right);
    }
  }
  bool RegionAlive(RegionId region) const {
    for (; region != 0; region = values_.region(region).parent)
      if (!HasAllOf(values_.region(region).value)) return false;
    return true;
  }

 private:
  const ValueTable& values_;
  llvm::DenseSet<ValueId> marked_;
};

}  // namespace

bool State::SameAs(const State& other) const {
  return memory == other.memory && expressions == other.expressions && pages == other.pages &&
         handles == other.handles &&
         (debts == other.debts || Planted(Fault::DebtsDoNotTellApart)) &&
         (ranges == other.ranges || Planted(Fault::RangesDoNotTellApart)) &&
         scopes == other.scopes && tables == other.tables && irqs_depth == other.irqs_depth &&
         atomic_depth == other.atomic_depth && irqs_guard == other.irqs_guard &&
         atomic_guard == other.atomic_guard && task == other.task;
}

uint64_t State::Hash() const {
  llvm::hash_code hash(0);
  if (Planted(Fault::DebtsDoNotTellApart) || Planted(Fault::RangesDoNotTellApart)) return 0;
  for (const auto& [region, value] : memory) hash = llvm::hash_combine(hash, region, value);
  for (const auto& [expr, value] : expressions) hash = llvm::hash_combine(hash, expr, value);
  for (const auto& [value, range] : ranges)
    hash = llvm::hash_combine(hash, value, range.low, range.high);
  for (const Page& page : pages) hash = llvm::hash_combine(hash, page.value, page.references);
  for (const Handle& handle : handles) hash = llvm::hash_combine(hash, handle.value, handle.put);
  for (const Debt& debt : debts)
    hash = llvm::hash_combine(hash, debt.page, debt.put, debt.flush, debt.guard);
  return hash;
}

Page* State::FindPage(ValueId value) {
  for (Page& page : pages)
    if (page.value == value) return &page;
  return nullptr;
}

Page& State::PageAt(ValueId value) {
  if (Page* page = FindPage(value)) return *page;
  Page page;
  page.value = value;
  const auto at = std::lower_bound(pages.begin(), pages.end(), value,
                                   [](const Page& a, ValueId b) { return a.value < b; });
  return *pages.insert(at, page);
}

Handle* State::FindHandle(ValueId value) {
  for (Handle& handle : handles)
    if (handle.value == value) return &handle;
  return nullptr;
}

bool State::Mentions(const ValueTable& values, ValueId value) const {
  if (value == irqs_guard || value == atomic_guard) return true;
  for (const auto& [region, content] : memory)
    if (values.Contains(content, value) || values.RegionContains(region, value)) return true;
  for (const auto& [expr, content] : expressions)
    if (values.Contains(content, value)) return true;
  for (const auto& [key, range] : ranges)
    if (values.Contains(key, value)) return true;
  for (const Page& page : pages)
    if (values.Contains(page.value, value)) return true;
  for (const Handle& handle : handles)
    if (handle.value == value || handle.guard == value || values.Contains(handle.mm, value) ||
        values.Contains(handle.page, value) ||
        (handle.address != 0 && values.Contains(handle.address, value)))
      return true;
  for (const Table& table : tables)
    if (values.Contains(table.table, value) || values.Contains(table.entry, value)) return true;
  for (const Debt& debt : debts)
    if (values.Contains(debt.page, value) || debt.guard == value || debt.mm == value) return true;
  return false;
}

void State::Rename(ValueTable& values, ValueId from, ValueId to) {
  FlatMap<RegionId, ValueId> new_memory;
  for (const auto& [region, content] : memory)
    new_memory.Set(values.ReplaceInRegion(region, from, to), values.Replace(content, from, to));
  memory = std::move(new_memory);
  FlatMap<ExprKey, ValueId> new_expressions;
  for (const auto& [expr, content] : expressions)
    new_expressions.Set(expr, values.Replace(content, from, to));
  expressions = std::move(new_expressions);
  FlatMap<ValueId, Range> new_ranges;
  for (const auto& [key, range] : ranges) new_ranges.Set(values.Replace(key, from, to), range);
  ranges = std::move(new_ranges);
  for (Page& page : pages) page.value = values.Replace(page.value, from, to);
  std::sort(pages.begin(), pages.end(),
            [](const Page& a, const Page& b) { return a.value < b.value; });
  for (Handle& handle : handles) {
    handle.value = values.Replace(handle.value, from, to);
    handle.page = values.Replace(handle.page, from, to);
    handle.mm = values.Replace(handle.mm, from, to);
    handle.guard = values.Replace(handle.guard, from, to);
    handle.address = values.Replace(handle.address, from, to);
  }
  if (irqs_guard == from) irqs_guard = to;
  if (atomic_guard == from) atomic_guard = to;
  for (Table& table : tables) {
    table.table = values.Replace(table.table, from, to);
    table.entry = values.Replace(table.entry, from, to);
  }
  for (Debt& debt : debts) {
    debt.page = values.Replace(debt.page, from, to);
    debt.mm = values.Replace(debt.mm, from, to);
    debt.guard = values.Replace(debt.guard, from, to);
  }
}

void State::DropUnreachable(const ValueTable& values) {
  Marks marks(values);
  for (const auto& [expr, content] : expressions) marks.Add(content);
  if (irqs_guard != 0) marks.Add(irqs_guard);
  if (atomic_guard != 0) marks.Add(atomic_guard);
  // Pointees hang on their pointers, which may be found only in other pointees.
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [region, content] : memory)
      if (marks.RegionAlive(region)) changed |= marks.Add(content);
    for (const Handle& handle : handles)
      if (marks.HasAllOf(handle.value)) changed |= marks.Add(handle.page);
  }
  // An element is still there when its index is not known any more.
  for (const auto& [region, content] : std::as_const(memory))
    if (!marks.RegionAlive(region) && marks.RegionAlive(values.Root(region)))
      if (Handle* handle = FindHandle(content)) handle->escaped = true;
  memory.EraseIf([&](const auto& entry) { return !marks.RegionAlive(entry.first); });
  std::erase_if(pages, [&](const Page& page) { return !marks.HasAllOf(page.value); });
  std::erase_if(debts, [&](const Debt& debt) { return !marks.HasAllOf(debt.page); });
  std::erase_if(handles, [&](const Handle& handle) {
    // A mapping that nobody can put any more is a finding yet to come.
    const bool live = handle.put == nullptr && handle.mapped != nullptr && !handle.escaped &&
                      !handle.shared && !handle.contained;
    return !live && !marks.HasAllOf(handle.value) &&
           (handle.page == 0 || !marks.HasAllOf(handle.page)) &&
           (handle.address == 0 || !marks.HasAllOf(handle.address));
  });
  std::erase_if(tables, [&](const Table& table) {
    return !marks.HasAllOf(table.table) || !marks.HasAllOf(table.entry);
  });
  // What nobody can look at any more is taken to have succeeded.
  for (Debt& debt : debts)
    if (!marks.HasAllOf(debt.guard)) debt.guard = 0;
  for (Handle& handle : handles)
    if (!marks.HasAllOf(handle.guard)) handle.guard = 0;
  ranges.EraseIf([&](const auto& entry) { return !marks.HasAllOf(entry.first); });
}

}  // namespace flushdep::plugin
