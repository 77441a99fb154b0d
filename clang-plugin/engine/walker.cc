// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/walker.h"

#include <map>
#include <utility>
#include <vector>

#include "clang-plugin/engine/assume.h"
#include "clang-plugin/engine/evaluator.h"
#include "clang-plugin/engine/memory.h"
#include "clang/AST/DeclCXX.h"

namespace flushdep::plugin {
namespace {

// Intervals of values that the default of a switch is walked for.
constexpr size_t kMaxCasePieces = 8;

class Walker {
 public:
  Walker(FunctionContext& context, const clang::CFG& cfg) : context_(context), cfg_(cfg) {
    NumberBlocks();
  }

  llvm::StringRef Run();

 private:
  struct Known {
    std::vector<State> states;
    std::multimap<uint64_t, size_t> by_hash;
  };

  void NumberBlocks();
  void WalkBlock(const clang::CFGBlock* block, State state);
  void Leave(const clang::CFGBlock* block, State state);
  bool MayDestroy(const clang::CFGBlock* block) const;
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
  unsigned states_ = 0;
  unsigned steps_ = 0;
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

llvm::StringRef Walker::Run() {
  Enter(&cfg_.getEntry(), State());
  while (!pending_.empty()) {
    const auto first = pending_.begin();
    const clang::CFGBlock* block = first->second.first;
    std::vector<State> states = std::move(first->second.second);
    pending_.erase(first);
    for (State& state : states) {
      WalkBlock(block, std::move(state));
      if (states_ > kMaxStates) return "too many states";
      if (steps_ > kMaxSteps) return "too many steps";
    }
  }
  return "";
}

void Walker::WalkBlock(const clang::CFGBlock* block, State state) {
  for (const clang::CFGElement& element : *block) {
    ++steps_;
    Evaluator(context_, state).Execute(element);
  }
  Leave(block, std::move(state));
}

void Walker::Leave(const clang::CFGBlock* block, State state) {
  const clang::Stmt* terminator = block->getTerminatorStmt();
  if (const auto* statement = llvm::dyn_cast_or_null<clang::SwitchStmt>(terminator))
    return Switch(block, state, statement);
  const bool temporaries = block->getTerminator().isTemporaryDtorsBranch();
  if (block->succ_size() == 2 && block->getLastCondition() != nullptr && terminator != nullptr &&
      !temporaries)
    return BranchTwoWays(block, state);
  // One way on, or several of which nothing is known (computed goto, asm goto, try).
  if (temporaries && MayDestroy(*block->succ_begin())) ForgetTypestate(state);
  Forget(block, state);
  for (const clang::CFGBlock* next : block->succs())
    if (next != nullptr) Enter(next, state);
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

void Walker::BranchTwoWays(const clang::CFGBlock* block, const State& state) {
  State decided = state;
  const ValueId condition = Evaluator(context_, decided).Evaluate(block->getLastCondition());
  const clang::CFGBlock* on_true = *block->succ_begin();
  const clang::CFGBlock* on_false = *(block->succ_begin() + 1);
  TakeEdge(block, decided, condition, true, on_true);
  TakeEdge(block, std::move(decided), condition, false, on_false);
}

void Walker::TakeEdge(const clang::CFGBlock* block, State state, ValueId condition, bool truth,
                      const clang::CFGBlock* next) {
  if (next == nullptr || !Assume(context_, state, condition, truth)) return;
  const clang::Stmt* terminator = block->getTerminatorStmt();
  if (!context_.values.IsConstant(condition))
    context_.AddStep(state, StepKind::Branch, block->getLastCondition(), truth);
  Forget(block, state);
  if (context_.info.IsElement(terminator)) {
    // Leave the outcome where the operator's value is asked for later.
    const auto* logical = llvm::dyn_cast<clang::BinaryOperator>(terminator);
    const bool decides =
        logical == nullptr
            ? llvm::isa<clang::AbstractConditionalOperator>(terminator)
            : logical->isLogicalOp() && truth == (logical->getOpcode() == clang::BO_LOr);
    if (decides) state.expressions.Set(terminator, context_.values.Constant(truth ? 1 : 0));
  }
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
  // Everything that a case takes, the default does not get.
  std::vector<State> rest = {decided};
  const clang::CFGBlock* otherwise = nullptr;
  for (const clang::CFGBlock* next : block->succs()) {
    if (next == nullptr) continue;
    const auto* label = llvm::dyn_cast_or_null<clang::CaseStmt>(next->getLabel());
    if (label != nullptr)
      TakeCase(block, label, value, decided, rest, next);
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
  state.expressions.EraseIf(
      [&](const auto& entry) { return context_.info.DeadAfter(entry.first, from); });
}

// Variables that are set before they are read again, and fields that nobody reads.
void Walker::ForgetDead(const clang::CFGBlock* to, State& state) const {
  const ValueTable& values = context_.values;
  state.memory.EraseIf([&](const auto& entry) {
    const Region& root = values.region(values.Root(entry.first));
    if (root.kind == Region::Variable) {
      const auto* variable = llvm::dyn_cast<clang::VarDecl>(root.decl);
      const bool local = variable != nullptr && variable->hasLocalStorage();
      if (local && !context_.info.IsLive(root.decl, to)) return true;
    }
    const Region& place = values.region(entry.first);
    return place.kind == Region::Field && !context_.info.IsLive(place.decl, to);
  });
  state.DropUnreachable(values);
}

void Walker::Enter(const clang::CFGBlock* block, State state) {
  ForgetDead(block, state);
  Known& known = known_[block];
  const uint64_t hash = state.Hash();
  const auto [first, last] = known.by_hash.equal_range(hash);
  for (auto at = first; at != last; ++at)
    if (known.states[at->second].SameAs(state)) return;
  known.by_hash.emplace(hash, known.states.size());
  known.states.push_back(state);
  ++states_;
  auto& [target, states] = pending_[order_.lookup(block)];
  target = block;
  states.push_back(std::move(state));
}

}  // namespace

llvm::StringRef WalkFunction(FunctionContext& context, const clang::CFG& cfg) {
  return Walker(context, cfg).Run();
}

std::unique_ptr<clang::CFG> BuildCfg(const clang::FunctionDecl* function) {
  clang::CFG::BuildOptions options;
  // Scope ends matter: cleanup functions and destructors may put and free.
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddEHEdges = false;
  return clang::CFG::buildCFG(function, function->getBody(), &function->getASTContext(), options);
}

}  // namespace flushdep::plugin
