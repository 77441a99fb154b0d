// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts about one function's CFG that do not depend on the way taken: which
// block needs the value of which expression, and which variables and fields are
// still read from a block on. The walk forgets everything else, which is what keeps
// the number of different states small.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_FUNCTION_INFO_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_FUNCTION_INFO_H_

#include <vector>

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

namespace flushdep::plugin {

class FunctionInfo {
 public:
  FunctionInfo(const clang::CFG& cfg, llvm::ArrayRef<clang::ParmVarDecl*> parameters);

  // May the value of `stmt` be forgotten when `block` ends?
  bool DeadAfter(const clang::Stmt* stmt, const clang::CFGBlock* block) const;

  // Is `stmt` an element of some block (and not only a part of another one)?
  bool IsElement(const clang::Stmt* stmt) const { return block_of_.contains(stmt); }

  // Does the value of `stmt` belong to this function, and not to one that called it?
  bool Owns(const clang::Stmt* stmt) const {
    return block_of_.contains(stmt) || consumers_.contains(stmt);
  }

  // The variable that an object without a name becomes, or null.
  const clang::VarDecl* DestinationOf(const clang::Expr* object) const {
    return destinations_.lookup(object);
  }

  // The member or base that an object without a name becomes in a constructor, or null.
  const clang::CXXCtorInitializer* InitializerOf(const clang::Expr* object) const {
    return initializers_.lookup(object);
  }

  // Is a variable or field read on some way from the start of `block`?
  bool IsLive(const clang::ValueDecl* decl, const clang::CFGBlock* block) const;

  // Variables whose address is kept somewhere, so that any call may change them.
  bool AddressKept(const clang::ValueDecl* variable) const { return kept_.contains(variable); }

  // Is it ever used by its address, be that of a reference or of an array?
  bool AddressTaken(const clang::ValueDecl* variable) const {
    return address_taken_.contains(variable);
  }

  // What is known of conditional and logical operators once `to` is entered: with `from` the
  // branch (or null) that led there and its outcome.
  struct Outcome {
    const clang::Stmt* op = nullptr;
    bool truth = false;
  };
  llvm::SmallVector<Outcome, 2> OutcomesAt(const clang::CFGBlock* to, const clang::Stmt* from,
                                           bool truth) const;

  // The expression whose value a statement expression has; null if none.
  static const clang::Expr* ResultOf(const clang::StmtExpr* expr);

  // An expression without what neither makes nor moves an object.
  static const clang::Expr* Stripped(const clang::Expr* expr);

 private:
  using DeclSet = llvm::DenseSet<const clang::ValueDecl*>;
  struct BlockFacts {
    DeclSet used;     // read before they are set here
    DeclSet defined;  // set before they are read here
    DeclSet live;     // at the start
  };

  void IndexElements(const clang::CFG& cfg);
  void IndexLogical(const clang::Expr* expr, const clang::Stmt* root);
  void IndexUses(const clang::CFGBlock* block);
  void IndexInitializer(const clang::CXXCtorInitializer* init, const clang::CFGBlock* block);
  void WalkUses(const clang::Stmt* stmt, const clang::CFGBlock* block, bool is_root);
  bool WalkSpecial(const clang::Stmt* stmt, const clang::CFGBlock* block);
  void NoteRead(const clang::ValueDecl* decl, const clang::CFGBlock* block);
  void NoteWrite(const clang::ValueDecl* decl, const clang::CFGBlock* block);
  void NoteAddress(const clang::Expr* operand, bool is_argument);
  void NoteReferences(const clang::Expr* call, llvm::ArrayRef<const clang::Expr*> arguments);
  void NoteCaptures(const clang::LambdaExpr* lambda);
  void PropagateLiveness(const clang::CFG& cfg);
  void PropagateNeeds(const clang::CFG& cfg);
  void NeedUpTo(const clang::CFGBlock* use, const clang::Stmt* stmt,
                const llvm::DenseSet<unsigned>& made);

  llvm::ArrayRef<clang::ParmVarDecl*> parameters_;
  llvm::DenseMap<const clang::Stmt*, unsigned> block_of_;
  llvm::DenseMap<const clang::Stmt*, llvm::SmallVector<unsigned, 2>> consumers_;
  // The blocks at whose end the value of an expression is still needed.
  llvm::DenseMap<const clang::Stmt*, llvm::DenseSet<unsigned>> needed_after_;
  std::vector<BlockFacts> facts_;
  DeclSet kept_;
  DeclSet address_taken_;
  // Logical operators below one whose value is asked for, to that one.
  llvm::DenseMap<const clang::Stmt*, const clang::Stmt*> logical_root_;
  // Blocks that are one side of a conditional operator.
  llvm::DenseMap<const clang::CFGBlock*, llvm::SmallVector<Outcome, 1>> sides_;
  llvm::DenseSet<const clang::Stmt*> lent_;  // &x as a direct argument
  llvm::DenseMap<const clang::Expr*, const clang::VarDecl*> destinations_;
  llvm::DenseMap<const clang::Expr*, const clang::CXXCtorInitializer*> initializers_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_FUNCTION_INFO_H_
