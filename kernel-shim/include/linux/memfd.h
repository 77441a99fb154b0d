/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/memfd.h: files of memory. */
#ifndef FLUSHDEP_LINUX_MEMFD_H
#define FLUSHDEP_LINUX_MEMFD_H

/* faithful: of memfd_create(), which there is not. */
#define MFD_CLOEXEC	  0x0001U
#define MFD_ALLOW_SEALING 0x0002U
#define MFD_HUGETLB	  0x0004U

#endif
