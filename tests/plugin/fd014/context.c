// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shootdowns with interrupts off, and sleeping calls where that is forbidden.
#include "mm.h"

void bad_flush_with_irqs_off(void)
{
	local_irq_disable();
	flush_tlb_all(); // expected-warning {{[FD014 wrong-context]}}
	local_irq_enable();
}

void good_flush_after_irqs_on(void)
{
	local_irq_disable();
	unknown();
	local_irq_enable();
	flush_tlb_all();
}

void good_local_flush_with_irqs_off(void)
{
	local_irq_disable();
	__flush_tlb_all();
	local_irq_enable();
}

void bad_on_one_way(bool off)
{
	if (off)
		local_irq_disable();
	flush_tlb_mm(current->mm); // expected-warning {{[FD014 wrong-context]}}
	if (off)
		local_irq_enable();
}

void good_on_the_other(bool off)
{
	if (off)
		local_irq_disable();
	if (!off)
		flush_tlb_mm(current->mm);
	if (off)
		local_irq_enable();
}

int bad_prepare_atomic(void)
{
	int err;

	preempt_disable();
	err = mermap_mm_prepare(current->mm); // expected-warning {{[FD014 wrong-context]}}
	preempt_enable();
	return err;
}

int good_prepare(void)
{
	int err = mermap_mm_prepare(current->mm);

	preempt_disable();
	unknown();
	preempt_enable();
	return err;
}

void good_flush_without_preemption(void)
{
	preempt_disable();
	flush_tlb_all();
	preempt_enable();
}

static void shoot(void)
{
	flush_tlb_kernel_range(0, PAGE_SIZE); // expected-warning {{[FD014 wrong-context]}}
}

void bad_in_helper(void)
{
	local_irq_disable();
	shoot();
	local_irq_enable();
}

void good_nested(void)
{
	local_irq_disable();
	local_irq_enable();
	shoot();
}
