// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thread that does what a test tells it, step by step, and in between waits outside of the
// machine.
#ifndef FLUSHDEP_TESTS_RUNTIME_SUPPORT_ACTOR_H_
#define FLUSHDEP_TESTS_RUNTIME_SUPPORT_ACTOR_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace flushdep::testing {

class Actor {
 public:
  Actor() : thread_([this] { Run(); }) {}
  ~Actor() {
    Start(nullptr);
    thread_.join();
  }
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  // Begins a step, once the one before has ended. Null ends the thread.
  void Start(std::function<void()> step) {
    Finish();
    std::unique_lock<std::mutex> lock(mutex_);
    step_ = std::move(step);
    busy_ = true;
    changed_.notify_all();
  }
  void Finish() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !busy_; });
  }
  void Do(std::function<void()> step) {
    Start(std::move(step));
    Finish();
  }
  bool Finished() {
    std::unique_lock<std::mutex> lock(mutex_);
    return !busy_;
  }

 private:
  void Run() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return busy_; });
      std::function<void()> step = std::move(step_);
      if (!step) break;
      lock.unlock();
      step();
      lock.lock();
      busy_ = false;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> step_;
  bool busy_ = false;
  std::thread thread_;
};

// For conditions of the machine that another thread brings about for sure.
template <typename Condition>
void Await(Condition condition) {
  while (!condition()) std::this_thread::yield();
}

}  // namespace flushdep::testing

#endif  // FLUSHDEP_TESTS_RUNTIME_SUPPORT_ACTOR_H_
