// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/told.h"

#include <gtest/gtest.h>

namespace flushdep {
namespace {

// A load at line 17, column 3, through a mapping that was made at line 5.
struct Sample {
  Sample() {
    access.function = map.function = "f";
    access.file = map.file = "/src/t.c";
    access.line = 17;
    access.column = 3;
    map.line = 5;
    events[0].role = Role::Access;
    events[0].stack = {&access, 1};
    events[1].role = Role::Alloc;
    events[2].role = Role::Map;
    events[2].stack = {&map, 1};
    report.rule = Rule::FD009;
    report.events = {events, 3};
  }

  Frame access;
  Frame map;
  ReportEvent events[3];
  Report report;
};

TEST(Told, AnotherInstructionOfThePlaceIsTheSame) {
  Sample first, second;
  first.access.offset = 0x1000;
  second.access.offset = 0x1010;
  second.report.va = 0x7000;
  Told told;
  EXPECT_FALSE(told.Before(first.report, "load"));
  EXPECT_TRUE(told.Before(second.report, "load"));
  EXPECT_TRUE(told.Before(first.report, "load"));
}

TEST(Told, AnotherPlaceIsNot) {
  Sample sample;
  Told told;
  EXPECT_FALSE(told.Before(sample.report, "load"));
  EXPECT_FALSE(told.Before(sample.report, "store"));
  sample.report.rule = Rule::FD008;
  EXPECT_FALSE(told.Before(sample.report, "load"));
  sample.access.column = 9;
  EXPECT_FALSE(told.Before(sample.report, "load"));
  sample.access.line = 18;
  EXPECT_FALSE(told.Before(sample.report, "load"));
  sample.access.file = "/src/u.c";
  EXPECT_FALSE(told.Before(sample.report, "load"));
  sample.access.function = "g";
  EXPECT_FALSE(told.Before(sample.report, "load"));
  sample.map.line = 6;
  EXPECT_FALSE(told.Before(sample.report, "load"));
  EXPECT_TRUE(told.Before(sample.report, "load"));
}

TEST(Told, WithoutASourceEveryOneIsTold) {
  Sample sample;
  Told told;
  sample.map.file = {};
  EXPECT_FALSE(told.Before(sample.report, "load"));
  EXPECT_FALSE(told.Before(sample.report, "load"));
  sample.map.file = "/src/t.c";
  sample.access.line = 0;
  EXPECT_FALSE(told.Before(sample.report, "load"));
  EXPECT_FALSE(told.Before(sample.report, "load"));
  EXPECT_FALSE(told.Before(Report(), "load"));
}

TEST(Told, CallsAreToldEachOne) {
  Sample sample;
  Told told;
  sample.events[0].role = Role::Free;
  EXPECT_FALSE(told.Before(sample.report, "free"));
  EXPECT_FALSE(told.Before(sample.report, "free"));
}

TEST(Told, AFullTableLetsThrough) {
  Sample sample;
  Told told;
  for (uint32_t line = 1; line <= 1024; ++line) {
    sample.access.line = line;
    ASSERT_FALSE(told.Before(sample.report, "load"));
  }
  sample.access.line = 2000;
  EXPECT_FALSE(told.Before(sample.report, "load"));
  EXPECT_FALSE(told.Before(sample.report, "load"));
  sample.access.line = 7;
  EXPECT_TRUE(told.Before(sample.report, "load"));
}

}  // namespace
}  // namespace flushdep
