/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/page-isolation.h: pageblocks that are taken out of the allocator. */
#ifndef FLUSHDEP_LINUX_PAGE_ISOLATION_H
#define FLUSHDEP_LINUX_PAGE_ISOLATION_H

#include <linux/mmzone.h>

/* partial: by asking; linux/mmzone.h has the questions. */
#define MEMORY_OFFLINE 0x1
#define REPORT_FAILURE 0x2

#endif
