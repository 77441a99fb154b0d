// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses that may be refused, and children that may die of them.
#ifndef FLUSHDEP_TESTS_RUNTIME_SUPPORT_TRAPS_H_
#define FLUSHDEP_TESTS_RUNTIME_SUPPORT_TRAPS_H_

#include <gtest/gtest.h>
#include <setjmp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "runtime/include/flushdep.h"

namespace flushdep::testing {

struct Oops {
  jmp_buf resume;
  int count = 0;
};

// Did `access` end in this thread's oops handler?
template <typename Fn>
bool Traps(Fn access) {
  static thread_local Oops oops;
  oops.count = 0;
  flushdep_oops_set_handler(
      [](void* arg) {
        Oops* oops = static_cast<Oops*>(arg);
        oops->count++;
        longjmp(oops->resume, 1);
      },
      &oops);
  if (setjmp(oops.resume) == 0) access();
  flushdep_oops_set_handler(nullptr, nullptr);
  return oops.count == 1;
}

// A load or store of one byte: by the compiler's own instruction, and by what instrumentation
// calls.
inline bool LoadTraps(const volatile char* addr) {
  return Traps([addr] { static_cast<void>(*addr); });
}
inline bool StoreTraps(volatile char* addr) {
  return Traps([addr] { *addr = 1; });
}
inline bool SeenLoadTraps(const void* addr) {
  return Traps([addr] { flushdep_load(addr, 1); });
}
inline bool SeenStoreTraps(void* addr) {
  return Traps([addr] { flushdep_store(addr, 1, 1); });
}

inline char* Direct(flushdep_pfn_t pfn) { return static_cast<char*>(flushdep_page_address(pfn)); }

// Runs `body` in a child; its wait status, and what it wrote to stderr.
template <typename Fn>
int RunInChild(Fn body, std::string* text) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    body();
    _exit(0);
  }
  close(ends[1]);
  char buffer[4096];
  ssize_t n;
  while ((n = read(ends[0], buffer, sizeof(buffer))) > 0)
    text->append(buffer, static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

}  // namespace flushdep::testing

#endif  // FLUSHDEP_TESTS_RUNTIME_SUPPORT_TRAPS_H_
