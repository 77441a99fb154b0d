// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tests of the machine's synchronisation share: readable SYNC events, threads of the
// machine that run a std::function, and waiting for an event of another thread.
#ifndef FLUSHDEP_TESTS_RUNTIME_SUPPORT_SYNC_H_
#define FLUSHDEP_TESTS_RUNTIME_SUPPORT_SYNC_H_

#include <sched.h>

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/include/flushdep_sync.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {

inline std::string OpName(uint32_t op) {
  constexpr const char* kNames[] = {"?",    "ACQUIRE", "RELEASE",   "ACQ_REL",     "RESET",
                                    "LOCK", "UNLOCK",  "LOCK_WAIT", "LOCK_SHARED", "UNLOCK_SHARED"};
  return op < std::size(kNames) ? kNames[op] : "?";
}

inline std::string ContextName(uint32_t what) {
  constexpr const char* kNames[] = {"?",       "PREEMPT", "MIGRATE", "IRQS_OFF", "BH_OFF",
                                    "SOFTIRQ", "HARDIRQ", "NMI",     "RCU"};
  return what < std::size(kNames) ? kNames[what] : "?";
}

// The events that synchronisation makes, as "LOCK", "PREEMPT+1", "WRONG_CONTEXT RCU", "NAME a".
inline std::vector<std::string> Story(const std::vector<flushdep_event>& events) {
  std::vector<std::string> story;
  for (const flushdep_event& event : events) {
    if (event.kind == FLUSHDEP_EV_SYNC) story.push_back(OpName(event.u.sync.op));
    if (event.kind == FLUSHDEP_EV_CONTEXT)
      story.push_back(ContextName(event.u.context.what) +
                      (event.u.context.delta > 0 ? "+1" : "-1"));
    if (event.kind == FLUSHDEP_EV_WRONG_CONTEXT)
      story.push_back("WRONG_CONTEXT " + ContextName(event.u.context.what));
    if (event.kind == FLUSHDEP_EV_NAME) story.push_back(std::string("NAME ") + event.u.name.text);
  }
  return story;
}
inline std::vector<std::string> Story() { return Story(Events()); }

inline std::vector<flushdep_event> SyncsOf(const void* object) {
  std::vector<flushdep_event> result;
  for (const flushdep_event& event : Events(FLUSHDEP_EV_SYNC))
    if (event.u.sync.object == reinterpret_cast<uint64_t>(object)) result.push_back(event);
  return result;
}

// Returns once another thread has told `op` on `object` (null: any).
inline void AwaitSync(uint32_t op, const void* object) {
  for (;;) {
    for (const flushdep_event& event : Events(FLUSHDEP_EV_SYNC))
      if (event.u.sync.op == op &&
          (object == nullptr || event.u.sync.object == reinterpret_cast<uint64_t>(object)))
        return;
    sched_yield();
  }
}

// Gives other threads many chances to do what they must not do.
inline void LetOthersRun() {
  for (int i = 0; i < 2000; i++) sched_yield();
}

// A thread of the machine; joined at the latest at the end of the scope.
class Thread {
 public:
  explicit Thread(std::function<void()> fn, const char* name = nullptr) : fn_(std::move(fn)) {
    if (flushdep_thread_create(&thread_, name, Run, this) != 0) abort();
  }
  ~Thread() { Join(); }
  void Join() {
    if (!joined_) flushdep_thread_join(&thread_);
    joined_ = true;
  }
  const flushdep_thread& thread() const { return thread_; }

 private:
  static void Run(void* self) { static_cast<Thread*>(self)->fn_(); }
  std::function<void()> fn_;
  flushdep_thread thread_ = {};
  bool joined_ = false;
};

}  // namespace flushdep::testing

#endif  // FLUSHDEP_TESTS_RUNTIME_SUPPORT_SYNC_H_
