/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pseudo_fs.h: file systems that only the kernel mounts. */
#ifndef FLUSHDEP_LINUX_PSEUDO_FS_H
#define FLUSHDEP_LINUX_PSEUDO_FS_H

#include <linux/fs_context.h>

struct dentry_operations;
struct super_operations;

/* faithful */
struct pseudo_fs_context {
	const struct super_operations *ops;
	const struct dentry_operations *dops;
	unsigned long magic;
};
struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic);

#endif
