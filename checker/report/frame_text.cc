// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/frame_text.h"

namespace flushdep {
namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)";
constexpr std::string_view kOperator = "operator";
constexpr std::string_view kStarts[] = {
    "_start", "__libc_start_call_main", "__libc_start_main", "start_thread", "clone", "clone3"};

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Does "operator" stand at `at`, as a word?
bool IsOperator(std::string_view name, size_t at) {
  return name.substr(at, kOperator.size()) == kOperator && (at == 0 || !IsWord(name[at - 1])) &&
         (at + kOperator.size() == name.size() || !IsWord(name[at + kOperator.size()]));
}

// The end of what an operator is called: "operator<<", "operator()", "operator bool".
size_t EndOfOperator(std::string_view name, size_t at) {
  at += kOperator.size();
  if (name.substr(at, 2) == "()") return at + 2;
  while (at < name.size() && name[at] != '(') ++at;
  return at;
}

// Behind the bracket that closes the one at `at`, or the end.
size_t EndOfBrackets(std::string_view name, size_t at) {
  int depth = 0;
  for (; at < name.size(); ++at) {
    if (name[at] == '<' || name[at] == '(') ++depth;
    if ((name[at] == '>' && (at == 0 || name[at - 1] != '-')) || name[at] == ')') --depth;
    if (depth == 0) return at + 1;
  }
  return at;
}

// Calls piece(from, to) for each stretch that is kept.
template <typename Piece>
void ForEachPiece(std::string_view name, Piece&& piece) {
  size_t from = 0;
  for (size_t at = 0; at < name.size();) {
    if (name.substr(at, kAnonymous.size()) == kAnonymous) {
      at += kAnonymous.size();
    } else if (IsOperator(name, at)) {
      at = EndOfOperator(name, at);
    } else if (name[at] == '<' || name[at] == '(') {
      piece(from, at);
      from = at = EndOfBrackets(name, at);
    } else {
      ++at;
    }
  }
  piece(from, name.size());
}

// Where the name itself starts: behind its return type.
size_t StartOfName(std::string_view name) {
  size_t start = 0;
  for (size_t at = 0; at < name.size();) {
    if (name.substr(at, kAnonymous.size()) == kAnonymous) {
      at += kAnonymous.size();
    } else if (IsOperator(name, at)) {
      break;  // what follows may have spaces
    } else if (name[at] == '<') {
      at = EndOfBrackets(name, at);
    } else if (name[at] == '(') {
      break;  // parameters
    } else {
      if (name[at] == ' ') start = at + 1;
      ++at;
    }
  }
  return start;
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

void PutPlainName(std::string_view name, const Sink& sink) {
  constexpr std::string_view kConst = " const";
  name.remove_prefix(StartOfName(name));
  if (name.size() > kConst.size() && name.substr(name.size() - kConst.size()) == kConst)
    name.remove_suffix(kConst.size());
  ForEachPiece(name, [&](size_t from, size_t to) { sink.Put(name.substr(from, to - from)); });
}

bool IsPlumbing(const Frame& frame) {
  if (Contains(frame.file, "/include/c++/")) return true;
  for (std::string_view start : kStarts)
    if (frame.function == start) return true;
  return false;
}

}  // namespace flushdep
