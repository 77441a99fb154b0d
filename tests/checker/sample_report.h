// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A report with everything in it, for the writers' tests.
#ifndef FLUSHDEP_TESTS_CHECKER_SAMPLE_REPORT_H_
#define FLUSHDEP_TESTS_CHECKER_SAMPLE_REPORT_H_

#include <string>

#include "checker/report/report.h"

namespace flushdep {

class SampleReport {
 public:
  SampleReport() {
    report.rule = Rule::FD003;
    report.fingerprint = "0123456789abcdef";
    report.message = "page pfn 0x5 freed while CPU 1 may still reach it";
    report.time = 1234567890;
    report.pid = 42;
    report.cpu = 0;
    report.mm = 1;
    report.pfn = 5;
    report.va = 0x7e9000003000;
    frames_[0] = {"/opt/t", "abcd", 0x1234, "drop_page", "/src/project/t.c", 17, 3, true};
    frames_[1] = {"/opt/t", "abcd", 0x1234, "main", "/src/project/t.c", 40, 0, false};
    frames_[2] = {"/lib/libq.so", "", 0x99, "", "", 0, 0, false};
    report.site = frames_[0];
    events_[0] = {Role::Free, 0, 1234567890, "", {frames_, 2}};
    events_[1] = {
        Role::Put, 1, 1000, "put (mermap_put), from here on a flush is owed,", {frames_ + 1, 2}};
    events_[2] = {Role::Flush, kNoCpu, kNoNumber, "", {}};
    report.events = {events_, 3};
    notes_[0] = "that flush was acknowledged by CPU 0";
    report.notes = {notes_, 1};
    path_[0] = "err != 0";
    report.path = {path_, 1};
  }

  Report report;

 private:
  Frame frames_[3];
  ReportEvent events_[3];
  std::string_view notes_[1];
  std::string_view path_[1];
};

inline Sink ToString(std::string* out) {
  return {[](void* text, const char* data, size_t size) {
            static_cast<std::string*>(text)->append(data, size);
          },
          out};
}

}  // namespace flushdep

#endif  // FLUSHDEP_TESTS_CHECKER_SAMPLE_REPORT_H_
