// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/record_fields.h"

#include "checker/rules/catalogue.h"
#include "checker/tool/arguments.h"
#include "checker/tool/printable.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::tool {
namespace {

using llvm::StringRef;
namespace json = llvm::json;

// Bytes of a wrong value that a message shows.
constexpr size_t kMaxShown = 60;

std::string Shown(const json::Value& value) {
  std::string text;
  if (std::optional<StringRef> plain = value.getAsString())
    text = plain->str();
  else
    llvm::raw_string_ostream(text) << value;
  if (text.size() > kMaxShown) text = json::fixUTF8(StringRef(text).take_front(kMaxShown)) + "...";
  return Printable(text);
}

std::string BadValue(StringRef key, StringRef verb, const json::Value& value) {
  return ("'" + key + "' " + verb + " '" + Shown(value) + "', which no record has").str();
}

bool IsNumber(const json::Value& value) {
  return value.getAsNull() || value.getAsUINT64().has_value();
}

bool IsCount(const json::Value& value) {
  return value.getAsNull() || value.getAsUINT64().value_or(0) != 0;
}

bool IsText(const json::Value& value) {
  return value.getAsNull() || value.getAsString().has_value();
}

bool IsTexts(const json::Value& value) {
  const json::Array* array = value.getAsArray();
  return array != nullptr && llvm::all_of(*array, IsText);
}

bool IsYesOrNo(const json::Value& value) { return value.getAsBoolean().has_value(); }

bool IsHex(StringRef text) {
  return llvm::all_of(text, [](char c) { return llvm::isHexDigit(c) && !llvm::isUpper(c); });
}

bool IsAddress(const json::Value& value) {
  if (value.getAsNull()) return true;
  StringRef text = value.getAsString().value_or("");
  return text.consume_front("0x") && !text.empty() && IsHex(text);
}

bool IsFingerprint(const json::Value& value) {
  StringRef text = value.getAsString().value_or("");
  return text.size() == 16 && IsHex(text);
}

bool IsKind(const json::Value& value) {
  return ParseKind(value.getAsString().value_or("")).has_value();
}

bool IsRule(const json::Value& value) {
  StringRef text = value.getAsString().value_or("");
  return FindRule({text.data(), text.size()}) != nullptr;
}

bool IsSeverity(const json::Value& value) {
  return ParseSeverity(value.getAsString().value_or("")).has_value();
}

bool IsRole(const json::Value& value) {
  StringRef text = value.getAsString().value_or("");
  for (Role role : {Role::Alloc, Role::Map, Role::Put, Role::Flush, Role::Free, Role::Access,
                    Role::Drop, Role::Handover})
    if (text == StringRef(RoleName(role))) return true;
  return false;
}

bool IsOurName(const json::Value& value) { return value.getAsString() == StringRef("flushdep"); }

struct Field {
  const char* key;
  bool (*fits)(const json::Value& value);
};

constexpr Field kHeaderFields[] = {{"header", IsOurName}, {"kind", IsKind},  {"version", IsText},
                                   {"program", IsText},   {"pid", IsNumber}, {"cpus", IsNumber}};

constexpr Field kRecordFields[] = {
    {"kind", IsKind},   {"rule", IsRule},  {"severity", IsSeverity}, {"fingerprint", IsFingerprint},
    {"time", IsNumber}, {"pid", IsNumber}, {"cpu", IsNumber},        {"mm", IsNumber},
    {"pfn", IsNumber},  {"va", IsAddress}, {"site", IsText},         {"class", IsText},
    {"path", IsTexts},  {"count", IsCount}};

constexpr Field kEventFields[] = {{"role", IsRole}, {"cpu", IsNumber}, {"time", IsNumber}};

constexpr Field kFrameFields[] = {{"module", IsText},   {"build_id", IsText},  {"offset", IsNumber},
                                  {"function", IsText}, {"file", IsText},      {"line", IsNumber},
                                  {"column", IsNumber}, {"inlined", IsYesOrNo}};

std::string WrongAmong(llvm::ArrayRef<Field> fields, const json::Object& object) {
  for (const Field& field : fields) {
    const json::Value* value = object.get(field.key);
    if (value == nullptr || field.fits(*value)) continue;
    // Or "1" would be said to be no number.
    const bool wants_number = field.fits == IsNumber || field.fits == IsCount;
    return BadValue(field.key, wants_number && value->getAsString() ? "is the text" : "is", *value);
  }
  return "";
}

// For a field that is a list of objects, of which `wrong` judges each.
std::string WrongInList(const json::Object& object, StringRef key,
                        llvm::function_ref<std::string(const json::Object&)> wrong) {
  const json::Value* value = object.get(key);
  if (value == nullptr) return "";
  const json::Array* array = value->getAsArray();
  if (array == nullptr) return BadValue(key, "is", *value);
  for (const json::Value& entry : *array) {
    const json::Object* fields = entry.getAsObject();
    if (fields == nullptr) return BadValue(key, "has", entry);
    std::string problem = wrong(*fields);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string WrongInFrame(const json::Object& frame) { return WrongAmong(kFrameFields, frame); }

std::string WrongInEvent(const json::Object& event) {
  std::string problem = WrongAmong(kEventFields, event);
  return problem.empty() ? WrongInList(event, "stack", WrongInFrame) : problem;
}

}  // namespace

std::optional<ReportKind> ParseKind(StringRef text) {
  for (ReportKind kind : {ReportKind::Static, ReportKind::Runtime, ReportKind::Replay})
    if (text == StringRef(ReportKindName(kind))) return kind;
  return std::nullopt;
}

std::string WrongField(const json::Object& record) {
  std::string problem = WrongAmong(kRecordFields, record);
  return problem.empty() ? WrongInList(record, "events", WrongInEvent) : problem;
}

std::string WrongHeaderField(const json::Object& header) {
  return WrongAmong(kHeaderFields, header);
}

}  // namespace flushdep::tool
