// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/ranges.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

namespace flushdep {
namespace {

// Ranges that a loop is asked about one by one, even where they could be taken together.
constexpr size_t kFew = 2;

// Loads and stores that say nothing to other threads, and instructions without effects: while only
// these run, a thread's own mappings stay, and what others do might have come before or after.
bool IsQuiet(const llvm::Instruction& instruction) {
  if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) return load->isSimple();
  if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) return store->isSimple();
  if (llvm::isa<llvm::DbgInfoIntrinsic, llvm::LifetimeIntrinsic>(instruction)) return true;
  return !instruction.mayReadOrWriteMemory() && !instruction.mayHaveSideEffects();
}

class Finder {
 public:
  Finder(const llvm::Loop& loop, llvm::ScalarEvolution& evolution, Bases& bases,
         const Spared& spared)
      : loop_(loop),
        evolution_(evolution),
        bases_(bases),
        spared_(spared),
        turns_(evolution.getBackedgeTakenCount(&loop)) {}

  LoopRanges Run() {
    if (llvm::isa<llvm::SCEVCouldNotCompute>(turns_)) return {};
    for (llvm::BasicBlock* block : loop_.blocks())
      for (llvm::Instruction& instruction : *block)
        if (!IsQuiet(instruction) || !Take(instruction)) return {};
    found_.turns = turns_;
    return found_;
  }

 private:
  bool Take(llvm::Instruction& instruction) {
    if (spared_.contains(&instruction)) return true;
    llvm::Value* pointer = llvm::getLoadStorePointerOperand(&instruction);
    llvm::Value* flag = pointer != nullptr ? bases_.FlagOf(pointer) : nullptr;
    if (flag == nullptr) return true;
    if (!IsKnownBefore(loop_, flag)) return false;
    const llvm::DataLayout& layout = instruction.getModule()->getDataLayout();
    const llvm::TypeSize bytes = layout.getTypeStoreSize(llvm::getLoadStoreType(&instruction));
    if (bytes.isScalable()) return false;
    LoopRange range = {flag,    nullptr, nullptr,
                       nullptr, bytes,   llvm::isa<llvm::StoreInst>(instruction)};
    if (!Span(evolution_.getSCEV(pointer), range)) return false;
    found_.accesses.push_back(&instruction);
    Add(range);
    return true;
  }

  bool Span(const llvm::SCEV* address, LoopRange& range) {
    if (evolution_.isLoopInvariant(address, &loop_)) {
      range.low = range.last = address;
      return true;
    }
    const auto* steps = llvm::dyn_cast<llvm::SCEVAddRecExpr>(address);
    if (steps == nullptr || steps->getLoop() != &loop_ || !steps->isAffine()) return false;
    const llvm::SCEV* first = steps->getStart();
    const llvm::SCEV* last = steps->evaluateAtIteration(turns_, evolution_);
    const llvm::SCEV* step = steps->getStepRecurrence(evolution_);
    if (!steps->hasNoSelfWrap() && !llvm::is_contained(found_.steps, step))
      found_.steps.push_back(step);
    range.step = step;
    const bool up = evolution_.isKnownPositive(step), down = evolution_.isKnownNegative(step);
    range.low = up ? first : down ? last : evolution_.getUMinExpr(first, last);
    range.last = up ? last : down ? first : evolution_.getUMaxExpr(first, last);
    return true;
  }

  // To a range that differs by constants, as in an unrolled loop; else to one that goes as it does,
  // of the first few; else by itself.
  void Add(const LoopRange& range) {
    for (LoopRange& known : found_.ranges)
      if (known.flag == range.flag && AddByConstants(range, known)) return;
    if (found_.ranges.size() >= kFew)
      for (LoopRange& known : found_.ranges)
        if (known.flag == range.flag && known.step == range.step)
          return Extend(range, evolution_.getUMinExpr(range.low, known.low),
                        evolution_.getUMaxExpr(range.last, known.last), known);
    found_.ranges.push_back(range);
  }
  bool AddByConstants(const LoopRange& range, LoopRange& known) {
    const auto low = evolution_.computeConstantDifference(range.low, known.low);
    const auto last = evolution_.computeConstantDifference(range.last, known.last);
    if (!low || !last) return false;
    Extend(range, low->isNegative() ? range.low : known.low,
           last->isNegative() ? known.last : range.last, known);
    return true;
  }
  // A little more than there is may be looked at, but no less.
  static void Extend(const LoopRange& range, const llvm::SCEV* low, const llvm::SCEV* last,
                     LoopRange& known) {
    known.low = low;
    known.last = last;
    known.bytes = std::max(known.bytes, range.bytes);
    known.write |= range.write;
  }

  const llvm::Loop& loop_;
  llvm::ScalarEvolution& evolution_;
  Bases& bases_;
  const Spared& spared_;
  const llvm::SCEV* turns_;
  LoopRanges found_;
};

}  // namespace

bool IsKnownBefore(const llvm::Loop& loop, const llvm::Value* flag) {
  const auto* made = llvm::dyn_cast<llvm::Instruction>(flag);
  return made == nullptr || !loop.contains(made);
}

bool MayHaveRanges(const llvm::Loop& loop, Bases& bases, const Spared& spared) {
  for (llvm::BasicBlock* block : loop.blocks())
    for (llvm::Instruction& instruction : *block) {
      if (!IsQuiet(instruction)) return false;
      if (spared.contains(&instruction)) continue;
      llvm::Value* pointer = llvm::getLoadStorePointerOperand(&instruction);
      llvm::Value* flag = pointer != nullptr ? bases.FlagOf(pointer) : nullptr;
      if (flag != nullptr && !IsKnownBefore(loop, flag)) return false;
    }
  return true;
}

LoopRanges FindRanges(const llvm::Loop& loop, llvm::ScalarEvolution& evolution, Bases& bases,
                      const Spared& spared) {
  return Finder(loop, evolution, bases, spared).Run();
}

}  // namespace flushdep
