// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/protocol/protocol.h"

#include <utility>

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"

namespace flushdep::plugin {
namespace {

constexpr llvm::StringRef kPrefix = "flushdep:";

// Files name C functions plainly and C++ ones with their scopes (a::B::f).
std::string NameOf(const clang::FunctionDecl* function) {
  if (function->getDeclName().isIdentifier() && function->getDeclContext()->isTranslationUnit())
    return function->getName().str();
  return function->isExternC() ? function->getName().str() : function->getQualifiedNameAsString();
}

// Does the function have every parameter that its effects name?
bool Fits(const FunctionProtocol& protocol, const clang::FunctionDecl* function) {
  for (const Effect& effect : protocol.effects)
    if (HighestParameter(effect) > static_cast<int>(function->getNumParams())) return false;
  return true;
}

}  // namespace

void Protocol::Define(llvm::StringRef name, FunctionProtocol function) {
  by_name_[name.str()] = std::move(function);
  cache_.clear();
}

const FunctionProtocol* Protocol::Find(llvm::StringRef name) const {
  const auto found = by_name_.find(name.str());
  return found == by_name_.end() ? nullptr : &found->second;
}

const FunctionProtocol* Protocol::Lookup(const clang::FunctionDecl* function) {
  if (function == nullptr) return nullptr;
  // Attributes of later redeclarations count too, so ask the most recent one.
  function = function->getMostRecentDecl();
  const auto [entry, is_new] = cache_.try_emplace(function, nullptr);
  if (is_new) {
    const FunctionProtocol* resolved = Resolve(function);
    cache_[function] = resolved;
    return resolved;
  }
  return entry->second;
}

const FunctionProtocol* Protocol::Resolve(const clang::FunctionDecl* function) {
  FunctionProtocol own;
  for (const auto* attr : function->specific_attrs<clang::AnnotateAttr>()) {
    llvm::StringRef text = attr->getAnnotation();
    if (!text.consume_front(kPrefix)) continue;
    EffectError error;
    std::optional<Effect> effect = ParseEffectText(text, error);
    if (effect && HighestParameter(*effect) > static_cast<int>(function->getNumParams())) {
      error.message = "the function has no parameter " + std::to_string(HighestParameter(*effect));
      effect.reset();
    }
    if (effect)
      own.effects.push_back(*effect);
    else
      problems_.push_back({attr->getLocation(), "flushdep attribute: " + error.message});
  }
  if (!own.effects.empty()) {
    own.source = "attribute";
    return &(attributed_[function] = std::move(own));
  }
  if (!function->getDeclName().isIdentifier() && !llvm::isa<clang::CXXMethodDecl>(function))
    return nullptr;
  const FunctionProtocol* named = Find(NameOf(function));
  // Another function that merely has the same name is not ours.
  return named != nullptr && Fits(*named, function) ? named : nullptr;
}

std::vector<std::string> Protocol::Flushers(FlushScope scope) const {
  std::vector<std::string> names;
  for (const auto& [name, function] : by_name_)
    for (const Effect& effect : function.effects)
      if (effect.kind == EffectKind::Flush && effect.scope == scope) names.push_back(name);
  return names;
}

std::vector<AttributeProblem> Protocol::TakeProblems() { return std::exchange(problems_, {}); }

}  // namespace flushdep::plugin
