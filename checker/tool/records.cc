// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/records.h"

#include <optional>
#include <utility>

#include "checker/report/json_nesting.h"
#include "checker/tool/arguments.h"
#include "checker/tool/record_fields.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

namespace flushdep::tool {
namespace {

using llvm::StringRef;
namespace json = llvm::json;

std::string FrameText(const json::Object& frame) {
  std::string text = frame.getString("function").value_or("").str();
  if (text.empty()) text = "?";
  StringRef file = frame.getString("file").value_or("");
  if (file.empty()) {
    StringRef module = frame.getString("module").value_or("");
    int64_t offset = frame.getInteger("offset").value_or(0);
    return text + (" (" + module + "+0x" + llvm::utohexstr(offset, true) + ")").str();
  }
  text += (" " + file).str();
  for (StringRef key : {"line", "column"})
    if (int64_t number = frame.getInteger(key).value_or(0)) text += ":" + std::to_string(number);
  if (frame.getBoolean("inlined").value_or(false)) text += " (inlined)";
  return text;
}

// Events that miss parts are kept as far as they go: they illustrate, and decide nothing.
std::vector<RecordEvent> ReadEvents(const json::Object& record) {
  std::vector<RecordEvent> events;
  const json::Array* array = record.getArray("events");
  if (array == nullptr) return events;
  for (const json::Value& value : *array) {
    const json::Object* object = value.getAsObject();
    if (object == nullptr) continue;
    RecordEvent event;
    event.role = object->getString("role").value_or("?").str();
    if (const json::Array* stack = object->getArray("stack"))
      for (const json::Value& frame : *stack)
        if (const json::Object* fields = frame.getAsObject())
          event.frames.push_back(FrameText(*fields));
    events.push_back(std::move(event));
  }
  return events;
}

size_t FrameCount(const Finding& finding) {
  size_t count = 0;
  for (const RecordEvent& event : finding.events) count += event.frames.size();
  return count;
}

// Fills `finding` from a record. Returns what is wrong, or nothing.
std::string ReadFinding(const json::Object& record, Finding& finding) {
  for (StringRef key : {"kind", "rule", "severity", "fingerprint", "message"})
    if (!record.getString(key)) return ("no text '" + key + "' in the record").str();
  std::string problem = WrongField(record);
  if (!problem.empty()) return problem;

  StringRef rule = *record.getString("rule");
  StringRef fingerprint = *record.getString("fingerprint");
  finding.rule = FindRule({rule.data(), rule.size()})->rule;
  finding.severity = *ParseSeverity(*record.getString("severity"));
  finding.fingerprint = fingerprint.str();
  finding.message = record.getString("message")->str();
  finding.site = record.getString("site").value_or("").str();
  const json::Value* count = record.get("count");
  finding.seen[*ParseKind(*record.getString("kind"))] =
      count == nullptr ? 1 : count->getAsUINT64().value_or(1);
  finding.events = ReadEvents(record);
  return "";
}

}  // namespace

void RecordSet::AddFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNull=*/false);
  if (!buffer) {
    problems_.push_back((path + ": cannot be read: " + buffer.getError().message()).str());
    return;
  }
  AddText(path, (*buffer)->getBuffer());
}

void RecordSet::AddText(StringRef path, StringRef text) {
  if (text.empty()) problems_.push_back((path + ":1: the file is empty, even its header").str());
  bool last_is_cut = !text.ends_with("\n");
  size_t number = 0;
  Headers headers;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    ++number;
    std::string problem = AddLine(line, number == 1, headers);
    bool is_last = rest.empty();
    if (!problem.empty() && is_last && last_is_cut)
      problem = "the line is cut off (" + problem + ")";
    if (!problem.empty())
      problems_.push_back((path + ":" + llvm::Twine(number) + ": " + problem).str());
    text = rest;
  }
}

std::string RecordSet::AddHeader(const json::Object& header, bool first_of_file, Headers& headers) {
  std::string problem = WrongHeaderField(header);
  if (!problem.empty()) return problem;
  const bool is_new_unit =
      headers.units.insert(header.getString("program").value_or("").str()).second;
  const std::optional<int64_t> previous = std::exchange(headers.process, std::nullopt);
  if (header.getString("kind") == StringRef("runtime")) headers.process = header.getInteger("pid");
  if (first_of_file) return "";
  // The units of a build share one file, each behind a header of its own.
  if (header.getString("kind") == StringRef("static") && is_new_unit) return "";
  // A process goes on in its file after exec().
  if (headers.process && headers.process == previous) return "";
  return "a second header line";
}

std::string RecordSet::AddLine(StringRef line, bool first_of_file, Headers& headers) {
  if (NestsTooDeep({line.data(), line.size()}))
    return "nested deeper than " + std::to_string(kMaxJsonNesting) + " levels, as no record is";
  llvm::Expected<json::Value> value = json::parse(line);
  if (!value) {
    std::string message = llvm::toString(value.takeError());
    return "no JSON: " + StringRef(message).split('\n').first.str();
  }
  const json::Object* record = value->getAsObject();
  if (record == nullptr) return "no JSON object";
  int64_t schema = record->getInteger("schema").value_or(0);
  if (schema != kRecordSchema)
    return "record of schema " + std::to_string(schema) + "; this flushdep reads schema " +
           std::to_string(kRecordSchema);
  if (record->getString("header")) return AddHeader(*record, first_of_file, headers);
  Finding finding;
  std::string problem = ReadFinding(*record, finding);
  if (!problem.empty()) return problem;
  Merge(std::move(finding));
  return first_of_file ? "the header line is missing, so the beginning of the file may be" : "";
}

void RecordSet::Merge(Finding finding) {
  auto [place, is_new] = by_fingerprint_.emplace(finding.fingerprint, findings_.size());
  if (is_new) {
    findings_.push_back(std::move(finding));
    return;
  }
  Finding& known = findings_[place->second];
  for (auto [kind, count] : finding.seen)
    known.seen[kind] = llvm::SaturatingAdd(known.seen[kind], count);
  known.severity = std::max(known.severity, finding.severity);
  if (FrameCount(finding) <= FrameCount(known)) return;
  known.events = std::move(finding.events);
  known.message = std::move(finding.message);
}

bool RecordSet::AnyAtOrAbove(Severity threshold) const {
  return llvm::any_of(findings_,
                      [&](const Finding& finding) { return finding.severity >= threshold; });
}

}  // namespace flushdep::tool
