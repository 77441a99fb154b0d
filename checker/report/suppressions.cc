// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/suppressions.h"

namespace flushdep {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

bool IsType(std::string_view type) {
  return type == "rule" || type == "function" || type == "file" || type == "class" ||
         FindRule(type) != nullptr;
}

enum Where : unsigned { kFunction = 1, kFile = 2, kClass = 4 };

bool MatchesFrame(const Frame& frame, std::string_view pattern, unsigned where) {
  const auto matches = [&](std::string_view text) {
    return !text.empty() && MatchesPattern(pattern, text);
  };
  if ((where & kFunction) != 0 && (matches(frame.function) || matches(frame.readable))) return true;
  return (where & kFile) != 0 && (matches(frame.file) || matches(frame.module));
}

bool MatchesReport(const Report& report, std::string_view pattern, unsigned where) {
  if ((where & kClass) != 0 && !report.cls.empty() && MatchesPattern(pattern, report.cls))
    return true;
  for (const ReportEvent& event : report.events)
    for (const Frame& frame : event.stack)
      if (MatchesFrame(frame, pattern, where)) return true;
  return false;
}

bool Asks(const Suppressions::Line& line, const Report& report) {
  const RuleInfo& rule = Info(report.rule);
  if (line.type == "rule")
    return MatchesPattern(line.pattern, rule.id) || MatchesPattern(line.pattern, rule.name);
  if (line.type == "function") return MatchesReport(report, line.pattern, kFunction);
  if (line.type == "file") return MatchesReport(report, line.pattern, kFile);
  if (line.type == "class") return MatchesReport(report, line.pattern, kClass);
  return (line.type == rule.id || line.type == rule.name) &&
         MatchesReport(report, line.pattern, kFunction | kFile | kClass);
}

}  // namespace

// Piece by piece between stars: each at its first place, the last at the end if tied to it.
bool MatchesPattern(std::string_view pattern, std::string_view text) {
  const bool tied_start = !pattern.empty() && pattern.front() == '^';
  if (tied_start) pattern.remove_prefix(1);
  const bool tied_end = !pattern.empty() && pattern.back() == '$';
  if (tied_end) pattern.remove_suffix(1);
  bool first = true;
  while (true) {
    const size_t star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    const bool last = star == std::string_view::npos;
    if (last && tied_end) {
      if (text.size() < piece.size() || text.substr(text.size() - piece.size()) != piece)
        return false;
      return !(first && tied_start) || text.size() == piece.size();
    }
    const size_t at = text.find(piece);
    if (at == std::string_view::npos || (first && tied_start && at != 0)) return false;
    if (last) return true;
    text.remove_prefix(at + piece.size());
    pattern.remove_prefix(star + 1);
    first = false;
  }
}

Suppressions::Problem Suppressions::Parse(std::string_view text) {
  size_ = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view whole = Trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (whole.empty() || whole.front() == '#') continue;
    const size_t colon = whole.find(':');
    if (colon == std::string_view::npos) return {"expected TYPE:PATTERN", whole};
    Line line{Trim(whole.substr(0, colon)), Trim(whole.substr(colon + 1)), 0};
    if (!IsType(line.type))
      return {"expected a rule (FD001 or unflushed-free), rule, function, file or class before ':'",
              whole};
    if (line.pattern.empty()) return {"expected a pattern after ':'", whole};
    if (size_ == kLargestSuppressions) return {"too many lines [max: 256]", whole};
    lines_[size_++] = line;
  }
  return {};
}

bool Suppressions::Match(const Report& report) {
  for (uint32_t i = 0; i < size_; ++i) {
    if (!Asks(lines_[i], report)) continue;
    ++lines_[i].count;
    return true;
  }
  return false;
}

}  // namespace flushdep
