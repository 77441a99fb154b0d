/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/file.h: file descriptors. */
#ifndef FLUSHDEP_LINUX_FILE_H
#define FLUSHDEP_LINUX_FILE_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/types.h>

struct file;
struct file_operations;
struct inode;
struct vfsmount;

/* partial: one table of 256 for the program, and not the process' limit. */
int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);
struct file *fget(unsigned int fd);
FLUSHDEP_CALL int close_fd(unsigned int fd);

/* faithful: on success the file has the caller's reference of the inode. */
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fops);

/* partial: the last one releases at once, in the caller; the kernel's, when it returns to user
 * mode. */
FLUSHDEP_CALL void fput(struct file *file);

DEFINE_FREE(fput, struct file *, if (!IS_ERR_OR_NULL(_T)) fput(_T))

#endif
