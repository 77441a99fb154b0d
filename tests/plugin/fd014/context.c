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

/* The shim's spellings, and the kernel's behind its macros. */
typedef struct {
	int raw;
} spinlock_t;
unsigned long __local_irq_save(void);
void local_irq_restore(unsigned long flags);
unsigned long arch_local_irq_save(void);
void arch_local_irq_restore(unsigned long flags);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void spin_lock_irq(spinlock_t *lock);
void spin_unlock_irq(spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
void _raw_spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
bool __spin_trylock_irqsave(spinlock_t *lock, unsigned long *flags);
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
static spinlock_t lock;

void bad_saved(void)
{
	unsigned long flags = __local_irq_save();

	flush_tlb_all(); // expected-warning {{[FD014 wrong-context]}}
	local_irq_restore(flags);
}

void good_saved(void)
{
	unsigned long flags = __local_irq_save();

	local_irq_restore(flags);
	flush_tlb_all();
}

void bad_nested_save(void)
{
	unsigned long outer = arch_local_irq_save();
	unsigned long inner = arch_local_irq_save();

	arch_local_irq_restore(inner);
	flush_tlb_all(); // expected-warning {{[FD014 wrong-context]}}
	arch_local_irq_restore(outer);
}

void good_nested_save(void)
{
	unsigned long outer = arch_local_irq_save();
	unsigned long inner = arch_local_irq_save();

	arch_local_irq_restore(inner);
	arch_local_irq_restore(outer);
	flush_tlb_all();
}

/* They are on after the first enable. */
void good_disabled_twice(void)
{
	__local_irq_save();
	__local_irq_save();
	local_irq_restore(0);
	flush_tlb_all();
}

void bad_locked(void)
{
	spin_lock_irq(&lock);
	flush_tlb_all(); // expected-warning {{[FD014 wrong-context]}}
	spin_unlock_irq(&lock);
}

void good_locked(void)
{
	spin_lock(&lock);
	flush_tlb_all();
	spin_unlock(&lock);
	spin_lock_irq(&lock);
	spin_unlock_irq(&lock);
	flush_tlb_all();
}

void bad_locked_saved(void)
{
	unsigned long flags = _raw_spin_lock_irqsave(&lock);

	flush_tlb_all(); // expected-warning {{[FD014 wrong-context]}}
	_raw_spin_unlock_irqrestore(&lock, flags);
}

void good_locked_saved(void)
{
	unsigned long flags = _raw_spin_lock_irqsave(&lock);

	_raw_spin_unlock_irqrestore(&lock, flags);
	flush_tlb_all();
}

void bad_tried(void)
{
	unsigned long flags;

	if (!__spin_trylock_irqsave(&lock, &flags))
		return;
	flush_tlb_all(); // expected-warning {{[FD014 wrong-context]}}
	spin_unlock_irqrestore(&lock, flags);
}

void good_tried(void)
{
	unsigned long flags;

	if (!__spin_trylock_irqsave(&lock, &flags)) {
		flush_tlb_all();
		return;
	}
	spin_unlock_irqrestore(&lock, flags);
	flush_tlb_all();
}

/* Nothing says whether preemption is on, or the caller disabled it. */
struct mermap_alloc *mermap_get_reserved(struct page *page, unsigned long prot);

void silent_reserved(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
}

void bad_reserved(struct page *page)
{
	struct mermap_alloc *map;

	if (mermap_mm_prepare(current->mm))
		return;
	map = mermap_get_reserved(page, PAGE_KERNEL); // expected-warning {{[FD014 wrong-context]}}
	mermap_put(map);
}

void good_reserved(struct page *page)
{
	struct mermap_alloc *map;

	if (mermap_mm_prepare(current->mm))
		return;
	preempt_disable();
	map = mermap_get_reserved(page, PAGE_KERNEL);
	mermap_put(map);
	preempt_enable();
}
