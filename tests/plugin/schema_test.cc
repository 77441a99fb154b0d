// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The JSON schema of protocol files and the reader agree: what one takes, the other does, and the
// shipped files are taken by both. The validator knows the keywords that our schema uses, and
// fails on any other.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "clang-plugin/protocol/yaml_reader.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

namespace flushdep::plugin {
namespace {

namespace json = llvm::json;

std::string Slurp(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

json::Value ToJson(llvm::yaml::Node* node) {
  if (auto* scalar = llvm::dyn_cast_or_null<llvm::yaml::ScalarNode>(node)) {
    llvm::SmallString<32> storage;
    const llvm::StringRef text = scalar->getValue(storage);
    int64_t number = 0;
    const bool quoted = scalar->getRawValue().starts_with("\"");
    if (!quoted && text == "null") return nullptr;
    if (!quoted && !text.getAsInteger(10, number)) return number;
    return text.str();
  }
  if (auto* list = llvm::dyn_cast_or_null<llvm::yaml::SequenceNode>(node)) {
    json::Array array;
    for (llvm::yaml::Node& entry : *list) array.push_back(ToJson(&entry));
    return array;
  }
  if (auto* map = llvm::dyn_cast_or_null<llvm::yaml::MappingNode>(node)) {
    json::Object object;
    for (llvm::yaml::KeyValueNode& entry : *map) {
      const json::Value key = ToJson(entry.getKey());
      json::Value value = ToJson(entry.getValue());
      if (const auto name = key.getAsString()) object[name->str()] = std::move(value);
    }
    return object;
  }
  return nullptr;
}

class Validator {
 public:
  explicit Validator(const json::Value& schema) : root_(*schema.getAsObject()) {}

  bool Takes(const json::Value& value) { return Takes(root_, value); }

 private:
  const json::Object& Resolve(llvm::StringRef reference) {
    const json::Object* at = &root_;
    reference.consume_front("#/");
    while (!reference.empty()) {
      const auto [name, rest] = reference.split('/');
      at = at->getObject(name);
      reference = rest;
      if (at == nullptr) break;
    }
    EXPECT_NE(at, nullptr);
    return at != nullptr ? *at : root_;
  }

  bool TakesObject(const json::Object& schema, const json::Object& object) {
    if (const json::Array* required = schema.getArray("required"))
      for (const json::Value& name : *required)
        if (object.get(*name.getAsString()) == nullptr) return false;
    const json::Object* properties = schema.getObject("properties");
    for (const auto& [name, value] : object) {
      const json::Value* rule = properties != nullptr ? properties->get(name) : nullptr;
      if (rule == nullptr && schema.getBoolean("additionalProperties") == false) return false;
      if (rule != nullptr && !Takes(*rule->getAsObject(), value)) return false;
    }
    return true;
  }

  bool HasType(llvm::StringRef type, const json::Value& value) {
    if (type == "object") return value.getAsObject() != nullptr;
    if (type == "array") return value.getAsArray() != nullptr;
    if (type == "string") return value.getAsString().has_value();
    if (type == "integer") return value.getAsInteger().has_value();
    ADD_FAILURE() << "unknown type " << type.str();
    return false;
  }

  unsigned CountTakers(const json::Array& schemas, const json::Value& value) {
    unsigned takers = 0;
    for (const json::Value& schema : schemas) takers += Takes(*schema.getAsObject(), value) ? 1 : 0;
    return takers;
  }

  bool TakesKeyword(const json::Object& schema, llvm::StringRef keyword, const json::Value& rule,
                    const json::Value& value) {
    if (keyword == "$ref") return Takes(Resolve(*rule.getAsString()), value);
    if (keyword == "type") return HasType(*rule.getAsString(), value);
    if (keyword == "const") return rule == value;
    if (keyword == "enum") return llvm::is_contained(*rule.getAsArray(), value);
    if (keyword == "anyOf") return CountTakers(*rule.getAsArray(), value) >= 1;
    if (keyword == "oneOf") return CountTakers(*rule.getAsArray(), value) == 1;
    const auto number = value.getAsInteger();
    if (keyword == "minimum") return !number || *number >= *rule.getAsInteger();
    if (keyword == "maximum") return !number || *number <= *rule.getAsInteger();
    if (keyword == "pattern")
      return !value.getAsString() || llvm::Regex(*rule.getAsString()).match(*value.getAsString());
    const json::Array* array = value.getAsArray();
    if (keyword == "minItems")
      return array == nullptr || static_cast<int64_t>(array->size()) >= *rule.getAsInteger();
    if (keyword == "items")
      return array == nullptr || llvm::all_of(*array, [&](const json::Value& entry) {
               return Takes(*rule.getAsObject(), entry);
             });
    if (keyword == "required")
      return value.getAsObject() == nullptr || TakesObject(schema, *value.getAsObject());
    static const std::set<std::string> kNoTests = {
        "properties", "additionalProperties", "$comment", "$schema", "title",
        "$defs",      "description"};
    EXPECT_TRUE(kNoTests.contains(keyword.str()))
        << "a keyword that is not known: " << keyword.str();
    return true;
  }

  bool Takes(const json::Object& schema, const json::Value& value) {
    for (const auto& [keyword, rule] : schema)
      if (!TakesKeyword(schema, keyword, rule, value)) return false;
    return true;
  }

  const json::Object& root_;
};

bool SchemaTakes(const std::string& text) {
  static const json::Value schema = *json::parse(Slurp(FLUSHDEP_SCHEMA));
  llvm::SourceMgr sources;
  llvm::yaml::Stream stream(text, sources, /*ShowColors=*/false);
  const json::Value value = ToJson(stream.begin()->getRoot());
  return Validator(schema).Takes(value);
}

bool ReaderTakes(const std::string& text, std::string* error = nullptr) {
  Protocol protocol;
  std::vector<FileError> errors;
  const bool fine = ReadProtocolText(text, "p.yaml", protocol, errors);
  if (error != nullptr && !errors.empty()) *error = errors[0].Text();
  return fine;
}

TEST(ProtocolSchema, TakesEveryShippedFile) {
  unsigned files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(FLUSHDEP_SCHEMA).parent_path())) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    std::string error;
    EXPECT_TRUE(SchemaTakes(Slurp(entry.path()))) << entry.path();
    EXPECT_TRUE(ReaderTakes(Slurp(entry.path()), &error)) << entry.path() << ": " << error;
  }
  EXPECT_GE(files, 9u);
}

TEST(ProtocolSchema, AgreesWithTheReader) {
  struct Case {
    const char* effect;
    bool fine;
  };
  const Case cases[] = {
      {"{allocate: ret, failure: error}", true},
      {"{allocate: 1}", false},
      {"{map: 1, handle: ret, failure: nonzero}", true},
      {"{map: 1, handle: 0}", false},
      {"{map: ret}", false},
      {"{map: 1, failure: sometimes}", false},
      {"{address-of: 1}", true},
      {"{unmap: 1, debt: none}", true},
      {"{unmap: 1, debt: maybe}", false},
      {"{flush: all}", true},
      {"{flush: mm, mm: 1}", true},
      {"{flush: mm}", false},
      {"{flush: mm-range, mm: 1, start: 2, end: 3, tables: 5}", true},
      {"{flush: local, mm: 1}", false},
      {"{flush: kernel-range, start: 1, end: 2}", true},
      {"{flush: everything}", false},
      {"{free: 33}", false},
      {"{free: 1, when: 2=0}", true},
      {"{free: 1, when: 2<0}", false},
      {"{free: 1, whenever: 2=0}", false},
      {"{fre: 1}", false},
      {"{free: 1, drop: 1}", false},
      {"{context: task}", true},
      {"{context: bed}", false},
      {"{enter: irqs-off}", true},
      {"{enter: irqs-on}", false},
      {"{enter: atomic, failure: null}", true},
      {"{enter: atomic, failure: error}", false},
      {"{enter: all-irqs-off}", false},
      {"{leave: all-irqs-off}", true},
      {"{context: atomic}", true},
      {"{hand-over: 1}", true},
      {"{assert-flushed: 2, when: 1=4}", true},
      {"{store: 1, in: 2}", true},
      {"{store: 1}", false},
      {"{free-all: 1}", true},
      {"{drop-all: ret}", false},
      {"{atomic: or, at: 1, by: 2}", true},
      {"{atomic: compare-exchange, at: 1, by: 3, other: 2}", true},
      {"{atomic: or, by: 2}", false},
      {"{atomic: nand, at: 1}", false},
      {"{bit: set, nr: 1, at: 2}", true},
      {"{bit: set, at: 2}", false},
      {"{remove: 1, pages: 2, failure: nonzero}", true},
      {"{restore: 1, pages: 2}", false},
      {"{}", false},
  };
  for (const Case& test : cases) {
    const std::string text = std::string("flushdep-protocol: 1\nfunctions:\n  - name: f\n") +
                             "    effects:\n      - " + test.effect + "\n";
    std::string error;
    EXPECT_EQ(SchemaTakes(text), test.fine) << test.effect;
    EXPECT_EQ(ReaderTakes(text, &error), test.fine) << test.effect << error;
    // The reader says where.
    if (!test.fine) {
      EXPECT_EQ(error.find("p.yaml:5:"), 0u) << test.effect << ": " << error;
    }
  }
}

TEST(ProtocolSchema, AgreesOnTheRest) {
  EXPECT_FALSE(SchemaTakes("flushdep-protocol: 2\n"));
  EXPECT_FALSE(SchemaTakes("functions: []\n"));
  EXPECT_FALSE(SchemaTakes("flushdep-protocol: 1\nfunction: []\n"));
  EXPECT_FALSE(SchemaTakes("flushdep-protocol: 1\nfunctions:\n  - name: f\n"));
  EXPECT_FALSE(SchemaTakes("flushdep-protocol: 1\nfunctions:\n  - effects: []\n"));
  EXPECT_TRUE(SchemaTakes("flushdep-protocol: 1\nfunctions:\n  - {name: f, effects: []}\n"));
}

}  // namespace
}  // namespace flushdep::plugin
