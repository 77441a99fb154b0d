// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/diagnose/records.h"

#include "checker/report/fingerprint.h"
#include "checker/report/json_writer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Mangle.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#ifndef FLUSHDEP_VERSION
#define FLUSHDEP_VERSION "unknown"
#endif

namespace flushdep::plugin {
namespace {

Sink SinkTo(std::string& text) {
  return {[](void* context, const char* data, size_t size) {
            static_cast<std::string*>(context)->append(data, size);
          },
          &text};
}

std::string_view AsView(llvm::StringRef text) { return {text.data(), text.size()}; }

Role RoleOf(WayRole role) {
  switch (role) {
    case WayRole::Alloc:
      return Role::Alloc;
    case WayRole::Map:
      return Role::Map;
    case WayRole::Flush:
      return Role::Flush;
    default:
      return Role::Put;
  }
}

}  // namespace

RecordWriter::RecordWriter(clang::CompilerInstance& compiler) : compiler_(compiler) {
  const clang::SourceManager& sources = compiler.getSourceManager();
  LogHeader header;
  header.kind = ReportKind::Static;
  header.version = FLUSHDEP_VERSION;
  unit_ = PlaceOf(sources.getLocForStartOfFile(sources.getMainFileID())).file;
  header.program = unit_;
  header.pid = llvm::sys::Process::getProcessId();
  WriteJsonHeader(header, SinkTo(text_));
}

void RecordWriter::SetCoverage(const std::string& functions) {
  const size_t end = text_.find("}\n");
  if (end != std::string::npos) text_.insert(end, ",\"functions\":" + functions);
}

RecordWriter::Place RecordWriter::PlaceOf(clang::SourceLocation where) const {
  const clang::PresumedLoc presumed = compiler_.getSourceManager().getPresumedLoc(where);
  if (presumed.isInvalid()) return {};
  llvm::SmallString<256> path(presumed.getFilename());
  compiler_.getFileManager().makeAbsolutePath(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/false);
  return {path.str().str(), presumed.getLine(), presumed.getColumn()};
}

// As debug info names it: C functions plainly, C++ ones by linkage name.
std::string RecordWriter::FunctionName(const clang::FunctionDecl* function) const {
  clang::ASTContext& ast = function->getASTContext();
  const std::unique_ptr<clang::MangleContext> mangler(ast.createMangleContext());
  if (!mangler->shouldMangleDeclName(function)) return function->getNameAsString();
  std::string name;
  llvm::raw_string_ostream out(name);
  clang::GlobalDecl declaration;
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(function))
    declaration = clang::GlobalDecl(constructor, clang::Ctor_Complete);
  else if (const auto* destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(function))
    declaration = clang::GlobalDecl(destructor, clang::Dtor_Complete);
  else
    declaration = clang::GlobalDecl(function);
  mangler->mangleName(declaration, out);
  return name;
}

// Of the file that the presumed location names: a preprocessed file points into another.
llvm::StringRef RecordWriter::TextOfFile(clang::SourceLocation where) const {
  const clang::SourceManager& sources = compiler_.getSourceManager();
  const clang::PresumedLoc presumed = sources.getPresumedLoc(where);
  if (presumed.isInvalid()) return {};
  if (sources.getFilename(where) == presumed.getFilename())
    return sources.getBufferData(sources.getFileID(where));
  auto buffer = compiler_.getFileManager().getBufferForFile(presumed.getFilename());
  if (!buffer) return {};
  other_text_ = (*buffer)->getBuffer().str();
  return other_text_;
}

std::string RecordWriter::FingerprintOf(const Finding& finding) const {
  const clang::SourceManager& sources = compiler_.getSourceManager();
  const clang::PresumedLoc name =
      sources.getPresumedLoc(sources.getExpansionLoc(finding.function->getLocation()));
  const unsigned first = name.isValid() ? name.getLine() : 0;
  const std::string function = FunctionName(finding.function);
  return std::string(FingerprintAt(Info(finding.verdict.rule).id, function,
                                   AsView(TextOfFile(finding.where)), first,
                                   PlaceOf(finding.where).line)
                         .view());
}

void RecordWriter::Add(const Finding& finding) {
  const std::string function = FunctionName(finding.function);
  const std::string fingerprint = FingerprintOf(finding);
  // Deque-like stability: everything that a view points to is sized before.
  const size_t count = finding.way.size() + 1;
  std::vector<Place> places;
  std::vector<Frame> frames(count);
  std::vector<ReportEvent> events;
  std::vector<std::string_view> path;
  places.reserve(count);
  const auto frame_at = [&](clang::SourceLocation where) {
    const Place& place = places.emplace_back(PlaceOf(where));
    Frame& frame = frames[places.size() - 1];
    frame.function = function;
    frame.file = place.file;
    frame.line = place.line;
    frame.column = place.column;
    return View<Frame>{&frame, 1};
  };
  const Role now = finding.verdict.rule == Rule::FD013   ? Role::Put
                   : finding.verdict.rule == Rule::FD008 ? Role::Access
                   : finding.verdict.rule == Rule::FD011 ? Role::Handover
                   : finding.verdict.is_drop             ? Role::Drop
                                                         : Role::Free;
  events.push_back({now, kNoCpu, kNoNumber, {}, frame_at(finding.where)});
  for (auto point = finding.way.rbegin(); point != finding.way.rend(); ++point)
    if (point->role != WayRole::Condition && point->role != WayRole::Call)
      events.push_back({RoleOf(point->role), kNoCpu, kNoNumber, {}, frame_at(point->where)});
  for (const WayPoint& point : finding.way)
    if (point.role == WayRole::Condition || point.role == WayRole::Call) path.push_back(point.text);
  Report report;
  report.kind = ReportKind::Static;
  report.rule = finding.verdict.rule;
  report.severity = finding.verdict.severity;
  report.fingerprint = fingerprint;
  report.message = finding.message;
  report.site = frames[0];
  report.events = {events.data(), events.size()};
  report.path = {path.data(), path.size()};
  WriteJson(report, SinkTo(text_));
}

}  // namespace flushdep::plugin
