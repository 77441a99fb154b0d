// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a call does to pages, mappings and translations: the vocabulary that
// attributes and protocol files share. Plain data; docs/protocol.md explains
// each verb. An effect says what happens, never whether it is right.
#ifndef FLUSHDEP_CLANG_PLUGIN_PROTOCOL_EFFECT_H_
#define FLUSHDEP_CLANG_PLUGIN_PROTOCOL_EFFECT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SMLoc.h"

namespace flushdep::plugin {

enum class EffectKind : uint8_t {
#define FLUSHDEP_VERB(id, spelling, operand, options) id,
#include "clang-plugin/protocol/verbs.def"
#undef FLUSHDEP_VERB
};

// As the code asked for it; what the hardware does in the end is not judged.
enum class FlushScope : uint8_t { All, Mm, MmRange, KernelRange, Local };

// What is done to a number in memory. The number before is what it gives.
enum class MemoryOp : uint8_t {
  Read,
  Set,
  Add,
  Subtract,
  Or,
  And,
  Xor,
  Exchange,
  CompareExchange,
  AddUnless
};

// How a call says that it did nothing.
enum class Failure : uint8_t { Never, Null, Error, NullOrError, NonZero };

// Where an operand stands: the return value, a parameter (1 is the first), or nowhere.
inline constexpr int kReturn = 0;
inline constexpr int kNowhere = -1;

// "the effect happens only if parameter `parameter` is (not) `value`".
struct When {
  int parameter = kNowhere;  // kNowhere: always
  int64_t value = 0;
  bool equal = true;
};

struct Effect {
  EffectKind kind = EffectKind::Free;
  int operand = kNowhere;  // page, handle or value that the verb is about
  int handle = kReturn;    // map: where the handle comes out
  int mm = kNowhere;       // flush: whose translations
  int start = kNowhere;    // flush: of a range
  int end = kNowhere;
  int tables = kNowhere;     // flush: parameter that tells whether page tables go as well
  int container = kNowhere;  // store: what the page goes into
  int pages = kNowhere;      // remove: how many
  int at = kNowhere;         // atomic, bit: address of the number
  int by = kNowhere;         // atomic: what is added, set, ...; 1 if there is none
  int other = kNowhere;      // atomic: what is expected, or excluded
  int nr = kNowhere;         // bit: which
  MemoryOp op = MemoryOp::Read;
  FlushScope scope = FlushScope::All;
  Failure failure = Failure::Never;
  bool owes_flush = true;  // unmap: a flush is owed afterwards
  std::string text;        // context: which; current-task: name of the mm field
  When when;
};

// One key with its value as written, and where that was (unset in attributes).
struct EffectItem {
  llvm::StringRef key;
  llvm::StringRef value;
  llvm::SMLoc where;
};

struct EffectError {
  std::string message;  // cause and what is allowed
  llvm::SMLoc where;
};

// Makes an effect of its items, in any order; exactly one of them is the verb.
std::optional<Effect> BuildEffect(llvm::ArrayRef<EffectItem> items, EffectError& error);

// The text of an attribute after "flushdep:", as in "map 1 handle=ret".
std::optional<Effect> ParseEffectText(llvm::StringRef text, EffectError& error);

// The effect in the words of a protocol file, as in "map: 1, handle: ret, failure: null".
std::string EffectText(const Effect& effect);

// Highest parameter index that the effect names; 0 if none.
int HighestParameter(const Effect& effect);

// "allocate, map, ...": for messages.
std::string VerbList();

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_PROTOCOL_EFFECT_H_
