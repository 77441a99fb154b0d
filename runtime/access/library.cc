// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C library's functions that move memory, as instrumented code calls them: bytes in the window
// are judged and moved where the host has them, all else is the library's own work. What a function
// does not touch (behind a string's end, behind the byte that differs) is not judged.
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "checker/report/reporter.h"
#include "runtime/access/access.h"

using flushdep::AccessRequest;
using flushdep::Api;
using flushdep::InWindow;
using flushdep::Piece;
using flushdep::Va;

#define FLUSHDEP_REQUEST \
  AccessRequest { FLUSHDEP_SITE, FLUSHDEP_FRAME, false, true }

namespace {

// Is all of it the host's own?
bool IsPlain(const void* addr, size_t size) {
  return Va(addr) + size <= FLUSHDEP_WINDOW_START || Va(addr) >= FLUSHDEP_WINDOW_END;
}

char* Translate(uint64_t va, size_t size, bool write, AccessRequest access) {
  access.write = write;
  return flushdep::TranslatePage(va, size, access);
}

void* Copy(void* to, const void* from, size_t size, const AccessRequest& access) {
  if (IsPlain(to, size) && IsPlain(from, size)) return memmove(to, from, size);
  flushdep::MoveSimulated(Va(to), Va(from), size, access);
  return to;
}

void* Fill(void* to, int byte, size_t size, AccessRequest access) {
  if (IsPlain(to, size)) return memset(to, byte, size);
  access.write = true;
  Api api(FLUSHDEP_WHY_NONE, access.site);
  flushdep::FillSimulated(Va(to), byte, size, access);
  return to;
}

// Calls piece(bytes, count, done) for each stretch of at most `size` bytes until it says that it is
// done; false if it never did.
template <typename F>
bool ForEachPiece(const void* addr, size_t size, const AccessRequest& access, F&& piece) {
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (size_t done = 0; done < size;) {
    const size_t count = Piece(Va(addr) + done, size - done);
    // Its first byte is what is certainly read.
    if (piece(Translate(Va(addr) + done, 1, false, access), count, done)) return true;
    done += count;
  }
  return false;
}

size_t Length(const char* text, size_t most, const AccessRequest& access) {
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

// One byte, judged.
unsigned char ByteAt(const void* addr, size_t at, const AccessRequest& access) {
  return static_cast<unsigned char>(*Translate(Va(addr) + at, 1, false, access));
}

int Compare(const void* a, const void* b, size_t size, bool text, const AccessRequest& access) {
  Api api(FLUSHDEP_WHY_NONE, access.site);
  for (size_t i = 0; i < size; i++) {
    const int one = ByteAt(a, i, access), two = ByteAt(b, i, access);
    if (one != two) return one - two;
    if (text && one == 0) return 0;
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

constexpr size_t kEndless = ~size_t{0} >> 1;

bool Either(const void* a, const void* b) { return InWindow(Va(a)) || InWindow(Va(b)); }

// The pieces of a buffer that a system call reads or fills; fewer than asked for is what such a
// call may do.
ssize_t Transfer(void* buffer, size_t size, bool write, const AccessRequest& access,
                 ssize_t (*call)(int, const iovec*, int, off_t), int file, off_t offset) {
  constexpr int kMost = 64;
  iovec pieces[kMost];
  int count = 0;
  {
    Api api(FLUSHDEP_WHY_NONE, access.site);
    for (size_t done = 0; done < size && count < kMost; count++) {
      const size_t piece = Piece(Va(buffer) + done, size - done);
      pieces[count] = {Translate(Va(buffer) + done, piece, write, access), piece};
      done += piece;
    }
  }
  return call(file, pieces, count, offset);
}

// The length that the caller knows the destination to have.
void RequireRoom(size_t size, size_t room) {
  if (size > room) flushdep::Die(4, "buffer overflow detected in a call of the C library");
}

}  // namespace

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
  if (IsPlain(a, size) && IsPlain(b, size)) return memcmp(a, b, size);
  return Compare(a, b, size, /*text=*/false, FLUSHDEP_REQUEST);
}
FLUSHDEP_API int __flushdep_bcmp(const void* a, const void* b, size_t size) {
  if (IsPlain(a, size) && IsPlain(b, size)) return memcmp(a, b, size);
  return Compare(a, b, size, /*text=*/false, FLUSHDEP_REQUEST);
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
FLUSHDEP_API char* __flushdep_strcat(char* to, const char* from) {
  if (!Either(to, from)) return strcat(to, from);
  const AccessRequest access = FLUSHDEP_REQUEST;
  Copy(to + Length(to, kEndless, access), from, Length(from, kEndless, access) + 1, access);
  return to;
}
FLUSHDEP_API int __flushdep_strcmp(const char* a, const char* b) {
  return Either(a, b) ? Compare(a, b, kEndless, /*text=*/true, FLUSHDEP_REQUEST) : strcmp(a, b);
}
FLUSHDEP_API int __flushdep_strncmp(const char* a, const char* b, size_t size) {
  return Either(a, b) ? Compare(a, b, size, /*text=*/true, FLUSHDEP_REQUEST) : strncmp(a, b, size);
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
FLUSHDEP_API ssize_t __flushdep_read(int file, void* buffer, size_t size) {
  if (IsPlain(buffer, size)) return read(file, buffer, size);
  return Transfer(
      buffer, size, true, FLUSHDEP_REQUEST,
      [](int fd, const iovec* pieces, int count, off_t) { return readv(fd, pieces, count); }, file,
      0);
}
FLUSHDEP_API ssize_t __flushdep_pread(int file, void* buffer, size_t size, off_t offset) {
  if (IsPlain(buffer, size)) return pread(file, buffer, size, offset);
  return Transfer(buffer, size, true, FLUSHDEP_REQUEST, preadv, file, offset);
}
FLUSHDEP_API ssize_t __flushdep_write(int file, const void* buffer, size_t size) {
  if (IsPlain(buffer, size)) return write(file, buffer, size);
  return Transfer(
      const_cast<void*>(buffer), size, false, FLUSHDEP_REQUEST,
      [](int fd, const iovec* pieces, int count, off_t) { return writev(fd, pieces, count); }, file,
      0);
}
FLUSHDEP_API ssize_t __flushdep_pwrite(int file, const void* buffer, size_t size, off_t offset) {
  if (IsPlain(buffer, size)) return pwrite(file, buffer, size, offset);
  return Transfer(const_cast<void*>(buffer), size, false, FLUSHDEP_REQUEST, pwritev, file, offset);
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
FLUSHDEP_API char* __flushdep___strcpy_chk(char* to, const char* from, size_t room) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  const size_t size = Length(from, kEndless, access) + 1;
  RequireRoom(size, room);
  Copy(to, from, size, access);
  return to;
}
FLUSHDEP_API char* __flushdep___strncpy_chk(char* to, const char* from, size_t size, size_t room) {
  RequireRoom(size, room);
  return CopyPadded(to, from, size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API char* __flushdep___strcat_chk(char* to, const char* from, size_t room) {
  const AccessRequest access = FLUSHDEP_REQUEST;
  const size_t at = Length(to, kEndless, access), size = Length(from, kEndless, access) + 1;
  RequireRoom(at + size, room);
  Copy(to + at, from, size, access);
  return to;
}
