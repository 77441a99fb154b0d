// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/bases.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "runtime/include/flushdep.h"

namespace flushdep {
namespace {

// What returns memory of the host's heap.
bool IsHeap(const llvm::Value* value) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(value);
  const llvm::Function* callee = call != nullptr ? call->getCalledFunction() : nullptr;
  if (callee == nullptr) return false;
  static const llvm::StringSet<> kHeap = {"malloc", "calloc", "realloc", "aligned_alloc",
                                          "_Znwm",  "_Znam",  "strdup"};
  return kHeap.contains(callee->getName());
}

bool IsNeverSimulated(const llvm::Value* base) {
  return llvm::isa<llvm::AllocaInst>(base) || llvm::isa<llvm::GlobalValue>(base) || IsHeap(base);
}

// Where code can go that uses the value.
llvm::Instruction* PlaceBehind(llvm::Value* base, llvm::Function& function) {
  auto* instruction = llvm::dyn_cast<llvm::Instruction>(base);
  if (instruction == nullptr) return &*function.getEntryBlock().getFirstNonPHIOrDbgOrAlloca();
  // What may throw has its value only on the way to where it goes on otherwise.
  if (auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(instruction);
      invoke != nullptr && invoke->getNormalDest()->getSinglePredecessor() == nullptr)
    return &*llvm::SplitEdge(invoke->getParent(), invoke->getNormalDest())->begin();
  const auto place = instruction->getInsertionPointAfterDef();
  return place ? &**place : nullptr;
}

}  // namespace

llvm::Value* Bases::Compare(llvm::IRBuilder<>& builder, llvm::Value* base) {
  llvm::Value* address = builder.CreatePtrToInt(base, builder.getInt64Ty());
  llvm::Value* offset = builder.CreateSub(address, builder.getInt64(FLUSHDEP_WINDOW_START));
  return builder.CreateICmpULT(offset,
                               builder.getInt64(FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START));
}

llvm::Value* Bases::FlagOfBase(llvm::Value* base) {
  if (IsNeverSimulated(base)) return nullptr;
  if (const auto known = flags_.find(base); known != flags_.end()) return known->second;
  llvm::Instruction* place = PlaceBehind(base, function_);
  if (place == nullptr) return nullptr;
  llvm::IRBuilder<> builder(place);
  llvm::Value* flag = Compare(builder, base);
  // A constant address: the folder has the answer.
  if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(flag);
      constant != nullptr && constant->isZero())
    flag = nullptr;
  flags_[base] = flag;
  return flag;
}

llvm::Value* Bases::FlagOf(llvm::Value* pointer) {
  llvm::SmallVector<const llvm::Value*, 4> objects;
  llvm::getUnderlyingObjects(pointer, objects, nullptr, /*MaxLookup=*/0);
  // A pointer that goes on in a loop has one object. Of several, which it is is known where the
  // pointer is made.
  if (objects.size() == 1) return FlagOfBase(const_cast<llvm::Value*>(objects[0]));
  if (llvm::all_of(objects, IsNeverSimulated)) return nullptr;
  llvm::Value* base = llvm::getUnderlyingObject(pointer, /*MaxLookup=*/0);
  return FlagOfBase(base);
}

llvm::Value* Bases::FlagOfAny(llvm::Value* pointers, llvm::Instruction* where) {
  llvm::IRBuilder<> builder(where);
  auto* type = llvm::cast<llvm::FixedVectorType>(pointers->getType());
  const auto splat = [&](uint64_t value) {
    return llvm::ConstantVector::getSplat(type->getElementCount(), builder.getInt64(value));
  };
  llvm::Value* address = builder.CreatePtrToInt(
      pointers, llvm::FixedVectorType::get(builder.getInt64Ty(), type->getNumElements()));
  llvm::Value* offset = builder.CreateSub(address, splat(FLUSHDEP_WINDOW_START));
  return builder.CreateOrReduce(
      builder.CreateICmpULT(offset, splat(FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START)));
}

}  // namespace flushdep
