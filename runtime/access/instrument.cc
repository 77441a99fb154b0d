// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What instrumented code calls (clang-plugin/pass/instrument_pass.h) where an address may be of the
// window: the access is judged as flushdep_load() and the like are, and the answer is where the
// host has its bytes. In both backends alike.
#include <cstring>

#include "checker/report/reporter.h"
#include "runtime/access/access.h"

using flushdep::AccessRequest;
using flushdep::Api;
using flushdep::Va;

#define FLUSHDEP_REQUEST(write) \
  AccessRequest { FLUSHDEP_SITE, FLUSHDEP_FRAME, write, false }

namespace {

// Where pages do not follow each other on the host, an access over two of them is made here. What
// lies in two pages is not aligned to its size, but perhaps to half of it.
constexpr uint64_t kLargestAccess = 256;
alignas(kLargestAccess / 2) constinit thread_local char t_both_pages[kLargestAccess]
    __attribute__((tls_model("initial-exec"))) = {};

bool FitsPage(uint64_t va, uint64_t size) {
  return va % flushdep::kPageBytes + size <= flushdep::kPageBytes;
}

// Each page of the access, judged.
void Judge(uint64_t va, uint64_t size, const AccessRequest& access) {
  while (size > 0) {
    const uint64_t piece = flushdep::Piece(va, size);
    flushdep::TranslatePage(va, piece, access);
    va += piece;
    size -= piece;
  }
}

char* OverPages(uint64_t va, uint64_t size, const AccessRequest& access) {
  Judge(va, size, access);
  if (flushdep::GetBackend().real_mappings || !flushdep::InWindow(va))
    return reinterpret_cast<char*>(va);
  if (size > kLargestAccess) flushdep::Die(4, "an access of more than 256 bytes over two pages");
  AccessRequest load = access;
  load.write = false;
  flushdep::CopySimulated(Va(t_both_pages), va, size, load);
  return t_both_pages;
}

__attribute__((noinline)) char* HostSlow(uint64_t va, uint64_t size, const AccessRequest& access) {
  // A base in the window does not make each of its addresses one.
  if (!flushdep::InWindow(va)) return reinterpret_cast<char*>(va);
  Api api(FLUSHDEP_WHY_NONE, access.site);
  return FitsPage(va, size) ? flushdep::TranslatePage(va, size, access)
                            : OverPages(va, size, access);
}

inline void* Host(const void* addr, uint64_t size, const AccessRequest& access) {
  char* host =
      flushdep::g_tells_uses ? nullptr : flushdep::TranslateFast(Va(addr), size, access.write);
  return host != nullptr ? host : HostSlow(Va(addr), size, access);
}

// Lane `lane` of an access: in a row, or where the program's pointers say.
uint64_t PlaceOf(const void* places, uint64_t lane, uint64_t size, bool spread) {
  if (!spread) return Va(places) + lane * size;
  uint64_t place;
  memcpy(&place, static_cast<const char*>(places) + lane * sizeof(place), sizeof(place));
  return place;
}

}  // namespace

// For check_entry.cc: where the first look was not enough, and where it was.
extern "C" char* flushdep_check_slow(uint64_t va, uint64_t access, uint64_t site, uint64_t frame) {
  return HostSlow(va, access >> 1, {site, frame, (access & 1) != 0, false});
}

extern "C" [[noreturn]] void flushdep_check_refused(uint64_t va, uint64_t access, uint64_t site,
                                                    uint64_t frame) {
  Api api(FLUSHDEP_WHY_NONE, site);
  flushdep::RefusePage(va, access >> 1, {site, frame, (access & 1) != 0, false});
}

FLUSHDEP_API void __flushdep_stored(void* addr, const void* host, uint64_t size) {
  if (host != t_both_pages) return;
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::StoreJudged(Va(addr), t_both_pages, size);
}

// What memmove() and memset() do, where some of it is of the window.
FLUSHDEP_API void* __flushdep_move(void* to, const void* from, uint64_t size) {
  flushdep::MoveSimulated(Va(to), Va(from), size,
                          {FLUSHDEP_SITE, FLUSHDEP_FRAME, /*write=*/false, /*range=*/true});
  return to;
}

FLUSHDEP_API void* __flushdep_set(void* to, int byte, uint64_t size) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::FillSimulated(Va(to), byte, size,
                          {FLUSHDEP_SITE, FLUSHDEP_FRAME, /*write=*/true, /*range=*/true});
  return to;
}

FLUSHDEP_API void __flushdep_load_lanes(void* lanes, const void* places, uint64_t bits,
                                        uint64_t size, uint64_t spread) {
  const AccessRequest access = FLUSHDEP_REQUEST(false);
  for (uint64_t lane = 0; bits >> lane != 0; lane++) {
    if ((bits >> lane & 1) == 0) continue;
    const uint64_t va = PlaceOf(places, lane, size, spread != 0);
    memcpy(static_cast<char*>(lanes) + lane * size,
           Host(reinterpret_cast<const void*>(va), size, access), size);
    if (lane == 63) break;
  }
}

FLUSHDEP_API void __flushdep_store_lanes(const void* lanes, void* places, uint64_t bits,
                                         uint64_t size, uint64_t spread) {
  const AccessRequest access = FLUSHDEP_REQUEST(true);
  for (uint64_t lane = 0; bits >> lane != 0; lane++) {
    if ((bits >> lane & 1) == 0) continue;
    const uint64_t va = PlaceOf(places, lane, size, spread != 0);
    void* host = Host(reinterpret_cast<const void*>(va), size, access);
    memcpy(host, static_cast<const char*>(lanes) + lane * size, size);
    if (host == t_both_pages) {
      Api api(FLUSHDEP_WHY_NONE, access.site);
      flushdep::StoreJudged(va, t_both_pages, size);
    }
    if (lane == 63) break;
  }
}
