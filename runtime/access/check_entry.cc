// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where instrumented code asks about an access (clang-plugin/pass/check.cc):
// __flushdep_check_REG(), one for each register that a pointer may be in, which leaves the answer
// there, and one for what is wider than a cache line. They keep all registers but the flags, so
// that the compiler has nothing to save for what is rare.
//
// The call is followed by the jump back to the access, and that by a word, bytes << 1 | writes: the
// program says both only once. Only the caller's frame pointer may be relied on.
#include <cstdint>

#include "runtime/access/access.h"

extern "C" {
char* flushdep_check_slow(uint64_t va, uint64_t access, uint64_t site, uint64_t frame);
[[noreturn]] void flushdep_check_refused(uint64_t va, uint64_t access, uint64_t site,
                                         uint64_t frame);
}

// What is the same for everyone (plain_pages.h) and surely in one page needs no more than a look.
asm(R"(
	.text
	.macro check_wide_entry reg
	.p2align 4
	.globl __flushdep_check_wide_\reg
	.type __flushdep_check_wide_\reg, @function
__flushdep_check_wide_\reg:
	.cfi_startproc
	pushq %\reg
	.cfi_adjust_cfa_offset 8
	call flushdep_check_any
	popq %\reg
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.size __flushdep_check_wide_\reg, . - __flushdep_check_wide_\reg
	.endm
	.macro check_entry reg, low, other, other_low
	check_wide_entry \reg
	.p2align 4
	.globl __flushdep_check_\reg
	.type __flushdep_check_\reg, @function
__flushdep_check_\reg:
	.cfi_startproc
	pushq %\other
	.cfi_adjust_cfa_offset 8
	movq %\reg, %\other
	shrq $12, %\other
	andl $0x3ffffff, %\other_low
	addq __flushdep_plain_pages@GOTPCREL(%rip), %\other
	cmpb $1, (%\other)
	jne 1f
	movl %\low, %\other_low
	orl $-4096, %\other_low
	cmpl $-64, %\other_low
	jg 1f
	popq %\other
	.cfi_adjust_cfa_offset -8
	ret
1:
	.cfi_adjust_cfa_offset 8
	popq %\other
	.cfi_adjust_cfa_offset -8
	jmp __flushdep_check_wide_\reg
	.cfi_endproc
	.size __flushdep_check_\reg, . - __flushdep_check_\reg
	.endm
	check_entry rax, eax, rcx, ecx
	check_entry rbx, ebx, rcx, ecx
	check_entry rcx, ecx, rdx, edx
	check_entry rdx, edx, rcx, ecx
	check_entry rsi, esi, rcx, ecx
	check_entry rdi, edi, rcx, ecx
	check_entry rbp, ebp, rcx, ecx
	check_entry r8, r8d, rcx, ecx
	check_entry r9, r9d, rcx, ecx
	check_entry r10, r10d, rcx, ecx
	check_entry r11, r11d, rcx, ecx
	check_entry r12, r12d, rcx, ecx
	check_entry r13, r13d, rcx, ecx
	check_entry r14, r14d, rcx, ecx
	check_entry r15, r15d, rcx, ecx
)");
static_assert((FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START) >> 12 == 0x3ffffff + 1,
              "as in the mask above");

// On the stack: where it returns to in the above; the pointer, which the answer replaces; where
// that returns to. XSAVE's bits are those of what is saved here: x87, SSE, AVX, AVX-512; tiles are
// not ours to use. 2,688 bytes.
asm(R"(
	.p2align 4
	.type flushdep_check_any, @function
flushdep_check_any:
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
	pushq %r12
	pushq %r13
	movq %rsp, %rbx
	cld
	andq $-64, %rsp
	# The jump, short or not: %r12 is where it goes.
	movq 112(%rbx), %rax
	cmpb $0xeb, (%rax)
	jne 1f
	movsbq 1(%rax), %r12
	addq $2, %rax
	jmp 2f
1:
	movslq 1(%rax), %r12
	addq $5, %rax
2:
	addq %rax, %r12
	movl (%rax), %r13d
	movq 104(%rbx), %rdi
	movl %r13d, %esi
	call flushdep_check_fast
	cmpq $1, %rax
	ja 4f
	# For whoever walks the stack, this was called by the access: what lay above the pointer
	# becomes a frame that returns to it.
	movq 104(%rbx), %rdi
	movl %r13d, %esi
	movq %r12, %rdx
	movq %rbp, %rcx
	movq %r12, 112(%rbx)
	movq %rbp, 104(%rbx)
	leaq 104(%rbx), %rbp
	.cfi_def_cfa %rbx, 120
	.cfi_offset %rip, -8
	.cfi_offset %rbp, -16
	.cfi_offset %rbx, -48
	.cfi_offset %r12, -56
	.cfi_offset %r13, -64
	cmpq $1, %rax
	jne 3f
	# Nothing comes back from there: no vector register is needed again, and a small stack is
	# spared what they would take.
	call flushdep_check_refused
3:
	subq $2752, %rsp
	movl $0xe7, %eax
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
	movq %r12, %rdx
	call flushdep_check_slow
	movq %rax, %r8
	movl $0xe7, %eax
	xorl %edx, %edx
	xrstor64 (%rsp)
	movq 104(%rbx), %rbp
	movq %r8, %rax
4:
	movq %rax, 104(%rbx)
	movq %rbx, %rsp
	popq %r13
	popq %r12
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
	ret
	.cfi_endproc
	.size flushdep_check_any, . - flushdep_check_any
)");
