// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/live/unwind.h"

#include <fcntl.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "checker/live/own_code.h"

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

constexpr uint32_t kOurDepth = 16;  // frames of ours above the program's

// What _Unwind_Backtrace() has found so far.
struct Walk {
  uint64_t* pcs;
  uint32_t max;
  uint32_t size = 0;
  uint64_t from = 0;  // frames above the one that was interrupted here are left out
};

_Unwind_Reason_Code TakeFrame(_Unwind_Context* context, void* data) {
  Walk& walk = *static_cast<Walk*>(data);
  int interrupted = 0;  // set where the pc is the instruction itself (a signal)
  const uint64_t pc = _Unwind_GetIPInfo(context, &interrupted);
  if (walk.from != 0) {
    if (interrupted == 0 || pc != walk.from) return _URC_NO_REASON;
    walk.from = 0;
  }
  if (pc == 0 || walk.size == walk.max) return _URC_END_OF_STACK;
  walk.pcs[walk.size++] = pc;
  return _URC_NO_REASON;
}

constexpr uint32_t kMaxWalk = kOurDepth + 64;

// What a reader is shown of a walk: from the frame to which the API call
// returns, as the event's `site` names it or our section tells, down to where
// frames of ours come again (a test runner, a thread's start).
uint32_t Trim(uint64_t site, const uint64_t* all, uint32_t size, uint64_t* pcs, uint32_t max) {
  uint32_t first = 0;
  while (first < size && ReturnsToOurCode(all[first])) ++first;
  // A producer of its own calls us from functions of its own.
  for (uint32_t i = first;
       site != 0 && !ReturnsToOurCode(site) && i < size && i < first + kOurDepth; ++i)
    if (all[i] == site) first = i;
  uint32_t count = 0;
  for (uint32_t i = first; i < size && count < max && !ReturnsToOurCode(all[i]); ++i)
    pcs[count++] = all[i];
  if (count == 0 && site != 0 && max != 0) pcs[count++] = site;
  return count;
}

// Program counters by frame pointers, from `frame` on.
uint32_t WalkFrames(const uint64_t* frame, uint64_t* pcs, uint32_t max) {
  if (!thread_stack.Has(reinterpret_cast<uint64_t>(frame)))
    thread_stack = FindStack(reinterpret_cast<uint64_t>(frame));
  const Bounds bounds = thread_stack;
  uint32_t size = 0;
  while (size < max && bounds.Has(reinterpret_cast<uint64_t>(frame))) {
    const uint64_t* next = reinterpret_cast<const uint64_t*>(frame[0]);
    if (frame[1] < 4096) break;
    pcs[size++] = frame[1];
    if (next <= frame || (reinterpret_cast<uint64_t>(next) & 7) != 0) break;
    frame = next;
  }
  return size;
}

// Where a frame's caller has its own, or null: the last one, or no frame pointer.
inline const uint64_t* CallerOf(const uint64_t* frame, const Bounds& stack) {
  const uint64_t* caller = reinterpret_cast<const uint64_t*>(frame[0]);
  // `frame` is in the stack, so that what is above it is not below the stack.
  const bool fits = caller > frame && (frame[0] & 7) == 0 && frame[0] <= stack.high - 16;
  return fits ? caller : nullptr;
}

// Stacks that a CPU's threads had lately, so that the next one like it need not be looked up.
struct KnownStack {
  static constexpr uint32_t kMax = 16;  // frames; deeper ones are not kept here
  uint64_t pcs[kMax];                   // the first is the site
  uint32_t size;                        // 0: none
  uint32_t ours;                        // bytes of our own frames above the first
  StackId id;
};

class alignas(kApart) KnownStacks {
 public:
  // Two places for each site.
  KnownStack* SetOf(uint64_t site) {
    return &known_[(site * 0x9e3779b97f4a7c15ull >> (64 - kSetBits)) * 2];
  }
  KnownStack& Replace(uint64_t site) {
    KnownStack* const set = SetOf(site);
    return set[set[0].size == 0 ? 0 : set[1].size == 0 ? 1 : ++turn_ & 1];
  }

 private:
  static constexpr int kSetBits = 4;
  KnownStack known_[2 << kSetBits];
  uint32_t turn_;
};
// Not the threads', which have it on their stacks.
constinit KnownStacks known_stacks[kMaxCpus] = {};

// Is it, from `frame` on, and does it end where that ended?
bool IsAgain(const KnownStack& known, const uint64_t* frame, const Bounds& stack, uint32_t max) {
  for (uint32_t i = 0; i < known.size; ++i) {
    if (frame == nullptr || frame[1] != known.pcs[i]) return false;
    if (i + 1 == max) return true;
    frame = CallerOf(frame, stack);
  }
  return frame == nullptr || frame[1] < 4096 || ReturnsToOurCode(frame[1]);
}

StackId LookUp(uint64_t site, uint32_t max, uint64_t ours, KnownStacks& lately, StackDepot& depot) {
  uint64_t pcs[kMaxFrames];
  const uint32_t size = CaptureFast(site, pcs, max < kMaxFrames ? max : kMaxFrames);
  const StackId id = depot.Put(pcs, size);
  if (size == 0 || size > KnownStack::kMax || pcs[0] != site || ReturnsToOurCode(site)) return id;
  KnownStack& known = lately.Replace(site);
  memcpy(known.pcs, pcs, size * sizeof(pcs[0]));
  known.size = size;
  known.ours = static_cast<uint32_t>(ours);
  known.id = id;
  return id;
}

// A call through a wild pointer: the caller is what the call pushed.
uint32_t CaptureAfterJump(const ucontext_t& context, uint64_t* pcs, uint32_t max) {
  uint32_t size = 0;
  const auto stack = static_cast<uint64_t>(context.uc_mcontext.gregs[REG_RSP]);
  const auto frame = static_cast<uint64_t>(context.uc_mcontext.gregs[REG_RBP]);
  if (size < max) pcs[size++] = static_cast<uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
  const Bounds bounds = FindStack(stack);
  if (size < max && bounds.Has(stack)) pcs[size++] = *reinterpret_cast<const uint64_t*>(stack);
  if (bounds.Has(frame) && (frame & 7) == 0)
    size += WalkFrames(reinterpret_cast<const uint64_t*>(frame), pcs + size, max - size);
  return size;
}

}  // namespace

__attribute__((noinline)) uint32_t CaptureFast(uint64_t site, uint64_t* pcs, uint32_t max) {
  const uint64_t* frame = static_cast<const uint64_t*>(__builtin_frame_address(0));
  uint64_t all[kMaxWalk];
  const uint32_t enough = max + kOurDepth < kMaxWalk ? max + kOurDepth : kMaxWalk;
  const uint32_t size = WalkFrames(frame, all, enough);
  return Trim(site, all, size, pcs, max);
}

__attribute__((noinline)) StackId StackHere(uint64_t site, uint32_t cpu, uint32_t max,
                                            StackDepot& depot) {
  KnownStacks& lately = known_stacks[cpu < kMaxCpus ? cpu : 0];
  const Bounds stack = thread_stack;
  const uint64_t here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
  if (!stack.Has(here)) return LookUp(site, max, 0, lately, depot);
  // Frames of ours are the same ones again: what returned to the site is where it was then.
  const KnownStack* const set = lately.SetOf(site);
  for (const KnownStack* known = set; known < set + 2; ++known) {
    const uint64_t* frame = reinterpret_cast<const uint64_t*>(here + known->ours);
    if (known->size != 0 && here + known->ours <= stack.high - 16 && frame[1] == site &&
        IsAgain(*known, frame, stack, max))
      return known->id;
  }
  const uint64_t* frame = reinterpret_cast<const uint64_t*>(here);
  for (uint32_t i = 0; i < kOurDepth && frame != nullptr && frame[1] != site; ++i)
    frame = CallerOf(frame, stack);
  return LookUp(site, max, frame != nullptr ? reinterpret_cast<uint64_t>(frame) - here : 0, lately,
                depot);
}

__attribute__((noinline)) uint32_t CaptureThorough(uint64_t site, uint64_t* pcs, uint32_t max) {
  uint64_t all[kMaxWalk];
  Walk walk{all, kMaxWalk};
  _Unwind_Backtrace(TakeFrame, &walk);
  // Tables may be missing where frame pointers are not.
  return walk.size > 1 ? Trim(site, all, walk.size, pcs, max) : CaptureFast(site, pcs, max);
}

uint32_t CaptureAtTrap(const void* ucontext, bool jumped, uint64_t* pcs, uint32_t max) {
  const auto* context = static_cast<const ucontext_t*>(ucontext);
  const auto pc = static_cast<uint64_t>(context->uc_mcontext.gregs[REG_RIP]);
  Walk walk{pcs, max};
  walk.from = pc;
  // Where a jump has no code to go to, the unwinder would read what is there.
  if (jumped) return CaptureAfterJump(*context, pcs, max);
  _Unwind_Backtrace(TakeFrame, &walk);
  if (walk.size == 0 && max != 0) pcs[walk.size++] = pc;
  // A copy routine of the shim's may be what trapped: the program called it.
  uint32_t first = 0;
  while (first < walk.size && ReturnsToOurCode(pcs[first])) ++first;
  if (first == walk.size) return walk.size;
  uint32_t count = 0;
  for (uint32_t i = first; i < walk.size && !ReturnsToOurCode(pcs[i]); ++i) pcs[count++] = pcs[i];
  // The first is looked up as an instruction, which a return address is not.
  if (first != 0) --pcs[0];
  return count;
}

}  // namespace flushdep
