// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/fingerprint.h"

namespace flushdep {
namespace {

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

// Collects output and inserts the one space that keeps two words apart.
class LineBuilder {
 public:
  LineBuilder(char* out, size_t capacity) : out_(out), capacity_(capacity) {}

  void Gap() { gap_ = true; }
  void Code(char c) {
    if (gap_ && size_ != 0 && IsWord(out_[size_ - 1]) && IsWord(c)) Raw(' ');
    gap_ = false;
    Raw(c);
  }
  void Raw(char c) {
    if (size_ < capacity_) out_[size_++] = c;
  }
  size_t size() const { return size_; }

 private:
  char* out_;
  size_t capacity_;
  size_t size_ = 0;
  bool gap_ = false;
};

// Copies the literal that starts at line[i]; returns the index after it.
size_t CopyLiteral(std::string_view line, size_t i, LineBuilder& out) {
  const char quote = line[i];
  out.Code(line[i++]);
  while (i < line.size()) {
    const char c = line[i++];
    out.Raw(c);
    if (c == '\\' && i < line.size()) out.Raw(line[i++]);
    if (c == quote) break;
  }
  return i;
}

constexpr uint64_t kPrime = 0x100000001b3ull;

uint64_t Mix(uint64_t hash, std::string_view text) {
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  return hash * kPrime;  // a zero byte between the parts
}

// The character of a C++ linkage name that counts at `at`. C1, C2 and C3, and D0 to D2, are
// one constructor or destructor: which of them the debug info shows depends on
// optimisation. A name that spells so by chance is changed alike on both sides.
char FunctionCharacter(std::string_view function, size_t at) {
  if (function.substr(0, 2) != "_Z" || at == 0 || at + 1 >= function.size()) return function[at];
  const char kind = function[at - 1];
  const bool ends = function[at + 1] == 'E' || function[at + 1] == 'I';
  const bool constructor = kind == 'C' && function[at] >= '1' && function[at] <= '3';
  const bool destructor = kind == 'D' && function[at] >= '0' && function[at] <= '2';
  return ends && (constructor || destructor) ? '1' : function[at];
}

uint64_t MixFunction(uint64_t hash, std::string_view function) {
  for (size_t i = 0; i < function.size(); ++i)
    hash = (hash ^ static_cast<unsigned char>(FunctionCharacter(function, i))) * kPrime;
  return hash * kPrime;
}

}  // namespace

size_t NormaliseLine(std::string_view line, char* out, size_t capacity) {
  LineBuilder builder(out, capacity);
  for (size_t i = 0; i < line.size();) {
    const std::string_view rest = line.substr(i);
    if (rest.substr(0, 2) == "//") break;
    if (rest.substr(0, 2) == "/*") {
      const size_t end = rest.find("*/", 2);
      builder.Gap();
      if (end == std::string_view::npos) break;
      i += end + 2;
    } else if (line[i] == '"' || line[i] == '\'') {
      i = CopyLiteral(line, i, builder);
    } else if (IsSpace(line[i])) {
      builder.Gap();
      ++i;
    } else {
      builder.Code(line[i++]);
    }
  }
  return builder.size();
}

std::string_view LineOf(std::string_view file_text, uint32_t line) {
  for (uint32_t n = 1; n < line; ++n) {
    const size_t newline = file_text.find('\n');
    if (newline == std::string_view::npos) return {};
    file_text.remove_prefix(newline + 1);
  }
  return line == 0 ? std::string_view() : file_text.substr(0, file_text.find('\n'));
}

uint32_t OrdinalOf(std::string_view file_text, uint32_t first_line, uint32_t line) {
  char wanted[kMaxNormalisedLine];
  char other[kMaxNormalisedLine];
  const std::string_view target(wanted,
                                NormaliseLine(LineOf(file_text, line), wanted, sizeof(wanted)));
  uint32_t ordinal = 0;
  for (uint32_t n = first_line == 0 ? 1 : first_line; n < line; ++n) {
    const size_t size = NormaliseLine(LineOf(file_text, n), other, sizeof(other));
    if (std::string_view(other, size) == target) ++ordinal;
  }
  return ordinal;
}

Fingerprint MakeFingerprint(std::string_view rule_id, std::string_view function,
                            std::string_view normalised_line, uint32_t ordinal) {
  char digits[10];
  size_t n = sizeof(digits);
  do {
    digits[--n] = static_cast<char>('0' + ordinal % 10);
    ordinal /= 10;
  } while (ordinal != 0);

  uint64_t hash = 0xcbf29ce484222325ull;
  hash = Mix(hash, rule_id);
  hash = MixFunction(hash, function);
  hash = Mix(hash, normalised_line);
  hash = Mix(hash, std::string_view(digits + n, sizeof(digits) - n));

  Fingerprint result;
  for (int i = 15; i >= 0; --i, hash >>= 4) result.text[i] = "0123456789abcdef"[hash & 15];
  result.text[16] = '\0';
  return result;
}

Fingerprint FingerprintAt(std::string_view rule_id, std::string_view function,
                          std::string_view file_text, uint32_t first_line, uint32_t line) {
  char buffer[kMaxNormalisedLine];
  const size_t size = NormaliseLine(LineOf(file_text, line), buffer, sizeof(buffer));
  return MakeFingerprint(rule_id, function, std::string_view(buffer, size),
                         OrdinalOf(file_text, first_line, line));
}

}  // namespace flushdep
