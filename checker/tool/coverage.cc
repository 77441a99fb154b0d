// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/coverage.h"

#include "llvm/Support/JSON.h"

namespace flushdep::tool {

using llvm::StringRef;
namespace json = llvm::json;

void Coverage::Add(StringRef unit, StringRef summary) {
  llvm::Expected<json::Value> value = json::parse(summary);
  const json::Object* object = value ? value->getAsObject() : nullptr;
  const json::Object* counts = object ? object->getObject("coverage") : nullptr;
  if (!value) llvm::consumeError(value.takeError());
  if (counts == nullptr) {
    without_.push_back(unit.str());
    return;
  }
  seen_ += counts->getInteger("seen").value_or(0);
  relevant_ += counts->getInteger("relevant").value_or(0);
  analysed_ += counts->getInteger("analysed").value_or(0);
  const json::Array* given_up = counts->getArray("given_up");
  if (given_up == nullptr) return;
  given_up_ += given_up->size();
  for (const json::Value& entry : *given_up)
    if (const json::Object* fields = entry.getAsObject())
      ++reasons_[fields->getString("reason").value_or("no reason given").str()];
}

std::string Coverage::Text() const {
  std::string text = "functions: " + std::to_string(seen_) + " seen, " + std::to_string(relevant_) +
                     " relevant, " + std::to_string(analysed_) + " analysed, " +
                     std::to_string(given_up_) + " given up\n";
  for (const auto& [reason, count] : reasons_)
    text += "  given up: " + std::to_string(count) + " because of " + reason + "\n";
  for (const std::string& unit : without_) text += "  no summary: " + unit + "\n";
  return text;
}

}  // namespace flushdep::tool
