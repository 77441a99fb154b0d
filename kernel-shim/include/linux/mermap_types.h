/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/mermap_types.h: ephemeral, CPU-local mappings, as the mermap series declares them.
 */
#ifndef FLUSHDEP_LINUX_MERMAP_TYPES_H
#define FLUSHDEP_LINUX_MERMAP_TYPES_H

#include <linux/compiler_types.h>
#include <linux/types.h>

/* faithful: [base, end) is mapped while in_use. */
struct mermap_alloc {
	unsigned long base;
	unsigned long end;
	bool in_use;
};

/*
 * partial: the state of a slice is the machine's. Ours keeps up to date: next_addr and tlb_flushes,
 * the local flushes that using addresses again took.
 */
struct mermap_cpu {
	unsigned long next_addr;
	struct mermap_alloc normal[4];
	struct mermap_alloc reserve;
	u64 tlb_flushes;
};

struct mermap {
	struct mermap_cpu __percpu *cpu;
	bool prepared;
};

#endif
