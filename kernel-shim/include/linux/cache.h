/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/cache.h: lines of the cache. */
#ifndef FLUSHDEP_LINUX_CACHE_H
#define FLUSHDEP_LINUX_CACHE_H

#include <linux/compiler.h>

/* faithful: as on x86-64. */
#define L1_CACHE_SHIFT			      6
#define L1_CACHE_BYTES			      (1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES			      L1_CACHE_BYTES
#define L1_CACHE_ALIGN(x)		      (((x) + L1_CACHE_BYTES - 1) & ~(typeof(x))(L1_CACHE_BYTES - 1))
#define cache_line_size()		      L1_CACHE_BYTES
#define ____cacheline_aligned		      __aligned(SMP_CACHE_BYTES)
#define ____cacheline_aligned_in_smp	      ____cacheline_aligned
#define __cacheline_aligned		      ____cacheline_aligned
#define __cacheline_aligned_in_smp	      ____cacheline_aligned
#define ____cacheline_internodealigned_in_smp ____cacheline_aligned
#define __cacheline_group_begin(group)	      __u8 __cacheline_group_begin__##group[0]
#define __cacheline_group_end(group)	      __u8 __cacheline_group_end__##group[0]

#endif
