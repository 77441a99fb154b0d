// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/protocol/effect.h"

#include <algorithm>

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace flushdep::plugin {
namespace {

struct Verb {
  EffectKind kind;
  llvm::StringRef spelling;
  llvm::StringRef operand;
  llvm::StringRef options;
};

constexpr int kMaxParameter = 32;

const Verb kVerbs[] = {
#define FLUSHDEP_VERB(id, spelling, operand, options) {EffectKind::id, spelling, operand, options},
#include "clang-plugin/protocol/verbs.def"
#undef FLUSHDEP_VERB
};

const Verb* FindVerb(llvm::StringRef key) {
  for (const Verb& verb : kVerbs)
    if (verb.spelling == key) return &verb;
  return nullptr;
}

bool Allows(const Verb& verb, llvm::StringRef key) {
  if (key == "when") return true;
  llvm::SmallVector<llvm::StringRef, 4> options;
  verb.options.split(options, ' ', -1, /*KeepEmpty=*/false);
  return llvm::is_contained(options, key);
}

std::string AllowedKeys(const Verb& verb) {
  llvm::SmallVector<llvm::StringRef, 4> options;
  verb.options.split(options, ' ', -1, /*KeepEmpty=*/false);
  options.push_back("when");
  return llvm::join(options, ", ");
}

bool ParseParameter(llvm::StringRef text, int& out) {
  unsigned index = 0;
  if (text.getAsInteger(10, index) || index == 0 || index > kMaxParameter) return false;
  out = static_cast<int>(index);
  return true;
}

bool ParsePlace(llvm::StringRef text, int& out) {
  if (text != "ret") return ParseParameter(text, out);
  out = kReturn;
  return true;
}

bool ParseScope(llvm::StringRef text, FlushScope& out) {
  const int scope = llvm::StringSwitch<int>(text)
                        .Case("all", static_cast<int>(FlushScope::All))
                        .Case("mm", static_cast<int>(FlushScope::Mm))
                        .Case("mm-range", static_cast<int>(FlushScope::MmRange))
                        .Case("kernel-range", static_cast<int>(FlushScope::KernelRange))
                        .Case("local", static_cast<int>(FlushScope::Local))
                        .Default(-1);
  if (scope < 0) return false;
  out = static_cast<FlushScope>(scope);
  return true;
}

bool ParseFailure(llvm::StringRef text, Failure& out) {
  const int failure = llvm::StringSwitch<int>(text)
                          .Case("never", static_cast<int>(Failure::Never))
                          .Case("null", static_cast<int>(Failure::Null))
                          .Case("error", static_cast<int>(Failure::Error))
                          .Case("null-or-error", static_cast<int>(Failure::NullOrError))
                          .Case("nonzero", static_cast<int>(Failure::NonZero))
                          .Default(-1);
  if (failure < 0) return false;
  out = static_cast<Failure>(failure);
  return true;
}

// "3=0" or "3!=0".
bool ParseWhen(llvm::StringRef text, When& out) {
  const bool equal = !text.contains("!=");
  const auto [parameter, value] = text.split(equal ? "=" : "!=");
  out.equal = equal;
  return ParseParameter(parameter.trim(), out.parameter) &&
         !value.trim().getAsInteger(0, out.value);
}

constexpr llvm::StringRef kMemoryOps[] = {
    "read", "set", "add",      "subtract",         "or",
    "and",  "xor", "exchange", "compare-exchange", "add-unless"};

bool ParseMemoryOp(llvm::StringRef text, MemoryOp& out) {
  const auto* found = std::find(std::begin(kMemoryOps), std::end(kMemoryOps), text);
  if (found == std::end(kMemoryOps)) return false;
  out = static_cast<MemoryOp>(found - std::begin(kMemoryOps));
  return true;
}

// The value of the verb's own key.
bool ParseOperand(const Verb& verb, llvm::StringRef value, Effect& effect) {
  switch (verb.kind) {
    case EffectKind::Flush:
      // An attribute may say "flush mm=1" for "flush mm mm=1".
      if (value.empty()) return effect.scope = FlushScope::Mm, true;
      return ParseScope(value, effect.scope);
    case EffectKind::Context:
      effect.text = value.str();
      return value == "any" || value == "task" || value == "irqs-on" || value == "atomic";
    case EffectKind::Atomic:
      return ParseMemoryOp(value, effect.op);
    case EffectKind::Bit:
      effect.text = value.str();
      return value == "test" || value == "set" || value == "clear" || value == "change";
    case EffectKind::Enter:
    case EffectKind::Leave:
      effect.text = value.str();
      if (value == "all-irqs-off") return verb.kind == EffectKind::Leave;
      return value == "irqs-off" || value == "atomic";
    case EffectKind::Allocate:
    case EffectKind::AllocateMm:
    case EffectKind::CurrentMm:
    case EffectKind::CurrentTask:
      effect.operand = kReturn;
      return value == "ret";
    default:
      return ParseParameter(value, effect.operand);
  }
}

// What an option's value may be; empty if `value` was fine.
llvm::StringRef ParseOption(const EffectItem& item, Effect& effect) {
  if (item.key == "handle") return ParsePlace(item.value, effect.handle) ? "" : "ret or 1 to 32";
  if (item.key == "mm") return ParseParameter(item.value, effect.mm) ? "" : "1 to 32";
  if (item.key == "start") return ParseParameter(item.value, effect.start) ? "" : "1 to 32";
  if (item.key == "tables") return ParseParameter(item.value, effect.tables) ? "" : "1 to 32";
  if (item.key == "end") return ParseParameter(item.value, effect.end) ? "" : "1 to 32";
  if (item.key == "in") return ParseParameter(item.value, effect.container) ? "" : "1 to 32";
  if (item.key == "pages") return ParseParameter(item.value, effect.pages) ? "" : "1 to 32";
  if (item.key == "at") return ParseParameter(item.value, effect.at) ? "" : "1 to 32";
  if (item.key == "by") return ParseParameter(item.value, effect.by) ? "" : "1 to 32";
  if (item.key == "other") return ParseParameter(item.value, effect.other) ? "" : "1 to 32";
  if (item.key == "nr") return ParseParameter(item.value, effect.nr) ? "" : "1 to 32";
  if (item.key == "failure")
    return ParseFailure(item.value, effect.failure)
               ? ""
               : "never, null, error, null-or-error or nonzero";
  if (item.key == "when") return ParseWhen(item.value, effect.when) ? "" : "like 3=0 or 3!=0";
  if (item.key == "field") return effect.text = item.value.str(), "";
  // debt
  effect.owes_flush = item.value == "flush";
  return item.value == "flush" || item.value == "none" ? "" : "flush or none";
}

void SetDefaults(EffectKind kind, Effect& effect) {
  effect.kind = kind;
  const bool pointer =
      kind == EffectKind::Allocate || kind == EffectKind::Map || kind == EffectKind::AllocateMm;
  if (pointer) effect.failure = Failure::Null;
  if (kind == EffectKind::CurrentTask) effect.text = "mm";
}

bool Fail(EffectError& error, llvm::SMLoc where, const llvm::Twine& message) {
  error = {message.str(), where};
  return false;
}

bool CheckWhole(const Verb& verb, const Effect& effect, llvm::SMLoc where, EffectError& error) {
  if (verb.kind == EffectKind::Store && effect.container == kNowhere)
    return Fail(error, where, "'store' needs 'in', the parameter that the page goes into");
  const bool memory = verb.kind == EffectKind::Atomic || verb.kind == EffectKind::Bit;
  if (memory && effect.at == kNowhere)
    return Fail(error, where, "'" + verb.spelling + "' needs 'at', the parameter with the address");
  if (verb.kind == EffectKind::Enter && effect.failure != Failure::Never &&
      effect.failure != Failure::Null)
    return Fail(error, where, "'failure' of 'enter' must be never or null");
  if (verb.kind == EffectKind::Bit && effect.nr == kNowhere)
    return Fail(error, where, "'bit' needs 'nr', the parameter with its number");
  if (verb.kind != EffectKind::Flush) return true;
  const bool needs_mm = effect.scope == FlushScope::Mm;
  if (needs_mm && effect.mm == kNowhere)
    return Fail(error, where, "'flush: mm' needs 'mm', the parameter whose translations go");
  const bool takes_mm = needs_mm || effect.scope == FlushScope::MmRange;
  if (!takes_mm && effect.mm != kNowhere)
    return Fail(error, where, "'mm' goes with 'flush: mm' and 'flush: mm-range' only");
  return true;
}

bool Fill(const Verb& verb, llvm::ArrayRef<EffectItem> items, Effect& effect, EffectError& error) {
  SetDefaults(verb.kind, effect);
  llvm::SMLoc verb_where;
  for (const EffectItem& item : items) {
    if (item.key == verb.spelling && !(verb.kind == EffectKind::Flush && item.key == "mm")) {
      verb_where = item.where;
      if (!ParseOperand(verb, item.value, effect))
        return Fail(error, item.where,
                    "'" + verb.spelling + "' takes " + verb.operand + ", not '" + item.value + "'");
      continue;
    }
    if (!Allows(verb, item.key))
      return Fail(error, item.where,
                  "unknown key '" + item.key + "' beside '" + verb.spelling +
                      "'; allowed: " + AllowedKeys(verb));
    const llvm::StringRef allowed = ParseOption(item, effect);
    if (!allowed.empty())
      return Fail(error, item.where,
                  "'" + item.key + "' must be " + allowed + ", not '" + item.value + "'");
  }
  return CheckWhole(verb, effect, verb_where, error);
}

}  // namespace

std::string VerbList() {
  std::string list;
  for (const Verb& verb : kVerbs) {
    if (!list.empty()) list += ", ";
    list += verb.spelling;
  }
  return list;
}

std::optional<Effect> BuildEffect(llvm::ArrayRef<EffectItem> items, EffectError& error) {
  const Verb* verb = nullptr;
  for (const EffectItem& item : items) {
    const Verb* found = FindVerb(item.key);
    if (found == nullptr) continue;
    if (verb != nullptr) {
      Fail(error, item.where,
           "an effect has one verb, but both '" + verb->spelling + "' and '" + found->spelling +
               "' are given");
      return std::nullopt;
    }
    verb = found;
  }
  if (verb == nullptr) {
    const bool any = !items.empty();
    Fail(error, any ? items.front().where : llvm::SMLoc(),
         (any ? "unknown effect '" + items.front().key.str() + "'" : std::string("empty effect")) +
             "; allowed: " + VerbList());
    return std::nullopt;
  }
  Effect effect;
  if (!Fill(*verb, items, effect, error)) return std::nullopt;
  return effect;
}

std::optional<Effect> ParseEffectText(llvm::StringRef text, EffectError& error) {
  llvm::SmallVector<llvm::StringRef, 8> words;
  text.split(words, ' ', -1, /*KeepEmpty=*/false);
  llvm::SmallVector<EffectItem, 8> items;
  for (llvm::StringRef word : words) {
    if (items.empty()) {
      items.push_back({word, "", {}});
      continue;
    }
    const auto [key, value] = word.split('=');
    if (items.size() == 1 && items[0].value.empty() && !word.contains('='))
      items[0].value = word;
    else
      items.push_back({key, value, {}});
  }
  return BuildEffect(items, error);
}

namespace {

llvm::StringRef ScopeText(FlushScope scope) {
  static constexpr llvm::StringRef kTexts[] = {"all", "mm", "mm-range", "kernel-range", "local"};
  return kTexts[static_cast<size_t>(scope)];
}

llvm::StringRef FailureText(Failure failure) {
  static constexpr llvm::StringRef kTexts[] = {"never", "null", "error", "null-or-error",
                                               "nonzero"};
  return kTexts[static_cast<size_t>(failure)];
}

std::string PlaceText(int place) { return place == kReturn ? "ret" : std::to_string(place); }

}  // namespace

std::string EffectText(const Effect& effect) {
  const Verb& verb = kVerbs[static_cast<size_t>(effect.kind)];
  std::string text = verb.spelling.str() + ": ";
  if (effect.kind == EffectKind::Flush)
    text += ScopeText(effect.scope);
  else if (effect.kind == EffectKind::Context || effect.kind == EffectKind::Enter ||
           effect.kind == EffectKind::Leave || effect.kind == EffectKind::Bit)
    text += effect.text;
  else if (effect.kind == EffectKind::Atomic)
    text += kMemoryOps[static_cast<size_t>(effect.op)];
  else
    text += PlaceText(effect.operand);
  const auto option = [&](llvm::StringRef key, const llvm::Twine& value) {
    if (Allows(verb, key) || key == "when") text += (", " + key + ": " + value).str();
  };
  option("handle", PlaceText(effect.handle));
  if (effect.mm != kNowhere) option("mm", PlaceText(effect.mm));
  if (effect.start != kNowhere) option("start", PlaceText(effect.start));
  if (effect.end != kNowhere) option("end", PlaceText(effect.end));
  if (effect.tables != kNowhere) option("tables", PlaceText(effect.tables));
  if (effect.container != kNowhere) option("in", PlaceText(effect.container));
  if (effect.pages != kNowhere) option("pages", PlaceText(effect.pages));
  if (effect.nr != kNowhere) option("nr", PlaceText(effect.nr));
  if (effect.at != kNowhere) option("at", PlaceText(effect.at));
  if (effect.by != kNowhere) option("by", PlaceText(effect.by));
  if (effect.other != kNowhere) option("other", PlaceText(effect.other));
  option("failure", FailureText(effect.failure));
  if (effect.kind == EffectKind::Unmap) option("debt", effect.owes_flush ? "flush" : "none");
  if (effect.kind == EffectKind::CurrentTask) option("field", effect.text);
  if (effect.when.parameter != kNowhere)
    option("when", PlaceText(effect.when.parameter) + (effect.when.equal ? "=" : "!=") +
                       std::to_string(effect.when.value));
  return text;
}

int HighestParameter(const Effect& effect) {
  return std::max({effect.operand, effect.kind == EffectKind::Map ? effect.handle : 0, effect.mm,
                   effect.start, effect.end, effect.tables, effect.container, effect.pages,
                   effect.at, effect.by, effect.other, effect.nr, effect.when.parameter, 0});
}

}  // namespace flushdep::plugin
