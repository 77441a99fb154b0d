// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/json_writer.h"

#include "checker/report/format.h"

namespace flushdep {
namespace {

// Length of the valid UTF-8 sequence at text[0], or 0.
size_t Utf8Length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  size_t length = 0;
  uint32_t smallest = 0;
  uint32_t value = 0;
  if (lead < 0x80) return 1;
  if ((lead & 0xe0) == 0xc0) length = 2, smallest = 0x80, value = lead & 0x1f;
  if ((lead & 0xf0) == 0xe0) length = 3, smallest = 0x800, value = lead & 0x0f;
  if ((lead & 0xf8) == 0xf0) length = 4, smallest = 0x10000, value = lead & 0x07;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    value = (value << 6) | (byte(i) & 0x3f);
  }
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  return value < smallest || value > 0x10ffff || surrogate ? 0 : length;
}

// Emits the keys of one object; remembers whether a comma is due.
class Object {
 public:
  explicit Object(const Sink& sink) : sink_(sink) { sink_.Put("{"); }
  void Close() { sink_.Put("}"); }

  void Key(std::string_view key) {
    if (!first_) sink_.Put(",");
    first_ = false;
    sink_.Put("\"");
    sink_.Put(key);
    sink_.Put("\":");
  }
  void Text(std::string_view key, std::string_view value) {
    Key(key);
    String(sink_, value);
  }
  void Number(std::string_view key, uint64_t value) {
    Key(key);
    if (value == kNoNumber)
      sink_.Put("null");
    else
      sink_.Put(Decimal(value).view());
  }
  void Address(std::string_view key, uint64_t value) {
    Key(key);
    if (value == kNoNumber) return sink_.Put("null");
    sink_.Put("\"0x");
    sink_.Put(Hex(value).view());
    sink_.Put("\"");
  }
  void Cpu(std::string_view key, uint32_t cpu) { Number(key, cpu == kNoCpu ? kNoNumber : cpu); }

  static void String(const Sink& sink, std::string_view text) {
    sink.Put("\"");
    while (!text.empty()) text.remove_prefix(Piece(sink, text));
    sink.Put("\"");
  }

 private:
  // Writes the first character of `text`; returns how many bytes it took.
  static size_t Piece(const Sink& sink, std::string_view text) {
    const unsigned char c = static_cast<unsigned char>(text[0]);
    if (c == '"' || c == '\\') {
      sink.Put("\\");
      sink.Put(text.substr(0, 1));
    } else if (c < 0x20) {
      const char escape[6] = {
          '\\', 'u', '0', '0', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
      sink.Put(std::string_view(escape, sizeof(escape)));
    } else {
      const size_t length = Utf8Length(text);
      if (length == 0)
        sink.Put("\\ufffd");
      else
        sink.Put(text.substr(0, length));
      return length == 0 ? 1 : length;
    }
    return 1;
  }

  const Sink& sink_;
  bool first_ = true;
};

void WriteFrame(const Frame& frame, const Sink& sink) {
  Object object(sink);
  object.Text("module", frame.module);
  object.Text("build_id", frame.build_id);
  object.Number("offset", frame.offset);
  object.Text("function", frame.function);
  object.Text("file", frame.file);
  object.Number("line", frame.line);
  object.Number("column", frame.column);
  object.Key("inlined");
  sink.Put(frame.inlined ? "true" : "false");
  object.Close();
}

void WriteEvent(const ReportEvent& event, const Sink& sink) {
  Object object(sink);
  object.Text("role", RoleName(event.role));
  object.Cpu("cpu", event.cpu);
  object.Number("time", event.time);
  object.Key("stack");
  sink.Put("[");
  for (size_t i = 0; i < event.stack.size; ++i) {
    if (i != 0) sink.Put(",");
    WriteFrame(event.stack[i], sink);
  }
  sink.Put("]");
  object.Close();
}

// "file:line:column", or "module+0xoffset" where there is no source.
void WriteSite(const Frame& site, Object& object, const Sink& sink) {
  object.Key("site");
  FixedText<4096> text;
  if (!site.file.empty()) {
    text.Add(site.file).Add(":").Add(Decimal(site.line).view()).Add(":");
    text.Add(Decimal(site.column).view());
  } else if (!site.module.empty()) {
    text.Add(site.module).Add("+0x").Add(Hex(site.offset).view());
  }
  Object::String(sink, text.view());
}

}  // namespace

void WriteJsonHeader(const LogHeader& header, const Sink& sink) {
  Object object(sink);
  object.Number("schema", kRecordSchema);
  object.Text("header", "flushdep");
  object.Text("kind", ReportKindName(header.kind));
  object.Text("version", header.version);
  object.Text("program", header.program);
  object.Number("pid", header.pid);
  object.Number("cpus", header.cpus);
  object.Close();
  sink.Put("\n");
}

void WriteJson(const Report& report, const Sink& sink) {
  Object object(sink);
  object.Number("schema", kRecordSchema);
  object.Text("kind", ReportKindName(report.kind));
  object.Text("rule", Info(report.rule).id);
  object.Text("severity", SeverityName(report.severity));
  object.Text("fingerprint", report.fingerprint);
  object.Text("message", report.message);
  object.Number("time", report.time);
  object.Number("pid", report.pid);
  object.Cpu("cpu", report.cpu);
  object.Number("mm", report.mm);
  object.Number("pfn", report.pfn);
  object.Address("va", report.va);
  WriteSite(report.site, object, sink);
  object.Key("events");
  sink.Put("[");
  for (size_t i = 0; i < report.events.size; ++i) {
    if (i != 0) sink.Put(",");
    WriteEvent(report.events[i], sink);
  }
  sink.Put("]");
  object.Text("class", report.cls);
  object.Key("path");
  sink.Put("[");
  for (size_t i = 0; i < report.path.size; ++i) {
    if (i != 0) sink.Put(",");
    Object::String(sink, report.path[i]);
  }
  sink.Put("]");
  object.Number("count", report.count);
  object.Close();
  sink.Put("\n");
}

}  // namespace flushdep
