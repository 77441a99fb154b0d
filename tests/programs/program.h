// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs on the machine, as a kernel developer would write them: real threads, locks and
// references, checked from outside by what they report. Each wrong one has a correct twin in the
// same file that differs in the one thing that is wrong.
//
//   PROGRAM(name, "FD001") { ... }   must be reported by that rule and no other
//   PROGRAM(name, "FD007", "possible") { ... }   ... with a severity that is not the rule's
//   strongest PROGRAM(name, "") { ... }        must stay silent
//
// One process is one run of one program with one seed; run.cc starts them.
#ifndef FLUSHDEP_TESTS_PROGRAMS_PROGRAM_H_
#define FLUSHDEP_TESTS_PROGRAMS_PROGRAM_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <random>
#include <string>

#include "runtime/include/flushdep.h"
#include "runtime/include/flushdep_sync.h"

namespace flushdep::programs {

struct Program {
  const char* name;
  const char* rule;  // that must report it; "": it is correct
  std::function<void()> run;
  // "error" or "possible"; "": as the catalogue has it.
  const char* severity;
  Program* next;

  static Program*& First() {
    static Program* first = nullptr;
    return first;
  }
  Program(const char* program_name, const char* program_rule, std::function<void()> body,
          const char* program_severity = "")
      : name(program_name),
        rule(program_rule),
        run(std::move(body)),
        severity(program_severity),
        next(First()) {
    First() = this;
  }
};

#define PROGRAM(name, rule, ...)                                                        \
  static void name();                                                                   \
  static ::flushdep::programs::Program name##_program{#name, rule,                      \
                                                      name __VA_OPT__(, ) __VA_ARGS__}; \
  static void name()

// The run's seed; each thread draws from a sequence of its own.
inline uint64_t g_seed = 1;
inline thread_local std::minstd_rand t_random;

inline uint32_t Random(uint32_t below) { return static_cast<uint32_t>(t_random()) % below; }
inline bool OneIn(uint32_t n) { return Random(n) == 0; }

inline void Require(bool condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "programs: %s\n", what);
  _Exit(3);
}

// A place where the scheduler may do what it likes: another thread runs, or this one goes to
// another CPU if it may.
inline void Anywhere() {
  switch (Random(8)) {
    case 0:
      if (flushdep_may_migrate()) flushdep_cpu_migrate(Random(flushdep_cpu_count()));
      break;
    case 1:
    case 2:
      if (!flushdep_in_atomic()) flushdep_cond_resched();
      break;
    case 3:
      for (volatile uint32_t spin = Random(2000); spin > 0;) spin = spin - 1;
      break;
    default:
      break;
  }
}

// Threads of the machine; the destructor waits for all.
class Threads {
 public:
  void Start(const char* name, std::function<void()> body) {
    Started& started = started_.emplace_back();
    started.body = std::move(body);
    started.seed = t_random();
    Require(flushdep_thread_create(&started.thread, name, Run, &started) == 0, "no thread");
  }
  void Join() {
    for (Started& started : started_) flushdep_thread_join(&started.thread);
    started_.clear();
  }
  Threads() = default;
  ~Threads() { Join(); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  struct Started {
    flushdep_thread thread;
    std::function<void()> body;
    std::minstd_rand::result_type seed;
  };
  static void Run(void* arg) {
    Started& started = *static_cast<Started*>(arg);
    t_random.seed(started.seed);
    started.body();
  }
  std::deque<Started> started_;
};

// --- Pages ---------------------------------------------------------------------

using Pfn = flushdep_pfn_t;
inline constexpr size_t kPage = FLUSHDEP_PAGE_BYTES;
inline constexpr unsigned kReadWrite = FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE;

__attribute__((always_inline)) inline Pfn AllocPage(unsigned flags) {
  const Pfn pfn = flushdep_page_alloc(0, flags);
  Require(pfn != FLUSHDEP_PFN_NONE, "no page");
  return pfn;
}
inline void Prepare() {
  Require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "mermap_mm_prepare()");
}
// A get that waits until one of the four slots of the CPU is free.
__attribute__((always_inline)) inline flushdep_mapping* Get(Pfn pfn, unsigned prot) {
  flushdep_mapping* mapping;
  while ((mapping = flushdep_mermap_get(pfn, kPage, prot)) == nullptr) flushdep_cond_resched();
  return mapping;
}

}  // namespace flushdep::programs

#endif  // FLUSHDEP_TESTS_PROGRAMS_PROGRAM_H_
