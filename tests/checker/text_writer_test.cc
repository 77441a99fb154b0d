// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/text_writer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/checker/sample_report.h"

namespace flushdep {
namespace {

// FLUSHDEP_UPDATE_GOLDEN=1 rewrites the file.
void CompareWithGolden(const std::string& text, const std::string& name) {
  const std::string path = std::string(FLUSHDEP_GOLDEN) + "/" + name;
  if (getenv("FLUSHDEP_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

TEST(TextWriter, Splat) {
  SampleReport sample;
  std::string text;
  WriteText(sample.report, {"prog", "1.2", "/src/project", "free a page"}, ToString(&text));
  CompareWithGolden(text, "splat.txt");
}

TEST(TextWriter, PossibleProblemsSayMay) {
  SampleReport sample;
  sample.report.severity = Severity::Possible;
  std::string text;
  WriteText(sample.report, {"prog", "1.2", "", "free a page"}, ToString(&text));
  EXPECT_NE(text.find("WARNING: possible insufficient-flush [FD003]"), std::string::npos);
  EXPECT_NE(text.find("may one day free a page"), std::string::npos);
}

TEST(TextWriter, FramesOfLibrariesNameThem) {
  const Frame frames[] = {{"/usr/lib/libother.so", "", 1, "load", "other.c", 3, 0, false},
                          {"/bin/prog", "", 2, "main", "prog.c", 5, 0, false}};
  ReportEvent events[1];
  events[0].stack = {frames, 2};
  SampleReport sample;
  sample.report.events = {events, 1};
  std::string text;
  WriteText(sample.report, {"prog", "1.2", "", "free a page", "/bin/prog"}, ToString(&text));
  EXPECT_NE(text.find("load other.c:3 [libother.so]\n"), std::string::npos) << text;
  EXPECT_NE(text.find("main prog.c:5\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace flushdep
