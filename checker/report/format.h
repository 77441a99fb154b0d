// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text without allocation, for code that may run where malloc cannot: numbers
// as digits, and a fixed-size text that cuts rather than grows.
#ifndef FLUSHDEP_CHECKER_REPORT_FORMAT_H_
#define FLUSHDEP_CHECKER_REPORT_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flushdep {

// The digits of one number, held by value.
class Digits {
 public:
  Digits(uint64_t value, unsigned base) {
    do {
      text_[--begin_] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
  }
  std::string_view view() const { return {text_ + begin_, sizeof(text_) - begin_}; }

 private:
  char text_[20];
  uint8_t begin_ = sizeof(text_);
};

inline Digits Decimal(uint64_t value) { return Digits(value, 10); }
inline Digits Hex(uint64_t value) { return Digits(value, 16); }

// Up to N bytes; what does not fit is dropped and truncated() says so.
template <size_t N>
class FixedText {
 public:
  FixedText& Add(std::string_view text) {
    for (char c : text) {
      if (size_ == N) {
        truncated_ = true;
        break;
      }
      text_[size_++] = c;
    }
    return *this;
  }
  FixedText& Add(const Digits& digits) { return Add(digits.view()); }
  FixedText& Number(uint64_t value) { return Add(Decimal(value)); }
  FixedText& Address(uint64_t value) { return Add("0x").Add(Hex(value)); }
  void Clear() { size_ = 0, truncated_ = false; }
  std::string_view view() const { return {text_, size_}; }
  bool truncated() const { return truncated_; }
  bool empty() const { return size_ == 0; }

 private:
  char text_[N];
  size_t size_ = 0;
  bool truncated_ = false;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_FORMAT_H_
