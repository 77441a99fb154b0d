/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mount.h: mounts that only the kernel has. */
#ifndef FLUSHDEP_LINUX_MOUNT_H
#define FLUSHDEP_LINUX_MOUNT_H

#include <linux/types.h>

struct dentry;
struct file_system_type;
struct mnt_idmap;
struct super_block;

/* partial: flags are kept and not looked at. */
#define MNT_NOSUID 0x01
#define MNT_NODEV  0x02
#define MNT_NOEXEC 0x04
struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
	int mnt_flags;
	struct mnt_idmap *mnt_idmap;
};

/* faithful: with an own super block each. A mount that has files still must not go. */
struct vfsmount *kern_mount(struct file_system_type *type);
void kern_unmount(struct vfsmount *mnt);

/* empty: a mount lives until kern_unmount(). */
#define mntget(mnt) (mnt)
#define mntput(mnt) ((void)(mnt))

#endif
