// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/walker.h"

#include <map>
#include <utility>
#include <vector>

#include "clang-plugin/engine/assume.h"
#include "clang-plugin/engine/evaluator.h"
#include "clang-plugin/engine/fault.h"
#include "clang-plugin/engine/memory.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

namespace flushdep::plugin {
namespace {

// Intervals of values that the default of a switch is walked for.
constexpr size_t kMaxCasePieces = 8;

// What a block with two ways on asks. A call that may throw ends a block of its own, and the
// test of its result is in an empty one.
const clang::Expr* ConditionOf(const clang::CFGBlock* block) {
  if (const clang::Expr* last = block->getLastCondition()) return last;
  const auto* condition =
      llvm::dyn_cast_or_null<clang::Expr>(block->getTerminatorCondition(/*StripParens=*/true));
  while (const auto* logical = llvm::dyn_cast_or_null<clang::BinaryOperator>(condition)) {
    if (!logical->isLogicalOp()) break;
    condition = logical->getRHS()->IgnoreParens();
  }
  return condition;
}

// What a lambda has of a variable outside of it is read by no name.
bool IsCapture(const clang::ValueDecl* decl) {
  const auto* field = llvm::dyn_cast<clang::FieldDecl>(decl);
  const auto* record =
      field != nullptr ? llvm::dyn_cast<clang::CXXRecordDecl>(field->getParent()) : nullptr;
  return record != nullptr && record->isLambda();
}

// The type that is thrown; null if it is not known.
using Thrown = const clang::Type*;

// Walks the body of the innermost frame.
class Walker {
 public:
  explicit Walker(FunctionContext& context) : context_(context), cfg_(*context.frame().body->cfg) {
    NumberBlocks();
  }

  void Run(State start);

  // The states at the end, each once, without what was the function's own.
  std::vector<State>& ends() { return ends_; }
  // And those that leave it by an exception.
  std::vector<std::pair<State, Thrown>>& throws() { return throws_; }

 private:
  struct Known {
    std::vector<State> states;
    std::multimap<uint64_t, size_t> by_hash;
  };

  void NumberBlocks();
  void WalkBlock(const clang::CFGBlock* block, State state, size_t first);
  void Follow(const clang::CFGBlock* block, size_t at, const PendingCall& call, State state);
  std::vector<State> FollowToEnds(const PendingCall& call, State state,
                                  std::vector<std::pair<State, Thrown>>* throws);
  void Leave(const clang::CFGBlock* block, State state);
  void JudgeEndOf(State& state) const;
  void LeaveFunction(State state);
  void DropOwn(State& state) const;
  const clang::CFGBlock* HandlerOf(const clang::CFGBlock* block) const;
  void Throw(const clang::CFGBlock* from, const clang::CFGBlock* target, State state,
             Thrown thrown);
  bool IsOfThisFrame(const Scope& scope) const;
  std::vector<State> Unwind(const clang::CXXTryStmt* until, State state);
  void Dispatch(const clang::CFGBlock* block, State state, Thrown thrown);
  bool MayDestroy(const clang::CFGBlock* block) const;
  void DoubtWhatDependsOn(State& state, ValueId value) const;
  void BranchTwoWays(const clang::CFGBlock* block, const State& state);
  void TakeEdge(const clang::CFGBlock* block, State state, ValueId condition, bool truth,
                const clang::CFGBlock* next);
  void ExcludeCase(std::vector<State>& states, ValueId value, int64_t low, int64_t high);
  void TakeCase(const clang::CFGBlock* block, const clang::CaseStmt* label, ValueId value,
                State state, std::vector<State>& rest, const clang::CFGBlock* next);
  void Switch(const clang::CFGBlock* block, const State& state, const clang::SwitchStmt* statement);
  void Enter(const clang::CFGBlock* block, State state);
  void Forget(const clang::CFGBlock* from, State& state) const;
  void ForgetDead(const clang::CFGBlock* to, State& state) const;

  FunctionContext& context_;
  const clang::CFG& cfg_;
  llvm::DenseMap<const clang::CFGBlock*, unsigned> order_;
  std::map<unsigned, std::pair<const clang::CFGBlock*, std::vector<State>>> pending_;
  llvm::DenseMap<const clang::CFGBlock*, Known> known_;
  std::vector<State> ends_;
  std::vector<std::pair<State, Thrown>> throws_;
};

// Reverse post-order. LLVM's own traversal stumbles over pruned (null) edges.
void Walker::NumberBlocks() {
  using Frame = std::pair<const clang::CFGBlock*, clang::CFGBlock::const_succ_iterator>;
  std::vector<Frame> stack;
  llvm::DenseSet<const clang::CFGBlock*> seen;
  const auto push = [&](const clang::CFGBlock* block) {
    if (block != nullptr && seen.insert(block).second)
      stack.emplace_back(block, block->succ_begin());
  };
  unsigned order = cfg_.getNumBlockIDs();
  push(&cfg_.getEntry());
  while (!stack.empty()) {
    auto& [block, next] = stack.back();
    if (next == block->succ_end()) {
      order_[block] = order--;
      stack.pop_back();
    } else {
      push(*next++);
    }
  }
}

void Walker::Run(State start) {
  Enter(&cfg_.getEntry(), std::move(start));
  while (!pending_.empty()) {
    const auto first = pending_.begin();
    const clang::CFGBlock* block = first->second.first;
    std::vector<State> states = std::move(first->second.second);
    pending_.erase(first);
    for (State& state : states) {
      WalkBlock(block, std::move(state), 0);
      if (context_.states_made > context_.limits.states) context_.obstacle = "too many states";
      if (context_.steps_done > context_.limits.steps) context_.obstacle = "too many steps";
      if (!context_.obstacle.empty()) return;
    }
  }
}

void Walker::WalkBlock(const clang::CFGBlock* block, State state, size_t first) {
  for (size_t i = first; i < block->size(); ++i) {
    ++context_.steps_done;
    const clang::CFGElement element = (*block)[i];
    Evaluator evaluator(context_, state);
    if (const std::optional<PendingCall> call = evaluator.Prepare(element))
      return Follow(block, i, *call, std::move(state));
    evaluator.Execute(element);
    if (state.impossible) return;
  }
  Leave(block, std::move(state));
}

// Walks the rest of the block once for each way out of the callee.
void Walker::Follow(const clang::CFGBlock* block, size_t at, const PendingCall& call, State state) {
  const bool matters = context_.index.Matters(call.body->function);
  std::vector<std::pair<State, Thrown>> throws;
  std::vector<State> ends = FollowToEnds(call, matters ? state : State(state), &throws);
  if (!context_.obstacle.empty()) return;
  if (!matters && ends.size() > kMaxSmallExits) {
    // What it returns is not worth so many ways.
    Evaluator(context_, state).Execute((*block)[at]);
    ends.clear();
    ends.push_back(std::move(state));
  }
  for (State& end : ends) WalkBlock(block, std::move(end), at + 1);
  const clang::CFGBlock* handler = HandlerOf(block);
  for (auto& [thrown_in, type] : throws) Throw(block, handler, std::move(thrown_in), type);
}

std::vector<State> Walker::FollowToEnds(const PendingCall& call, State state,
                                        std::vector<std::pair<State, Thrown>>* throws) {
  Activation frame;
  frame.body = call.body;
  for (const Activation& other : context_.frames) frame.level += other.body == call.body ? 1 : 0;
  if (frame.level >= context_.limits.recursion) {
    context_.recursion_cut = true;
    return {};
  }
  context_.entered.push_back(call.body->function);
  context_.frames.push_back(frame);
  Evaluator(context_, state).Begin(call);
  Walker callee(context_);
  callee.Run(std::move(state));
  context_.frames.pop_back();
  for (State& end : callee.ends()) Evaluator(context_, end).Finish(call, frame);
  if (throws != nullptr) *throws = std::move(callee.throws());
  return std::move(callee.ends());
}

// Where an exception goes that a call at the end of `block` lets through; null: out of the
// function.
const clang::CFGBlock* Walker::HandlerOf(const clang::CFGBlock* block) const {
  for (const clang::CFGBlock* next : block->succs())
    if (next != nullptr && llvm::isa_and_nonnull<clang::CXXTryStmt>(next->getTerminatorStmt()) &&
        next->empty())
      return next;
  return nullptr;
}

// Levels tell activations of one function apart.
bool Walker::IsOfThisFrame(const Scope& scope) const {
  return scope.level == context_.frame().level &&
         scope.variable->getParentFunctionOrMethod() == context_.function();
}

// Destroys what was made since `until` was entered, or in the whole function.
std::vector<State> Walker::Unwind(const clang::CXXTryStmt* until, State state) {
  std::vector<State> states;
  states.push_back(std::move(state));
  const clang::SourceManager& sources = context_.ast.getSourceManager();
  const auto leaves = [&](const Scope& scope) {
    if (!IsOfThisFrame(scope)) return false;
    const clang::SourceLocation made = scope.variable->getLocation();
    return until == nullptr ||
           (!sources.isBeforeInTranslationUnit(made, until->getTryBlock()->getBeginLoc()) &&
            sources.isBeforeInTranslationUnit(made, until->getTryBlock()->getEndLoc()));
  };
  for (bool any = true; any;) {
    any = false;
    std::vector<State> after;
    for (State& at : states) {
      if (at.scopes.empty() || !leaves(at.scopes.back())) {
        after.push_back(std::move(at));
        continue;
      }
      any = !Planted(Fault::NothingIsUnwound);
      if (!any) {
        after.push_back(std::move(at));
        continue;
      }
      const clang::VarDecl* variable = at.scopes.back().variable;
      at.scopes.pop_back();
      const std::optional<PendingCall> call = Evaluator(context_, at).PrepareUnwind(variable);
      if (!call) {
        const clang::CXXRecordDecl* record = variable->getType()->getAsCXXRecordDecl();
        if (record == nullptr || record->getDestructor() == nullptr ||
            context_.index.MayDisturb(record->getDestructor()))
          ForgetTypestate(at);
        after.push_back(std::move(at));
        continue;
      }
      for (State& end : FollowToEnds(*call, std::move(at), nullptr))
        after.push_back(std::move(end));
    }
    states = std::move(after);
  }
  return states;
}

void Walker::Throw(const clang::CFGBlock* from, const clang::CFGBlock* target, State state,
                   Thrown thrown) {
  const auto* statement =
      target != nullptr ? llvm::dyn_cast_or_null<clang::CXXTryStmt>(target->getTerminatorStmt())
                        : nullptr;
  Forget(from, state);
  for (State& unwound : Unwind(statement, std::move(state))) {
    if (statement != nullptr) {
      Dispatch(target, std::move(unwound), thrown);
    } else if (context_.frames.size() > 1) {
      DropOwn(unwound);
      throws_.emplace_back(std::move(unwound), thrown);
    }
  }
}

// The first handler that fits what is thrown, where that is known.
void Walker::Dispatch(const clang::CFGBlock* block, State state, Thrown thrown) {
  for (const clang::CFGBlock* next : block->succs()) {
    if (next == nullptr) continue;
    const auto* handler = llvm::dyn_cast_or_null<clang::CXXCatchStmt>(next->getLabel());
    if (handler == nullptr) {
      // Nothing fits: on to the outer one.
      const bool outer = llvm::isa_and_nonnull<clang::CXXTryStmt>(next->getTerminatorStmt());
      Throw(block, outer ? next : nullptr, std::move(state), thrown);
      return;
    }
    const clang::QualType caught = handler->getCaughtType();
    if (caught.isNull()) return Enter(next, std::move(state));
    if (thrown == nullptr) {
      Enter(next, state);
      continue;
    }
    const clang::Type* type =
        caught.getNonReferenceType().getCanonicalType().getUnqualifiedType().getTypePtr();
    const auto* base = type->getAsCXXRecordDecl();
    const auto* derived = thrown->getAsCXXRecordDecl();
    const bool fits = type == thrown || (base != nullptr && derived != nullptr &&
                                         derived->hasDefinition() && derived->isDerivedFrom(base));
    if (fits) return Enter(next, std::move(state));
  }
}

void Walker::Leave(const clang::CFGBlock* block, State state) {
  if (block->hasNoReturnElement()) return;
  const clang::Stmt* terminator = block->getTerminatorStmt();
  if (const auto* statement = llvm::dyn_cast_or_null<clang::SwitchStmt>(terminator))
    return Switch(block, state, statement);
  const bool temporaries = block->getTerminator().isTemporaryDtorsBranch();
  if (block->succ_size() == 2 && ConditionOf(block) != nullptr && terminator != nullptr &&
      !temporaries)
    return BranchTwoWays(block, state);
  if (!block->empty()) {
    const auto last = block->back().getAs<clang::CFGStmt>();
    if (const auto* thrower =
            last ? llvm::dyn_cast<clang::CXXThrowExpr>(last->getStmt()) : nullptr) {
      const clang::Expr* what = thrower->getSubExpr();
      return Throw(block, HandlerOf(block), std::move(state),
                   what != nullptr
                       ? what->getType().getCanonicalType().getUnqualifiedType().getTypePtr()
                       : nullptr);
    }
    const auto* call = last ? llvm::dyn_cast<clang::CallExpr>(last->getStmt()) : nullptr;
    if (call != nullptr && terminator == nullptr && block->succ_size() == 2) {
      // The second edge is taken by an exception.
      if (Evaluator(context_, state).MayThrow(call)) Throw(block, HandlerOf(block), state, nullptr);
      Forget(block, state);
      if (const clang::CFGBlock* next = *block->succ_begin()) Enter(next, std::move(state));
      return;
    }
  }
  // One way on, or several of which nothing is known (computed goto, asm goto).
  if (temporaries && MayDestroy(*block->succ_begin())) ForgetTypestate(state);
  Forget(block, state);
  for (const clang::CFGBlock* next : block->succs())
    if (next != nullptr) Enter(next, state);
}

// The function's own variables and expressions, in the activation that ends.
void Walker::DropOwn(State& state) const {
  const uint32_t level = context_.frame().level;
  const clang::FunctionDecl* function = context_.function();
  state.memory.EraseIf([&](const auto& entry) {
    const Region& root = context_.values.region(context_.values.Root(entry.first));
    if (root.kind == Region::Object) return root.site == function && root.level == level;
    if (root.kind == Region::Temporary)
      return root.level == level &&
             context_.info().Owns(static_cast<const clang::Stmt*>(root.site));
    if (root.kind != Region::Variable || root.level != level) return false;
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(root.decl);
    return variable != nullptr && variable->hasLocalStorage() &&
           variable->getParentFunctionOrMethod() == function;
  });
  state.expressions.EraseIf([&](const auto& entry) {
    return (entry.first & kLevelMask) == level &&
           context_.info().Owns(reinterpret_cast<const clang::Stmt*>(entry.first & ~kLevelMask));
  });
  std::erase_if(state.scopes, [&](const Scope& scope) {
    return scope.level == level && scope.variable->getParentFunctionOrMethod() == function;
  });
  state.DropUnreachable(context_.values);
}

// Handles in variables of an outer function, where a lambda puts them, are not its own.
void Walker::JudgeEndOf(State& state) const {
  for (const auto& [region, value] : state.memory) {
    const Region& root = context_.values.region(context_.values.Root(region));
    if (root.kind == Region::Variable &&
        root.decl->getParentFunctionOrMethod() == context_.function())
      continue;
    if (Handle* handle = state.FindHandle(value)) handle->escaped = true;
  }
  for (const Verdict& verdict : JudgeEnd({state}))
    context_.sink.OnVerdict(verdict, state, 0, context_.function());
}

void Walker::LeaveFunction(State state) {
  if (context_.frames.size() > 1)
    DropOwn(state);
  else
    JudgeEndOf(state);
  for (const State& end : ends_)
    if (end.SameAs(state)) return;
  ends_.push_back(std::move(state));
}

// Does the block end temporaries whose ends matter? It is not followed which of them were made.
bool Walker::MayDestroy(const clang::CFGBlock* block) const {
  if (block == nullptr) return false;
  return llvm::any_of(*block, [&](const clang::CFGElement& element) {
    const auto destructor = element.getAs<clang::CFGTemporaryDtor>();
    const clang::FunctionDecl* callee =
        destructor ? destructor->getDestructorDecl(context_.ast) : nullptr;
    return callee != nullptr && context_.index.MayDisturb(callee);
  });
}

// A test of what this way wrote, and cannot be known, goes one way for a reason: nothing is said
// of either.
void Walker::DoubtWhatDependsOn(State& state, ValueId value) const {
  if (!IsUncertain(context_.values, value)) return;
  const Range range = RangeOf(context_, state, value);
  const bool decided = !range.Has(0) || range.IsSingle();
  if (!decided) ForgetTypestate(state);
}

void Walker::BranchTwoWays(const clang::CFGBlock* block, const State& state) {
  State decided = state;
  const ValueId condition = Evaluator(context_, decided).Evaluate(ConditionOf(block));
  DoubtWhatDependsOn(decided, condition);
  const clang::CFGBlock* on_true = *block->succ_begin();
  const clang::CFGBlock* on_false = *(block->succ_begin() + 1);
  TakeEdge(block, decided, condition, true, on_true);
  TakeEdge(block, std::move(decided), condition, false, on_false);
}

void Walker::TakeEdge(const clang::CFGBlock* block, State state, ValueId condition, bool truth,
                      const clang::CFGBlock* next) {
  if (next == nullptr) return;
  const bool told = truth || !Planted(Fault::FalseEdgeNotAssumed);
  if (told && !Assume(context_, state, condition, truth)) return;
  const clang::Stmt* terminator = block->getTerminatorStmt();
  if (!context_.values.IsConstant(condition))
    context_.AddStep(state, StepKind::Branch, ConditionOf(block), truth);
  Forget(block, state);
  // Left where the operator's value is asked for later.
  for (const FunctionInfo::Outcome& outcome : context_.info().OutcomesAt(next, terminator, truth))
    if (context_.info().IsElement(outcome.op))
      state.expressions.Set(
          context_.KeyOf(outcome.op),
          context_.values.Constant(outcome.truth != Planted(Fault::ConditionalFlipped)));
  Enter(next, std::move(state));
}

// What is left of `states` when a case took [low, high]. An interval cuts each in two.
void Walker::ExcludeCase(std::vector<State>& states, ValueId value, int64_t low, int64_t high) {
  std::vector<State> left;
  for (State& state : states) {
    State above = state;
    if (AssumeCompare(context_, above, clang::BO_GT, value, high)) left.push_back(std::move(above));
    if (AssumeCompare(context_, state, clang::BO_LT, value, low)) left.push_back(std::move(state));
  }
  // Single values are holes; only so many pieces are worth the walk.
  if (left.size() <= kMaxCasePieces) states = std::move(left);
}

void Walker::TakeCase(const clang::CFGBlock* block, const clang::CaseStmt* label, ValueId value,
                      State state, std::vector<State>& rest, const clang::CFGBlock* next) {
  const int64_t low = label->getLHS()->EvaluateKnownConstInt(context_.ast).getExtValue();
  const clang::Expr* last = label->getRHS() != nullptr ? label->getRHS() : label->getLHS();
  const int64_t high = last->EvaluateKnownConstInt(context_.ast).getExtValue();
  if (value != 0 && low == high)
    std::erase_if(rest, [&](State& other) {
      return !AssumeCompare(context_, other, clang::BO_NE, value, low);
    });
  else if (value != 0)
    ExcludeCase(rest, value, low, high);
  const bool possible = value == 0 || (AssumeCompare(context_, state, clang::BO_GE, value, low) &&
                                       AssumeCompare(context_, state, clang::BO_LE, value, high));
  if (!possible) return;
  context_.AddStep(state, StepKind::Branch, label, true);
  Forget(block, state);
  Enter(next, std::move(state));
}

void Walker::Switch(const clang::CFGBlock* block, const State& state,
                    const clang::SwitchStmt* statement) {
  State decided = state;
  const ValueId value = Evaluator(context_, decided).Evaluate(statement->getCond());
  DoubtWhatDependsOn(decided, value);
  // Everything that a case takes, the default does not get.
  std::vector<State> rest = {decided};
  const bool keep_all = Planted(Fault::DefaultTakesAll);
  const clang::CFGBlock* otherwise = nullptr;
  for (const clang::CFGBlock* next : block->succs()) {
    if (next == nullptr) continue;
    const auto* label = llvm::dyn_cast_or_null<clang::CaseStmt>(next->getLabel());
    if (label != nullptr)
      TakeCase(block, label, keep_all ? 0 : value, decided, rest, next);
    else
      otherwise = next;
  }
  if (otherwise == nullptr) return;
  for (State& left : rest) {
    Forget(block, left);
    Enter(otherwise, std::move(left));
  }
}

void Walker::Forget(const clang::CFGBlock* from, State& state) const {
  const uint32_t level = context_.frame().level;
  state.expressions.EraseIf([&](const auto& entry) {
    const auto* stmt = reinterpret_cast<const clang::Stmt*>(entry.first & ~kLevelMask);
    return (entry.first & kLevelMask) == level && context_.info().Owns(stmt) &&
           context_.info().DeadAfter(stmt, from);
  });
}

// Variables that are set before they are read again, and fields that nobody reads. A handle in a
// field may be found there by a call.
void Walker::ForgetDead(const clang::CFGBlock* to, State& state) const {
  const ValueTable& values = context_.values;
  const uint32_t level = context_.frame().level;
  const bool called = context_.frames.size() > 1;
  state.memory.EraseIf([&](const auto& entry) {
    const Region& root = values.region(values.Root(entry.first));
    if (root.kind == Region::Variable && root.level == level) {
      const auto* variable = llvm::dyn_cast<clang::VarDecl>(root.decl);
      const bool own = variable != nullptr && variable->hasLocalStorage() &&
                       (!called || variable->getParentFunctionOrMethod() == context_.function());
      // An exception may still end it.
      const bool open = llvm::any_of(
          state.scopes, [&](const Scope& scope) { return scope.variable == root.decl; });
      if (own && !open && !context_.info().IsLive(root.decl, to)) return true;
    }
    const Region& place = values.region(entry.first);
    return place.kind == Region::Field && !called && !IsCapture(place.decl) &&
           !context_.info().IsLive(place.decl, to) &&
           !context_.index.CalleesRead(context_.function(), place.decl) &&
           state.FindHandle(entry.second) == nullptr;
  });
  state.DropUnreachable(values);
}

void Walker::Enter(const clang::CFGBlock* block, State state) {
  if (block == &cfg_.getExit()) return LeaveFunction(std::move(state));
  ForgetDead(block, state);
  Known& known = known_[block];
  const uint64_t hash = state.Hash();
  const auto [first, last] = known.by_hash.equal_range(hash);
  for (auto at = first; at != last; ++at)
    if (known.states[at->second].SameAs(state)) return;
  known.by_hash.emplace(hash, known.states.size());
  known.states.push_back(state);
  ++context_.states_made;
  auto& [target, states] = pending_[order_.lookup(block)];
  target = block;
  states.push_back(std::move(state));
}

}  // namespace

WalkResult WalkFunction(FunctionContext& context, const Body& body) {
  context.frames.push_back({&body, 0});
  Walker walker(context);
  walker.Run(State());
  context.frames.pop_back();
  return {context.obstacle, context.recursion_cut, walker.ends().size()};
}

}  // namespace flushdep::plugin
