// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/consumer.h"

#include <time.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "clang-plugin/diagnose/emitter.h"
#include "clang-plugin/diagnose/finding.h"
#include "clang-plugin/diagnose/ignore.h"
#include "clang-plugin/diagnose/output_file.h"
#include "clang-plugin/diagnose/record_file.h"
#include "clang-plugin/diagnose/records.h"
#include "clang-plugin/diagnose/summary.h"
#include "clang-plugin/protocol/yaml_reader.h"
#include "clang-plugin/unit_analysis.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/CharInfo.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::plugin {
namespace {

using FunctionDecls = std::vector<const clang::FunctionDecl*>;

void CollectFunctions(const clang::Decl* decl, FunctionDecls& functions);

// Lambdas and methods of local classes.
void CollectInside(const clang::Stmt* stmt, FunctionDecls& functions) {
  if (stmt == nullptr) return;
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(stmt)) {
    // An instance of a generic one has its body's lambdas in turn.
    if (const clang::FunctionTemplateDecl* pattern = lambda->getDependentCallOperator())
      return CollectFunctions(pattern, functions);
    return CollectFunctions(lambda->getCallOperator(), functions);
  }
  if (const auto* group = llvm::dyn_cast<clang::DeclStmt>(stmt))
    for (const clang::Decl* decl : group->decls())
      if (llvm::isa<clang::CXXRecordDecl>(decl)) CollectFunctions(decl, functions);
  for (const clang::Stmt* child : stmt->children()) CollectInside(child, functions);
}

// The functions with bodies among a declaration and what is in it.
void CollectFunctions(const clang::Decl* decl, FunctionDecls& functions) {
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(decl)) {
    if (!function->doesThisDeclarationHaveABody() || function->isDependentContext()) return;
    functions.push_back(function);
    if (function->getLangOpts().CPlusPlus) CollectInside(function->getBody(), functions);
    return;
  }
  if (const auto* pattern = llvm::dyn_cast<clang::FunctionTemplateDecl>(decl)) {
    for (const clang::FunctionDecl* instance : pattern->specializations())
      CollectFunctions(instance, functions);
    return;
  }
  if (const auto* pattern = llvm::dyn_cast<clang::ClassTemplateDecl>(decl)) {
    for (const clang::Decl* instance : pattern->specializations())
      CollectFunctions(instance, functions);
    return;
  }
  if (llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::ExportDecl,
                clang::CXXRecordDecl>(decl))
    for (const clang::Decl* inner : llvm::cast<clang::DeclContext>(decl)->decls())
      CollectFunctions(inner, functions);
}

// "NAME-1a2b3c.o" in the temporary folder: what the driver links and then deletes.
bool IsDriverTemporary(llvm::StringRef object) {
  llvm::SmallString<128> folder;
  llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
  if (llvm::sys::path::parent_path(object) != folder.str()) return false;
  const llvm::StringRef stem = llvm::sys::path::stem(object);
  const auto [name, tag] = stem.rsplit('-');
  return tag.size() == 6 && llvm::all_of(tag, [](char c) { return clang::isHexDigit(c); });
}

Limits LimitsFor(const PluginOptions& options) {
  Limits limits;
  if (!options.deep) return limits;
  limits.states *= kDeepFactor;
  limits.steps *= kDeepFactor;
  limits.depth = kDeepDepth;
  return limits;
}

double CpuMilliseconds(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

class Consumer : public clang::ASTConsumer {
 public:
  Consumer(clang::CompilerInstance& compiler, PluginOptions options)
      : compiler_(compiler),
        options_(std::move(options)),
        index_(protocol_),
        emitter_(compiler.getDiagnostics(), options_, protocol_) {
    const double start = CpuMilliseconds(CLOCK_THREAD_CPUTIME_ID);
    LoadProtocols();
    spent_ += CpuMilliseconds(CLOCK_THREAD_CPUTIME_ID) - start;
  }

  // Only what the parser saw itself; bodies of headers are looked at on demand.
  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    for (const clang::Decl* decl : group)
      if (IsOurs(decl->getLocation())) declarations_.push_back(decl);
    return true;
  }

  void HandleTranslationUnit(clang::ASTContext& ast) override;

  // At the end of the process the whole compile is known.
  ~Consumer() override {
    if (!options_.timing) return;
    llvm::errs() << "flushdep: timing: " << summary_.unit << ": "
                 << llvm::format("%.2f ms in the plugin, %.2f ms in the process\n", spent_,
                                 CpuMilliseconds(CLOCK_PROCESS_CPUTIME_ID));
  }

 private:
  void Analyse(clang::ASTContext& ast);
  void Explain(clang::ASTContext& ast);
  void LoadProtocols();
  void LoadProtocol(const std::string& file);
  void AddDependencies();
  bool IsOurs(clang::SourceLocation where) const;
  void CollectTaken(const clang::Decl* decl);
  const std::vector<Ignore>& IgnoresOf(const clang::FunctionDecl* function);
  bool IsNew(const Finding& finding);
  void Deliver(const Finding& finding, RecordWriter& records);
  void CheckIgnores(const std::vector<Ignore>& ignores);
  std::string SummaryFile() const;
  void WriteOutputs(const RecordWriter& records);
  void WriteOutput(const std::string& file, llvm::StringRef text);

  clang::CompilerInstance& compiler_;
  PluginOptions options_;
  Protocol protocol_;
  EffectIndex index_;
  Emitter emitter_;
  bool protocols_fine_ = true;
  std::vector<std::string> protocol_files_;
  std::vector<const clang::Decl*> declarations_;
  llvm::DenseSet<const clang::FunctionDecl*> address_taken_;
  std::map<const clang::FunctionDecl*, std::vector<Ignore>> ignores_;
  std::set<std::tuple<Rule, unsigned, unsigned>> reported_;
  Summary summary_;
  double spent_ = 0;  // CPU time of this thread, in milliseconds
};

// A source file that another one includes is a part of the unit; a header is not.
bool Consumer::IsOurs(clang::SourceLocation where) const {
  const clang::SourceManager& sources = compiler_.getSourceManager();
  where = sources.getExpansionLoc(where);
  if (sources.isInMainFile(where)) return true;
  if (where.isInvalid() || sources.isInSystemHeader(where)) return false;
  const llvm::StringRef extension = llvm::sys::path::extension(sources.getFilename(where));
  return extension == ".c" || extension == ".cc" || extension == ".cpp" || extension == ".cxx";
}

void Consumer::LoadProtocols() {
  std::vector<std::string> shipped;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator at(options_.protocol_dir, code), end; !code && at != end;
       at.increment(code))
    if (llvm::StringRef(at->path()).ends_with(".yaml")) shipped.push_back(at->path());
  std::sort(shipped.begin(), shipped.end());
  // Without them it would know of nothing, and be silent about everything.
  if (shipped.empty()) {
    protocols_fine_ = false;
    emitter_.ShowError({},
                       "flushdep: no protocols in ../share/flushdep/protocols beside the folder "
                       "of FlushdepPlugin.so: install the plugin whole, do not copy it alone");
  }
  for (const std::string& file : shipped) LoadProtocol(file);
  for (const std::string& file : options_.protocols) LoadProtocol(file);
}

void Consumer::LoadProtocol(const std::string& file) {
  std::vector<FileError> errors;
  if (!ReadProtocolFile(file, protocol_, errors)) {
    protocols_fine_ = false;
    for (const FileError& error : errors) emitter_.ShowError({}, "flushdep: " + error.Text());
    return;
  }
  protocol_files_.push_back(file);
}

// An edited protocol must recompile the object. Dependency collectors have no
// door for others, but they do record what __has_include found. Called after the
// main file was read: build systems take the first dependency for the source.
void Consumer::AddDependencies() {
  clang::PPCallbacks* callbacks =
      compiler_.hasPreprocessor() ? compiler_.getPreprocessor().getPPCallbacks() : nullptr;
  if (callbacks == nullptr) return;
  for (const std::string& file : protocol_files_) {
    auto entry = compiler_.getFileManager().getFileRef(file);
    if (entry)
      callbacks->HasInclude({}, file, /*IsAngled=*/false, *entry, clang::SrcMgr::C_User);
    else
      llvm::consumeError(entry.takeError());
  }
}

// Functions that a variable at file scope names, such as a table of operations.
void Consumer::CollectTaken(const clang::Decl* decl) {
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(decl);
  if (variable == nullptr || variable->getInit() == nullptr) return;
  std::vector<const clang::Stmt*> pending = {variable->getInit()};
  while (!pending.empty()) {
    const clang::Stmt* stmt = pending.back();
    pending.pop_back();
    if (stmt == nullptr) continue;
    if (const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(stmt))
      if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(ref->getDecl()))
        address_taken_.insert(function->getCanonicalDecl());
    for (const clang::Stmt* child : stmt->children()) pending.push_back(child);
  }
}

const std::vector<Ignore>& Consumer::IgnoresOf(const clang::FunctionDecl* function) {
  const auto [entry, is_new] = ignores_.try_emplace(function);
  if (is_new) {
    entry->second = FindIgnores(function->getBody());
    CheckIgnores(entry->second);
  }
  return entry->second;
}

// Instances of one template share their text; one report of it is enough.
bool Consumer::IsNew(const Finding& finding) {
  return reported_
      .insert(
          {finding.verdict.rule, finding.where.getRawEncoding(), finding.cause.getRawEncoding()})
      .second;
}

void Consumer::CheckIgnores(const std::vector<Ignore>& ignores) {
  for (const Ignore& ignore : ignores)
    if (ignore.rule == nullptr)
      emitter_.ShowError(compiler_.getSourceManager().getExpansionLoc(ignore.where),
                         "FLUSHDEP_IGNORE: no rule is called '" + ignore.rule_text + "'");
}

void Consumer::Deliver(const Finding& finding, RecordWriter& records) {
  const RuleInfo& rule = Info(finding.verdict.rule);
  if (options_.disabled.test(static_cast<size_t>(rule.rule))) return;
  const Ignore* ignore =
      FindIgnore(compiler_.getASTContext(), IgnoresOf(finding.function), rule.rule, finding.where);
  if (ignore != nullptr) {
    const clang::PresumedLoc place = compiler_.getSourceManager().getPresumedLoc(finding.where);
    summary_.ignored.push_back(
        {std::string(rule.id), ignore->why,
         std::string(place.getFilename()) + ":" + std::to_string(place.getLine())});
    return;
  }
  ++summary_.findings;
  emitter_.Show(finding);
  records.Add(finding);
}

void Consumer::HandleTranslationUnit(clang::ASTContext& ast) {
  const double start = CpuMilliseconds(CLOCK_THREAD_CPUTIME_ID);
  Analyse(ast);
  spent_ += CpuMilliseconds(CLOCK_THREAD_CPUTIME_ID) - start;
}

// Each function of that name that the unit declares: what a declaration says, or what its body
// does.
void Consumer::Explain(clang::ASTContext& ast) {
  const clang::SourceManager& sources = ast.getSourceManager();
  const clang::IdentifierInfo& name = ast.Idents.get(options_.explain);
  for (const clang::NamedDecl* decl : ast.getTranslationUnitDecl()->lookup(&name)) {
    const auto* function = llvm::dyn_cast<clang::FunctionDecl>(decl);
    if (function == nullptr) continue;
    llvm::errs() << "flushdep: explain: " << options_.explain << " ("
                 << function->getLocation().printToString(sources) << "): ";
    if (const FunctionProtocol* declared = protocol_.Lookup(function)) {
      llvm::errs() << "declared by " << declared->source << "\n";
      for (const Effect& effect : declared->effects)
        llvm::errs() << "flushdep: explain:   " << EffectText(effect) << "\n";
      if (declared->effects.empty())
        llvm::errs() << "flushdep: explain:   does nothing that matters\n";
      continue;
    }
    const clang::FunctionDecl* definition = nullptr;
    if (!function->hasBody(definition)) {
      llvm::errs() << "not declared and without a body here: taken to do nothing that matters\n";
      continue;
    }
    const EffectSet effects = index_.Reachable(definition);
    llvm::errs() << "not declared; its body is followed and reaches: ";
    std::string reached;
#define FLUSHDEP_VERB(id, spelling, operand, options) \
  if (effects.Has(EffectKind::id)) {                  \
    if (!reached.empty()) reached += ", ";            \
    reached += spelling;                              \
  }
#include "clang-plugin/protocol/verbs.def"
#undef FLUSHDEP_VERB
    llvm::errs() << (reached.empty() ? "nothing that matters" : reached) << "\n";
  }
}

void Consumer::Analyse(clang::ASTContext& ast) {
  AddDependencies();
  // On errors of the code the AST may be in pieces, and nobody waits for our advice.
  if (compiler_.getDiagnostics().hasUncompilableErrorOccurred() || !protocols_fine_) return;
  const clang::SourceManager& sources = ast.getSourceManager();
  if (const auto entry = sources.getFileEntryRefForID(sources.getMainFileID()))
    summary_.unit = entry->getName().str();
  FunctionDecls functions;
  for (const clang::Decl* decl : declarations_) CollectFunctions(decl, functions);
  for (const clang::Decl* decl : declarations_) CollectTaken(decl);
  for (const clang::FunctionDecl* function : functions)
    index_.AddAddressTaken(function, address_taken_);
  if (!options_.explain.empty()) Explain(ast);
  UnitAnalysis analysis(ast, protocol_, index_, LimitsFor(options_), summary_);
  std::vector<Finding> findings = analysis.Run(functions, address_taken_);
  for (const clang::FunctionDecl* function : functions)
    if (analysis.IsRelevant(function)) IgnoresOf(function);
  for (const AttributeProblem& problem : protocol_.TakeProblems())
    emitter_.ShowError(sources.getExpansionLoc(problem.where), problem.message);
  RecordWriter records(compiler_);
  std::sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    if (a.where != b.where) return sources.isBeforeInTranslationUnit(a.where, b.where);
    if (a.verdict.rule != b.verdict.rule) return a.verdict.rule < b.verdict.rule;
    if (a.cause != b.cause) return sources.isBeforeInTranslationUnit(a.cause, b.cause);
    // Of one problem that several walks came to, the surer one is told, with the shorter way.
    if (a.verdict.severity != b.verdict.severity) return a.verdict.severity > b.verdict.severity;
    return a.way.size() < b.way.size();
  });
  // A mapping that outlives its page is not put either; that is one problem.
  llvm::DenseSet<unsigned> outlived;
  for (const Finding& finding : findings)
    if (finding.verdict.rule == Rule::FD002) outlived.insert(finding.cause.getRawEncoding());
  for (const Finding& finding : findings) {
    const bool leak = finding.verdict.rule == Rule::FD013 && finding.verdict.put == nullptr;
    if (leak && outlived.contains(finding.cause.getRawEncoding())) continue;
    if (IsNew(finding)) Deliver(finding, records);
  }
  records.SetCoverage(summary_.FunctionsJson());
  WriteOutputs(records);
}

std::string Consumer::SummaryFile() const {
  if (options_.summary_given) return options_.summary;
  const clang::FrontendOptions& frontend = compiler_.getFrontendOpts();
  const std::string& object = frontend.OutputFile;
  const bool real = frontend.ProgramAction == clang::frontend::EmitObj && !object.empty() &&
                    object != "-" && !llvm::StringRef(object).starts_with("/dev/") &&
                    !IsDriverTemporary(object);
  return real && !compiler_.getDiagnostics().hasErrorOccurred() ? object + ".fds" : "";
}

void Consumer::WriteOutput(const std::string& file, llvm::StringRef text) {
  std::string error;
  if (!file.empty() && !WriteWholeFile(file, text, &error))
    emitter_.ShowError({}, "flushdep: " + error);
}

void Consumer::WriteOutputs(const RecordWriter& records) {
  std::string error;
  if (!options_.records.empty() &&
      !UpdateRecordFile(options_.records, records.unit(), records.text(), &error))
    emitter_.ShowError({}, "flushdep: " + error);
  WriteOutput(SummaryFile(), summary_.ToJson());
  if (options_.coverage) llvm::errs() << summary_.ToLine() << "\n";
}

}  // namespace

std::unique_ptr<clang::ASTConsumer> MakeConsumer(clang::CompilerInstance& compiler,
                                                 PluginOptions options) {
  return std::make_unique<Consumer>(compiler, std::move(options));
}

}  // namespace flushdep::plugin
