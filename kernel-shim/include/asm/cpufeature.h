/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/cpufeature.h: what the CPU can. */
#ifndef FLUSHDEP_ASM_CPUFEATURE_H
#define FLUSHDEP_ASM_CPUFEATURE_H

#include <linux/types.h>

/* partial: those that code of page tables and flushes asks for; only the names are the kernel's. */
enum {
	X86_FEATURE_FPU,
	X86_FEATURE_PSE,
	X86_FEATURE_TSC,
	X86_FEATURE_CX8,
	X86_FEATURE_PGE,
	X86_FEATURE_CMOV,
	X86_FEATURE_CLFLUSH,
	X86_FEATURE_XMM,
	X86_FEATURE_XMM2,
	X86_FEATURE_NX,
	X86_FEATURE_GBPAGES,
	X86_FEATURE_CX16,
	X86_FEATURE_PCID,
	X86_FEATURE_INVPCID,
	X86_FEATURE_ALWAYS,
	FLUSHDEP_X86_FEATURES,
	X86_FEATURE_PTI,
	X86_FEATURE_INVPCID_SINGLE,
	X86_FEATURE_INVLPGB,
	X86_FEATURE_LA57,
	X86_FEATURE_SMAP,
	X86_FEATURE_SME,
};

#define boot_cpu_has(bit)	 ((bit) < FLUSHDEP_X86_FEATURES)
#define cpu_has(c, bit)		 ((void)(c), boot_cpu_has(bit))
#define this_cpu_has(bit)	 boot_cpu_has(bit)
#define static_cpu_has(bit)	 boot_cpu_has(bit)
#define cpu_feature_enabled(bit) boot_cpu_has(bit)

#endif
