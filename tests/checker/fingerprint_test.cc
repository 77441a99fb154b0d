// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/fingerprint.h"

#include <gtest/gtest.h>

#include <string>

namespace flushdep {
namespace {

std::string Normalise(std::string_view line) {
  char buffer[kMaxNormalisedLine];
  return std::string(buffer, NormaliseLine(line, buffer, sizeof(buffer)));
}

std::string At(std::string_view text, uint32_t first, uint32_t line) {
  return std::string(FingerprintAt("FD001", "f", text, first, line).view());
}

TEST(Fingerprint, NormalisesSpaceAndComments) {
  EXPECT_EQ(Normalise("\t__free_page( page ) ;  // done"), "__free_page(page);");
  EXPECT_EQ(Normalise("return   x+ y;"), "return x+y;");
  EXPECT_EQ(Normalise("a /* b */ c"), "a c");
  EXPECT_EQ(Normalise("a/**/b"), "a b");
  EXPECT_EQ(Normalise("a /* open"), "a");
  EXPECT_EQ(Normalise("puts(\"a  // b\");"), "puts(\"a  // b\");");
  EXPECT_EQ(Normalise("c = '\"'; d = ' ';"), "c='\"';d=' ';");
  EXPECT_EQ(Normalise("s = \"\\\" /*\";"), "s=\"\\\" /*\";");
  EXPECT_EQ(Normalise("free(p);\r"), "free(p);");
  EXPECT_EQ(Normalise(""), "");
}

TEST(Fingerprint, CutsVeryLongLines) {
  EXPECT_EQ(Normalise(std::string(4000, 'x')).size(), kMaxNormalisedLine);
}

TEST(Fingerprint, LinesOfAText) {
  EXPECT_EQ(LineOf("a\nb\nc", 1), "a");
  EXPECT_EQ(LineOf("a\nb\nc", 3), "c");
  EXPECT_EQ(LineOf("a\nb\nc", 4), "");
  EXPECT_EQ(LineOf("a\nb\nc", 0), "");
  EXPECT_EQ(LineOf("", 1), "");
}

TEST(Fingerprint, DoesNotMoveWithTheFunction) {
  const std::string here = "f()\n{\n\tput(h);\n\tfree(p);\n}\n";
  const std::string moved = "\n\nint g;\nf()\n{\n  put(h); /* x */\n  free( p );\n}\n";
  EXPECT_EQ(At(here, 1, 4), At(moved, 4, 7));
}

TEST(Fingerprint, TellsEqualLinesApart) {
  const std::string text = "f()\n{\n\tfree(p);\n\tfree(p);\n}\n";
  EXPECT_NE(At(text, 1, 3), At(text, 1, 4));
  EXPECT_EQ(OrdinalOf(text, 1, 3), 0u);
  EXPECT_EQ(OrdinalOf(text, 1, 4), 1u);
}

TEST(Fingerprint, DependsOnRuleAndFunction) {
  const Fingerprint a = MakeFingerprint("FD001", "f", "free(p);", 0);
  EXPECT_NE(a.view(), MakeFingerprint("FD002", "f", "free(p);", 0).view());
  EXPECT_NE(a.view(), MakeFingerprint("FD001", "g", "free(p);", 0).view());
  // Parts are kept apart: no shifting of text from one into the next.
  EXPECT_NE(MakeFingerprint("FD001", "fx", "y", 0).view(),
            MakeFingerprint("FD001", "f", "xy", 0).view());
}

// Debug info names another variant of them when they are inlined.
TEST(Fingerprint, TakesVariantsOfConstructorsForOne) {
  const auto of = [](std::string_view function) {
    return std::string(MakeFingerprint("FD001", function, "free(p);", 0).view());
  };
  EXPECT_EQ(of("_ZN1a1KC1EP4page"), of("_ZN1a1KC2EP4page"));
  EXPECT_EQ(of("_ZN1a1KD1Ev"), of("_ZN1a1KD2Ev"));
  EXPECT_EQ(of("_ZN1a1KD1Ev"), of("_ZN1a1KD0Ev"));
  EXPECT_NE(of("_ZN1a1KC1EP4page"), of("_ZN1a1KC1EP5pages"));
  EXPECT_NE(of("_ZN1a1KC1Ev"), of("_ZN1a1KD1Ev"));
  EXPECT_NE(of("xKC1Ev"), of("xKC2Ev"));
}

// The value is part of baselines that people keep: it may not change.
TEST(Fingerprint, IsFixed) {
  EXPECT_EQ(MakeFingerprint("FD001", "gm_write", "__free_page(page);", 0).view(),
            "519becb38d80ab79");
}

}  // namespace
}  // namespace flushdep
