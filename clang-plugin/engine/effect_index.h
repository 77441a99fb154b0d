// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions of the unit have effects, themselves or through what they
// call. Two uses: the engine skips functions in which no rule can fire, and
// a call of a function that is not declared but reaches effects makes the engine forget
// rather than guess. Bodies are looked at once, and only when asked for.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_EFFECT_INDEX_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_EFFECT_INDEX_H_

#include <cstdint>
#include <vector>

#include "clang-plugin/protocol/protocol.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace flushdep::plugin {

// A set of EffectKind.
class EffectSet {
 public:
  void Add(EffectKind kind) { bits_ |= Bit(kind); }
  void Add(EffectSet other) { bits_ |= other.bits_; }
  bool Has(EffectKind kind) const { return (bits_ & Bit(kind)) != 0; }
  bool Empty() const { return bits_ == 0; }

 private:
  static uint64_t Bit(EffectKind kind) { return uint64_t{1} << static_cast<unsigned>(kind); }
  uint64_t bits_ = 0;
};

class EffectIndex {
 public:
  explicit EffectIndex(Protocol& protocol) : protocol_(protocol) {}

  // Effects of calls that stand in the body itself.
  EffectSet Direct(const clang::FunctionDecl* function);

  // Effects of a call of `function`, as far as the unit shows its body.
  EffectSet Reachable(const clang::FunctionDecl* function);

  // Does a call change pages, mappings, debts or owners?
  bool Matters(const clang::FunctionDecl* function);

  // Members that the function's callees may read, as far as the unit shows their bodies.
  bool CalleesRead(const clang::FunctionDecl* function, const clang::ValueDecl* member);

  // Adds the functions whose address the body takes, rather than calling them.
  void AddAddressTaken(const clang::FunctionDecl* function,
                       llvm::DenseSet<const clang::FunctionDecl*>& taken);

  // Can a call that is not declared change mappings, debts or owners?
  bool MayDisturb(const clang::FunctionDecl* function);

 private:
  struct Body {
    EffectSet effects;
    std::vector<const clang::FunctionDecl*> callees;
    llvm::DenseSet<const clang::ValueDecl*> members;  // read or written
    std::vector<const clang::FunctionDecl*> taken;    // by address
  };
  using Members = llvm::DenseSet<const clang::ValueDecl*>;
  const Body& BodyOf(const clang::FunctionDecl* definition);

  Protocol& protocol_;
  llvm::DenseMap<const clang::FunctionDecl*, Body> bodies_;
  llvm::DenseMap<const clang::FunctionDecl*, EffectSet> reachable_;
  llvm::DenseMap<const clang::FunctionDecl*, Members> members_below_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_EFFECT_INDEX_H_
