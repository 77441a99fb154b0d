// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads and stores that the machine sees: each page is looked up in the machine's own page
// tables, as the CPU of the calling thread would, in both backends alike.
//
//   granted            the host's address is the answer
//   another CPU's      ACCESS, and granted: what the hardware does
//   slice, mapped
//   refused            ACCESS with TRAPPED, then OopsTrampoline(), as after a real trap
//
// Address spaces: an address above the direct map belongs to one mm. It is reached only from a CPU
// that has that mm loaded, lazily too.
//
// Cost: for the direct map one bit, for an mm's addresses one entry of its page tables.
#ifndef FLUSHDEP_RUNTIME_ACCESS_ACCESS_H_
#define FLUSHDEP_RUNTIME_ACCESS_ACCESS_H_

#include <cstdint>

#include "runtime/machine/call.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/direct_map.h"
#include "runtime/memory/page_table.h"

namespace flushdep {

// Is every access told, or only what is wrong? For strength=accessed; constant after boot.
extern constinit bool g_tells_uses;

// Of the function in which it is written: the caller's frame pointer.
#define FLUSHDEP_FRAME reinterpret_cast<uint64_t>(*static_cast<void**>(__builtin_frame_address(0)))

inline uint64_t Va(const void* addr) { return reinterpret_cast<uint64_t>(addr); }

// The access as its caller asked for it.
struct AccessRequest {
  uint64_t site;   // return address into the program
  uint64_t frame;  // the caller's frame pointer
  bool write;
  bool range;
};

inline bool InWindow(uint64_t va) {
  return va - FLUSHDEP_WINDOW_START < FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START;
}

// Bytes from `va` on, up to `size`, that one translation covers; outside of the window all.
inline uint64_t Piece(uint64_t va, uint64_t size) {
  if (!InWindow(va)) return size;
  const uint64_t left = kPageBytes - va % kPageBytes;
  return size < left ? size : left;
}

inline bool InDirectMap(uint64_t va) { return va < kMmStart; }  // of the window

// The host's address of `va`, which `pte` maps.
inline char* MappedToHost(uint64_t va, Pte pte) {
  if (GetBackend().real_mappings) return reinterpret_cast<char*>(va);
  return HostAddress(PtePfn(pte)) + va % kPageBytes;
}

inline bool Grants(Pte pte, bool write) {
  const Pte needed = kPtePresent | (write ? kPteWrite : 0);
  return (pte & needed) == needed;
}

// Is it in the slice of `cpu`, or in no slice at all? For addresses of `mm`.
inline bool IsOwn(uint64_t va, const Mm* mm, uint32_t cpu) {
  const uint64_t offset = va - MmAddress(mm->slot);
  return offset / kSliceBytes == cpu || offset >= kUserOffset;
}

// The host's address for an access that nobody has to look at closely, or null.
inline char* TranslateFast(uint64_t va, uint64_t size, bool write) {
  if (va % kPageBytes + size > kPageBytes) return nullptr;
  if (!InWindow(va)) return reinterpret_cast<char*>(va);
  if (InDirectMap(va))
    return DirectMapPresent((va - kDirectMapStart) >> kPageShift) ? reinterpret_cast<char*>(va)
                                                                  : nullptr;
  const Mm* mm = t_thread.mm;
  if (mm == nullptr || va - MmAddress(mm->slot) >= kMmBytes) return nullptr;
  const Pte pte = PteOf(va);
  return Grants(pte, write) && IsOwn(va, mm, t_thread.cpu) ? MappedToHost(va, pte) : nullptr;
}

// The same for any access of `size` bytes within one page; does not return if it is refused.
// Within an API call: for code of the machine's own too.
char* TranslatePage(uint64_t va, uint64_t size, const AccessRequest& access);

// What that does with an access that is refused. Within an API call, which ends here.
[[noreturn]] void RefusePage(uint64_t va, uint64_t size, const AccessRequest& access);

// For what was judged before: where a store goes on the host.
void StoreJudged(uint64_t va, const char* from, uint64_t size);

// Page by page; either side of a copy may be simulated. Within an API call.
void CopySimulated(uint64_t to, uint64_t from, uint64_t size, const AccessRequest& access);
void FillSimulated(uint64_t va, int byte, uint64_t size, const AccessRequest& access);
// As memmove(): either side may be simulated, and they may overlap. An API call by itself.
void MoveSimulated(uint64_t to, uint64_t from, uint64_t size, const AccessRequest& access);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_ACCESS_ACCESS_H_
