// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/catalogue.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace flushdep {
namespace {

TEST(Catalogue, IdsAndNamesAreUniqueAndFound) {
  std::set<std::string> seen;
  for (const RuleInfo& info : kRules) {
    EXPECT_TRUE(seen.insert(std::string(info.id)).second) << info.id;
    EXPECT_TRUE(seen.insert(std::string(info.name)).second) << info.name;
    EXPECT_EQ(FindRule(info.id), &info);
    EXPECT_EQ(FindRule(info.name), &info);
    EXPECT_EQ(&Info(info.rule), &info);
    EXPECT_FALSE(info.meaning.empty());
    EXPECT_FALSE(info.remedy.empty());
    EXPECT_NE(info.meaning.back(), '.');
    EXPECT_FALSE(info.bad.empty()) << info.id;
    EXPECT_FALSE(info.good.empty()) << info.id;
    EXPECT_NE(info.bad, info.good) << info.id;
  }
  EXPECT_EQ(kNumRules, 23u);
  EXPECT_EQ(FindRule("FD999"), nullptr);
  EXPECT_EQ(FindRule(""), nullptr);
}

// The names of docs/contract.md.
TEST(Catalogue, KeepsTheContractsNames) {
  EXPECT_EQ(Info(Rule::FD001).name, "unflushed-free");
  EXPECT_EQ(Info(Rule::FD003).name, "insufficient-flush");
  EXPECT_EQ(Info(Rule::FD013).name, "mapping-imbalance");
  EXPECT_EQ(Info(Rule::FD004).severity, Severity::Possible);
  EXPECT_EQ(Info(Rule::FA001).severity, Severity::Advice);
}

}  // namespace
}  // namespace flushdep
