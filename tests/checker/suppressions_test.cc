// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/suppressions.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/checker/sample_report.h"

namespace flushdep {
namespace {

TEST(Suppressions, Patterns) {
  EXPECT_TRUE(MatchesPattern("foo", "a_foo_b"));
  EXPECT_FALSE(MatchesPattern("foo", "fo"));
  EXPECT_TRUE(MatchesPattern("^foo", "foo_b"));
  EXPECT_FALSE(MatchesPattern("^foo", "a_foo"));
  EXPECT_TRUE(MatchesPattern("foo$", "a_foo"));
  EXPECT_FALSE(MatchesPattern("foo$", "foo_b"));
  EXPECT_TRUE(MatchesPattern("^foo$", "foo"));
  EXPECT_FALSE(MatchesPattern("^foo$", "foofoo"));
  EXPECT_TRUE(MatchesPattern("a*c", "xabbcx"));
  EXPECT_FALSE(MatchesPattern("a*c", "cba"));
  EXPECT_TRUE(MatchesPattern("^a*c$", "abcc"));
  EXPECT_FALSE(MatchesPattern("^a*c$", "abcd"));
  EXPECT_TRUE(MatchesPattern("*", ""));
  EXPECT_TRUE(MatchesPattern("mm/*.c", "src/mm/pool.c"));
}

TEST(Suppressions, WrongLinesAreNamed) {
  auto list = std::make_unique<Suppressions>();
  EXPECT_EQ(list->Parse("# only\n\n  rule:FD001  \n").line, "");
  EXPECT_EQ(list->size(), 1u);
  for (const char* bad : {"FD001", "FD999:x", "race:x", "file:", ":x"}) {
    const std::string text = std::string("rule:FD004\n") + bad;
    const Suppressions::Problem problem = list->Parse(text);
    EXPECT_EQ(problem.line, bad);
    EXPECT_FALSE(problem.text.empty());
  }
}

TEST(Suppressions, AllTypesMatchAndAreCounted) {
  const SampleReport sample;
  const Report& report = sample.report;
  const std::string function(report.events[0].stack[0].function);
  const std::string file(report.events[0].stack[0].file);
  const std::string id(Info(report.rule).id), name(Info(report.rule).name);
  for (const std::string& good : {"rule:" + id, "rule:" + name, "function:^" + function + "$",
                                  "file:" + file, id + ":" + function, name + ":" + file}) {
    auto list = std::make_unique<Suppressions>();
    ASSERT_EQ(list->Parse(good).text, "") << good;
    EXPECT_TRUE(list->Match(report)) << good;
    EXPECT_EQ((*list)[0].count, 1u);
  }
  for (const std::string& other :
       {std::string("rule:FD019"), std::string("function:no_such_function"),
        std::string("file:no_such_file"), std::string("class:x"), "FD019:" + function}) {
    auto list = std::make_unique<Suppressions>();
    ASSERT_EQ(list->Parse(other).text, "") << other;
    EXPECT_FALSE(list->Match(report)) << other;
  }
}

}  // namespace
}  // namespace flushdep
