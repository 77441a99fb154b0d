// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/loops.h"

#include "clang-plugin/pass/ranges.h"
#include "clang-plugin/pass/stubs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/DomTreeUpdater.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace flushdep {
namespace {

// Instructions of a loop that is made twice.
constexpr size_t kMaxInstructions = 600;
// Of one whose accesses' pages are looked at before it.
constexpr size_t kMaxRanged = 120;
constexpr size_t kMaxRanges = 6;
constexpr size_t kMaxSteps = 2;

class Versioner {
 public:
  Versioner(llvm::Function& function, Bases& bases, Spared& spared)
      : function_(function),
        tree_(function),
        loops_(tree_),
        names_(llvm::Triple(function.getParent()->getTargetTriple())),
        library_(names_),
        assumptions_(function),
        bases_(bases),
        spared_(spared) {}

  bool Run() {
    // Copies are loops, too; only those that are there now are looked at.
    const llvm::SmallVector<llvm::Loop*, 8> outermost(loops_.begin(), loops_.end());
    for (llvm::Loop* loop : outermost) Visit(loop);
    for (llvm::Loop* loop : loops_.getLoopsInPreorder())
      if (loop->isInnermost()) VersionByRanges(loop);
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
    if (Calls(*loop) || !IsWorthIt(*loop, flags)) return false;
    if (!Prepare(loop)) return false;
    llvm::IRBuilder<> builder(loop->getLoopPreheader()->getTerminator());
    Clone(loop, builder.CreateOr(flags.getArrayRef()), AccessesKnownBefore(*loop));
    return true;
  }

  // Where others' code runs, a check is little beside it.
  static bool Calls(const llvm::Loop& loop) {
    for (llvm::BasicBlock* block : loop.blocks())
      for (llvm::Instruction& instruction : *block)
        if (llvm::isa<llvm::CallBase>(instruction) && !llvm::isa<llvm::IntrinsicInst>(instruction))
          return true;
    return false;
  }

  // Into the form that can be cloned.
  bool Prepare(llvm::Loop* loop) {
    llvm::simplifyLoop(loop, &tree_, &loops_, nullptr, nullptr, nullptr, /*PreserveLCSSA=*/false);
    if (!loop->isLoopSimplifyForm() || loop->getUniqueExitBlock() == nullptr ||
        !loop->isSafeToClone())
      return false;
    llvm::formLCSSARecursively(*loop, tree_, &loops_, nullptr);
    return true;
  }

  void VersionByRanges(llvm::Loop* loop) {
    size_t instructions = 0;
    bool any = false;
    for (llvm::BasicBlock* block : loop->blocks()) {
      instructions += block->size();
      for (llvm::Instruction& instruction : *block)
        any |= PointerOf(instruction) != nullptr && !spared_.contains(&instruction);
    }
    if (!any || instructions > kMaxRanged || !MayHaveRanges(*loop, bases_, spared_) ||
        !Prepare(loop))
      return;
    llvm::ScalarEvolution evolution(function_, library_, assumptions_, tree_, loops_);
    const LoopRanges found = FindRanges(*loop, evolution, bases_, spared_);
    llvm::SCEVExpander expander(evolution, function_.getParent()->getDataLayout(), "");
    const llvm::Instruction* before = loop->getLoopPreheader()->getTerminator();
    if (found.ranges.empty() || found.turns->getType()->getPrimitiveSizeInBits() > 64 ||
        !expander.isSafeToExpandAt(found.turns, before) || found.ranges.size() > kMaxRanges ||
        found.steps.size() > kMaxSteps)
      return;
    for (const llvm::SCEV* step : found.steps)
      if (!expander.isSafeToExpandAt(step, before)) return;
    for (const LoopRange& range : found.ranges)
      if (!expander.isSafeToExpandAt(range.low, before) ||
          !expander.isSafeToExpandAt(range.last, before))
        return;
    llvm::Value* checked = CheckRanges(*loop, found, expander);
    Clone(loop, checked, found.accesses);
  }

  // An i1 in the preheader: is there something to be checked in one of the ranges?
  llvm::Value* CheckRanges(const llvm::Loop& loop, const LoopRanges& found,
                           llvm::SCEVExpander& expander) {
    llvm::Instruction* end = loop.getLoopPreheader()->getTerminator();
    llvm::BasicBlock* head = end->getParent();
    llvm::IRBuilder<> builder(end);
    llvm::Value* any = found.ranges.front().flag;
    for (const LoopRange& range : llvm::drop_begin(found.ranges))
      if (range.flag != any) any = builder.CreateOr(any, range.flag);
    llvm::DomTreeUpdater updater(tree_, llvm::DomTreeUpdater::UpdateStrategy::Eager);
    llvm::Instruction* ask = llvm::SplitBlockAndInsertIfThen(any, end, /*Unreachable=*/false,
                                                             nullptr, &updater, &loops_);
    builder.SetInsertPoint(ask);
    builder.SetCurrentDebugLocation(Line(loop));
    llvm::Value* turns = Expand(expander, found.turns, builder, ask);
    llvm::Value* checked = builder.getFalse();
    for (const llvm::SCEV* step : found.steps)
      checked = builder.CreateOr(checked,
                                 ComesAround(builder, Expand(expander, step, builder, ask), turns));
    for (const LoopRange& range : found.ranges)
      checked = builder.CreateOr(checked, IsNotPlain(builder, range, turns, expander, ask));
    llvm::PHINode* either =
        llvm::PHINode::Create(builder.getInt1Ty(), 2, "", end->getParent()->begin());
    either->addIncoming(builder.getFalse(), head);
    either->addIncoming(checked, ask->getParent());
    return either;
  }

  // Does it go so far that where it is says nothing?
  llvm::Value* ComesAround(llvm::IRBuilder<>& builder, llvm::Value* step, llvm::Value* turns) {
    llvm::Value* way =
        builder.CreateBinaryIntrinsic(llvm::Intrinsic::smul_with_overflow, step, turns);
    return builder.CreateOr(builder.CreateExtractValue(way, 1),
                            builder.CreateICmpSLT(turns, builder.getInt64(0)));
  }

  llvm::Value* IsNotPlain(llvm::IRBuilder<>& builder, const LoopRange& range, llvm::Value* turns,
                          llvm::SCEVExpander& expander, llvm::Instruction* where) {
    llvm::Type* word = builder.getInt64Ty();
    llvm::FunctionCallee plain =
        MakeStub(*function_.getParent(), "__flushdep_plain",
                 llvm::FunctionType::get(word, {word, word, word, word}, /*isVarArg=*/false));
    llvm::Value* low = Expand(expander, range.low, builder, where);
    llvm::Value* end = builder.CreateAdd(Expand(expander, range.last, builder, where),
                                         builder.getInt64(range.bytes));
    return builder.CreateICmpEQ(
        builder.CreateCall(plain, {low, end, builder.getInt64(range.write), turns}),
        builder.getInt64(0));
  }

  // As a word.
  llvm::Value* Expand(llvm::SCEVExpander& expander, const llvm::SCEV* value,
                      llvm::IRBuilder<>& builder, llvm::Instruction* where) {
    llvm::Value* expanded = expander.expandCodeFor(value, value->getType(), where);
    if (expanded->getType()->isPointerTy())
      return builder.CreatePtrToInt(expanded, builder.getInt64Ty());
    return builder.CreateZExtOrTrunc(expanded, builder.getInt64Ty());
  }

  llvm::DebugLoc Line(const llvm::Loop& loop) const {
    llvm::DISubprogram* subprogram = function_.getSubprogram();
    if (subprogram == nullptr) return {};
    if (llvm::DebugLoc start = loop.getStartLoc()) return start;
    return llvm::DILocation::get(function_.getContext(), 0, 0, subprogram);
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

  using Accesses = llvm::SmallVector<llvm::Instruction*, 16>;

  // The loop runs as it is if `checked` is set, else without checks of `accesses`.
  void Clone(llvm::Loop* loop, llvm::Value* checked, const Accesses& accesses) {
    changed_ = true;
    llvm::BasicBlock* test = loop->getLoopPreheader();
    llvm::BasicBlock* preheader =
        llvm::SplitBlock(test, test->getTerminator(), &tree_, &loops_, nullptr);
    llvm::BasicBlock* exit = loop->getUniqueExitBlock();
    llvm::ValueToValueMapTy map;
    llvm::SmallVector<llvm::BasicBlock*, 16> copied;
    llvm::Loop* plain =
        llvm::cloneLoopWithPreheader(preheader, test, loop, map, ".host", &loops_, &tree_, copied);
    llvm::remapInstructionsInBlocks(copied, map);
    llvm::ReplaceInstWithInst(
        test->getTerminator(),
        llvm::BranchInst::Create(preheader, plain->getLoopPreheader(), checked));
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
    for (llvm::Instruction* access : accesses)
      spared_.insert(llvm::cast<llvm::Instruction>(map[access]));
    // What is spared already is so in both.
    for (llvm::BasicBlock* block : loop->blocks())
      for (llvm::Instruction& instruction : *block)
        if (spared_.contains(&instruction))
          spared_.insert(llvm::cast<llvm::Instruction>(map[&instruction]));
  }

  Accesses AccessesKnownBefore(const llvm::Loop& loop) {
    Accesses accesses;
    for (llvm::BasicBlock* block : loop.blocks())
      for (llvm::Instruction& instruction : *block) {
        llvm::Value* pointer = PointerOf(instruction);
        llvm::Value* flag = pointer != nullptr ? bases_.FlagOf(pointer) : nullptr;
        if (flag != nullptr && IsKnownBefore(loop, flag)) accesses.push_back(&instruction);
      }
    return accesses;
  }

  llvm::Function& function_;
  llvm::DominatorTree tree_;
  llvm::LoopInfo loops_;
  llvm::TargetLibraryInfoImpl names_;
  llvm::TargetLibraryInfo library_;
  llvm::AssumptionCache assumptions_;
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
