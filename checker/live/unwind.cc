// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define UNW_LOCAL_ONLY
#include "checker/live/unwind.h"

#include <fcntl.h>
#include <libunwind.h>
#include <string.h>
#include <unistd.h>

// Bounds of the section that holds all of flushdep's code in a user's program;
// absent in our unit tests.
extern "C" {
extern const char __start_flushdep_text[] __attribute__((weak, visibility("hidden")));
extern const char __stop_flushdep_text[] __attribute__((weak, visibility("hidden")));
}

namespace flushdep {
namespace {

struct Bounds {
  uint64_t low;
  uint64_t high;
  bool Has(uint64_t address) const { return address >= low && address + 16 <= high; }
};

thread_local Bounds thread_stack __attribute__((tls_model("initial-exec")));

// Reads "START-" and "-END" of one line of /proc/self/maps as it streams by.
class MapsReader {
 public:
  explicit MapsReader(uint64_t address) : address_(address) {}
  // True when a line that holds the address was complete.
  bool Feed(char c, Bounds* found) {
    if (c == '\n') {
      part_ = 0, value_[0] = value_[1] = 0;
    } else if (part_ < 2) {
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (digit >= 0) {
        value_[part_] = value_[part_] << 4 | static_cast<uint64_t>(digit);
      } else if (++part_ == 2 && address_ >= value_[0] && address_ < value_[1]) {
        *found = {value_[0], value_[1]};
        return true;
      }
    }
    return false;
  }

 private:
  uint64_t address_;
  int part_ = 0;
  uint64_t value_[2] = {};
};

// The mapping around `address`: the thread's stack, wherever it was made. Once
// a thread and stack; pthread_getattr_np() would allocate.
Bounds FindStack(uint64_t address) {
  Bounds found = {};
  const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return found;
  MapsReader reader(address);
  char buffer[1024];
  for (bool done = false; !done;) {
    const ssize_t got = read(fd, buffer, sizeof(buffer));
    if (got <= 0) break;
    for (ssize_t i = 0; i < got && !done; ++i) done = reader.Feed(buffer[i], &found);
  }
  close(fd);
  return found;
}

bool IsOurs(uint64_t pc) {
  const uint64_t start = reinterpret_cast<uint64_t>(__start_flushdep_text);
  const uint64_t stop = reinterpret_cast<uint64_t>(__stop_flushdep_text);
  return start != 0 && pc > start && pc <= stop;
}

// Index of the first frame that is the program's.
uint32_t SkipOurs(uint64_t site, const uint64_t* pcs, uint32_t size) {
  uint32_t first = 0;
  while (first < size && IsOurs(pcs[first])) ++first;
  if (first != 0 || IsOurs(site)) return first;
  // No section to tell by: the frame that the API's caller named.
  for (uint32_t i = 0; i < size; ++i)
    if (pcs[i] == site) return i;
  return 0;
}

uint32_t KeepFrom(uint32_t first, uint32_t max, uint64_t* pcs, uint32_t size) {
  uint32_t count = 0;
  for (uint32_t i = first; i < size && count < max; ++i) pcs[count++] = pcs[i];
  return count;
}

constexpr uint32_t kOurDepth = 16;  // frames of ours above the program's

}  // namespace

__attribute__((noinline)) uint32_t CaptureFast(uint64_t site, uint64_t* pcs, uint32_t max) {
  const uint64_t* frame = static_cast<const uint64_t*>(__builtin_frame_address(0));
  if (!thread_stack.Has(reinterpret_cast<uint64_t>(frame)))
    thread_stack = FindStack(reinterpret_cast<uint64_t>(frame));
  const Bounds bounds = thread_stack;
  bool ours = true;
  uint32_t skipped = 0;
  uint32_t count = 0;
  while (count < max && bounds.Has(reinterpret_cast<uint64_t>(frame))) {
    const uint64_t pc = frame[1];
    const uint64_t* next = reinterpret_cast<const uint64_t*>(frame[0]);
    if (pc < 4096) break;
    // Ours are at the top: by section, else until the site's frame is met.
    if (ours && (IsOurs(pc) || (__start_flushdep_text == nullptr && site != 0 && pc != site &&
                                skipped < kOurDepth)))
      ++skipped;
    else
      ours = false, pcs[count++] = pc;
    if (next <= frame || (reinterpret_cast<uint64_t>(next) & 7) != 0) break;
    frame = next;
  }
  if (count == 0 && site != 0 && max != 0) pcs[count++] = site;
  return count;
}

__attribute__((noinline)) uint32_t CaptureThorough(uint64_t site, uint64_t* pcs, uint32_t max) {
  uint64_t all[kOurDepth + 64];
  uint32_t size = 0;
  unw_context_t context;
  unw_cursor_t cursor;
  if (unw_getcontext(&context) == 0 && unw_init_local(&cursor, &context) == 0) {
    while (size < sizeof(all) / sizeof(all[0]) && unw_step(&cursor) > 0) {
      unw_word_t pc = 0;
      if (unw_get_reg(&cursor, UNW_REG_IP, &pc) != 0 || pc == 0) break;
      all[size++] = pc;
    }
  }
  const uint32_t first = SkipOurs(site, all, size);
  const uint32_t count = KeepFrom(first, max, all, size);
  memcpy(pcs, all, count * sizeof(pcs[0]));
  // Tables may be missing where frame pointers are not.
  return count != 0 ? count : CaptureFast(site, pcs, max);
}

uint32_t CaptureAtTrap(const void* ucontext, uint64_t* pcs, uint32_t max) {
  unw_context_t context;
  unw_cursor_t cursor;
  uint32_t count = 0;
  memcpy(&context, ucontext, sizeof(context));
  if (unw_init_local2(&cursor, &context, UNW_INIT_SIGNAL_FRAME) != 0) return 0;
  do {
    unw_word_t pc = 0;
    if (unw_get_reg(&cursor, UNW_REG_IP, &pc) != 0 || pc == 0) break;
    pcs[count++] = pc;
  } while (count < max && unw_step(&cursor) > 0);
  return count;
}

}  // namespace flushdep
