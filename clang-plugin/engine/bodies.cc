// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/bodies.h"

#include "clang/AST/ASTContext.h"
#include "clang/Basic/Builtins.h"

#include <utility>
#include <vector>

namespace flushdep::plugin {
namespace {

// A function that returns twice has more ways through it than its graph shows.
bool ReturnsTwice(const clang::CFG& cfg) {
  for (const clang::CFGBlock* block : cfg)
    for (const clang::CFGElement& element : *block) {
      const auto statement = element.getAs<clang::CFGStmt>();
      const auto* call =
          statement ? llvm::dyn_cast<clang::CallExpr>(statement->getStmt()) : nullptr;
      const clang::FunctionDecl* callee = call != nullptr ? call->getDirectCallee() : nullptr;
      if (callee == nullptr) continue;
      if (callee->hasAttr<clang::ReturnsTwiceAttr>()) return true;
      if (!callee->getDeclName().isIdentifier()) continue;
      const llvm::StringRef name = callee->getName();
      if (name == "setjmp" || name == "_setjmp" || name == "sigsetjmp" || name == "__sigsetjmp" ||
          name == "vfork")
        return true;
    }
  return false;
}

// A block that can come to itself.
bool HasLoop(const clang::CFG& cfg) {
  enum : char { kNew, kOpen, kDone };
  std::vector<char> mark(cfg.getNumBlockIDs(), kNew);
  std::vector<std::pair<const clang::CFGBlock*, clang::CFGBlock::const_succ_iterator>> stack;
  stack.emplace_back(&cfg.getEntry(), cfg.getEntry().succ_begin());
  mark[cfg.getEntry().getBlockID()] = kOpen;
  while (!stack.empty()) {
    auto& [block, next] = stack.back();
    if (next == block->succ_end()) {
      mark[block->getBlockID()] = kDone;
      stack.pop_back();
      continue;
    }
    const clang::CFGBlock* target = *next++;
    if (target == nullptr || mark[target->getBlockID()] == kDone) continue;
    if (mark[target->getBlockID()] == kOpen) return true;
    mark[target->getBlockID()] = kOpen;
    stack.emplace_back(target, target->succ_begin());
  }
  return false;
}

bool HasAtomic(const clang::CFG& cfg) {
  for (const clang::CFGBlock* block : cfg)
    for (const clang::CFGElement& element : *block) {
      const auto statement = element.getAs<clang::CFGStmt>();
      if (statement && llvm::isa<clang::AtomicExpr>(statement->getStmt())) return true;
    }
  return false;
}

std::unique_ptr<clang::CFG> BuildCfg(const clang::FunctionDecl* function) {
  clang::CFG::BuildOptions options;
  // Scope ends matter: cleanup functions and destructors may put and free.
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddInitializers = true;
  options.AddEHEdges = true;
  // What changes memory must be done once, in its place.
  options.setAlwaysAdd(clang::Stmt::AtomicExprClass);
  return clang::CFG::buildCFG(function, function->getBody(), &function->getASTContext(), options);
}

}  // namespace

const Body& Bodies::Of(const clang::FunctionDecl* function) {
  const clang::FunctionDecl* definition = function;
  function->hasBody(definition);
  std::unique_ptr<Body>& body = bodies_[definition];
  if (body != nullptr) return *body;
  body = std::make_unique<Body>();
  body->function = definition;
  body->cfg = BuildCfg(definition);
  if (body->cfg == nullptr)
    body->obstacle = "no control flow graph";
  else if (ReturnsTwice(*body->cfg))
    body->obstacle = "calls a function that returns twice";
  if (body->cfg != nullptr) body->has_loop = HasLoop(*body->cfg);
  if (body->cfg != nullptr) body->has_atomic = HasAtomic(*body->cfg);
  if (body->cfg != nullptr)
    body->info = std::make_unique<FunctionInfo>(*body->cfg, definition->parameters());
  return *body;
}

}  // namespace flushdep::plugin
