// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/options.h"

#include <gtest/gtest.h>

#include <string>

namespace flushdep {
namespace {

TEST(Options, Defaults) {
  const ParsedOptions parsed = ParseOptions("");
  EXPECT_TRUE(parsed.bad.empty());
  EXPECT_EQ(parsed.options.exitcode, 66u);
  EXPECT_EQ(parsed.options.cpus, 4u);
  EXPECT_EQ(parsed.options.mem, 1ull << 30);
  EXPECT_TRUE(parsed.options.pcid);
  EXPECT_FALSE(parsed.options.pti);
  EXPECT_FALSE(parsed.options.broadcast);
  EXPECT_EQ(parsed.options.fail_on, Severity::Error);
  EXPECT_EQ(parsed.options.holes, Holes::Auto);
  EXPECT_TRUE(parsed.options.direct_map);
}

TEST(Options, OfTheMachinesMemory) {
  EXPECT_EQ(ParseOptions("backend=model").options.backend, Backend::Model);
  EXPECT_EQ(ParseOptions("holes=guard").options.holes, Holes::Guard);
  EXPECT_EQ(ParseOptions("holes=uffd").options.holes, Holes::Uffd);
  EXPECT_EQ(ParseOptions("holes=mprotect").options.holes, Holes::Mprotect);
  EXPECT_EQ(ParseOptions("holes=uffd:holes=auto").options.holes, Holes::Auto);
  EXPECT_FALSE(ParseOptions("direct_map=0").options.direct_map);
}

TEST(Options, AllThatTheContractNames) {
  const ParsedOptions parsed = ParseOptions(
      "backend=mmu:strength=speculative:cpus=64:mem=256M:pcid=0:inference=0:stacks=8:"
      "log_path=/tmp/x:exitcode=5:fail_on=possible:halt_on_error=1:seed=9:symbolize=0:advice=1:"
      "print_stats=1:help=0");
  EXPECT_TRUE(parsed.bad.empty()) << parsed.bad << ": " << parsed.problem;
  EXPECT_EQ(parsed.options.cpus, 64u);
  EXPECT_EQ(parsed.options.mem, 256ull << 20);
  EXPECT_FALSE(parsed.options.pcid);
  EXPECT_EQ(parsed.options.stacks, 8u);
  EXPECT_EQ(parsed.options.log_path, "/tmp/x");
  EXPECT_EQ(parsed.options.exitcode, 5u);
  EXPECT_EQ(parsed.options.fail_on, Severity::Possible);
  EXPECT_TRUE(parsed.options.halt_on_error);
  EXPECT_FALSE(parsed.options.symbolize);
}

TEST(Options, TheHardwaresKnobs) {
  const ParsedOptions parsed = ParseOptions("pti=1:broadcast=1");
  EXPECT_TRUE(parsed.bad.empty()) << parsed.bad << ": " << parsed.problem;
  EXPECT_TRUE(parsed.options.pti);
  EXPECT_TRUE(parsed.options.broadcast);
}

TEST(Options, WrongOnesAreNamed) {
  for (const char* text : {"cpus=0",         "cpus=257",
                           "cpus=",          "cpus=four",
                           "mem=1",          "mem=65G",
                           "mem=17M",        "pcid=maybe",
                           "pti=2",          "broadcast=",
                           "backend=tlb",    "holes=punch",
                           "holes=",         "direct_map=2",
                           "stacks=33",      "nosuch=1",
                           "cpus",           "=1",
                           "fail_on=advice", "exitcode=256",
                           "limit_Sites=1",  "mem=99999999999999999999G",
                           "seed=-1",        "limit_Nosuch=5"}) {
    const std::string whole = std::string("exitcode=7::") + text + ":seed=3";
    const ParsedOptions parsed = ParseOptions(whole);
    EXPECT_EQ(parsed.bad, text);
    EXPECT_FALSE(parsed.problem.empty()) << text;
  }
}

TEST(Options, LimitsAreSettable) {
  const ParsedOptions parsed = ParseOptions("limit_Sites=100:suppressions=f:limit_Edges=7");
  EXPECT_TRUE(parsed.bad.empty()) << parsed.bad << ": " << parsed.problem;
  EXPECT_EQ(parsed.options.suppressions, "f");
  LimitCounts limits;
  limits.Set(parsed.options.limits);
  EXPECT_EQ(limits.Max(Limit::Sites), 100u);
  EXPECT_EQ(limits.Max(Limit::Edges), 7u);
  EXPECT_EQ(limits.Max(Limit::Classes), kMaxClasses);
}

TEST(Options, HelpNamesEveryOption) {
  const std::string help(OptionsHelp());
  for (const char* key :
       {"backend=", "holes=", "direct_map=", "strength=", "cpus=", "mem=", "pcid=", "inference=",
        "stacks=", "log_path=", "exitcode=", "fail_on=", "halt_on_error=", "seed=", "suppressions=",
        "symbolize=", "advice=", "print_stats=", "help="})
    EXPECT_NE(help.find(key), std::string::npos) << key;
}

}  // namespace
}  // namespace flushdep
