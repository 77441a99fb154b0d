// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rule catalogue: id, name, severity, meaning, remedy and examples of every rule.
// The table is constant data; all functions are pure and cost O(rules) at most.
#ifndef FLUSHDEP_CHECKER_RULES_CATALOGUE_H_
#define FLUSHDEP_CHECKER_RULES_CATALOGUE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flushdep {

enum class Rule : uint8_t {
#define FLUSHDEP_RULE(id, name, severity, meaning, remedy, bad, good) id,
#include "checker/rules/catalogue.def"
#undef FLUSHDEP_RULE
};

// In rising order, so that thresholds can be compared.
enum class Severity : uint8_t { Advice, Possible, Error };

struct RuleInfo {
  Rule rule;
  std::string_view id;       // "FD001"
  std::string_view name;     // "unflushed-free"
  Severity severity;         // the strongest it reports with
  std::string_view meaning;  // one clause, no full stop
  std::string_view remedy;
  std::string_view bad;  // lines of kernel C
  std::string_view good;
};

inline constexpr RuleInfo kRules[] = {
#define FLUSHDEP_RULE(id, name, severity, meaning, remedy, bad, good) \
  {Rule::id, #id, name, Severity::severity, meaning, remedy, bad, good},
#include "checker/rules/catalogue.def"
#undef FLUSHDEP_RULE
};
inline constexpr size_t kNumRules = sizeof(kRules) / sizeof(kRules[0]);

constexpr const RuleInfo& Info(Rule rule) { return kRules[static_cast<size_t>(rule)]; }

// By id ("FD001") or by name ("unflushed-free"); null if there is none.
constexpr const RuleInfo* FindRule(std::string_view text) {
  for (const RuleInfo& info : kRules)
    if (info.id == text || info.name == text) return &info;
  return nullptr;
}

// "error", "possible", "advice": as records and options spell them.
constexpr std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::Advice:
      return "advice";
    case Severity::Possible:
      return "possible";
    case Severity::Error:
      return "error";
  }
  return "";
}

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_CATALOGUE_H_
