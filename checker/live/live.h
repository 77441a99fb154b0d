// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker inside a running program: the thread's "inside" mark.
#ifndef FLUSHDEP_CHECKER_LIVE_LIVE_H_
#define FLUSHDEP_CHECKER_LIVE_LIVE_H_

#include <cstdint>

namespace flushdep {

// While one exists, the thread is in the checker: events from a signal handler
// that interrupted it are dropped and counted, faults are our own.
class CheckerScope {
 public:
  CheckerScope() { ++depth_; }
  ~CheckerScope() { --depth_; }
  CheckerScope(const CheckerScope&) = delete;
  CheckerScope& operator=(const CheckerScope&) = delete;
  static bool Inside() { return depth_ != 0; }

 private:
  static constinit thread_local int depth_ __attribute__((tls_model("initial-exec")));
};

// Where the calling thread was at its last event.
struct Seen {
  uint32_t thread;
  uint16_t cpu;
};
const Seen& LastSeen();

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_LIVE_LIVE_H_
