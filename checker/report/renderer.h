// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a raw report to a Report with source frames, site and fingerprint.
// Holds the memory that the Report's views point to, until the next Render().
// Not thread safe, no heap, not for signal handlers.
#ifndef FLUSHDEP_CHECKER_REPORT_RENDERER_H_
#define FLUSHDEP_CHECKER_REPORT_RENDERER_H_

#include "checker/report/fingerprint.h"
#include "checker/report/format.h"
#include "checker/report/modules.h"
#include "checker/report/raw_report.h"
#include "checker/report/report.h"
#include "checker/report/source_lines.h"
#include "checker/report/symbolizer.h"

namespace flushdep {

class Renderer {
 public:
  // `symbols` off: module and offset only, no file is opened.
  Report Render(const RawReport& raw, bool symbols);

  // The place of a return address, as "function file:line" or in its module; until the next call.
  std::string_view Place(uint64_t pc, bool symbols);

  // Why symbolising failed, empty while it works.
  std::string_view Problem() const { return symbolizer_.Problem(); }
  // Lets the symbolisers go: a forked child must not talk to its parent's.
  void StopSymbolizers();

 private:
  static constexpr size_t kMaxInlined = 16;       // source frames of one program counter
  static constexpr size_t kMaxSourceFrames = 64;  // of one stack, inlined ones included

  size_t Expand(uint64_t pc, bool exact, bool symbols, Symbolizer::Source* out, size_t capacity);
  void AddReadable(Symbolizer::Source* sources, size_t count);
  View<Frame> RenderStack(const RawEvent& event, size_t index, bool symbols);
  std::string_view ProgramPath();
  void ChooseSite(View<Frame> stack, Report* report);
  void FindSite(const RawReport& raw, Report* report);
  void AddPlace(const Frame& frame);
  void AddPlaceOf(uint64_t pc, bool symbols);
  std::string_view ClassOf(const RawReport& raw, bool symbols);
  void RenderPath(const RawReport& raw, Report* report);

  TextArena arena_;
  Symbolizer symbolizer_;
  Symbolizer demangler_{/*demangled=*/true};
  SourceFile source_;
  ModuleAddress module_;
  Fingerprint fingerprint_;
  uint32_t site_start_line_ = 0;
  uint32_t start_lines_[kMaxSourceFrames];  // of the functions of the event of now
  size_t program_size_ = 0;
  char program_[512];
  Symbolizer::Source place_sources_[kMaxInlined];
  FixedText<1100> scratch_;  // here and not on a stack, which may be a small one
  std::string_view notes_[1];
  std::string_view path_[kMaxRawEvents];
  ScenarioLine scenario_[kMaxScenario];
  ReportEvent events_[kMaxRawEvents];
  Frame frames_[kMaxRawEvents][kMaxSourceFrames];
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_RENDERER_H_
