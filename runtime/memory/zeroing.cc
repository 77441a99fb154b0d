// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/zeroing.h"

#include <unistd.h>

#include "runtime/access/access.h"
#include "runtime/machine/call.h"
#include "runtime/machine/context.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/layout.h"
#include "runtime/machine/text.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/zone.h"
#include "runtime/mermap/mermap.h"

namespace flushdep {
namespace {

constinit std::atomic<unsigned> g_policy{FLUSHDEP_ZERO_HOST};
constinit std::atomic<bool> g_said{false};

constexpr unsigned kReadWrite = FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE;

// By a store that the machine sees, in either backend.
void ZeroAt(uint64_t va, uint64_t npages, const Call& call) {
  FillSimulated(va, 0, npages * kPageBytes, {call.site, 0, true, true});
}

void ZeroByHost(uint64_t pfn, uint64_t npages) {
  GetBackend().zero(pfn, npages);
  Count(AllocCounter::kZeroHost, npages);
}

bool ZeroAtOnce(uint64_t pfn, uint64_t npages, const Call& call) {
  Mapping* mapping = MermapGet(pfn, npages * kPageBytes, kReadWrite, call);
  if (mapping == nullptr) return false;
  ZeroAt(MappingAddress(mapping), npages, call);
  MermapPut(mapping, call);
  Count(AllocCounter::kZeroMermap, npages);
  return true;
}

void ZeroPageByPage(uint64_t pfn, uint64_t npages, const Call& call) {
  PreemptDisable(call);
  for (uint64_t i = pfn; i < pfn + npages; i++) {
    Mapping* mapping = MermapGetReserved(i, kReadWrite, call);
    if (mapping == nullptr) {
      ZeroByHost(i, 1);
      continue;
    }
    ZeroAt(MappingAddress(mapping), 1, call);
    MermapPut(mapping, call);
    Count(AllocCounter::kZeroReserved);
  }
  PreemptEnable(call);
}

void ZeroThroughMermap(uint64_t pfn, uint64_t npages, const Call& caller) {
  const Call call = caller.Internal(FLUSHDEP_WHY_ZERO);
  if (!ZeroAtOnce(pfn, npages, call)) ZeroPageByPage(pfn, npages, call);
  FlushAll(call);
  // For these pages that was no accident; for others' it was.
  flushdep_event event = NewEvent(FLUSHDEP_EV_DEBT_CANCEL, call);
  event.u.page.pfn = pfn;
  event.u.page.npages = static_cast<uint32_t>(npages);
  Emit(event);
}

// The flush that is owed afterwards must be possible, too.
bool MermapUsable() { return InTask() && !InAtomic() && MermapReady(); }

}  // namespace

void SetUnmappedZero(unsigned policy) { g_policy.store(policy, std::memory_order_relaxed); }
unsigned UnmappedZero() { return g_policy.load(std::memory_order_relaxed); }

bool RefusesZero(unsigned flags) {
  constexpr unsigned kBoth = FLUSHDEP_ALLOC_ZERO | FLUSHDEP_ALLOC_UNMAPPED;
  if ((flags & kBoth) != kBoth || UnmappedZero() != FLUSHDEP_ZERO_REFUSE) return false;
  if (!g_said.exchange(true)) {
    Text text;
    text << "flushdep: an allocation asked for unmapped and zeroed pages, which exclude each other "
            "in the newest revision; it fails\n";
    if (write(STDERR_FILENO, text.view().data(), text.view().size()) < 0) return true;
  }
  return true;
}

void ZeroPages(uint64_t pfn, unsigned order, bool unmapped, const Call& call) {
  uint64_t npages = 1ull << order;
  // Through the direct map, as the kernel does: a page that its last owner took out of it and
  // never put back traps here, in the allocation that was handed it.
  if (!unmapped) return ZeroAt(DirectMapAddress(pfn), npages, call);
  if (UnmappedZero() == FLUSHDEP_ZERO_MERMAP && MermapUsable())
    return ZeroThroughMermap(pfn, npages, call);
  ZeroByHost(pfn, npages);
}

}  // namespace flushdep
