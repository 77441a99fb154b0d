/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* publish.h: tells the checker that others see pages from here on. */
#ifndef FLUSHDEP_SHIM_PUBLISH_H
#define FLUSHDEP_SHIM_PUBLISH_H

#include "host.h"

/* The 2^order pages from `pfn` on, which the direct map does not have. */
SHIM_LOCAL void shim_publish_unmapped(unsigned long pfn, unsigned int order, const void *site);

#endif
