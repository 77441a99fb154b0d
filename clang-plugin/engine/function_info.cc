// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/function_info.h"

#include "clang-plugin/engine/fault.h"
#include "clang-plugin/engine/values.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

namespace flushdep::plugin {
namespace {

const clang::ValueDecl* Canonical(const clang::ValueDecl* decl) {
  return llvm::cast<clang::ValueDecl>(decl->getCanonicalDecl());
}

// The variable that an lvalue is, without any selection of a part.
const clang::VarDecl* WholeVariable(const clang::Expr* expr) {
  const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(expr->IgnoreParens());
  const auto* variable = ref != nullptr ? llvm::dyn_cast<clang::VarDecl>(ref->getDecl()) : nullptr;
  return variable != nullptr && !variable->getType()->isReferenceType() ? variable : nullptr;
}

// The variable that an lvalue is a part of.
const clang::ValueDecl* OuterVariable(const clang::Expr* expr) {
  for (;;) {
    expr = expr->IgnoreParenImpCasts();
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expr)) {
      if (member->isArrow()) return nullptr;
      expr = member->getBase();
    } else if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(expr)) {
      expr = element->getBase();
    } else {
      const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(expr);
      return ref != nullptr ? ref->getDecl() : nullptr;
    }
  }
}

}  // namespace

FunctionInfo::FunctionInfo(const clang::CFG& cfg, llvm::ArrayRef<clang::ParmVarDecl*> parameters)
    : parameters_(parameters), facts_(cfg.getNumBlockIDs()) {
  IndexElements(cfg);
  for (const clang::CFGBlock* block : cfg) IndexUses(block);
  PropagateLiveness(cfg);
  PropagateNeeds(cfg);
}

const clang::Expr* FunctionInfo::ResultOf(const clang::StmtExpr* expr) {
  const clang::Stmt* last = expr->getSubStmt()->getStmtExprResult();
  const auto* value = llvm::dyn_cast_or_null<clang::ValueStmt>(last);
  return value != nullptr ? value->getExprStmt() : nullptr;
}

const clang::Expr* FunctionInfo::Stripped(const clang::Expr* expr) {
  for (;;) {
    expr = expr->IgnoreParens();
    if (const auto* full = llvm::dyn_cast<clang::FullExpr>(expr)) {
      expr = full->getSubExpr();
    } else if (const auto* bind = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(expr)) {
      expr = bind->getSubExpr();
    } else if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(expr)) {
      expr = temporary->getSubExpr();
    } else if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expr);
               cast != nullptr && expr->getType()->isRecordType() &&
               cast->getCastKind() != clang::CK_LValueToRValue) {
      expr = cast->getSubExpr();
    } else if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(expr);
               construct != nullptr && construct->isElidable() && construct->getNumArgs() == 1) {
      expr = construct->getArg(0);
    } else {
      return expr;
    }
  }
}

void FunctionInfo::IndexElements(const clang::CFG& cfg) {
  for (const clang::CFGBlock* block : cfg)
    for (const clang::CFGElement& element : *block)
      if (const auto stmt = element.getAs<clang::CFGStmt>())
        block_of_[stmt->getStmt()] = block->getBlockID();
  for (const clang::CFGBlock* block : cfg) {
    for (const clang::CFGElement& element : *block)
      if (const auto stmt = element.getAs<clang::CFGStmt>())
        if (const auto* expr = llvm::dyn_cast<clang::Expr>(stmt->getStmt()))
          IndexLogical(expr, expr);
    const auto* conditional =
        llvm::dyn_cast_or_null<clang::AbstractConditionalOperator>(block->getTerminatorStmt());
    if (conditional == nullptr || block->succ_size() != 2) continue;
    for (const bool truth : {true, false})
      if (const clang::CFGBlock* side = *(block->succ_begin() + (truth ? 0 : 1)))
        sides_[side].push_back({conditional, truth});
  }
}

// Operands of && and || that are themselves such: all of them branch to the same blocks.
void FunctionInfo::IndexLogical(const clang::Expr* expr, const clang::Stmt* root) {
  const auto* logical = llvm::dyn_cast<clang::BinaryOperator>(expr->IgnoreParens());
  if (logical == nullptr || !logical->isLogicalOp()) return;
  logical_root_.try_emplace(logical, root);
  IndexLogical(logical->getLHS(), root);
  IndexLogical(logical->getRHS(), root);
}

llvm::SmallVector<FunctionInfo::Outcome, 2> FunctionInfo::OutcomesAt(const clang::CFGBlock* to,
                                                                     const clang::Stmt* from,
                                                                     bool truth) const {
  llvm::SmallVector<Outcome, 2> outcomes;
  const auto side = sides_.find(to);
  if (side != sides_.end()) outcomes.append(side->second.begin(), side->second.end());
  // A short circuit that comes out where the whole value is used.
  const auto root = logical_root_.find(from);
  if (root == logical_root_.end()) return outcomes;
  const auto home = block_of_.find(root->second);
  if (home != block_of_.end() && home->second == to->getBlockID())
    outcomes.push_back({root->second, truth});
  return outcomes;
}

void FunctionInfo::IndexUses(const clang::CFGBlock* block) {
  for (const clang::CFGElement& element : *block) {
    if (const auto stmt = element.getAs<clang::CFGStmt>())
      WalkUses(stmt->getStmt(), block, /*is_root=*/true);
    else if (const auto cleanup = element.getAs<clang::CFGCleanupFunction>())
      NoteRead(cleanup->getVarDecl(), block);
    else if (const auto destructor = element.getAs<clang::CFGAutomaticObjDtor>())
      NoteRead(destructor->getVarDecl(), block);
    else if (const auto init = element.getAs<clang::CFGInitializer>())
      IndexInitializer(init->getInitializer(), block);
  }
  // The condition may have been evaluated in an earlier block.
  if (const clang::Stmt* condition = block->getTerminatorCondition(/*StripParens=*/false))
    WalkUses(condition, block, /*is_root=*/false);
}

void FunctionInfo::IndexInitializer(const clang::CXXCtorInitializer* init,
                                    const clang::CFGBlock* block) {
  initializers_[Stripped(init->getInit())] = init;
  WalkUses(init->getInit(), block, /*is_root=*/false);
  // The constructor that is taken over gets them all, without a word.
  if (llvm::isa<clang::CXXInheritedCtorInitExpr>(init->getInit()->IgnoreImplicit()))
    for (const clang::ParmVarDecl* parameter : parameters_) NoteRead(parameter, block);
}

void FunctionInfo::NoteRead(const clang::ValueDecl* decl, const clang::CFGBlock* block) {
  BlockFacts& facts = facts_[block->getBlockID()];
  decl = Canonical(decl);
  if (!facts.defined.contains(decl)) facts.used.insert(decl);
}

void FunctionInfo::NoteWrite(const clang::ValueDecl* decl, const clang::CFGBlock* block) {
  BlockFacts& facts = facts_[block->getBlockID()];
  decl = Canonical(decl);
  if (!facts.used.contains(decl)) facts.defined.insert(decl);
}

void FunctionInfo::NoteAddress(const clang::Expr* operand, bool is_argument) {
  const clang::ValueDecl* variable = OuterVariable(operand);
  if (variable == nullptr) return;
  address_taken_.insert(Canonical(variable));
  if (!is_argument) kept_.insert(Canonical(variable));
}

// What a call binds references to it may give back by reference.
void FunctionInfo::NoteReferences(const clang::Expr* call,
                                  llvm::ArrayRef<const clang::Expr*> arguments) {
  for (const clang::Expr* argument : arguments)
    if (argument->isGLValue()) NoteAddress(argument, /*is_argument=*/true);
  const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call);
  const clang::Expr* object = member != nullptr ? member->getImplicitObjectArgument() : nullptr;
  const bool plain = call->isPRValue() && call->getType()->isArithmeticType();
  if (object != nullptr && object->isGLValue() && !plain && !call->getType()->isVoidType())
    NoteAddress(object, /*is_argument=*/true);
}

void FunctionInfo::NoteCaptures(const clang::LambdaExpr* lambda) {
  for (const clang::LambdaCapture& capture : lambda->captures()) {
    if (!capture.capturesVariable() || capture.getCaptureKind() != clang::LCK_ByRef) continue;
    const clang::ValueDecl* variable = Canonical(capture.getCapturedVar());
    address_taken_.insert(variable);
  }
}

// Writes, addresses and declarations; true if the children are done with.
bool FunctionInfo::WalkSpecial(const clang::Stmt* stmt, const clang::CFGBlock* block) {
  if (const auto* assign = llvm::dyn_cast<clang::BinaryOperator>(stmt);
      assign != nullptr && assign->getOpcode() == clang::BO_Assign) {
    WalkUses(assign->getRHS(), block, false);
    const clang::VarDecl* variable = WholeVariable(assign->getLHS());
    if (variable != nullptr)
      NoteWrite(variable, block);
    else
      WalkUses(assign->getLHS(), block, false);
    return true;
  }
  if (const auto* group = llvm::dyn_cast<clang::DeclStmt>(stmt)) {
    for (const clang::Decl* decl : group->decls()) {
      const auto* variable = llvm::dyn_cast<clang::VarDecl>(decl);
      if (variable == nullptr) continue;
      if (variable->getInit() != nullptr) {
        WalkUses(variable->getInit(), block, false);
        destinations_[Stripped(variable->getInit())] = variable;
        if (variable->getType()->isReferenceType())
          NoteAddress(variable->getInit(), /*is_argument=*/true);
      }
      if (!variable->isStaticLocal()) NoteWrite(variable, block);
    }
    return true;
  }
  const bool is_atomic = llvm::isa<clang::AtomicExpr>(stmt);
  const auto* call = llvm::dyn_cast<clang::CallExpr>(stmt);
  if (call != nullptr)
    NoteReferences(call, llvm::ArrayRef<const clang::Expr*>(call->getArgs(), call->getNumArgs()));
  if (is_atomic || call != nullptr) {
    for (const clang::Stmt* child : stmt->children()) {
      const auto* argument = llvm::dyn_cast_or_null<clang::Expr>(child);
      if (argument == nullptr) continue;
      const clang::Expr* inner = argument->IgnoreParens();
      while (const auto* cast = llvm::dyn_cast<clang::CastExpr>(inner)) {
        if (cast->getCastKind() == clang::CK_ArrayToPointerDecay) {
          lent_.insert(cast);
          NoteAddress(cast->getSubExpr(), /*is_argument=*/true);
        }
        inner = cast->getSubExpr()->IgnoreParens();
      }
      argument = is_atomic ? argument->IgnoreParenCasts() : argument->IgnoreParenImpCasts();
      const auto* address = llvm::dyn_cast<clang::UnaryOperator>(argument);
      if (address == nullptr || address->getOpcode() != clang::UO_AddrOf) continue;
      lent_.insert(address);
      NoteAddress(address->getSubExpr(), /*is_argument=*/true);
    }
    return false;
  }
  if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(stmt))
    NoteReferences(construct, llvm::ArrayRef<const clang::Expr*>(construct->getArgs(),
                                                                 construct->getNumArgs()));
  // The array itself is meant where one element is chosen on the spot.
  if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(stmt))
    lent_.insert(element->getBase()->IgnoreParens());
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(stmt);
      unary != nullptr && unary->getOpcode() == clang::UO_Deref)
    lent_.insert(unary->getSubExpr()->IgnoreParens());
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(stmt);
      cast != nullptr && cast->getCastKind() == clang::CK_ArrayToPointerDecay &&
      !lent_.contains(cast))
    NoteAddress(cast->getSubExpr(), /*is_argument=*/false);
  return false;
}

void FunctionInfo::WalkUses(const clang::Stmt* stmt, const clang::CFGBlock* block, bool is_root) {
  // A handler is an element in front of its body, which has elements of its own.
  if (stmt == nullptr || llvm::isa<clang::CXXCatchStmt>(stmt)) return;
  if (!is_root && block_of_.contains(stmt)) {
    auto& consumers = consumers_[stmt];
    if (!llvm::is_contained(consumers, block->getBlockID()))
      consumers.push_back(block->getBlockID());
    // Of a place that was chosen before, the contents are read only here.
    const auto* expr = llvm::dyn_cast<clang::Expr>(stmt);
    if (expr == nullptr || !expr->isGLValue() || llvm::isa<clang::CallExpr>(expr)) return;
  }
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(stmt)) NoteCaptures(lambda);
  if (const auto* inner = llvm::dyn_cast<clang::StmtExpr>(stmt))
    return WalkUses(ResultOf(inner), block, false);
  if (const auto* opaque = llvm::dyn_cast<clang::OpaqueValueExpr>(stmt))
    return WalkUses(opaque->getSourceExpr(), block, false);
  if (const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(stmt)) {
    NoteRead(ref->getDecl(), block);
    if (const auto* binding = llvm::dyn_cast<clang::BindingDecl>(ref->getDecl()))
      WalkUses(binding->getBinding(), block, false);
  } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(stmt)) {
    NoteRead(PlaceDecl(member->getMemberDecl()), block);
  } else if (const auto* address = llvm::dyn_cast<clang::UnaryOperator>(stmt);
             address != nullptr && address->getOpcode() == clang::UO_AddrOf) {
    // As a direct argument it was seen by the call before.
    if (!lent_.contains(address)) NoteAddress(address->getSubExpr(), /*is_argument=*/false);
  } else if (WalkSpecial(stmt, block)) {
    return;
  }
  for (const clang::Stmt* child : stmt->children()) WalkUses(child, block, false);
}

void FunctionInfo::PropagateLiveness(const clang::CFG& cfg) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const clang::CFGBlock* block : cfg) {
      BlockFacts& facts = facts_[block->getBlockID()];
      const size_t before = facts.live.size();
      facts.live.insert(facts.used.begin(), facts.used.end());
      for (const clang::CFGBlock* next : block->succs()) {
        if (next == nullptr) continue;
        if (Planted(Fault::LivenessOfOneWay) && next != *block->succ_begin()) continue;
        for (const clang::ValueDecl* decl : facts_[next->getBlockID()].live)
          if (!facts.defined.contains(decl)) facts.live.insert(decl);
      }
      changed |= facts.live.size() != before;
    }
  }
}

// Marks the blocks at whose end `stmt` is needed on some way to `use`, which are those back to
// where it is made.
void FunctionInfo::NeedUpTo(const clang::CFGBlock* use, const clang::Stmt* stmt,
                            const llvm::DenseSet<unsigned>& made) {
  llvm::DenseSet<unsigned>& needed = needed_after_[stmt];
  std::vector<const clang::CFGBlock*> work = {use};
  while (!work.empty()) {
    const clang::CFGBlock* block = work.back();
    work.pop_back();
    for (const clang::CFGBlock* before : block->preds())
      if (before != nullptr && needed.insert(before->getBlockID()).second &&
          !made.contains(before->getBlockID()))
        work.push_back(before);
  }
}

void FunctionInfo::PropagateNeeds(const clang::CFG& cfg) {
  std::vector<const clang::CFGBlock*> blocks(cfg.getNumBlockIDs());
  for (const clang::CFGBlock* block : cfg) blocks[block->getBlockID()] = block;
  for (const auto& [stmt, consumers] : consumers_) {
    const unsigned home = block_of_.lookup(stmt);
    for (unsigned consumer : consumers)
      if (consumer != home) NeedUpTo(blocks[consumer], stmt, {home});
  }
  // The mark that a side leaves, up to where the whole operator is evaluated.
  llvm::DenseMap<const clang::Stmt*, llvm::DenseSet<unsigned>> sides;
  for (const auto& [side, outcomes] : sides_)
    for (const Outcome& outcome : outcomes) sides[outcome.op].insert(side->getBlockID());
  for (const auto& [op, marked] : sides)
    if (const auto home = block_of_.find(op); home != block_of_.end())
      NeedUpTo(blocks[home->second], op, marked);
}

bool FunctionInfo::DeadAfter(const clang::Stmt* stmt, const clang::CFGBlock* block) const {
  const auto needed = needed_after_.find(stmt);
  return needed == needed_after_.end() || !needed->second.contains(block->getBlockID());
}

bool FunctionInfo::IsLive(const clang::ValueDecl* decl, const clang::CFGBlock* block) const {
  decl = Canonical(decl);
  if (address_taken_.contains(decl)) return true;
  return facts_[block->getBlockID()].live.contains(decl);
}

}  // namespace flushdep::plugin
