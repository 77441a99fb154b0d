// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/loops.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace flushdep {
namespace {

// Instructions of a loop that is made twice.
constexpr size_t kMaxInstructions = 600;

bool IsKnownBefore(const llvm::Loop& loop, llvm::Value* flag) {
  auto* instruction = llvm::dyn_cast<llvm::Instruction>(flag);
  return instruction == nullptr || !loop.contains(instruction);
}

class Versioner {
 public:
  Versioner(llvm::Function& function, Bases& bases, Spared& spared)
      : tree_(function), loops_(tree_), bases_(bases), spared_(spared) {}

  bool Run() {
    // Copies are loops, too; only those that are there now are looked at.
    const llvm::SmallVector<llvm::Loop*, 8> outermost(loops_.begin(), loops_.end());
    for (llvm::Loop* loop : outermost) Visit(loop);
    return changed_;
  }

 private:
  // The outermost loop for which it helps; else those in it.
  void Visit(llvm::Loop* loop) {
    if (Version(loop)) return;
    const llvm::SmallVector<llvm::Loop*, 8> inner(loop->begin(), loop->end());
    for (llvm::Loop* each : inner) Visit(each);
  }

  bool Version(llvm::Loop* loop) {
    llvm::SetVector<llvm::Value*> flags;
    if (!IsWorthIt(*loop, flags)) return false;
    llvm::simplifyLoop(loop, &tree_, &loops_, nullptr, nullptr, nullptr, /*PreserveLCSSA=*/false);
    if (!loop->isLoopSimplifyForm() || loop->getUniqueExitBlock() == nullptr ||
        !loop->isSafeToClone())
      return false;
    llvm::formLCSSARecursively(*loop, tree_, &loops_, nullptr);
    Clone(loop, flags);
    return true;
  }

  // Are most of its accesses based on what is known before it?
  bool IsWorthIt(const llvm::Loop& loop, llvm::SetVector<llvm::Value*>& flags) {
    size_t instructions = 0, known = 0, unknown = 0;
    for (llvm::BasicBlock* block : loop.blocks()) {
      instructions += block->size();
      for (llvm::Instruction& instruction : *block) {
        llvm::Value* pointer = PointerOf(instruction);
        llvm::Value* flag = pointer != nullptr ? bases_.FlagOf(pointer) : nullptr;
        if (flag == nullptr) continue;
        const bool before = IsKnownBefore(loop, flag);
        before ? ++known : ++unknown;
        if (before) flags.insert(flag);
      }
    }
    return instructions <= kMaxInstructions && known > 0 && known >= unknown;
  }

  void Clone(llvm::Loop* loop, const llvm::SetVector<llvm::Value*>& flags) {
    changed_ = true;
    llvm::BasicBlock* test = loop->getLoopPreheader();
    llvm::IRBuilder<> builder(test->getTerminator());
    llvm::Value* any = builder.CreateOr(flags.getArrayRef());
    llvm::BasicBlock* preheader =
        llvm::SplitBlock(test, test->getTerminator(), &tree_, &loops_, nullptr);
    llvm::BasicBlock* exit = loop->getUniqueExitBlock();
    llvm::ValueToValueMapTy map;
    llvm::SmallVector<llvm::BasicBlock*, 16> copied;
    llvm::Loop* plain =
        llvm::cloneLoopWithPreheader(preheader, test, loop, map, ".host", &loops_, &tree_, copied);
    llvm::remapInstructionsInBlocks(copied, map);
    llvm::ReplaceInstWithInst(test->getTerminator(),
                              llvm::BranchInst::Create(preheader, plain->getLoopPreheader(), any));
    // Both leave by the same block, whose nodes know of one of them only.
    for (llvm::PHINode& phi : exit->phis()) {
      const unsigned incoming = phi.getNumIncomingValues();
      for (unsigned i = 0; i < incoming; ++i) {
        if (!loop->contains(phi.getIncomingBlock(i))) continue;
        llvm::Value* value = phi.getIncomingValue(i);
        const auto copy = map.find(value);
        phi.addIncoming(copy != map.end() ? static_cast<llvm::Value*>(copy->second) : value,
                        llvm::cast<llvm::BasicBlock>(map[phi.getIncomingBlock(i)]));
      }
    }
    tree_.recalculate(*exit->getParent());
    Spare(*loop, map);
  }

  // In the copy, what is based on what was tested.
  void Spare(const llvm::Loop& loop, llvm::ValueToValueMapTy& map) {
    for (llvm::BasicBlock* block : loop.blocks())
      for (llvm::Instruction& instruction : *block) {
        llvm::Value* pointer = PointerOf(instruction);
        llvm::Value* flag = pointer != nullptr ? bases_.FlagOf(pointer) : nullptr;
        if (flag != nullptr && IsKnownBefore(loop, flag))
          spared_.insert(llvm::cast<llvm::Instruction>(map[&instruction]));
      }
  }

  llvm::DominatorTree tree_;
  llvm::LoopInfo loops_;
  Bases& bases_;
  Spared& spared_;
  bool changed_ = false;
};

}  // namespace

llvm::Value* PointerOf(llvm::Instruction& access) {
  if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&access)) return load->getPointerOperand();
  if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&access)) return store->getPointerOperand();
  if (auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(&access))
    return update->getPointerOperand();
  if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&access))
    return exchange->getPointerOperand();
  return nullptr;
}

bool VersionLoops(llvm::Function& function, Bases& bases, Spared& spared) {
  // Size comes first, or there is nothing to optimise for.
  if (function.hasOptNone() || function.hasOptSize() || function.hasMinSize()) return false;
  return Versioner(function, bases, spared).Run();
}

}  // namespace flushdep
