// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/repeats.h"

#include "clang-plugin/pass/loops.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

namespace flushdep {
namespace {

struct Place {
  const llvm::Value* root;
  llvm::APInt offset;
  uint64_t bytes;
  const llvm::Instruction* access;
  bool write;
};

// Where a load or a store goes, if it lies in one page.
std::optional<Place> PlaceOf(llvm::Instruction& access, const llvm::DataLayout& layout) {
  auto* load = llvm::dyn_cast<llvm::LoadInst>(&access);
  auto* store = llvm::dyn_cast<llvm::StoreInst>(&access);
  if (load == nullptr && store == nullptr) return std::nullopt;
  const llvm::TypeSize bytes = layout.getTypeStoreSize(llvm::getLoadStoreType(&access));
  if (bytes.isScalable() || llvm::getLoadStoreAlignment(&access).value() < bytes)
    return std::nullopt;
  llvm::APInt offset(64, 0);
  const llvm::Value* root = PointerOf(access)->stripAndAccumulateConstantOffsets(
      layout, offset, /*AllowNonInbounds=*/true);
  return Place{root, offset, bytes, &access, store != nullptr};
}

bool MayChangeMappings(const llvm::Instruction& instruction) {
  if (instruction.isAtomic()) return true;
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (call == nullptr || llvm::isa<llvm::AnyMemIntrinsic>(call)) return false;
  const auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(call);
  if (intrinsic != nullptr && intrinsic->isAssumeLikeIntrinsic()) return false;
  return call->mayWriteToMemory() || call->isInlineAsm();
}

bool IsSameLine(const llvm::Instruction& a, const llvm::Instruction& b) {
  const llvm::DILocation* one = a.getDebugLoc();
  const llvm::DILocation* two = b.getDebugLoc();
  return one != nullptr && two != nullptr && one->getLine() == two->getLine() &&
         one->getInlinedAt() == two->getInlinedAt() &&
         one->getScope()->getSubprogram() == two->getScope()->getSubprogram();
}

// Does the answer for `earlier` hold for `later`? A load's may be made to.
bool Holds(Place& earlier, const Place& later, Repeats& repeats) {
  if (earlier.root != later.root || earlier.offset != later.offset || earlier.bytes < later.bytes)
    return false;
  if (later.write && !earlier.write) {
    if (!IsSameLine(*earlier.access, *later.access)) return false;
    repeats.written.insert(earlier.access);
    earlier.write = true;
  }
  return true;
}

}  // namespace

Repeats FindRepeats(llvm::ArrayRef<llvm::Instruction*> accesses) {
  Repeats repeats;
  llvm::DenseSet<const llvm::Instruction*> wanted(accesses.begin(), accesses.end());
  llvm::DenseSet<llvm::BasicBlock*> seen;
  for (llvm::Instruction* access : accesses) {
    llvm::BasicBlock* block = access->getParent();
    if (!seen.insert(block).second) continue;
    const llvm::DataLayout& layout = block->getModule()->getDataLayout();
    llvm::SmallVector<Place, 16> known;
    for (llvm::Instruction& instruction : *block) {
      if (MayChangeMappings(instruction)) known.clear();
      if (!wanted.contains(&instruction)) continue;
      std::optional<Place> place = PlaceOf(instruction, layout);
      if (!place) continue;
      // What is volatile is looked at again: others may act in between.
      auto* earlier =
          instruction.isVolatile()
              ? known.end()
              : llvm::find_if(known, [&](Place& each) { return Holds(each, *place, repeats); });
      if (earlier != known.end())
        repeats.first[&instruction] = earlier->access;
      else
        known.push_back(*place);
    }
  }
  return repeats;
}

}  // namespace flushdep
