/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/debugfs.h: files for debugging, which are not here. */
#ifndef FLUSHDEP_LINUX_DEBUGFS_H
#define FLUSHDEP_LINUX_DEBUGFS_H

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/seq_file.h>

/* empty: as without CONFIG_DEBUG_FS, an ERR_PTR(-ENODEV). */
static inline struct dentry *flushdep_shim_no_debugfs(const void *value)
{
	(void)value;
	return ERR_PTR(-ENODEV);
}

#define debugfs_create_dir(name, parent) flushdep_shim_no_debugfs(name)
#define debugfs_create_file(name, mode, parent, data, fops) \
	((void)(data), (void)(fops), flushdep_shim_no_debugfs(name))
#define debugfs_create_file_unsafe(name, mode, parent, data, fops) \
	debugfs_create_file(name, mode, parent, data, fops)
#define debugfs_create_symlink(name, parent, dest)	   flushdep_shim_no_debugfs(name)
#define debugfs_lookup(name, parent)			   ((struct dentry *)NULL)
#define debugfs_create_u8(name, mode, parent, value)	   ((void)(value))
#define debugfs_create_u16(name, mode, parent, value)	   ((void)(value))
#define debugfs_create_u32(name, mode, parent, value)	   ((void)(value))
#define debugfs_create_u64(name, mode, parent, value)	   ((void)(value))
#define debugfs_create_ulong(name, mode, parent, value)	   ((void)(value))
#define debugfs_create_x64(name, mode, parent, value)	   ((void)(value))
#define debugfs_create_size_t(name, mode, parent, value)   ((void)(value))
#define debugfs_create_atomic_t(name, mode, parent, value) ((void)(value))
#define debugfs_create_bool(name, mode, parent, value)	   ((void)(value))
#define debugfs_remove(dentry)				   ((void)(dentry))
#define debugfs_remove_recursive(dentry)		   ((void)(dentry))
#define debugfs_initialized()				   false
#define DEFINE_DEBUGFS_ATTRIBUTE(name, get, set, fmt) \
	static const struct file_operations name __maybe_unused = {.owner = (void *)(get)}
#define DEFINE_SIMPLE_ATTRIBUTE(name, get, set, fmt) DEFINE_DEBUGFS_ATTRIBUTE(name, get, set, fmt)

#endif
