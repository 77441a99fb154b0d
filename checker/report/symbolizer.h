// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Source frames of program counters, by an llvm-symbolizer process of our own.
// LLVM stays out of the user's process; it is started at the first report, is no
// child of the program's (exec would make any child visible to wait()), and ends with the process.
//
// The binary is $FLUSHDEP_SYMBOLIZER, else the one flushdep was built with, else
// `llvm-symbolizer-19` or `llvm-symbolizer` of PATH. Without one, or when it dies or does not
// answer within kTimeoutMs, or answers nonsense, frames have module and offset only, and
// Problem() says why.
//
// Not thread safe (the reporter's lock covers it); not from signal handlers.
#ifndef FLUSHDEP_CHECKER_REPORT_SYMBOLIZER_H_
#define FLUSHDEP_CHECKER_REPORT_SYMBOLIZER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "checker/report/own_fd.h"
#include "checker/report/report.h"

namespace flushdep {

// Text that lives until the next Clear(); cuts when full.
class TextArena {
 public:
  std::string_view Copy(std::string_view text);
  void Clear() { used_ = 0; }

 private:
  size_t used_ = 0;
  char bytes_[256 * 1024];
};

class Symbolizer {
 public:
  static constexpr int kTimeoutMs = 30000;

  // `demangled`: functions as people write them, not by their linkage names.
  explicit Symbolizer(bool demangled = false) : demangled_(demangled) {}

  // Writes up to `capacity` frames for `offset` in `module`, innermost
  // first, all but the last inlined; returns how many, 0 if nothing is known.
  // start_line of the first is the line of its function's name, 0 if unknown.
  struct Source {
    Frame frame;
    uint32_t start_line = 0;
  };
  size_t Symbolize(std::string_view module, uint64_t offset, TextArena& arena, Source* out,
                   size_t capacity);

  // Why symbolising failed, empty while it works.
  std::string_view Problem() const { return problem_; }

  // Lets the process go (it ends by itself); the next Symbolize() starts another.
  void Stop();

 private:
  bool Start();
  void Fail(std::string_view problem);
  bool Send(std::string_view module, uint64_t offset);
  bool Receive();
  bool LooksRight() const;
  size_t Parse(TextArena& arena, Source* out, size_t capacity);

  const bool demangled_;
  OwnFd fd_;
  bool failed_ = false;
  std::string_view problem_;
  size_t size_ = 0;
  char answer_[64 * 1024];
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_SYMBOLIZER_H_
