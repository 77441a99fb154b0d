// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/debt_text.h"

#include "checker/event/events.h"

namespace flushdep {

void AddCpus(const CpuSet& cpus, FixedText<320>* text) {
  text->Add(cpus.Count() == 1 ? "CPU " : "CPUs ");
  bool first = true;
  for (uint32_t cpu = 0; cpu < kMaxCpus; ++cpu) {
    if (!cpus.Has(cpu)) continue;
    uint32_t last = cpu;
    while (last + 1 < kMaxCpus && cpus.Has(last + 1)) ++last;
    if (!first) text->Add(",");
    first = false;
    text->Number(cpu);
    if (last > cpu) text->Add(last == cpu + 1 ? "," : "-").Number(last);
    cpu = last;
  }
}

std::string_view Doing(Change change) {
  switch (change) {
    case Change::Free:
      return "free a page";
    case Change::Transfer:
      return "hand a page to a new owner";
    case Change::Publish:
      return "make a page visible that is to be out of the direct map";
    case Change::Assert:
      return "claim, by an annotation, that a page is flushed";
  }
  return "";
}

std::string_view What(Change change) {
  switch (change) {
    case Change::Free:
      return " freed";
    case Change::Transfer:
      return " changes owner";
    case Change::Publish:
      return " made visible";
    case Change::Assert:
      return " claimed to be flushed";
  }
  return "";
}

namespace {

// What entry the translation was, and how it ended. One that stands for several addresses is taken
// for the least special.
enum class Entry : uint8_t { DirectMap, Mermap, Table, Permission, Other };

bool IsDirectMap(State& state, const StaleTranslation& stale) {
  if (stale.va == kManyAddresses) return stale.space == kKernelSpace;
  return state.RegionTypeAt(stale.va) == FLUSHDEP_REGION_DIRECT_MAP;
}

bool IsMermap(State& state, const StaleTranslation& stale) {
  return stale.va != kManyAddresses && state.IsMermap(stale.va);
}

Entry EntryOf(State& state, const StaleTranslation& stale) {
  if ((stale.kind & kLostPermission) != 0) return Entry::Permission;
  if ((stale.kind & kTableEntry) != 0) return Entry::Table;
  if (IsDirectMap(state, stale)) return Entry::DirectMap;
  return IsMermap(state, stale) ? Entry::Mermap : Entry::Other;
}

std::string_view PutHeading(Entry entry) {
  switch (entry) {
    case Entry::DirectMap:
      return "taken out of the direct map, from here on a flush is owed,";
    case Entry::Mermap:
      return "put (mermap_put), from here on a flush is owed,";
    case Entry::Table:
      return "unlinked, from here on a flush is owed,";
    case Entry::Permission:
      return "permission taken away, from here on a flush is owed,";
    case Entry::Other:
      break;
  }
  return "PTE cleared, from here on a flush is owed,";
}

std::string_view MapHeading(const Moment& map) {
  switch (map.reason) {
    case FLUSHDEP_WHY_MERMAP_GET:
      return "mapped (mermap_get)";
    case FLUSHDEP_WHY_MERMAP_GET_RESERVED:
      return "mapped (mermap_get_reserved)";
    default:
      return "mapped";
  }
}

}  // namespace

std::string_view HowEnded(State& state, const StaleTranslation& stale) {
  switch (EntryOf(state, stale)) {
    case Entry::DirectMap:
      return "it was taken out of the direct map";
    case Entry::Mermap:
      return "its mapping was put (mermap_put)";
    case Entry::Table:
      return "it was unlinked from page tables";
    case Entry::Permission:
      return "a permission was taken away";
    case Entry::Other:
      return "its PTE was cleared";
  }
  return "";
}

std::string_view EndingCall(State& state, const StaleTranslation& stale) {
  switch (EntryOf(state, stale)) {
    case Entry::DirectMap:
      return "take it out of the direct map";
    case Entry::Mermap:
      return "mermap_put()";
    case Entry::Table:
      return "unlink it from page tables";
    case Entry::Permission:
      return "reduce its permissions";
    case Entry::Other:
      return "clear its PTE";
  }
  return "";
}

void AddPlace(State& state, const StaleTranslation& stale, uint32_t mm, FixedText<320>* text) {
  if (stale.va != kManyAddresses)
    text->Add(IsMermap(state, stale) ? " at mermap address " : " at ").Address(stale.va);
  if (mm != 0)
    text->Add(" in mm ").Number(mm);
  else
    text->Add(IsDirectMap(state, stale) ? " in the direct map" : " in the kernel's addresses");
}

void DescribeDebt(State& state, const OwnerChange& change, Verdict* verdict) {
  const Debt& debt = change.debt;
  verdict->doing = Doing(change.change);
  verdict->pfn = debt.pfn;
  verdict->mm = debt.mm;
  if (debt.stale.va != kManyAddresses) verdict->va = debt.stale.va;
  verdict->remedy = FlushRemedy(state, change, debt.stale);
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(debt.pfn).Add(What(change.change)).Add(" while ");
  AddCpus(debt.holders, &text);
  text.Add(" may still reach it");
  AddPlace(state, debt.stale, debt.mm, &text);
  if (debt.pages > 1) text.Add(" (and ").Number(debt.pages - 1).Add(" more pages)");
  if (change.unflushable)
    verdict->note.Add("no flush could run at this place:").Add(AtomicPlace(change.context));
}

void ShowDebt(State& state, uint64_t pfn, const StaleTranslation& stale, Verdict* verdict) {
  const bool direct_map = IsDirectMap(state, stale);
  verdict->Show(Role::Put, PutHeading(EntryOf(state, stale)),
                direct_map ? state.UnmapOf(pfn) : state.PutOf(pfn, stale.va));
  if (!direct_map) {
    const Moment map = state.MapOf(pfn, stale.va);
    verdict->Show(Role::Map, MapHeading(map), map);
  }
  verdict->Show(Role::Handover, "the duty to flush was handed over", state.HandoverOf(pfn));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(pfn));
}

std::string_view OwnReason(const Moment& flush) {
  switch (flush.reason) {
    case FLUSHDEP_WHY_MERMAP_WRAP:
      return "flushed by the mermap, which began its addresses anew,";
    case FLUSHDEP_WHY_BLOCK_UNMAP:
    case FLUSHDEP_WHY_BLOCK_MAP:
    case FLUSHDEP_WHY_ALLOC:
      return "flushed by the allocator, for other pages,";
    case FLUSHDEP_WHY_SPLIT:
      return "flushed since a large entry was split,";
    case FLUSHDEP_WHY_ZERO:
      return "flushed by the allocator's zeroing";
    default:
      return "flushed by the machine for its own reasons";
  }
}

std::string_view AtomicPlace(uint32_t context) {
  switch (context) {
    case FLUSHDEP_CTX_NMI:
      return " in NMI";
    case FLUSHDEP_CTX_HARDIRQ:
      return " in hardirq";
    case FLUSHDEP_CTX_SOFTIRQ:
      return " in softirq";
    default:
      return " with interrupts off";
  }
}

std::string_view AtomicRemedy(uint32_t context) {
  if (context == FLUSHDEP_CTX_IRQS_OFF)
    return "flush before interrupts are disabled, or free the page after they are on again";
  return Info(Rule::FD007).remedy;
}

std::string_view FlushRemedy(State& state, const OwnerChange& change,
                             const StaleTranslation& stale) {
  if (change.change == Change::Free && change.unflushable) return AtomicRemedy(change.context);
  if (stale.space != kKernelSpace || change.change == Change::Publish) return {};
  if (EntryOf(state, stale) != Entry::DirectMap)
    return "flush_tlb_kernel_range() before the page is given away";
  return "put the page back (set_direct_map_default_noflush) before it is given away; a flush "
         "alone "
         "would leave it out of the direct map for its next owner";
}

void NoteTrap(const Access& access, Verdict* verdict) {
  if (access.by_hardware)
    verdict->note.Add("found by a trap: the code that the trace begins with is not instrumented");
}

void AddAccess(const Access& access, FixedText<320>* text) {
  text->Add(access.write ? "store" : "load");
  if (access.size != 0)
    text->Add(" of ").Number(access.size).Add(access.size == 1 ? " byte" : " bytes");
  text->Add(access.write ? " to " : " from ").Address(access.va);
}

}  // namespace flushdep
