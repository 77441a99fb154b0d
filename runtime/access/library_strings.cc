// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// str*(), as instrumented code calls them (library.h).
#include <strings.h>

#include <cctype>
#include <cstdlib>

#include "runtime/access/library.h"

using namespace flushdep::library;
using flushdep::AccessRequest;
using flushdep::Api;
using flushdep::InWindow;
using flushdep::Va;

size_t flushdep::library::Length(const char* text, size_t most, const AccessRequest& access) {
  if (!InWindow(Va(text))) return strnlen(text, most);
  size_t length = most;
  ForEachPiece(text, most, access, [&](const char* bytes, size_t count, size_t done) {
    const size_t here = strnlen(bytes, count);
    if (here == count) return false;
    length = done + here;
    return true;
  });
  return length;
}

namespace {

int Same(int byte) { return byte; }

// As strncmp() does it, of bytes that `as` gave.
int Compare(const char* a, const char* b, size_t most, int (*as)(int),
            const AccessRequest& access) {
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (size_t i = 0; i < most; i++) {
    const int one = as(ByteAt(a, i, access)), two = as(ByteAt(b, i, access));
    if (one != two) return one - two;
    if (one == 0) return 0;
  }
  return 0;
}

// As strncpy() does: zeros up to the size.
char* CopyPadded(char* to, const char* from, size_t size, const AccessRequest& access) {
  const size_t length = Length(from, size, access);
  Copy(to, from, length, access);
  Fill(to + length, 0, size - length, access);
  return to;
}

// Behind what `to` holds: up to `most` bytes and a zero.
char* Append(char* to, const char* from, size_t most, const AccessRequest& access) {
  char* end = to + Length(to, kEndless, access);
  const size_t length = Length(from, most, access);
  Copy(end, from, length, access);
  Fill(end + length, 0, 1, access);
  return to;
}

// How far `text` goes with bytes of the set, or without any.
size_t Span(const char* text, const char* set, bool in, const AccessRequest& access) {
  Api api(FLUSHDEP_WHY_NONE, access.site);
  bool has[256] = {};
  for (size_t i = 0;; i++) {
    const unsigned char byte = ByteAt(set, i, access);
    if (byte == 0) break;
    has[byte] = true;
  }
  size_t length = 0;
  for (;; length++) {
    const unsigned char byte = ByteAt(text, length, access);
    if (byte == 0 || has[byte] != in) return length;
  }
}

// Does `text` begin with `word`?
bool Begins(const char* text, const char* word, const AccessRequest& access) {
  for (size_t i = 0;; i++) {
    const unsigned char byte = ByteAt(word, i, access);
    if (byte == 0) return true;
    if (ByteAt(text, i, access) != byte) return false;
  }
}

}  // namespace

FLUSHDEP_API size_t __flushdep_strlen(const char* text) {
  return InWindow(Va(text)) ? Length(text, kEndless, FLUSHDEP_REQUEST) : strlen(text);
}
FLUSHDEP_API size_t __flushdep_strnlen(const char* text, size_t most) {
  return Length(text, most, FLUSHDEP_REQUEST);
}
FLUSHDEP_API char* __flushdep_strcpy(char* to, const char* from) {
  if (!Either(to, from)) return strcpy(to, from);
  const AccessRequest access = FLUSHDEP_REQUEST;
  Copy(to, from, Length(from, kEndless, access) + 1, access);
  return to;
}
FLUSHDEP_API char* __flushdep_stpcpy(char* to, const char* from) {
  if (!Either(to, from)) return stpcpy(to, from);
  const AccessRequest access = FLUSHDEP_REQUEST;
  const size_t length = Length(from, kEndless, access);
  Copy(to, from, length + 1, access);
  return to + length;
}
FLUSHDEP_API char* __flushdep_strncpy(char* to, const char* from, size_t size) {
  if (!Either(to, from)) return strncpy(to, from, size);
  return CopyPadded(to, from, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API char* __flushdep_stpncpy(char* to, const char* from, size_t size) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (!Either(to, from)) return stpncpy(to, from, size);
  const size_t length = Length(from, size, access);
  return CopyPadded(to, from, size, access) + length;
}
FLUSHDEP_API char* __flushdep_strcat(char* to, const char* from) {
  if (!Either(to, from)) return strcat(to, from);
  return Append(to, from, kEndless, FLUSHDEP_REQUEST);
}
FLUSHDEP_API char* __flushdep_strncat(char* to, const char* from, size_t most) {
  if (!Either(to, from)) return strncat(to, from, most);
  return Append(to, from, most, FLUSHDEP_REQUEST);
}
FLUSHDEP_API int __flushdep_strcmp(const char* a, const char* b) {
  return Either(a, b) ? Compare(a, b, kEndless, Same, FLUSHDEP_REQUEST) : strcmp(a, b);
}
FLUSHDEP_API int __flushdep_strncmp(const char* a, const char* b, size_t size) {
  return Either(a, b) ? Compare(a, b, size, Same, FLUSHDEP_REQUEST) : strncmp(a, b, size);
}
FLUSHDEP_API int __flushdep_strcasecmp(const char* a, const char* b) {
  return Either(a, b) ? Compare(a, b, kEndless, tolower, FLUSHDEP_REQUEST) : strcasecmp(a, b);
}
FLUSHDEP_API int __flushdep_strncasecmp(const char* a, const char* b, size_t size) {
  return Either(a, b) ? Compare(a, b, size, tolower, FLUSHDEP_REQUEST) : strncasecmp(a, b, size);
}
FLUSHDEP_API char* __flushdep_strchr(const char* text, int byte) {
  if (!InWindow(Va(text))) return const_cast<char*>(strchr(text, byte));
  const AccessRequest access = FLUSHDEP_REQUEST;
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (size_t i = 0;; i++) {
    const unsigned char here = ByteAt(text, i, access);
    if (here == static_cast<unsigned char>(byte)) return const_cast<char*>(text) + i;
    if (here == 0) return nullptr;
  }
}
FLUSHDEP_API char* __flushdep_strchrnul(const char* text, int byte) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (!InWindow(Va(text))) return strchrnul(const_cast<char*>(text), byte);
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (;; text++) {
    const unsigned char here = ByteAt(text, 0, access);
    if (here == 0 || here == static_cast<unsigned char>(byte)) return const_cast<char*>(text);
  }
}
FLUSHDEP_API char* __flushdep_strrchr(const char* text, int byte) {
  if (!InWindow(Va(text))) return const_cast<char*>(strrchr(text, byte));
  const AccessRequest access = FLUSHDEP_REQUEST;
  Api api(FLUSHDEP_WHY_NONE, access.site);
  const char* found = nullptr;
  for (size_t i = 0;; i++) {
    const unsigned char here = ByteAt(text, i, access);
    if (here == static_cast<unsigned char>(byte)) found = text + i;
    if (here == 0) return const_cast<char*>(found);
  }
}
FLUSHDEP_API size_t __flushdep_strspn(const char* text, const char* set) {
  return Either(text, set) ? Span(text, set, true, FLUSHDEP_REQUEST) : strspn(text, set);
}
FLUSHDEP_API size_t __flushdep_strcspn(const char* text, const char* set) {
  return Either(text, set) ? Span(text, set, false, FLUSHDEP_REQUEST) : strcspn(text, set);
}
FLUSHDEP_API char* __flushdep_strpbrk(const char* text, const char* set) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (!Either(text, set)) return const_cast<char*>(strpbrk(text, set));
  const size_t at = Span(text, set, false, access);
  return ByteAt(text, at, access) != 0 ? const_cast<char*>(text) + at : nullptr;
}
FLUSHDEP_API char* __flushdep_strstr(const char* text, const char* word) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (!Either(text, word)) return const_cast<char*>(strstr(text, word));
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (;; text++) {
    if (Begins(text, word, access)) return const_cast<char*>(text);
    if (ByteAt(text, 0, access) == 0) return nullptr;
  }
}
FLUSHDEP_API char* __flushdep_strdup(const char* text) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (!InWindow(Va(text))) return strdup(text);
  const size_t size = Length(text, kEndless, access) + 1;
  auto* copy = static_cast<char*>(malloc(size));
  if (copy != nullptr) Copy(copy, text, size, access);
  return copy;
}
FLUSHDEP_API char* __flushdep_strndup(const char* text, size_t most) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  if (!InWindow(Va(text))) return strndup(text, most);
  const size_t length = Length(text, most, access);
  auto* copy = static_cast<char*>(malloc(length + 1));
  if (copy == nullptr) return nullptr;
  Copy(copy, text, length, access);
  copy[length] = 0;
  return copy;
}

// Fortified forms.
FLUSHDEP_API char* __flushdep___strcpy_chk(char* to, const char* from, size_t room) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  const size_t size = Length(from, kEndless, access) + 1;
  RequireRoom(size, room);
  Copy(to, from, size, access);
  return to;
}
FLUSHDEP_API char* __flushdep___stpcpy_chk(char* to, const char* from, size_t room) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  const size_t length = Length(from, kEndless, access);
  RequireRoom(length + 1, room);
  Copy(to, from, length + 1, access);
  return to + length;
}
FLUSHDEP_API char* __flushdep___strncpy_chk(char* to, const char* from, size_t size, size_t room) {
  RequireRoom(size, room);
  return CopyPadded(to, from, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API char* __flushdep___stpncpy_chk(char* to, const char* from, size_t size, size_t room) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  RequireRoom(size, room);
  const size_t length = Length(from, size, access);
  return CopyPadded(to, from, size, access) + length;
}
FLUSHDEP_API char* __flushdep___strcat_chk(char* to, const char* from, size_t room) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  RequireRoom(Length(to, kEndless, access) + Length(from, kEndless, access) + 1, room);
  return Append(to, from, kEndless, access);
}
FLUSHDEP_API char* __flushdep___strncat_chk(char* to, const char* from, size_t most, size_t room) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  RequireRoom(Length(to, kEndless, access) + Length(from, most, access) + 1, room);
  return Append(to, from, most, access);
}
