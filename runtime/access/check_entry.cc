// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where instrumented code asks about an access (clang-plugin/pass/check.cc). It keeps all registers
// but the flags, so that the compiler has nothing to save for what is rare.
//
// On the stack: the return address; the access, bytes << 1 | writes; where the access is in the
// program, from the return address; its pointer, which the answer replaces. All but that is taken
// off the stack. The caller's frame pointer is its own.
#include <cstdint>

#include "runtime/access/access.h"

extern "C" {
char* flushdep_check_slow(uint64_t va, uint64_t access, uint64_t site, uint64_t frame);
[[noreturn]] void flushdep_check_refused(uint64_t va, uint64_t access, uint64_t site,
                                         uint64_t frame);
}

// Bits of what XSAVE saves here: x87, SSE, AVX, AVX-512; tiles are not ours to use. 2,688 bytes.
asm(R"(
	.text
	.p2align 4
	.globl __flushdep_check
	.type __flushdep_check, @function
__flushdep_check:
	.cfi_startproc
	pushq %rax
	pushq %rcx
	pushq %rdx
	pushq %rsi
	pushq %rdi
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	movq %rsp, %rbx
	cld
	andq $-64, %rsp
	movq 104(%rbx), %rdi
	movq 88(%rbx), %rsi
	call flushdep_check_fast
	cmpq $1, %rax
	ja 1f
	# For whoever walks the stack, this was called by the access: what lay above the pointer
	# becomes a frame that returns to it.
	movq 104(%rbx), %rdi
	movq 88(%rbx), %rsi
	movq 80(%rbx), %rdx
	addq 96(%rbx), %rdx
	movq %rbp, %rcx
	movq %rdx, 96(%rbx)
	movq %rbp, 88(%rbx)
	leaq 88(%rbx), %rbp
	.cfi_def_cfa %rbx, 112
	.cfi_offset %rip, -16
	.cfi_offset %rbp, -24
	.cfi_offset %rbx, -112
	cmpq $1, %rax
	jne 2f
	# Nothing comes back from there: no vector register is needed again, and a small stack is
	# spared what they would take.
	call flushdep_check_refused
2:
	subq $2752, %rsp
	movl $0xe7, %eax
	movq %rdx, %r8
	xorl %edx, %edx
	movq %rdx, 512(%rsp)
	movq %rdx, 520(%rsp)
	movq %rdx, 528(%rsp)
	movq %rdx, 536(%rsp)
	movq %rdx, 544(%rsp)
	movq %rdx, 552(%rsp)
	movq %rdx, 560(%rsp)
	movq %rdx, 568(%rsp)
	xsave64 (%rsp)
	movq %r8, %rdx
	call flushdep_check_slow
	movq %rax, %r8
	movl $0xe7, %eax
	xorl %edx, %edx
	xrstor64 (%rsp)
	movq 88(%rbx), %rbp
	movq %r8, %rax
1:
	movq %rax, 104(%rbx)
	movq %rbx, %rsp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rdi
	popq %rsi
	popq %rdx
	popq %rcx
	popq %rax
	ret $16
	.cfi_endproc
	.size __flushdep_check, . - __flushdep_check
)");
