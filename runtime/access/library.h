// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the C library's functions have in common as instrumented code calls them: bytes in the
// window are judged and moved where the host has them, all else is the library's own work. What a
// function does not touch (behind a string's end, behind the byte that differs) is not judged.
#ifndef FLUSHDEP_RUNTIME_ACCESS_LIBRARY_H_
#define FLUSHDEP_RUNTIME_ACCESS_LIBRARY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/access/access.h"
#include "runtime/machine/call.h"

namespace flushdep::library {

// Of the function in which it is written.
#define FLUSHDEP_REQUEST \
  flushdep::AccessRequest { FLUSHDEP_SITE, FLUSHDEP_FRAME, false, true }

inline constexpr size_t kEndless = ~size_t{0} >> 1;

// Is all of it the host's own?
inline bool IsPlain(const void* addr, size_t size) {
  return Va(addr) + size <= FLUSHDEP_WINDOW_START || Va(addr) >= FLUSHDEP_WINDOW_END;
}
inline bool Either(const void* a, const void* b) { return InWindow(Va(a)) || InWindow(Va(b)); }

// The host's address of bytes in one page, judged.
inline char* Translate(uint64_t va, size_t size, bool write, AccessRequest access) {
  access.write = write;
  return TranslatePage(va, size, access);
}

// One byte, judged.
inline unsigned char ByteAt(const void* addr, size_t at, const AccessRequest& access) {
  return static_cast<unsigned char>(*Translate(Va(addr) + at, 1, false, access));
}

void* Copy(void* to, const void* from, size_t size, const AccessRequest& access);
void* Fill(void* to, int byte, size_t size, AccessRequest access);

// Of a string, but at most `most`.
size_t Length(const char* text, size_t most, const AccessRequest& access);

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

// For the fortified forms: the room that the caller knows the destination to have.
void RequireRoom(size_t size, size_t room);

}  // namespace flushdep::library

#endif  // FLUSHDEP_RUNTIME_ACCESS_LIBRARY_H_
