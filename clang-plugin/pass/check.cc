// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/check.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InlineAsm.h"
#include "runtime/include/flushdep.h"

namespace flushdep {
namespace {

static_assert((FLUSHDEP_WINDOW_END - 1) >> kWindowShift == FLUSHDEP_WINDOW_START >> kWindowShift &&
              FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START == uint64_t{1} << kWindowShift);

constexpr char kEntry[] = "__flushdep_check_";
constexpr char kWideEntry[] = "__flushdep_check_wide_";
// Up to so many bytes it can be told at a glance whether an access lies in one page.
constexpr uint64_t kNarrow = 64;
constexpr char kPlainPages[] = "__flushdep_plain_pages";

// $0 the pointer, which is also the answer; $1 its window. What is not fallen through to lies at
// the end of the section, which is the function's own where it has one: so it goes with it.
//
// There $1 is free for other use, since its value is known. A page whose byte is 1 is present for
// everyone at the host's own address; the others are asked about, with all registers kept. $0 has a
// function of its own for it, since parsing what would bring it elsewhere takes time.
std::string CheckText(const CheckedAccess& access) {
  const std::string number = llvm::utostr(FLUSHDEP_WINDOW_START >> kWindowShift);
  const auto is_plain = [&](uint64_t offset) {
    return "\tleaq " + llvm::utostr(offset) + "($0), $1\n\tshrq $$12, $1\n\tandl $$" +
           llvm::utostr((uint64_t{1} << (kWindowShift - 12)) - 1) + ", ${1:k}\n\taddq " +
           kPlainPages + "@GOTPCREL(%rip), $1\n\tcmpb $$1, ($1)\n\tmovl $$" + number + ", ${1:k}\n";
  };
  std::string text = "cmpl $$" + number + ", ${1:k}\n\tje 661f\n662:\n\t.subsection 1\n661:\n";
  if (access.in_loop) {
    if (!access.in_one_page) text += is_plain(access.bytes - 1) + "\tjne 663f\n";
    text += is_plain(0) + "\tje 662b\n663:\n";
  }
  text += std::string("\tcallq *") + (access.bytes <= kNarrow ? kEntry : kWideEntry) +
          "${0:V}@GOTPCREL(%rip)\n\tjmp 662b\n\t.long " + llvm::utostr(EncodeAccess(access)) +
          "\n\t.previous";
  return text;
}

}  // namespace

uint64_t EncodeAccess(const CheckedAccess& access) { return access.bytes << 1 | access.write; }

llvm::Value* CreateCheck(llvm::IRBuilder<>& builder, llvm::Value* pointer, llvm::Value* window,
                         const CheckedAccess& access) {
  llvm::FunctionType* type = llvm::FunctionType::get(
      pointer->getType(), {window->getType(), pointer->getType()}, /*isVarArg=*/false);
  // As it may call, a function that has one has no red zone: also such that LTO inlines it into.
  llvm::InlineAsm* check = llvm::InlineAsm::get(type, CheckText(access), "=r,r,0,~{flags}",
                                                /*hasSideEffects=*/true, /*isAlignStack=*/true);
  llvm::CallInst* call = builder.CreateCall(check, {window, pointer});
  call->addFnAttr(llvm::Attribute::NoUnwind);
  call->addFnAttr(llvm::Attribute::NoMerge);
  return call;
}

void DeclareCheck(llvm::Module& module) {
  if (module.getModuleInlineAsm().find(kPlainPages) != std::string::npos) return;
  std::string names = std::string(".weak ") + kPlainPages;
  for (llvm::StringRef name : {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10",
                               "r11", "r12", "r13", "r14", "r15"})
    names += (", " + llvm::Twine(kEntry) + name + ", " + kWideEntry + name).str();
  module.appendModuleInlineAsm(names + "\n");
}

}  // namespace flushdep
