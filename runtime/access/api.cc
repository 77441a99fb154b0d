// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep.h: accesses. What is granted at a glance is done without more ado; anything else is
// an API call like others (a fork waits for it, a thread gets its CPU).
#include <cstring>

#include "checker/report/reporter.h"
#include "runtime/access/access.h"

using flushdep::AccessRequest;
using flushdep::Api;
using flushdep::Va;

namespace {

// 1, 2, 4 or 8: bits of a mask, as this is on the fast path.
bool ValidSize(size_t size) { return size <= 8 && (0x116u >> size & 1) != 0; }

void RequireSize(size_t size, const char* message) {
  if (!ValidSize(size)) flushdep::Die(2, message);
}

// Constant sizes, so that each is one instruction.
uint64_t Load(const char* from, size_t size) {
  uint64_t value = 0;
  switch (size) {
    case 1:
      memcpy(&value, from, 1);
      break;
    case 2:
      memcpy(&value, from, 2);
      break;
    case 4:
      memcpy(&value, from, 4);
      break;
    default:
      memcpy(&value, from, 8);
      break;
  }
  return value;
}

void Store(char* to, uint64_t value, size_t size) {
  switch (size) {
    case 1:
      memcpy(to, &value, 1);
      break;
    case 2:
      memcpy(to, &value, 2);
      break;
    case 4:
      memcpy(to, &value, 4);
      break;
    default:
      memcpy(to, &value, 8);
      break;
  }
}

void Copy(const void* to, const void* from, size_t size, const AccessRequest& access) {
  Api api(FLUSHDEP_WHY_NONE, access.site);
  flushdep::CopySimulated(Va(to), Va(from), size, access);
}

__attribute__((noinline)) uint64_t LoadSlow(const void* addr, size_t size,
                                            const AccessRequest& access) {
  RequireSize(size, "flushdep_load() takes sizes of 1, 2, 4 and 8 bytes");
  uint64_t value = 0;
  Copy(&value, addr, size, access);
  return value;
}

__attribute__((noinline)) void StoreSlow(void* addr, uint64_t value, size_t size,
                                         const AccessRequest& access) {
  RequireSize(size, "flushdep_store() takes sizes of 1, 2, 4 and 8 bytes");
  Copy(addr, &value, size, access);
}

// Judges all pages; null if they do not follow each other on the host.
void* Translate(uint64_t va, uint64_t size, const AccessRequest& access) {
  Api api(FLUSHDEP_WHY_NONE, access.site);
  char* first = nullptr;
  bool adjacent = true;
  for (uint64_t done = 0; done < size;) {
    uint64_t piece = flushdep::kPageBytes - (va + done) % flushdep::kPageBytes;
    if (piece > size - done) piece = size - done;
    char* host = flushdep::TranslatePage(va + done, piece, access);
    if (done == 0) first = host;
    adjacent = adjacent && host == first + done;
    done += piece;
  }
  return adjacent ? first : nullptr;
}

// At once, if nobody wants to be told of uses (strength=accessed).
inline char* Translated(uint64_t va, size_t size, bool write) {
  return flushdep::g_tells_uses ? nullptr : flushdep::TranslateFast(va, size, write);
}

}  // namespace

FLUSHDEP_API uint64_t flushdep_load(const void* addr, size_t size) {
  const char* host = Translated(Va(addr), size, false);
  if (__builtin_expect(host != nullptr && ValidSize(size), 1)) return Load(host, size);
  return LoadSlow(addr, size, {FLUSHDEP_SITE, FLUSHDEP_FRAME, false, false});
}

FLUSHDEP_API void flushdep_store(void* addr, uint64_t value, size_t size) {
  char* host = Translated(Va(addr), size, true);
  if (__builtin_expect(host != nullptr && ValidSize(size), 1)) return Store(host, value, size);
  StoreSlow(addr, value, size, {FLUSHDEP_SITE, FLUSHDEP_FRAME, true, false});
}

FLUSHDEP_API void flushdep_copy_from(void* dst, const void* sim, size_t size) {
  Copy(dst, sim, size, {FLUSHDEP_SITE, FLUSHDEP_FRAME, false, true});
}

FLUSHDEP_API void flushdep_copy_to(void* sim, const void* src, size_t size) {
  Copy(sim, src, size, {FLUSHDEP_SITE, FLUSHDEP_FRAME, true, true});
}

FLUSHDEP_API void flushdep_fill(void* sim, int byte, size_t size) {
  const AccessRequest access = {FLUSHDEP_SITE, FLUSHDEP_FRAME, true, true};
  Api api(FLUSHDEP_WHY_NONE, access.site);
  flushdep::FillSimulated(Va(sim), byte, size, access);
}

FLUSHDEP_API void* flushdep_translate(const void* addr, size_t size, unsigned access) {
  const bool write = (access & FLUSHDEP_MAP_WRITE) != 0;
  if (char* host = Translated(Va(addr), size, write)) return host;
  return Translate(Va(addr), size, {FLUSHDEP_SITE, FLUSHDEP_FRAME, write, size > 8});
}
