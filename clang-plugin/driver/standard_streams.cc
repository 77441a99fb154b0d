// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include "llvm/Support/raw_ostream.h"

namespace flushdep::driver {

void ReserveStandardStreams() {
  int fd = STDIN_FILENO;
  while (fd >= 0 && fd <= STDERR_FILENO) fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd > STDERR_FILENO) close(fd);
}

int StatusWithOutput(llvm::StringRef program, int status, int on_error) {
  llvm::raw_fd_ostream& out = llvm::outs();
  out.flush();
  if (out.has_error()) {
    llvm::errs() << program << ": cannot write to standard output: " << out.error().message()
                 << "\n";
    out.clear_error();
    status = on_error;
  }
  llvm::raw_fd_ostream& err = llvm::errs();
  err.flush();
  if (err.has_error()) {
    err.clear_error();
    status = on_error;
  }
  return status;
}

}  // namespace flushdep::driver
