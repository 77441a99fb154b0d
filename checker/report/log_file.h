// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The record file of a process, LOG_PATH.PID.jsonl: a header line, then one
// line per report, each by one write(), so that nothing tears when processes die.
// After a fork the child writes a file of its own; a program that replaced itself (exec) goes on
// in the same file with a header of its own. A program that closed our descriptor
// makes us open the file again. Not thread safe; no heap.
#ifndef FLUSHDEP_CHECKER_REPORT_LOG_FILE_H_
#define FLUSHDEP_CHECKER_REPORT_LOG_FILE_H_

#include <sys/types.h>

#include <string_view>

#include "checker/report/format.h"
#include "checker/report/own_fd.h"
#include "checker/report/report.h"

namespace flushdep {

class LogFile {
 public:
  // `path` empty: no records. False if the file cannot be made.
  bool Open(std::string_view path, std::string_view version, uint64_t cpus);
  // False if the line could not be written whole (disk full); says so once.
  bool Write(const Report& report);
  // Did any record get lost?
  bool incomplete() const { return incomplete_; }
  const char* name() const { return name_; }

 private:
  using Line = FixedText<1u << 20>;

  Sink LineSink();  // empties the line and writes to it
  bool Create();
  bool Reopen();
  bool WriteLine(std::string_view line);
  void SayIncomplete(std::string_view why);

  std::string_view path_;
  std::string_view version_;
  uint64_t cpus_ = 0;
  pid_t pid_ = 0;
  OwnFd fd_;
  bool incomplete_ = false;
  char name_[4096] = {};
  Line line_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_LOG_FILE_H_
