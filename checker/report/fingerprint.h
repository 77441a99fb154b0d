// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What makes two findings the same finding: rule, function, normalised text of
// the source line, and which of the equal lines of the function it is. No line
// numbers, so that edits elsewhere in the file change nothing; no paths, so that two
// checkouts agree. Plugin and runtime compute it from the same source text.
//
//   function    the C name, or the linkage name in C++ (overloads differ; the variants of
//               a constructor or destructor do not)
//   line text   the physical line on which the reported call starts, after
//               macro expansion is undone, as NormaliseLine() leaves it
//   ordinal     number of earlier lines of the function, from the line of its
//               name on, whose normalised text is equal
#ifndef FLUSHDEP_CHECKER_REPORT_FINGERPRINT_H_
#define FLUSHDEP_CHECKER_REPORT_FINGERPRINT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flushdep {

inline constexpr size_t kMaxNormalisedLine = 512;

// Writes `line` without comments and with white space only where two
// identifier characters would otherwise touch; string and character literals are kept.
// Output beyond `capacity` bytes is cut. Returns its length.
size_t NormaliseLine(std::string_view line, char* out, size_t capacity);

// The line with 1-based number `line` of a file's text, without its newline;
// empty if there is none.
std::string_view LineOf(std::string_view file_text, uint32_t line);

// Ordinal of line `line` within a function whose name stands at `first_line`.
// O(bytes between them).
uint32_t OrdinalOf(std::string_view file_text, uint32_t first_line, uint32_t line);

// 16 hex digits and a terminating zero: FNV-1a, 64 bits.
struct Fingerprint {
  char text[17];
  std::string_view view() const { return {text, 16}; }
};

// From a line that is already normalised.
Fingerprint MakeFingerprint(std::string_view rule_id, std::string_view function,
                            std::string_view normalised_line, uint32_t ordinal);

// From a file's text; an empty text (source not at hand) counts as an empty line.
Fingerprint FingerprintAt(std::string_view rule_id, std::string_view function,
                          std::string_view file_text, uint32_t first_line, uint32_t line);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_FINGERPRINT_H_
