/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/anon_inodes.h: files without a name. */
#ifndef FLUSHDEP_LINUX_ANON_INODES_H
#define FLUSHDEP_LINUX_ANON_INODES_H

#include <linux/types.h>

struct file;
struct file_operations;
struct inode;

/*
 * faithful: all of them have one inode, and so one mapping; who needs one of its own takes
 * anon_inode_create_getfile(). `priv` is the file's private_data.
 */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv,
				int flags);
struct file *anon_inode_create_getfile(const char *name, const struct file_operations *fops,
				       void *priv, int flags, const struct inode *context_inode);
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags);

#endif
