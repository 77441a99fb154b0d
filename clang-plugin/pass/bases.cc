// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/bases.h"

#include "clang-plugin/pass/check.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "runtime/include/flushdep.h"

namespace flushdep {
namespace {

constexpr uint64_t kWindow = FLUSHDEP_WINDOW_START >> kWindowShift;

// What returns memory of the host's heap.
bool IsHeap(const llvm::Value* value) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(value);
  const llvm::Function* callee = call != nullptr ? call->getCalledFunction() : nullptr;
  if (callee == nullptr) return false;
  static const llvm::StringSet<> kHeap = {"malloc", "calloc", "realloc", "aligned_alloc",
                                          "_Znwm",  "_Znam",  "strdup"};
  return kHeap.contains(callee->getName());
}

// What was passed by value: its place is the caller's stack.
bool IsByValue(const llvm::Value* value) {
  const auto* argument = llvm::dyn_cast<llvm::Argument>(value);
  return argument != nullptr && argument->hasByValAttr();
}

bool IsNeverSimulated(const llvm::Value* base) {
  return llvm::isa<llvm::AllocaInst>(base) || llvm::isa<llvm::GlobalValue>(base) ||
         IsByValue(base) || IsHeap(base);
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

llvm::Value* Bases::WindowOfBase(llvm::Value* base) {
  if (const auto known = windows_.find(base); known != windows_.end()) return known->second;
  llvm::Instruction* place = PlaceBehind(base, function_);
  if (place == nullptr) return nullptr;
  llvm::IRBuilder<> builder(place);
  llvm::Value* window =
      builder.CreateLShr(builder.CreatePtrToInt(base, builder.getInt64Ty()), kWindowShift);
  // A constant address: the folder has the answer.
  if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(window);
      constant != nullptr && constant->getZExtValue() != kWindow)
    window = nullptr;
  windows_[base] = window;
  return window;
}

llvm::Value* Bases::BaseOf(llvm::Value* pointer) {
  llvm::SmallVector<const llvm::Value*, 4> objects;
  llvm::getUnderlyingObjects(pointer, objects, nullptr, /*MaxLookup=*/0);
  if (llvm::all_of(objects, IsNeverSimulated)) return nullptr;
  // A pointer that goes on in a loop has one object. Of several, which it is is known where the
  // pointer is made.
  if (objects.size() == 1) return const_cast<llvm::Value*>(objects[0]);
  llvm::Value* base = llvm::getUnderlyingObject(pointer, /*MaxLookup=*/0);
  return IsNeverSimulated(base) ? nullptr : base;
}

llvm::Value* Bases::WindowOf(llvm::Value* pointer) {
  llvm::Value* base = BaseOf(pointer);
  return base != nullptr ? WindowOfBase(base) : nullptr;
}

llvm::Value* Bases::FlagOf(llvm::Value* pointer) {
  llvm::Value* window = WindowOf(pointer);
  if (window == nullptr) return nullptr;
  llvm::Value*& flag = flags_[window];
  if (flag == nullptr) {
    auto* instruction = llvm::dyn_cast<llvm::Instruction>(window);
    llvm::IRBuilder<> builder(instruction != nullptr
                                  ? instruction->getNextNode()
                                  : &*function_.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
    flag = builder.CreateICmpEQ(window, builder.getInt64(kWindow));
  }
  return flag;
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
