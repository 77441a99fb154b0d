// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Starts a helper process that the program cannot notice: no SIGCHLD, invisible
// to wait(), and by system calls alone, since sanitizers in the program
// intercept the C library's (TSan's clone() ends the process here).
#ifndef FLUSHDEP_CHECKER_REPORT_SPAWN_H_
#define FLUSHDEP_CHECKER_REPORT_SPAWN_H_

namespace flushdep {

// Runs the first of `paths` (null ends the list) that can be executed, with
// `fd` as its standard input and output and standard error to /dev/null. False if no
// process could be made. A list without an executable ends in a child that closes fd at
// once. No heap; x86-64 Linux.
bool SpawnHelper(const char* const* paths, char* const* argv, int fd);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_SPAWN_H_
