// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/arguments.h"

namespace flushdep::tool {

using llvm::StringRef;

const char* ArgumentWalk::Next() {
  if (rest_.empty()) return nullptr;
  const char* arg = rest_.front();
  rest_ = rest_.drop_front();
  if (!operands_only_ && StringRef(arg) == "--") {
    operands_only_ = true;
    return Next();
  }
  return arg;
}

std::optional<StringRef> ArgumentWalk::Value(StringRef arg, StringRef name) {
  if (operands_only_ || !arg.consume_front(name)) return std::nullopt;
  bool is_short = name.size() == 2;
  if (arg.empty()) {
    if (!rest_.empty()) return StringRef(Next());
    problem_ = ("option '" + name + "' needs a value").str();
    return StringRef();
  }
  if (arg.consume_front("=")) {
    if (arg.empty()) problem_ = ("option '" + name + "' needs a value").str();
    return arg;
  }
  if (is_short) return arg;
  return std::nullopt;
}

bool ArgumentWalk::IsOperand(StringRef arg) const {
  return operands_only_ || !arg.starts_with("-") || arg == "-";
}

std::optional<Severity> ParseSeverity(StringRef text) {
  for (Severity severity : {Severity::Advice, Severity::Possible, Severity::Error})
    if (text == StringRef(SeverityName(severity))) return severity;
  return std::nullopt;
}

}  // namespace flushdep::tool
