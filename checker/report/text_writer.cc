// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/text_writer.h"

#include "checker/report/format.h"
#include "checker/report/frame_text.h"

namespace flushdep {
namespace {

constexpr std::string_view kDouble =
    "======================================================================\n";
constexpr size_t kColumn = 36;  // from the left column to the right one
constexpr std::string_view kSingle =
    "----------------------------------------------------------------------\n";

class Printer {
 public:
  Printer(const TextContext& context, const Sink& sink) : context_(context), sink_(sink) {}

  Printer& Put(std::string_view text) {
    sink_.Put(text);
    return *this;
  }
  Printer& Number(uint64_t value) { return Put(Decimal(value).view()); }

  // "[    1.234567]", as the kernel's log has it.
  Printer& Time(uint64_t ns) {
    const Digits seconds = Decimal(ns / 1000000000);
    const Digits micros = Decimal(ns / 1000 % 1000000);
    Put("[").Pad(5, seconds.view().size()).Put(seconds.view()).Put(".");
    for (size_t i = micros.view().size(); i < 6; ++i) Put("0");
    return Put(micros.view()).Put("]");
  }

  void Stack(View<Frame> stack) {
    bool any = false;
    for (const Frame& frame : stack) any = any || !IsPlumbing(frame);
    uint32_t number = 0;
    for (const Frame& frame : stack) {
      if (any && IsPlumbing(frame)) continue;
      Put("  #").Number(number).Put(number < 10 ? "  " : " ");
      OneFrame(frame);
      ++number;
    }
    if (stack.empty()) Put("  (no stack: run with stacks=16)\n");
  }

  Printer& Pad(size_t width, size_t used) {
    for (; used < width; ++used) Put(" ");
    return *this;
  }
  Printer& Line(size_t width) {
    for (; width > 0; --width) Put("-");
    return *this;
  }

 private:
  void OneFrame(const Frame& frame) {
    const std::string_view name = frame.readable.empty() ? frame.function : frame.readable;
    PutPlainName(name.empty() ? std::string_view("??") : name, sink_);
    if (!frame.file.empty()) {
      Put(" ").Put(Shorten(frame.file)).Put(":").Number(frame.line);
      if (frame.column != 0) Put(":").Number(frame.column);
      if (!context_.module.empty() && !frame.module.empty() && frame.module != context_.module)
        Put(" [").Put(frame.module.substr(frame.module.rfind('/') + 1)).Put("]");
    } else {
      Put(" (").Put(frame.module).Put("+0x").Put(Hex(frame.offset).view()).Put(")");
    }
    Put(frame.inlined ? " (inlined)\n" : "\n");
  }

  std::string_view Shorten(std::string_view path) const {
    const std::string_view dir = context_.directory;
    if (dir.size() > 1 && path.size() > dir.size() + 1 && path.substr(0, dir.size()) == dir &&
        path[dir.size()] == '/')
      path.remove_prefix(dir.size() + 1);
    return path;
  }

  const TextContext& context_;
  const Sink& sink_;
};

std::string_view Loudness(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "BUG: ";
    case Severity::Possible:
      return "WARNING: possible ";
    case Severity::Advice:
      return "ADVICE: ";
  }
  return "";
}

void WriteHead(const Report& report, const TextContext& context, Printer& out) {
  const RuleInfo& rule = Info(report.rule);
  out.Put("\n").Put(kDouble);
  // "possible possible-unflushed-free" says it once too often.
  constexpr std::string_view kPossible = "possible-";
  const bool says_so = rule.name.substr(0, kPossible.size()) == kPossible;
  out.Put(says_so ? "WARNING: " : Loudness(report.severity))
      .Put(rule.name)
      .Put(" [")
      .Put(rule.id)
      .Put("]\n");
  out.Put("flushdep ").Put(context.version).Put("\n").Put(kSingle);
  out.Put(context.program).Put("/").Number(report.pid);
  if (report.cpu != kNoCpu) out.Put(" on CPU ").Number(report.cpu);
  out.Put(report.severity == Severity::Error ? " is about to " : " may one day ");
  out.Put(context.doing).Put(":\n  ").Put(report.message).Put("\n");
  for (std::string_view note : report.notes) out.Put("  ").Put(note).Put("\n");
  if (!report.cls.empty()) out.Put("  class: pages allocated at ").Put(report.cls).Put("\n");
}

// As lockdep draws it: each line in its column.
void WriteScenario(const Report& report, Printer& out) {
  if (report.scenario.empty()) return;
  out.Put("\nhow it goes wrong:\n\n");
  const std::string_view* const heads = report.column_heads;
  out.Put("  ").Put(heads[0]).Pad(kColumn, heads[0].size()).Put(heads[1]).Put("\n");
  out.Put("  ").Line(heads[0].size()).Pad(kColumn, heads[0].size()).Line(heads[1].size()).Put("\n");
  for (const ScenarioLine& line : report.scenario)
    out.Put("  ").Pad(line.column == 0 ? 0 : kColumn, 0).Put(line.text).Put("\n");
}

void WriteEvidence(const ReportEvent& event, Printer& out) {
  out.Put("\n").Put(event.text.empty() ? RoleName(event.role) : event.text);
  if (event.cpu != kNoCpu) out.Put(" on CPU ").Number(event.cpu);
  if (event.time != kNoNumber) out.Put(" ").Time(event.time);
  out.Put(" at:\n");
  out.Stack(event.stack);
}

}  // namespace

void WriteText(const Report& report, const TextContext& context, const Sink& sink) {
  Printer out(context, sink);
  WriteHead(report, context, out);
  // Where the state came from, then the chain back, then where we are.
  for (size_t i = 1; i < report.events.size; ++i) WriteEvidence(report.events[i], out);
  WriteScenario(report, out);
  if (!report.events.empty()) {
    out.Put("\nstack backtrace").Put(report.events[0].text);
    if (report.events[0].time != kNoNumber) out.Put(" ").Time(report.events[0].time);
    out.Put(":\n").Stack(report.events[0].stack);
  }
  const std::string_view remedy = report.remedy;
  out.Put("\nto fix: ").Put(remedy.empty() ? Info(report.rule).remedy : remedy).Put("\n");
  out.Put("more: flushdep explain ").Put(Info(report.rule).id);
  out.Put("    fingerprint: ").Put(report.fingerprint).Put("\n").Put(kDouble);
}

}  // namespace flushdep
