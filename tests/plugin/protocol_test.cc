// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/protocol/protocol.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "clang-plugin/protocol/yaml_reader.h"
#include "gtest/gtest.h"

namespace flushdep::plugin {
namespace {

struct Result {
  bool fine = false;
  Protocol protocol;
  std::vector<FileError> errors;
};

Result Read(const std::string& functions) {
  Result result;
  result.fine = ReadProtocolText("flushdep-protocol: 1\nfunctions:\n" + functions, "p.yaml",
                                 result.protocol, result.errors);
  return result;
}

std::string ErrorOf(const std::string& functions) {
  const Result result = Read(functions);
  EXPECT_FALSE(result.fine);
  return result.errors.size() == 1 ? result.errors[0].Text()
                                   : std::to_string(result.errors.size()) + " errors";
}

std::string ErrorOfText(const std::string& text) {
  Result result;
  EXPECT_FALSE(ReadProtocolText(text, "p.yaml", result.protocol, result.errors));
  return result.errors.empty() ? "" : result.errors[0].Text();
}

// The schema that editors use knows every verb and option that the reader knows.
TEST(ProtocolSchema, NamesEveryVerb) {
  std::ifstream file(FLUSHDEP_SCHEMA);
  std::stringstream schema;
  schema << file.rdbuf();
#define FLUSHDEP_VERB(id, spelling, operand, options)                              \
  EXPECT_NE(schema.str().find("\"" spelling "\""), std::string::npos) << spelling; \
  for (std::istringstream words(options); words >> word;)                          \
    EXPECT_NE(schema.str().find("\"" + word + "\""), std::string::npos) << word;
  std::string word;
#include "clang-plugin/protocol/verbs.def"
#undef FLUSHDEP_VERB
}

// What explain prints can be read back.
TEST(ProtocolText, RoundTrips) {
  const Result result = Read(
      "  - name: f\n"
      "    effects:\n"
      "      - {map: 2, handle: 3, failure: nonzero}\n"
      "      - {unmap: 1, debt: none}\n"
      "      - {flush: mm-range, mm: 2, start: 3, end: 4, tables: 5}\n"
      "      - {remove: 1, failure: nonzero, when: 3!=0}\n"
      "      - {enter: irqs-off}\n"
      "      - {table: 1}\n"
      "      - {store: 2, in: 1}\n"
      "      - {hand-over: 2, when: 1=1}\n"
      "      - {drop-all: 1}\n");
  ASSERT_TRUE(result.fine);
  for (const Effect& effect : result.protocol.Find("f")->effects) {
    const std::string text = EffectText(effect);
    const Result again = Read("  - name: g\n    effects:\n      - {" + text + "}\n");
    ASSERT_TRUE(again.fine) << text << ": " << again.errors[0].Text();
    EXPECT_EQ(EffectText(again.protocol.Find("g")->effects[0]), text);
  }
}

TEST(ProtocolYaml, ReadsEffects) {
  const Result result = Read(
      "  - name: get\n"
      "    effects:\n"
      "      - {map: 2, handle: 3, failure: nonzero}\n"
      "  - name: [put, put2]\n"
      "    effects:\n"
      "      - unmap: 1\n"
      "        debt: none\n"
      "      - flush: mm\n"
      "        mm: 2\n");
  ASSERT_TRUE(result.fine);
  const FunctionProtocol* get = result.protocol.Find("get");
  ASSERT_NE(get, nullptr);
  ASSERT_EQ(get->effects.size(), 1u);
  EXPECT_EQ(get->effects[0].kind, EffectKind::Map);
  EXPECT_EQ(get->effects[0].operand, 2);
  EXPECT_EQ(get->effects[0].handle, 3);
  EXPECT_EQ(get->effects[0].failure, Failure::NonZero);
  EXPECT_EQ(get->source, "p.yaml:3");
  const FunctionProtocol* put = result.protocol.Find("put2");
  ASSERT_NE(put, nullptr);
  ASSERT_EQ(put->effects.size(), 2u);
  EXPECT_FALSE(put->effects[0].owes_flush);
  EXPECT_EQ(put->effects[1].scope, FlushScope::Mm);
  EXPECT_EQ(put->effects[1].mm, 2);
  EXPECT_EQ(result.protocol.Find("other"), nullptr);
}

TEST(ProtocolYaml, LaterDefinitionWins) {
  Result result = Read("  - name: f\n    effects: [{free: 1}]\n");
  ASSERT_TRUE(
      ReadProtocolText("flushdep-protocol: 1\nfunctions:\n  - name: f\n    effects: [{drop: 2}]\n",
                       "q.yaml", result.protocol, result.errors));
  EXPECT_EQ(result.protocol.Find("f")->effects[0].kind, EffectKind::Drop);
  EXPECT_EQ(result.protocol.Find("f")->source, "q.yaml:3");
}

TEST(ProtocolYaml, ErrorsNameTheLineAndWhatIsAllowed) {
  EXPECT_EQ(ErrorOf("  - name: f\n    effects:\n      - fre: 1\n").substr(0, 60),
            "p.yaml:5:9: unknown effect 'fre'; allowed: allocate, map, ad");
  EXPECT_EQ(ErrorOf("  - name: f\n    effects:\n      - free: page\n"),
            "p.yaml:5:9: 'free' takes a parameter (the page), not 'page'");
  EXPECT_EQ(ErrorOf("  - name: f\n    effects:\n      - free: 0\n"),
            "p.yaml:5:9: 'free' takes a parameter (the page), not '0'");
  EXPECT_EQ(ErrorOf("  - name: f\n    effects:\n      - {unmap: 1, debt: maybe}\n"),
            "p.yaml:5:20: 'debt' must be flush or none, not 'maybe'");
  EXPECT_EQ(ErrorOf("  - name: f\n    effects:\n      - {flush: mm}\n"),
            "p.yaml:5:10: 'flush: mm' needs 'mm', the parameter whose translations go");
  EXPECT_EQ(ErrorOf("  - name: f\n    effects:\n      - {store: 1}\n"),
            "p.yaml:5:10: 'store' needs 'in', the parameter that the page goes into");
  EXPECT_EQ(ErrorOf("  - name: f\n    effects:\n      - {free: 1, drop: 1}\n"),
            "p.yaml:5:19: an effect has one verb, but both 'free' and 'drop' are given");
  EXPECT_EQ(ErrorOf("  - name: f\n    effect: []\n    effects: []\n"),
            "p.yaml:4:5: unknown key 'effect'; allowed: name, effects");
  EXPECT_EQ(ErrorOf("  - effects: []\n"), "p.yaml:3:5: a function needs 'name'");
  EXPECT_EQ(ErrorOf("  - name: f\n"), "p.yaml:3:5: a function needs 'effects' ([] if it has none)");
  EXPECT_EQ(ErrorOf("  - f\n"), "p.yaml:3:5: a function needs keys; allowed: name, effects");
}

TEST(ProtocolYaml, TopLevel) {
  EXPECT_EQ(ErrorOfText("flushdep-protocol: 2\n"),
            "p.yaml:1:20: protocol version '2' is not known; this flushdep reads version 1");
  EXPECT_EQ(ErrorOfText("functions: []\n"), "p.yaml:1:1: missing key 'flushdep-protocol: 1'");
  EXPECT_EQ(ErrorOfText(""),
            "p.yaml:1:1: no protocol here; a file starts with 'flushdep-protocol: 1'");
  EXPECT_EQ(ErrorOfText("flushdep-protocol: 1\nfunction: []\n"),
            "p.yaml:2:1: unknown key 'function'; allowed: flushdep-protocol, functions");
  EXPECT_NE(ErrorOfText("flushdep-protocol: [\n").find("p.yaml:"), std::string::npos);
}

TEST(ProtocolYaml, AFileWithAnErrorDefinesNothing) {
  Result result =
      Read("  - name: good\n    effects: [{free: 1}]\n  - name: bad\n    effects: [{fre: 1}]\n");
  EXPECT_FALSE(result.fine);
  EXPECT_EQ(result.protocol.Find("good"), nullptr);
}

TEST(ProtocolYaml, UnreadableFile) {
  Result result;
  EXPECT_FALSE(ReadProtocolFile("/no/such/file.yaml", result.protocol, result.errors));
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].Text(),
            "/no/such/file.yaml: cannot read protocol file: No such file or directory; give an "
            "existing file with protocol=FILE");
}

TEST(EffectText, ReadsWhatAnnotationsSpell) {
  EffectError error;
  const auto map = ParseEffectText("map 2 handle=ret", error);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->kind, EffectKind::Map);
  EXPECT_EQ(map->operand, 2);
  EXPECT_EQ(map->failure, Failure::Null);
  const auto flush = ParseEffectText("flush mm=3", error);
  ASSERT_TRUE(flush);
  EXPECT_EQ(flush->scope, FlushScope::Mm);
  EXPECT_EQ(flush->mm, 3);
  const auto local = ParseEffectText("flush local", error);
  ASSERT_TRUE(local);
  EXPECT_EQ(local->scope, FlushScope::Local);
  const auto unmap = ParseEffectText("unmap 1 debt=none", error);
  ASSERT_TRUE(unmap);
  EXPECT_FALSE(unmap->owes_flush);
  EXPECT_FALSE(ParseEffectText("", error));
  EXPECT_FALSE(ParseEffectText("free", error));
  EXPECT_FALSE(ParseEffectText("free 1 2", error));
}

}  // namespace
}  // namespace flushdep::plugin
