// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// File descriptors of flushdep's in a process that is not flushdep's. The
// program may have started with 0, 1 or 2 closed, may close every descriptor
// from 3 on, and may then give the number to a file of its own. So ours are high
// numbers, and one that is used later is first asked whether it is still ours.
#ifndef FLUSHDEP_CHECKER_REPORT_OWN_FD_H_
#define FLUSHDEP_CHECKER_REPORT_OWN_FD_H_

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flushdep {

inline constexpr int kHighFd = 1000;  // under the usual limit of 1024

// The same open file under a high number if the limits allow, never 0 to 2 if
// any other is free; close-on-exec. Negative stays negative, errno untouched.
inline int MoveHigh(int fd) {
  if (fd < 0) return fd;
  int high = fcntl(fd, F_DUPFD_CLOEXEC, kHighFd);
  if (high < 0) high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (high < 0) return fd;
  close(fd);
  return high;
}

// An open file and what tells it from any other.
class OwnFd {
 public:
  // Takes over `fd`; what was held before is closed if it is still ours.
  void Set(int fd) {
    Close();
    fd_ = MoveHigh(fd);
    struct stat info = {};
    if (fd_ >= 0 && fstat(fd_, &info) == 0) device_ = info.st_dev, inode_ = info.st_ino;
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  // Has nobody closed it, or put another file in its place?
  bool StillOurs() const {
    struct stat info = {};
    return fd_ >= 0 && fstat(fd_, &info) == 0 && info.st_dev == device_ && info.st_ino == inode_;
  }
  void Close() {
    if (StillOurs()) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_OWN_FD_H_
