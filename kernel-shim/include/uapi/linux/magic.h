/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* uapi/linux/magic.h: what tells file systems apart. */
#ifndef FLUSHDEP_UAPI_LINUX_MAGIC_H
#define FLUSHDEP_UAPI_LINUX_MAGIC_H

/* partial: those of file systems in memory. */
#define TMPFS_MAGIC	    0x01021994
#define RAMFS_MAGIC	    0x858458f6
#define HUGETLBFS_MAGIC	    0x958458f6
#define ANON_INODE_FS_MAGIC 0x09041934
#define PIPEFS_MAGIC	    0x50495045
#define DMA_BUF_MAGIC	    0x444d4142
#define DEVMEM_MAGIC	    0x454d444d
#define SECRETMEM_MAGIC	    0x5345434d
#define PID_FS_MAGIC	    0x50494446
#define GUEST_MEMFD_MAGIC   0x474d454d

#endif
