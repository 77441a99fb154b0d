/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/tlb.h: see asm-generic/tlb.h. */
#ifndef FLUSHDEP_ASM_TLB_H
#define FLUSHDEP_ASM_TLB_H

#include <asm-generic/tlb.h>

#endif
