// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Source text for fingerprints, read without the heap: the last file asked for
// stays mapped. Not thread safe (the reporter's lock covers it).
#ifndef FLUSHDEP_CHECKER_REPORT_SOURCE_LINES_H_
#define FLUSHDEP_CHECKER_REPORT_SOURCE_LINES_H_

#include <string_view>

namespace flushdep {

class SourceFile {
 public:
  ~SourceFile() { Unmap(); }
  // The file's text; empty if it cannot be read. Valid until the next call.
  std::string_view Read(std::string_view path);

 private:
  void Unmap();
  void* text_ = nullptr;
  size_t size_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_SOURCE_LINES_H_
