// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// mem*(), as instrumented code calls them (library.h).
#include "runtime/access/library.h"

#include "checker/report/reporter.h"

using namespace flushdep::library;
using flushdep::AccessRequest;
using flushdep::Api;
using flushdep::InWindow;
using flushdep::Va;

void* flushdep::library::Copy(void* to, const void* from, size_t size,
                              const AccessRequest& access) {
  if (IsPlain(to, size) && IsPlain(from, size)) return memmove(to, from, size);
  MoveSimulated(Va(to), Va(from), size, access);
  return to;
}

void* flushdep::library::Fill(void* to, int byte, size_t size, AccessRequest access) {
  if (IsPlain(to, size)) return memset(to, byte, size);
  access.write = true;
  Api api(FLUSHDEP_WHY_NONE, access.site);
  FillSimulated(Va(to), byte, size, access);
  return to;
}

void flushdep::library::RequireRoom(size_t size, size_t room) {
  if (size > room) Die(4, "buffer overflow detected in a call of the C library");
}

static int Compare(const void* a, const void* b, size_t size, const AccessRequest& access) {
  if (IsPlain(a, size) && IsPlain(b, size)) return memcmp(a, b, size);
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (size_t i = 0; i < size; i++) {
    const int one = ByteAt(a, i, access), two = ByteAt(b, i, access);
    if (one != two) return one - two;
  }
  return 0;
}

FLUSHDEP_API void* __flushdep_memcpy(void* to, const void* from, size_t size) {
  return Copy(to, from, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API void* __flushdep_memmove(void* to, const void* from, size_t size) {
  return Copy(to, from, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API void* __flushdep_mempcpy(void* to, const void* from, size_t size) {
  return static_cast<char*>(Copy(to, from, size, FLUSHDEP_REQUEST)) + size;
}
FLUSHDEP_API void* __flushdep_memset(void* to, int byte, size_t size) {
  return Fill(to, byte, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API int __flushdep_memcmp(const void* a, const void* b, size_t size) {
  return Compare(a, b, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API int __flushdep_bcmp(const void* a, const void* b, size_t size) {
  return Compare(a, b, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API void* __flushdep_memchr(const void* addr, int byte, size_t size) {
  if (IsPlain(addr, size)) return const_cast<void*>(memchr(addr, byte, size));
  const char* found = nullptr;
  ForEachPiece(addr, size, FLUSHDEP_REQUEST, [&](const char* bytes, size_t count, size_t done) {
    const void* here = memchr(bytes, byte, count);
    if (here == nullptr) return false;
    found = static_cast<const char*>(addr) + done + (static_cast<const char*>(here) - bytes);
    return true;
  });
  return const_cast<char*>(found);
}
FLUSHDEP_API void* __flushdep_rawmemchr(const void* addr, int byte) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (!InWindow(Va(addr))) return rawmemchr(const_cast<void*>(addr), byte);
  Api api(FLUSHDEP_WHY_NONE, access.site);
  size_t at = 0;
  while (ByteAt(addr, at, access) != static_cast<unsigned char>(byte)) at++;
  return const_cast<char*>(static_cast<const char*>(addr) + at);
}
FLUSHDEP_API void* __flushdep_memrchr(const void* addr, int byte, size_t size) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (IsPlain(addr, size)) return const_cast<void*>(memrchr(addr, byte, size));
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (size_t at = size; at-- > 0;)
    if (ByteAt(addr, at, access) == static_cast<unsigned char>(byte))
      return const_cast<char*>(static_cast<const char*>(addr) + at);
  return nullptr;
}
FLUSHDEP_API void* __flushdep_memccpy(void* to, const void* from, int byte, size_t size) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (IsPlain(to, size) && IsPlain(from, size)) return memccpy(to, from, byte, size);
  size_t length = 0;
  bool found = false;
  {
    Api api(FLUSHDEP_WHY_NONE, access.site);
    while (!found && length < size)
      found = ByteAt(from, length++, access) == static_cast<unsigned char>(byte);
  }
  Copy(to, from, length, access);
  return found ? static_cast<char*>(to) + length : nullptr;
}

// Fortified forms.
FLUSHDEP_API void* __flushdep___memcpy_chk(void* to, const void* from, size_t size, size_t room) {
  RequireRoom(size, room);
  return Copy(to, from, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API void* __flushdep___memmove_chk(void* to, const void* from, size_t size, size_t room) {
  RequireRoom(size, room);
  return Copy(to, from, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API void* __flushdep___memset_chk(void* to, int byte, size_t size, size_t room) {
  RequireRoom(size, room);
  return Fill(to, byte, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API void* __flushdep___mempcpy_chk(void* to, const void* from, size_t size, size_t room) {
  RequireRoom(size, room);
  return static_cast<char*>(Copy(to, from, size, FLUSHDEP_REQUEST)) + size;
}
