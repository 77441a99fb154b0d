// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/access/access.h"

#include <cstring>

#include "checker/report/reporter.h"
#include "runtime/access/oops.h"

namespace flushdep {
namespace {

// What the page tables say of an access to the window.
struct Walk {
  bool granted = false;
  bool foreign = false;  // granted, in the slice of a CPU that is not the caller's
  uint64_t pfn = FLUSHDEP_NO_PFN;
  char* host = nullptr;
};

const Mm* LoadedMm() {
  if (t_thread.mm != nullptr) return t_thread.mm;
  Cpu& cpu = g_machine.cpu[t_thread.cpu];
  MutexLock lock(cpu.lock);
  return cpu.loaded;
}

Walk WalkDirectMap(uint64_t va) {
  Walk walk;
  const uint64_t pfn = (va - kDirectMapStart) >> kPageShift;
  if (pfn >= g_direct_map.pfns) return walk;
  walk.pfn = pfn;
  walk.granted = DirectMapPresent(pfn);
  walk.host = reinterpret_cast<char*>(va);
  return walk;
}

Walk WalkMm(uint64_t va, bool write) {
  Walk walk;
  const Mm* mm = LoadedMm();
  if (mm == nullptr || va - MmAddress(mm->slot) >= kMmBytes) return walk;
  const Pte pte = PteOf(va);
  if (PteIsPresent(pte)) walk.pfn = PtePfn(pte);
  walk.granted = Grants(pte, write);
  walk.foreign = walk.granted && !IsOwn(va, mm, t_thread.cpu);
  if (walk.granted) walk.host = MappedToHost(va, pte);
  return walk;
}

// The one place where an access is told.
void EmitAccess(uint64_t va, uint64_t size, uint64_t pfn, uint16_t flags,
                const AccessRequest& access) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_ACCESS, {access.site, FLUSHDEP_WHY_NONE, flags});
  event.u.access.va = va;
  event.u.access.size = size;
  event.u.access.pfn = pfn;
  event.u.access.mm = MmId(LoadedMm());
  event.u.access.flags =
      FlagIf(access.write, FLUSHDEP_ACCESS_WRITE) | FlagIf(access.range, FLUSHDEP_ACCESS_RANGE);
  event.u.access.frame = access.frame;
  Emit(event);
}

[[noreturn]] void Refuse(uint64_t va, uint64_t size, uint64_t pfn, const AccessRequest& access) {
  t_trap = {va, access.site, access.write ? "store to" : "load from", ReportCount()};
  EmitAccess(va, size, pfn, FLUSHDEP_F_TRAPPED, access);
  OopsTrampoline();
}

// As Piece(), of the last bytes of [va, va + size) up to its end.
uint64_t LastPiece(uint64_t va, uint64_t size) {
  if (!InWindow(va + size - 1)) return size;
  const uint64_t most = (va + size - 1) % kPageBytes + 1;
  return size < most ? size : most;
}

}  // namespace

constinit bool g_tells_uses = false;

char* TranslatePage(uint64_t va, uint64_t size, const AccessRequest& access) {
  if (!InWindow(va)) return reinterpret_cast<char*>(va);
  const Walk walk = InDirectMap(va) ? WalkDirectMap(va) : WalkMm(va, access.write);
  if (!walk.granted) Refuse(va, size, walk.pfn, access);
  if (walk.foreign || (kHooks && g_tells_uses)) EmitAccess(va, size, walk.pfn, 0, access);
  return walk.host;
}

void RefusePage(uint64_t va, uint64_t size, const AccessRequest& access) {
  const Walk walk = InDirectMap(va) ? WalkDirectMap(va) : WalkMm(va, access.write);
  Refuse(va, size, walk.pfn, access);
}

void StoreJudged(uint64_t va, const char* from, uint64_t size) {
  while (size > 0) {
    const uint64_t piece = Piece(va, size);
    const Walk walk = InDirectMap(va) ? WalkDirectMap(va) : WalkMm(va, /*write=*/true);
    if (!walk.granted) return;
    memcpy(walk.host, from, piece);
    va += piece;
    from += piece;
    size -= piece;
  }
}

void CopySimulated(uint64_t to, uint64_t from, uint64_t size, const AccessRequest& access) {
  AccessRequest load = access, store = access;
  load.write = false;
  store.write = true;
  while (size > 0) {
    const uint64_t piece = Piece(to, Piece(from, size));
    // As a copy does: it reads before it writes.
    const char* source = TranslatePage(from, piece, load);
    memmove(TranslatePage(to, piece, store), source, piece);
    to += piece;
    from += piece;
    size -= piece;
  }
}

void FillSimulated(uint64_t va, int byte, uint64_t size, const AccessRequest& access) {
  while (size > 0) {
    const uint64_t piece = Piece(va, size);
    memset(TranslatePage(va, piece, access), byte, piece);
    va += piece;
    size -= piece;
  }
}

// From the end on, for what overlaps.
static void CopyBackwards(uint64_t to, uint64_t from, uint64_t size, const AccessRequest& load,
                          const AccessRequest& store) {
  while (size > 0) {
    // The last piece that is in one page on both sides.
    const uint64_t piece = LastPiece(to, LastPiece(from, size));
    const uint64_t start = size - piece;
    const char* source = TranslatePage(from + start, piece, load);
    memmove(TranslatePage(to + start, piece, store), source, piece);
    size = start;
  }
}

void MoveSimulated(uint64_t to, uint64_t from, uint64_t size, const AccessRequest& access) {
  AccessRequest load = access, store = access;
  load.write = false;
  store.write = true;
  Api api(FLUSHDEP_WHY_NONE, access.site);
  if (to > from && to - from < size) return CopyBackwards(to, from, size, load, store);
  CopySimulated(to, from, size, access);
}

}  // namespace flushdep
