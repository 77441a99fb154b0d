// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/frame_text.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/checker/sample_report.h"

namespace flushdep {
namespace {

std::string Plain(std::string_view name) {
  std::string text;
  PutPlainName(name, ToString(&text));
  return text;
}

TEST(FrameText, CNamesStay) {
  EXPECT_EQ(Plain("secretmem_fault"), "secretmem_fault");
  EXPECT_EQ(Plain("??"), "??");
  EXPECT_EQ(Plain(""), "");
  EXPECT_EQ(Plain("operators_init"), "operators_init");
}

TEST(FrameText, ParametersArgumentsAndReturnTypesGo) {
  EXPECT_EQ(Plain("ns::Put(unsigned long, bool)"), "ns::Put");
  EXPECT_EQ(Plain("ns::Box<int>::Put(long) const"), "ns::Box::Put");
  EXPECT_EQ(Plain("void ns::Box<std::pair<int, long>>::Put<(ns::Kind)1>(long)"), "ns::Box::Put");
  EXPECT_EQ(Plain("std::enable_if<is_void_v<T>, int>::type ns::Get<T>(T&&)"), "ns::Get");
  EXPECT_EQ(Plain("ns::Run(void (&)(std::function<void ()> const&), bool)"), "ns::Run");
}

TEST(FrameText, WhatIsPartOfTheNameStays) {
  EXPECT_EQ(Plain("ns::(anonymous namespace)::Free(int)"), "ns::(anonymous namespace)::Free");
  EXPECT_EQ(Plain("(anonymous namespace)::Free(int)"), "(anonymous namespace)::Free");
  EXPECT_EQ(Plain("ns::Run(void (&)())::$_0::operator()() const"), "ns::Run::$_0::operator()");
  EXPECT_EQ(Plain("ns::Grid::Add(Row const&)::'lambda'()::operator()() const"),
            "ns::Grid::Add::'lambda'::operator()");
  EXPECT_EQ(Plain("std::ostream& ns::operator<<(std::ostream&, int)"), "ns::operator<<");
  EXPECT_EQ(Plain("ns::Box::operator bool() const"), "ns::Box::operator bool");
  EXPECT_EQ(Plain("ns::Box::operator->()"), "ns::Box::operator->");
}

TEST(FrameText, NothingBreaksIt) {
  for (std::string_view odd : {"<", ")", "(", "a<b", "operator", "operator(", "::<>(", " ", "a ("})
    Plain(odd);
  EXPECT_EQ(Plain("a<b"), "a");
}

TEST(FrameText, Plumbing) {
  const auto frame = [](std::string_view function, std::string_view file) {
    Frame made;
    made.function = function;
    made.file = file;
    return made;
  };
  EXPECT_TRUE(IsPlumbing(frame("invoke", "/usr/include/c++/12/bits/invoke.h")));
  EXPECT_TRUE(IsPlumbing(frame("start_thread", "")));
  EXPECT_FALSE(IsPlumbing(frame("main", "/src/t.cc")));
  EXPECT_FALSE(IsPlumbing(frame("clone_page", "")));
}

}  // namespace
}  // namespace flushdep
