// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/instrument_pass.h"

#include "clang-plugin/pass/bases.h"
#include "clang-plugin/pass/check.h"
#include "clang-plugin/pass/library_calls.h"
#include "clang-plugin/pass/loops.h"
#include "clang-plugin/pass/mark_pass.h"
#include "clang-plugin/pass/repeats.h"
#include "clang-plugin/pass/stubs.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/AttributeMask.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace flushdep {
namespace {

// What is rare is laid out of the way.
constexpr uint32_t kUsual = 1u << 20;
// Instructions of a loop.
constexpr size_t kSmallLoop = 80;

// The functions of the runtime, declared as they are needed.
class Runtime {
 public:
  explicit Runtime(llvm::Module& module) : module_(module) {
    llvm::LLVMContext& context = module.getContext();
    pointer_ = llvm::PointerType::getUnqual(context);
    size_ = llvm::Type::getInt64Ty(context);
    void_ = llvm::Type::getVoidTy(context);
  }

  // Ends a store that may have been over two pages.
  llvm::FunctionCallee Stored() {
    return Get("__flushdep_stored", void_, {pointer_, pointer_, size_});
  }
  llvm::FunctionCallee Move() {
    return Get("__flushdep_move", pointer_, {pointer_, pointer_, size_});
  }
  llvm::FunctionCallee Set() {
    return Get("__flushdep_set", pointer_,
               {pointer_, llvm::Type::getInt32Ty(module_.getContext()), size_});
  }
  // Lanes of a vector in memory, those whose bit is set: from or to pointers, or places in a row.
  llvm::FunctionCallee LoadLanes() {
    return Get("__flushdep_load_lanes", void_, {pointer_, pointer_, size_, size_, size_});
  }
  llvm::FunctionCallee StoreLanes() {
    return Get("__flushdep_store_lanes", void_, {pointer_, pointer_, size_, size_, size_});
  }

  llvm::Type* size() const { return size_; }
  llvm::Type* pointer() const { return pointer_; }

 private:
  llvm::FunctionCallee Get(llvm::StringRef name, llvm::Type* result,
                           llvm::ArrayRef<llvm::Type*> arguments) {
    return MakeStub(module_, name, llvm::FunctionType::get(result, arguments, false));
  }

  llvm::Module& module_;
  llvm::Type* pointer_;
  llvm::Type* size_;
  llvm::Type* void_;
};

class FunctionInstrumenter {
 public:
  FunctionInstrumenter(llvm::Function& function, Runtime& runtime)
      : function_(function),
        runtime_(runtime),
        layout_(function.getParent()->getDataLayout()),
        bases_(function) {}

  // True if there was anything to do.
  bool Run() {
    Spared spared;
    changed_ = VersionLoops(function_, bases_, spared);
    NoteLoops();
    llvm::SmallVector<llvm::Instruction*, 32> accesses;
    for (llvm::Instruction& instruction : llvm::instructions(function_))
      if (MayAccess(instruction) && !spared.contains(&instruction))
        accesses.push_back(&instruction);
    repeats_ = FindRepeats(accesses);
    for (llvm::Instruction* access : accesses) Instrument(access);
    if (checked_) DeclareCheck(*function_.getParent());
    return changed_;
  }

 private:
  // What is in a small loop now; blocks are split later.
  void NoteLoops() {
    const llvm::DominatorTree tree(function_);
    const llvm::LoopInfo loops(tree);
    for (const llvm::Loop* loop : loops.getLoopsInPreorder()) {
      if (!loop->isInnermost() || SizeOf(*loop) > kSmallLoop) continue;
      for (const llvm::BasicBlock* block : loop->blocks())
        for (const llvm::Instruction& instruction : *block) loops_.insert(&instruction);
    }
  }
  static size_t SizeOf(const llvm::Loop& loop) {
    size_t instructions = 0;
    for (const llvm::BasicBlock* block : loop.blocks()) instructions += block->size();
    return instructions;
  }

  static bool MayAccess(const llvm::Instruction& instruction) {
    if (instruction.hasMetadata(llvm::LLVMContext::MD_nosanitize)) return false;
    return llvm::isa<llvm::LoadInst, llvm::StoreInst, llvm::AtomicRMWInst, llvm::AtomicCmpXchgInst,
                     llvm::AnyMemIntrinsic>(instruction) ||
           IsMasked(instruction) || IsAsm(instruction) || PassesByValue(instruction) ||
           IsArgumentList(instruction);
  }
  static bool IsMasked(const llvm::Instruction& instruction) {
    const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
    if (call == nullptr) return false;
    switch (call->getIntrinsicID()) {
      case llvm::Intrinsic::masked_load:
      case llvm::Intrinsic::masked_store:
      case llvm::Intrinsic::masked_gather:
      case llvm::Intrinsic::masked_scatter:
        return true;
      default:
        return false;
    }
  }
  static bool IsAsm(const llvm::Instruction& instruction) {
    const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
    return call != nullptr && call->isInlineAsm();
  }
  static bool PassesByValue(const llvm::Instruction& instruction) {
    const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
    return call != nullptr && call->hasByValArgument();
  }
  static bool IsArgumentList(const llvm::Instruction& instruction) {
    return llvm::isa<llvm::VAStartInst, llvm::VACopyInst>(instruction);
  }

  void Instrument(llvm::Instruction* access) {
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(access))
      return Simple(load, load->getPointerOperandIndex(), load->getType(), false, load->getAlign());
    if (auto* store = llvm::dyn_cast<llvm::StoreInst>(access))
      return Simple(store, store->getPointerOperandIndex(), store->getValueOperand()->getType(),
                    true, store->getAlign());
    if (auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(access))
      return Simple(update, update->getPointerOperandIndex(), update->getValOperand()->getType(),
                    true, update->getAlign());
    if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(access))
      return Simple(exchange, exchange->getPointerOperandIndex(),
                    exchange->getNewValOperand()->getType(), true, exchange->getAlign());
    if (auto* memory = llvm::dyn_cast<llvm::AnyMemIntrinsic>(access)) return Memory(memory);
    if (auto* start = llvm::dyn_cast<llvm::VAStartInst>(access)) return StartList(start);
    if (auto* copy = llvm::dyn_cast<llvm::VACopyInst>(access)) return CopyList(copy);
    if (auto* masked = llvm::dyn_cast<llvm::IntrinsicInst>(access)) return Masked(masked);
    auto* call = llvm::cast<llvm::CallBase>(access);
    call->isInlineAsm() ? Assembly(call) : ByValue(call);
  }

  // The end of a block that runs before `before` if `flag` is set.
  llvm::Instruction* If(llvm::Value* flag, llvm::Instruction* before) {
    changed_ = true;
    return llvm::SplitBlockAndInsertIfThen(flag, before, /*Unreachable=*/false, Weights());
  }
  llvm::MDNode* Weights() const {
    return llvm::MDBuilder(function_.getContext()).createBranchWeights(1, kUsual);
  }
  struct Ways {
    llvm::Instruction* simulated;  // ends of the two blocks
    llvm::Instruction* usual;
  };
  Ways IfElse(llvm::Value* flag, llvm::Instruction* before) {
    changed_ = true;
    Ways ways;
    llvm::SplitBlockAndInsertIfThenElse(flag, before->getIterator(), &ways.simulated, &ways.usual,
                                        Weights());
    return ways;
  }

  // `simulated` and `usual` are the same access in two blocks; what used the first now uses both.
  static void Merge(llvm::Instruction* simulated, llvm::Instruction* usual,
                    llvm::BasicBlock* after) {
    if (usual->getType()->isVoidTy() || usual->use_empty()) return;
    llvm::PHINode* both = llvm::PHINode::Create(usual->getType(), 2, "", after->begin());
    usual->replaceAllUsesWith(both);
    both->addIncoming(simulated, simulated->getParent());
    both->addIncoming(usual, usual->getParent());
    both->setDebugLoc(usual->getDebugLoc());
  }

  llvm::CallInst* Call(llvm::IRBuilder<>& builder, llvm::FunctionCallee callee,
                       llvm::ArrayRef<llvm::Value*> arguments, const llvm::Instruction* access) {
    llvm::CallInst* call = builder.CreateCall(callee, arguments);
    call->setDebugLoc(access->getDebugLoc());
    // Each access is a place of its own.
    call->addFnAttr(llvm::Attribute::NoMerge);
    return call;
  }

  llvm::Value* Size(uint64_t bytes) const { return llvm::ConstantInt::get(runtime_.size(), bytes); }

  void Simple(llvm::Instruction* access, unsigned operand, llvm::Type* type, bool write,
              llvm::Align align) {
    llvm::Value* pointer = access->getOperand(operand);
    if (pointer->getType()->getPointerAddressSpace() != 0 || pointer->isSwiftError()) return;
    const llvm::TypeSize bytes = layout_.getTypeStoreSize(type);
    if (bytes.isScalable() || bytes == 0) return;
    const bool in_one_page = align.value() >= bytes;
    if (Repeat(access, operand)) return;
    write |= repeats_.written.contains(access);
    llvm::Value* host =
        Check(access, pointer, {bytes, write, in_one_page, loops_.contains(access)});
    access->setOperand(operand, host);
    hosts_[access] = host;
    if (host == pointer || !write || in_one_page) return;
    // What the host has elsewhere may lie in two pages there.
    llvm::Instruction* after = access->getNextNode();
    llvm::IRBuilder<> builder(after);
    llvm::Value* elsewhere = builder.CreateICmpNE(host, pointer);
    builder.SetInsertPoint(If(elsewhere, after));
    Call(builder, runtime_.Stored(), {pointer, host, Size(bytes)}, access);
  }

  // An access whose place was checked before.
  bool Repeat(llvm::Instruction* access, unsigned operand) {
    const auto first = repeats_.first.find(access);
    if (first == repeats_.first.end()) return false;
    const auto host = hosts_.find(first->second);
    if (host == hosts_.end()) return false;
    access->setOperand(operand, host->second);
    return true;
  }

  // What `pointer` reaches before `access`.
  llvm::Value* Check(llvm::Instruction* access, llvm::Value* pointer, const CheckedAccess& how) {
    llvm::Value* window = bases_.WindowOf(pointer);
    if (window == nullptr) return pointer;
    changed_ = checked_ = true;
    llvm::IRBuilder<> builder(access);
    return CreateCheck(builder, pointer, window, how);
  }

  // Null if neither can be in the window.
  llvm::Value* FlagOfEither(llvm::Value* to, llvm::Value* from, llvm::Instruction* access) {
    llvm::Value* one = bases_.FlagOf(to);
    llvm::Value* other = bases_.FlagOf(from);
    if (one == nullptr || one == other) return other;
    return other != nullptr ? llvm::IRBuilder<>(access).CreateOr(one, other) : one;
  }

  // memcpy, memmove, memset, inlined or not, first byte to last.
  void Memory(llvm::AnyMemIntrinsic* memory) {
    if (memory->getDestAddressSpace() != 0) return;
    auto* transfer = llvm::dyn_cast<llvm::AnyMemTransferInst>(memory);
    if (transfer != nullptr && transfer->getSourceAddressSpace() != 0) return;
    llvm::Value* flag = transfer != nullptr
                            ? FlagOfEither(memory->getRawDest(), transfer->getRawSource(), memory)
                            : bases_.FlagOf(memory->getRawDest());
    if (flag == nullptr) return;
    const Ways ways = IfElse(flag, memory);
    llvm::IRBuilder<> builder(ways.simulated);
    llvm::Value* length = builder.CreateZExtOrTrunc(memory->getLength(), runtime_.size());
    if (transfer != nullptr) {
      Call(builder, runtime_.Move(), {memory->getRawDest(), transfer->getRawSource(), length},
           memory);
    } else {
      auto* set = llvm::cast<llvm::AnyMemSetInst>(memory);
      Call(
          builder, runtime_.Set(),
          {memory->getRawDest(), builder.CreateZExt(set->getValue(), builder.getInt32Ty()), length},
          memory);
    }
    memory->moveBefore(ways.usual);
  }

  // A vector of which some lanes are accessed: through memory of the function's own, lane by lane.
  void Masked(llvm::IntrinsicInst* access) {
    const llvm::Intrinsic::ID id = access->getIntrinsicID();
    const bool loads = id == llvm::Intrinsic::masked_load || id == llvm::Intrinsic::masked_gather;
    const bool spread =
        id == llvm::Intrinsic::masked_gather || id == llvm::Intrinsic::masked_scatter;
    llvm::Value* pointer = access->getArgOperand(loads ? 0 : 1);
    llvm::Value* mask = access->getArgOperand(loads ? 2 : 3);
    auto* type = llvm::dyn_cast<llvm::FixedVectorType>(loads ? access->getType()
                                                             : access->getArgOperand(0)->getType());
    if (type == nullptr || type->getNumElements() > 64) return;
    llvm::Value* flag = spread ? bases_.FlagOfAny(pointer, access) : bases_.FlagOf(pointer);
    if (flag == nullptr) return;
    // Made before the block is split, in the entry block.
    llvm::AllocaInst* lanes = Buffer(type);
    llvm::AllocaInst* places = spread ? Buffer(pointer->getType()) : nullptr;
    const Ways ways = IfElse(flag, access);
    llvm::BasicBlock* after = access->getParent();
    llvm::IRBuilder<> builder(ways.simulated);
    builder.SetCurrentDebugLocation(access->getDebugLoc());
    builder.CreateStore(loads ? access->getArgOperand(3) : access->getArgOperand(0), lanes);
    if (spread) builder.CreateStore(pointer, places);
    llvm::Value* bits = builder.CreateZExt(
        builder.CreateBitCast(mask, builder.getIntNTy(type->getNumElements())), runtime_.size());
    const uint64_t bytes = layout_.getTypeStoreSize(type->getElementType());
    Call(builder, loads ? runtime_.LoadLanes() : runtime_.StoreLanes(),
         {lanes, spread ? places : pointer, bits, Size(bytes), Size(spread ? 1 : 0)}, access);
    llvm::Instruction* simulated =
        loads ? static_cast<llvm::Instruction*>(builder.CreateLoad(type, lanes)) : ways.simulated;
    access->moveBefore(ways.usual);
    Merge(simulated, access, after);
  }

  llvm::AllocaInst* Buffer(llvm::Type* type) {
    llvm::IRBuilder<> builder(&*function_.getEntryBlock().begin());
    return builder.CreateAlloca(type);
  }

  // What is passed by value is read by the call itself, in one go: where it is simulated, from a
  // copy. Calls follow each other, and so share it.
  void ByValue(llvm::CallBase* call) {
    for (unsigned i = 0; i < call->arg_size(); ++i) {
      llvm::Value* from = call->getArgOperand(i);
      if (!call->isByValArgument(i) || from->getType()->getPointerAddressSpace() != 0) continue;
      llvm::Value* flag = bases_.FlagOf(from);
      if (flag == nullptr) continue;
      llvm::Type* type = call->getParamByValType(i);
      llvm::AllocaInst*& copy = copies_[{type, i}];
      if (copy == nullptr) copy = Buffer(type);
      copy->setAlignment(std::max(copy->getAlign(), call->getParamAlign(i).valueOrOne()));
      llvm::BasicBlock* usual = call->getParent();
      llvm::IRBuilder<> builder(If(flag, call));
      Call(builder, runtime_.Move(), {copy, from, Size(layout_.getTypeAllocSize(type))}, call);
      llvm::PHINode* either =
          llvm::PHINode::Create(from->getType(), 2, "", call->getParent()->begin());
      either->addIncoming(from, usual);
      either->addIncoming(copy, builder.GetInsertBlock());
      call->setArgOperand(i, either);
    }
  }

  // A va_list, which is one pointer for functions of Windows.
  uint64_t ListBytes() const {
    return function_.getCallingConv() == llvm::CallingConv::Win64 ? 8 : 24;
  }
  void StartList(llvm::VAStartInst* start) {
    llvm::Value* to = start->getArgList();
    llvm::Value* flag = bases_.FlagOf(to);
    if (flag == nullptr) return;
    llvm::AllocaInst* list =
        Buffer(llvm::ArrayType::get(runtime_.size(), ListBytes() / sizeof(uint64_t)));
    const Ways ways = IfElse(flag, start);
    llvm::IRBuilder<> builder(ways.simulated);
    auto* copy = llvm::cast<llvm::VAStartInst>(builder.Insert(start->clone()));
    copy->setArgOperand(0, list);
    Call(builder, runtime_.Move(), {to, list, Size(ListBytes())}, start);
    start->moveBefore(ways.usual);
  }
  void CopyList(llvm::VACopyInst* copy) {
    llvm::Value* flag = FlagOfEither(copy->getDest(), copy->getSrc(), copy);
    if (flag == nullptr) return;
    const Ways ways = IfElse(flag, copy);
    llvm::IRBuilder<> builder(ways.simulated);
    Call(builder, runtime_.Move(), {copy->getDest(), copy->getSrc(), Size(ListBytes())}, copy);
    copy->moveBefore(ways.usual);
  }

  // Memory operands of inline assembly, one after the other.
  void Assembly(llvm::CallBase* call) {
    unsigned operand = 0;
    const auto* assembly = llvm::cast<llvm::InlineAsm>(call->getCalledOperand());
    for (const llvm::InlineAsm::ConstraintInfo& info : assembly->ParseConstraints()) {
      if (info.Type == llvm::InlineAsm::isClobber || info.Type == llvm::InlineAsm::isLabel ||
          (info.Type == llvm::InlineAsm::isOutput && !info.isIndirect))
        continue;
      const unsigned index = operand++;
      if (!info.isIndirect || index >= call->arg_size()) continue;
      llvm::Type* type = call->getParamElementType(index);
      if (type == nullptr || !type->isSized()) continue;
      const bool write = info.Type == llvm::InlineAsm::isOutput;
      const CheckedAccess how = {layout_.getTypeStoreSize(type), write, /*in_one_page=*/false,
                                 loops_.contains(call)};
      call->setArgOperand(index, Check(call, call->getArgOperand(index), how));
    }
  }

  llvm::Function& function_;
  Runtime& runtime_;
  const llvm::DataLayout& layout_;
  Bases bases_;
  llvm::DenseSet<const llvm::Instruction*> loops_;
  Repeats repeats_;
  llvm::DenseMap<const llvm::Instruction*, llvm::Value*> hosts_;  // what an access's check gave
  // Of arguments by their place, for ByValue().
  llvm::DenseMap<std::pair<llvm::Type*, unsigned>, llvm::AllocaInst*> copies_;
  bool checked_ = false;
  bool changed_ = false;
};

// What is said of what a function accesses is not true any more: it may also call the runtime.
void CorrectAttributes(llvm::Function& function) {
  llvm::AttributeMask gone;
  for (llvm::Attribute::AttrKind kind :
       {llvm::Attribute::Memory, llvm::Attribute::NoSync, llvm::Attribute::NoFree,
        llvm::Attribute::WillReturn, llvm::Attribute::NoCallback, llvm::Attribute::NoRecurse,
        llvm::Attribute::Speculatable})
    gone.addAttribute(kind);
  function.removeFnAttrs(gone);
  for (llvm::Argument& argument : function.args()) {
    argument.removeAttr(llvm::Attribute::ReadOnly);
    argument.removeAttr(llvm::Attribute::ReadNone);
    argument.removeAttr(llvm::Attribute::WriteOnly);
  }
  for (llvm::User* user : function.users())
    if (auto* call = llvm::dyn_cast<llvm::CallBase>(user);
        call != nullptr && call->getCalledFunction() == &function)
      call->removeFnAttrs(gone);
}

}  // namespace

llvm::PreservedAnalyses InstrumentPass::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  Runtime runtime(module);
  llvm::SmallVector<llvm::Function*, 32> wanted;
  for (llvm::Function& function : module)
    if (!function.isDeclaration() && function.hasFnAttribute(kInstrument))
      wanted.push_back(&function);
  for (llvm::Function* function : wanted) {
    RedirectLibraryCalls(*function);
    if (FunctionInstrumenter(*function, runtime).Run()) CorrectAttributes(*function);
    function->removeFnAttr(kInstrument);
    function->removeFnAttr(llvm::Attribute::SanitizeHWAddress);
    function->addFnAttr(kInstrumented);
  }
  return wanted.empty() ? llvm::PreservedAnalyses::all() : llvm::PreservedAnalyses::none();
}

}  // namespace flushdep
