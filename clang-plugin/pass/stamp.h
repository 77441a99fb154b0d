// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stamp of an object that flushdep-clang compiled: an ELF note in the
// section .note.flushdep, written by FlushdepPass.so and read by the driver.
//
//   n_namesz 9, n_descsz 12, n_type 1, name "flushdep\0" padded to 12 bytes,
//   desc: u32 stamp version, u32 event version (events.h), u32 flags
//
// Objects of a partial link hold several; the driver reads all and takes the
// first that differs from the others' event version as a mismatch.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_STAMP_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_STAMP_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "llvm/ADT/StringRef.h"

namespace flushdep {

inline constexpr char kStampSection[] = ".note.flushdep";
inline constexpr uint32_t kStampVersion = 1;
inline constexpr uint32_t kStampNoteType = 1;
// Flag: loads and stores were instrumented.
inline constexpr uint32_t kStampInstrumented = 1u << 0;

struct StampFields {
  uint32_t version;
  uint32_t events_version;
  uint32_t flags;
};

struct StampNote {
  uint32_t name_size = 9;
  uint32_t desc_size = sizeof(StampFields);
  uint32_t type = kStampNoteType;
  char name[12] = {'f', 'l', 'u', 's', 'h', 'd', 'e', 'p', 0, 0, 0, 0};
  StampFields fields;
};
static_assert(sizeof(StampNote) == 36);

// The stamps in a section's bytes as one: flags that all share, and the first
// event version that differs from the first note's. Nothing if the bytes are not stamps.
inline std::optional<StampFields> ReadStamp(llvm::StringRef bytes) {
  std::optional<StampFields> result;
  const StampNote expected{.fields = {}};
  for (; !bytes.empty(); bytes = bytes.drop_front(sizeof(StampNote))) {
    StampNote note{.fields = {}};
    if (bytes.size() < sizeof(note)) return std::nullopt;
    std::memcpy(&note, bytes.data(), sizeof(note));
    if (std::memcmp(&note, &expected, offsetof(StampNote, fields)) != 0) return std::nullopt;
    if (!result) {
      result = note.fields;
      continue;
    }
    result->flags &= note.fields.flags;
    if (note.fields.events_version != result->events_version) {
      result->events_version = note.fields.events_version;
      break;
    }
  }
  return result;
}

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_STAMP_H_
