// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/renderer.h"

#include <unistd.h>

#include "checker/report/frame_text.h"

namespace flushdep {
namespace {

// The kernel's own calls are inline functions and macros in the shim's headers;
// what a reader wants to see, and a fingerprint to name, is who called them.
bool IsWrapper(const Frame& frame) {
  return frame.file.find("/flushdep/kernel/include/") != std::string_view::npos;
}

}  // namespace

std::string_view Renderer::ProgramPath() {
  if (program_size_ == 0) {
    const ssize_t size = readlink("/proc/self/exe", program_, sizeof(program_));
    program_size_ = size > 0 ? static_cast<size_t>(size) : 0;
  }
  return {program_, program_size_};
}

size_t Renderer::Expand(uint64_t pc, bool exact, bool symbols, Symbolizer::Source* out,
                        size_t capacity) {
  // A return address may be the first byte of the next line.
  FindModule(exact ? pc : pc - 1, &module_);
  Frame base;
  base.module = arena_.Copy(module_.path);
  base.build_id = arena_.Copy(module_.build_id);
  base.offset = module_.offset;
  size_t count = 0;
  if (symbols) count = symbolizer_.Symbolize(base.module, base.offset, arena_, out, capacity);
  if (count == 0) {
    out[0] = Symbolizer::Source{};
    count = 1;
  }
  for (size_t i = 0; i < count; ++i) {
    out[i].frame.module = base.module;
    out[i].frame.build_id = base.build_id;
    out[i].frame.offset = base.offset;
  }
  if (symbols) AddReadable(out, count);
  return count;
}

void Renderer::StopSymbolizers() {
  symbolizer_.Stop();
  demangler_.Stop();
}

// Records keep the linkage name, which is unique. Readers get what a second
// symboliser says of the same place; a C program never starts one.
void Renderer::AddReadable(Symbolizer::Source* sources, size_t count) {
  bool mangled = false;
  for (size_t i = 0; i < count; ++i) mangled |= sources[i].frame.function.substr(0, 2) == "_Z";
  if (!mangled) return;
  Symbolizer::Source readable[kMaxInlined];
  const Frame& base = sources[0].frame;
  const size_t found =
      demangler_.Symbolize(base.module, base.offset, arena_, readable, kMaxInlined);
  for (size_t i = 0; i < count && i < found; ++i)
    sources[i].frame.readable = readable[i].frame.function;
}

View<Frame> Renderer::RenderStack(const RawEvent& event, size_t index, bool symbols) {
  Frame* const frames = frames_[index];
  size_t count = 0;
  for (uint32_t i = 0; i < event.frames; ++i) {
    Symbolizer::Source sources[kMaxInlined];
    const size_t left = kMaxSourceFrames - count;
    const size_t room = left < kMaxInlined ? left : kMaxInlined;
    if (room == 0) break;
    const size_t expanded = Expand(event.pcs[i], event.exact_top && i == 0, symbols, sources, room);
    for (size_t k = 0; k < expanded; ++k) {
      if (count == 0 && IsWrapper(sources[k].frame)) continue;
      if (index == 0) start_lines_[count] = sources[k].start_line;
      frames[count++] = sources[k].frame;
    }
  }
  return {frames, count};
}

// The innermost frame of the program itself: an access may be made in libc.
void Renderer::ChooseSite(View<Frame> stack, Report* report) {
  if (stack.empty()) return;
  size_t chosen = 0;
  while (chosen + 1 < stack.size && stack[chosen].module != ProgramPath()) ++chosen;
  if (stack[chosen].module != ProgramPath()) chosen = 0;
  report->site = stack[chosen];
  site_start_line_ = start_lines_[chosen];
}

void Renderer::FindSite(const RawReport& raw, Report* report) {
  std::string_view text;
  if (!report->events.empty()) ChooseSite(report->events[0].stack, report);
  const Frame& site = report->site;
  if (!site.file.empty()) text = source_.Read(site.file);
  if (site.function.empty()) {
    // Nothing to name but the place in the module.
    FixedText<64> place;
    place.Add(site.build_id).Add("+").Address(site.offset);
    fingerprint_ = MakeFingerprint(Info(raw.rule).id, place.view(), "", 0);
  } else {
    fingerprint_ =
        FingerprintAt(Info(raw.rule).id, site.function, text, site_start_line_, site.line);
  }
  report->fingerprint = fingerprint_.view();
}

// Adds "function file:line", or the place in the module.
void Renderer::AddPlace(const Frame& frame) {
  if (frame.file.empty()) {
    scratch_.Add(frame.module).Add("+0x").Add(Hex(frame.offset));
    return;
  }
  PutPlainName(frame.readable.empty() ? frame.function : frame.readable,
               {[](void* text, const char* data, size_t size) {
                  static_cast<FixedText<1100>*>(text)->Add({data, size});
                },
                &scratch_});
  scratch_.Add(" ").Add(frame.file).Add(":").Number(frame.line);
}

void Renderer::AddPlaceOf(uint64_t pc, bool symbols) {
  const size_t count = Expand(pc, false, symbols, place_sources_, kMaxInlined);
  size_t i = 0;
  while (i + 1 < count && IsWrapper(place_sources_[i].frame)) ++i;
  AddPlace(place_sources_[i].frame);
}

std::string_view Renderer::ClassOf(const RawReport& raw, bool symbols) {
  if (raw.class_key == 0) return {};
  scratch_.Clear();
  if (raw.user_class)
    scratch_.Add("key ").Address(raw.class_key);
  else
    AddPlaceOf(raw.class_key, symbols);
  return arena_.Copy(scratch_.view());
}

std::string_view Renderer::Place(uint64_t pc, bool symbols) {
  arena_.Clear();
  scratch_.Clear();
  AddPlaceOf(pc, symbols);
  return scratch_.view();
}

// The edges, first to last: reports go back in time, a path forward.
void Renderer::RenderPath(const RawReport& raw, Report* report) {
  size_t count = 0;
  for (uint32_t i = raw.events_count; i-- > 0;) {
    if (!raw.events[i].on_path || events_[i].stack.empty()) continue;
    scratch_.Clear();
    scratch_.Add(events_[i].text).Add(" in ");
    AddPlace(events_[i].stack[0]);
    path_[count++] = arena_.Copy(scratch_.view());
  }
  report->path = {path_, count};
}

Report Renderer::Render(const RawReport& raw, bool symbols) {
  arena_.Clear();
  site_start_line_ = 0;
  Report report;
  report.kind = ReportKind::Runtime;
  report.rule = raw.rule;
  report.severity = raw.severity;
  report.message = raw.message.view();
  report.time = raw.time;
  report.pid = static_cast<uint64_t>(getpid());
  report.cpu = raw.cpu;
  report.mm = raw.mm;
  report.pfn = raw.pfn;
  report.va = raw.va;
  for (uint32_t i = 0; i < raw.events_count; ++i) {
    const RawEvent& event = raw.events[i];
    events_[i] = {event.role, event.cpu, event.time, event.text, RenderStack(event, i, symbols)};
  }
  report.events = {events_, raw.events_count};
  RenderPath(raw, &report);
  report.cls = ClassOf(raw, symbols);
  for (uint32_t i = 0; i < raw.scenario_count; ++i)
    scenario_[i] = {raw.scenario[i].column, raw.scenario[i].text.view()};
  report.scenario = {scenario_, raw.scenario_count};
  for (uint32_t i = 0; i < 2; ++i)
    if (!raw.column_heads[i].empty()) report.column_heads[i] = raw.column_heads[i].view();
  report.remedy = raw.remedy;
  if (!raw.note.empty()) {
    notes_[0] = raw.note.view();
    report.notes = {notes_, 1};
  }
  FindSite(raw, &report);
  return report;
}

}  // namespace flushdep
