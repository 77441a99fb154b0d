// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/coverage.h"

#include "checker/report/json_nesting.h"
#include "checker/tool/printable.h"
#include "llvm/ADT/StringExtras.h"

namespace flushdep::tool {

using llvm::StringRef;
namespace json = llvm::json;

namespace {

// The summary format this reads (clang-plugin/diagnose/summary.h).
constexpr int64_t kSchema = 1;

}  // namespace

bool Coverage::Add(StringRef unit, StringRef summary) {
  if (NestsTooDeep({summary.data(), summary.size()})) {
    without_.push_back(unit.str());
    return false;
  }
  llvm::Expected<json::Value> value = json::parse(summary);
  if (!value) llvm::consumeError(value.takeError());
  const json::Object* object = value ? value->getAsObject() : nullptr;
  const json::Object* functions = nullptr;
  if (object != nullptr && object->getInteger("schema") == kSchema)
    functions = object->getObject("functions");
  if (functions == nullptr) {
    without_.push_back(unit.str());
    return false;
  }
  AddFunctions(*functions);
  const json::Array* ignored = object->getArray("ignored");
  if (ignored == nullptr) return true;
  for (const json::Value& entry : *ignored)
    if (const json::Object* fields = entry.getAsObject())
      ignored_.push_back((fields->getString("where").value_or("?") + ": " +
                          fields->getString("rule").value_or("?") + ": " +
                          fields->getString("why").value_or(""))
                             .str());
  return true;
}

void Coverage::AddFunctions(const json::Object& functions) {
  seen_ += functions.getInteger("seen").value_or(0);
  relevant_ += functions.getInteger("relevant").value_or(0);
  analysed_ += functions.getInteger("analysed").value_or(0);
  const json::Array* given_up = functions.getArray("given_up");
  if (given_up == nullptr) return;
  given_up_ += given_up->size();
  for (const json::Value& entry : *given_up)
    if (const json::Object* fields = entry.getAsObject())
      reasons_[fields->getString("reason").value_or("no reason given").str()].push_back(
          fields->getString("function").value_or("?").str());
}

std::string Coverage::Text() const {
  std::string text = "functions: " + std::to_string(seen_) + " seen, " + std::to_string(relevant_) +
                     " relevant, " + std::to_string(analysed_) + " analysed, " +
                     std::to_string(given_up_) + " given up\n";
  for (const auto& [reason, functions] : reasons_)
    text += "  given up: " + Printable(reason + ": " + llvm::join(functions, ", ")) + "\n";
  for (const std::string& where : ignored_) text += "  silenced: " + Printable(where) + "\n";
  for (const std::string& unit : without_) text += "  no summary: " + Printable(unit) + "\n";
  return text;
}

}  // namespace flushdep::tool
