// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The end of a command that prints: output that is lost (full disk, closed descriptor)
// is an internal error, never a status that says something of the input. LLVM on its
// own would end the program with status 1.
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_STANDARD_STREAMS_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_STANDARD_STREAMS_H_

#include "llvm/ADT/StringRef.h"

namespace flushdep::driver {

// Puts something unwritable in the place of closed standard descriptors, so that no file
// opened later gets one of them and what is printed. A program started by exec finds
// them closed as before.
void ReserveStandardStreams();

// The status to end with: `status`, or `on_error` if standard output or standard error
// could not be written. Says so, as `program`, where it can.
int StatusWithOutput(llvm::StringRef program, int status, int on_error);

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_STANDARD_STREAMS_H_
