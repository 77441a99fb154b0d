// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/diagnose/finding.h"

#include <algorithm>
#include <utility>

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

namespace flushdep::plugin {
namespace {

// Texts in messages are cut here.
constexpr size_t kMaxQuote = 60;

std::string OneLine(llvm::StringRef text) {
  std::string line;
  for (char c : text) {
    const bool space = c == '\n' || c == '\t' || c == ' ' || c == '\r';
    if (!space)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.size() > kMaxQuote) line = line.substr(0, kMaxQuote - 3) + "...";
  return line;
}

// The source text of an expression as the user wrote it, on one line.
std::string Quote(const clang::ASTContext& ast, const clang::Stmt* stmt) {
  const clang::SourceManager& sources = ast.getSourceManager();
  const clang::CharSourceRange range =
      sources.getExpansionRange(clang::CharSourceRange::getTokenRange(stmt->getSourceRange()));
  const llvm::StringRef text =
      clang::Lexer::getSourceText(range, sources, ast.getLangOpts()).trim();
  return OneLine(text);
}

// "page 'p'": the first argument of the call, or "the page".
std::string NameArgument(const clang::ASTContext& ast, const clang::Expr* call,
                         llvm::StringRef what) {
  const auto* expr = llvm::dyn_cast<clang::CallExpr>(call);
  if (expr == nullptr || expr->getNumArgs() == 0) return ("the " + what).str();
  const clang::Expr* argument = expr->getArg(0)->IgnoreParenCasts();
  if (argument->getBeginLoc().isMacroID() &&
      !ast.getSourceManager().isMacroArgExpansion(argument->getBeginLoc()))
    return ("the " + what).str();
  const clang::SourceManager& sources = ast.getSourceManager();
  const clang::CharSourceRange spelled =
      clang::CharSourceRange::getTokenRange(sources.getSpellingLoc(argument->getBeginLoc()),
                                            sources.getSpellingLoc(argument->getEndLoc()));
  const llvm::StringRef text =
      clang::Lexer::getSourceText(spelled, sources, ast.getLangOpts()).trim();
  if (text.empty() || text.size() > kMaxQuote || text.contains('\n')) return ("the " + what).str();
  return (what + " '" + text + "'").str();
}

std::string ShortfallText(Shortfall shortfall) {
  switch (shortfall) {
    case Shortfall::LocalOnly:
      return "a flush of only this CPU";
    case Shortfall::OtherMm:
      return "a flush of another mm";
    case Shortfall::KernelRange:
      return "a flush of kernel addresses, which leaves other address spaces alone";
    case Shortfall::NotTables:
      return "a flush that may skip lazy CPUs";
    case Shortfall::UserSpace:
      return "a flush of one mm, which leaves the kernel's addresses alone";
    case Shortfall::ShortRange:
      return "a flush of fewer pages";
    case Shortfall::None:
      break;
  }
  return "no flush";
}

std::string MessageFor(const clang::ASTContext& ast, const Verdict& verdict) {
  const std::string page = NameArgument(ast, verdict.now, "page");
  if (verdict.is_assertion && verdict.rule == Rule::FD002)
    return page + " is said to have no mapping while an ephemeral mapping of it is live";
  const std::string frees = verdict.is_assertion ? page + " is said to be flushed"
                            : verdict.severity == Severity::Possible
                                ? "this reference drop may free " + page
                                : page + " is freed";
  const char* cause = verdict.debt == DebtKind::Mapping ? "its mapping was put"
                                                        : "it was removed from the direct map";
  switch (verdict.rule) {
    case Rule::FD002:
      return frees + " while an ephemeral mapping of it is live";
    case Rule::FD003:
      return frees + " after " + ShortfallText(verdict.shortfall) + " since " + cause;
    case Rule::FD008:
      return "memory is accessed through a mapping that was put";
    case Rule::FD011:
      return page + " is shown to others before its removal from the direct map is flushed";
    case Rule::FD014:
      if (verdict.needs_atomic) return "this call is made where preemption is on";
      return "this call is made where interrupts are off or sleeping is not allowed";
    case Rule::FD018:
      return NameArgument(ast, verdict.now, "page table") + " is freed after " +
             ShortfallText(verdict.shortfall) + " since its entry was cleared";
    case Rule::FD013:
      if (verdict.put == nullptr) return "this mapping is never put";
      return NameArgument(ast, verdict.now, "mapping") + " is put twice";
    default:
      return frees + " without a TLB flush after " + cause;
  }
}

// What stands in a macro is quoted as it was given to the macro, or as it was written there; empty
// for what the macro made for itself.
std::string QuoteCondition(const clang::ASTContext& ast, const clang::Expr* condition) {
  const clang::SourceManager& sources = ast.getSourceManager();
  const auto tokens = clang::CharSourceRange::getTokenRange(condition->getSourceRange());
  const clang::CharSourceRange written =
      clang::Lexer::makeFileCharRange(tokens, sources, ast.getLangOpts());
  if (written.isValid())
    return OneLine(clang::Lexer::getSourceText(written, sources, ast.getLangOpts()));
  const clang::SourceLocation first = sources.getSpellingLoc(condition->getBeginLoc());
  const clang::SourceLocation last = sources.getSpellingLoc(condition->getEndLoc());
  if (!sources.isWrittenInSameFile(first, last)) return "";
  const llvm::StringRef text = clang::Lexer::getSourceText(
      clang::CharSourceRange::getTokenRange(first, last), sources, ast.getLangOpts());
  return text.starts_with("__") ? "" : OneLine(text);
}

// As the static analyzer words it. Empty for a condition on what a macro made for itself.
std::string ConditionText(const clang::ASTContext& ast, const Step& step) {
  if (const auto* label = llvm::dyn_cast<clang::CaseStmt>(step.where))
    return "taking case '" + Quote(ast, label->getLHS()) + "'";
  const auto* condition = llvm::dyn_cast<clang::Expr>(step.where);
  if (condition == nullptr) return "taking this branch";
  bool truth = step.taken;
  for (;;) {
    condition = condition->IgnoreParenImpCasts();
    const auto* opposite = llvm::dyn_cast<clang::UnaryOperator>(condition);
    if (opposite == nullptr || opposite->getOpcode() != clang::UO_LNot) break;
    condition = opposite->getSubExpr();
    truth = !truth;
  }
  const clang::QualType type = condition->getType();
  const bool plain = llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(condition);
  std::string outcome = truth ? "true" : "false";
  if (plain && type->isPointerType())
    outcome = truth ? "non-null" : "null";
  else if (plain && type->isIntegerType() && !type->isBooleanType())
    outcome = truth ? "not 0" : "0";
  const std::string text = QuoteCondition(ast, condition);
  if (text.empty()) return "";
  return "assuming '" + text + "' is " + outcome;
}

std::string FlushText(Shortfall shortfall) {
  switch (shortfall) {
    case Shortfall::LocalOnly:
      return "flushed here, but only on this CPU";
    case Shortfall::OtherMm:
      return "flushed here, but for another mm";
    case Shortfall::NotTables:
      return "flushed here, but lazy CPUs may keep page tables";
    case Shortfall::UserSpace:
      return "flushed here, but only one mm";
    case Shortfall::ShortRange:
      return "flushed here, but fewer pages";
    default:
      return "flushed here, but only kernel addresses";
  }
}

const char* CauseText(const Verdict& verdict) {
  if (verdict.needs_atomic) return "only a task may make this call";
  if (verdict.rule == Rule::FD014) return "not allowed from here on";
  if (verdict.debt == DebtKind::Table) return "its entry is cleared here";
  return verdict.debt == DebtKind::DirectMap ? "removed from the direct map here, without a flush"
                                             : "put here";
}

// The call that is judged is the newest step there is.
bool IsNewest(const State& state, const Step* step) { return step == state.trace; }

Site CauseOf(const Verdict& verdict) {
  return verdict.put != nullptr ? verdict.put : verdict.mapped;
}

}  // namespace

clang::SourceLocation WrittenAt(const clang::ASTContext& ast, const clang::Stmt* stmt) {
  return ast.getSourceManager().getExpansionLoc(stmt->getBeginLoc());
}

std::vector<WayPoint> FindingCollector::WayTo(const Verdict& verdict, const State& state,
                                              Site allocated) const {
  std::vector<WayPoint> way;
  const auto add = [&](WayRole role, const clang::Stmt* where, std::string text) {
    way.push_back({role, WrittenAt(ast_, where), std::move(text)});
  };
  // Backwards, each site at its latest time; nothing before the first of them matters.
  Site map = verdict.mapped;
  Site put = verdict.put;
  Site flush = verdict.flush;
  const bool removal = verdict.debt != DebtKind::Mapping;
  // Calls that were returned from by the point we are at, innermost last: where their stops begin,
  // and whether one of them is an event.
  std::vector<std::pair<size_t, bool>> open;
  const auto note_event = [&] {
    for (auto& call : open) call.second = true;
  };
  for (const Step* step = state.trace; step != nullptr; step = step->previous) {
    const bool seen_all =
        map == nullptr && put == nullptr && flush == nullptr && allocated == nullptr;
    if (seen_all && open.empty()) break;
    // Only where the calls around the first event came from is still of interest.
    if (seen_all && step->kind != StepKind::Enter && step->kind != StepKind::Return) continue;
    if (step->kind == StepKind::Return) {
      open.emplace_back(way.size(), false);
      continue;
    }
    if (step->kind == StepKind::Enter) {
      const bool shown = open.empty() || open.back().second;
      if (!shown) way.resize(open.back().first);
      if (!open.empty()) open.pop_back();
      if (shown && step->where != nullptr)
        add(WayRole::Call, step->where, "calling '" + step->callee->getNameAsString() + "'");
      continue;
    }
    const size_t events_before = way.size();
    if (step->kind == StepKind::Branch) {
      std::string text = ConditionText(ast_, *step);
      if (!text.empty()) add(WayRole::Condition, step->where, std::move(text));
    } else if (step->where == flush) {
      add(WayRole::Flush, flush, FlushText(verdict.shortfall));
      flush = nullptr;
    } else if (step->where == put && !(step->where == verdict.now && IsNewest(state, step))) {
      add(removal ? WayRole::Remove : WayRole::Put, put, CauseText(verdict));
      put = nullptr;
    } else if (step->where == map) {
      add(WayRole::Map, map, "mapped here");
      map = nullptr;
    } else if (step->where == allocated) {
      add(WayRole::Alloc, allocated, "allocated here");
      allocated = nullptr;
    }
    if (step->kind == StepKind::Call && way.size() != events_before) note_event();
  }
  std::reverse(way.begin(), way.end());
  // The rounds of a loop, and the several tests inside of one macro, say the same.
  way.erase(std::unique(way.begin(), way.end(),
                        [](const WayPoint& a, const WayPoint& b) {
                          return a.role == WayRole::Condition && b.role == WayRole::Condition &&
                                 a.where == b.where && a.text == b.text;
                        }),
            way.end());
  // Conditions before the first event lead to it, but say nothing about the page.
  const auto first = std::find_if(way.begin(), way.end(), [](const WayPoint& point) {
    return point.role != WayRole::Condition;
  });
  way.erase(way.begin(), first);
  return way;
}

void FindingCollector::OnVerdict(const Verdict& verdict, const State& state, ValueId page,
                                 const clang::FunctionDecl* function) {
  for (Finding& known : findings_) {
    if (known.verdict.rule != verdict.rule || known.verdict.now != verdict.now ||
        CauseOf(known.verdict) != CauseOf(verdict))
      continue;
    if (verdict.severity < known.verdict.severity) return;
    Finding other = Make(verdict, state, page, function);
    if (verdict.severity > known.verdict.severity || other.way.size() < known.way.size())
      known = std::move(other);
    return;
  }
  findings_.push_back(Make(verdict, state, page, function));
}

Finding FindingCollector::Make(const Verdict& verdict, const State& state, ValueId page,
                               const clang::FunctionDecl* function) const {
  Site allocated = nullptr;
  for (const Page& known : state.pages)
    if (known.value == page) allocated = known.allocated;
  Finding finding;
  finding.verdict = verdict;
  finding.function = function;
  finding.where = WrittenAt(ast_, verdict.now);
  finding.cause = WrittenAt(ast_, CauseOf(verdict));
  finding.message = MessageFor(ast_, verdict);
  finding.way = WayTo(verdict, state, allocated);
  return finding;
}

std::vector<Finding> FindingCollector::Take() {
  const clang::SourceManager& sources = ast_.getSourceManager();
  std::sort(findings_.begin(), findings_.end(), [&](const Finding& a, const Finding& b) {
    if (a.where != b.where) return sources.isBeforeInTranslationUnit(a.where, b.where);
    if (a.verdict.rule != b.verdict.rule) return a.verdict.rule < b.verdict.rule;
    return sources.isBeforeInTranslationUnit(a.cause, b.cause);
  });
  return std::exchange(findings_, {});
}

}  // namespace flushdep::plugin
