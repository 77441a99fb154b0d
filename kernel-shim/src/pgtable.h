/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* pgtable.h: addresses of mms, between the shim's own files. */
#ifndef FLUSHDEP_SHIM_PGTABLE_H
#define FLUSHDEP_SHIM_PGTABLE_H

#include "host.h"

struct mm_struct;

/* An address of any mm's mermap or area, as the same place of `mm`; others are as they are. On
 * real machines they are one address. */
SHIM_LOCAL unsigned long shim_address_in(struct mm_struct *mm, unsigned long addr);

#endif
