/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/fs_context.h: a mount in the making. */
#ifndef FLUSHDEP_LINUX_FS_CONTEXT_H
#define FLUSHDEP_LINUX_FS_CONTEXT_H

#include <linux/types.h>

struct file_system_type;
struct super_block;

/* partial: what kern_mount() goes through; there are no options. */
struct fs_context {
	const struct fs_context_operations *ops;
	struct file_system_type *fs_type;
	void *fs_private;
	void *s_fs_info;
	unsigned int sb_flags;
	bool global;
};

/* partial: only get_tree and free are called. */
struct fs_context_operations {
	void (*free)(struct fs_context *fc);
	int (*get_tree)(struct fs_context *fc);
};

#endif
