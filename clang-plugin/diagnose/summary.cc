// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/diagnose/summary.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::plugin {

std::string Summary::FunctionsJson() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("seen", seen);
    json.attribute("relevant", relevant);
    json.attribute("analysed", analysed);
    json.attributeArray("given_up", [&] {
      for (const GivenUp& entry : given_up)
        json.object([&] {
          json.attribute("function", llvm::json::fixUTF8(entry.function));
          json.attribute("reason", entry.reason);
        });
    });
  });
  return text;
}

std::string Summary::ToJson() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("schema", kSummarySchema);
    json.attribute("unit", llvm::json::fixUTF8(unit));
    json.attributeBegin("functions");
    json.rawValue(FunctionsJson());
    json.attributeEnd();
    json.attribute("findings", findings);
    json.attributeArray("ignored", [&] {
      for (const Ignored& entry : ignored)
        json.object([&] {
          json.attribute("rule", llvm::json::fixUTF8(entry.rule));
          json.attribute("why", llvm::json::fixUTF8(entry.why));
          json.attribute("where", llvm::json::fixUTF8(entry.where));
        });
    });
  });
  stream << "\n";
  return text;
}

std::string Summary::ToLine() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "flushdep: " << unit << ": " << seen << " functions, " << relevant << " relevant, "
         << analysed << " analysed, " << given_up.size() << " given up, " << findings
         << " findings, " << ignored.size() << " ignored";
  for (const GivenUp& entry : given_up)
    stream << "; gave up on " << entry.function << ": " << entry.reason;
  return text;
}

}  // namespace flushdep::plugin
