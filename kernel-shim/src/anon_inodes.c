/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* anon_inodes.c: files without a name, all on one super block. */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/pseudo_fs.h>
#include <uapi/linux/magic.h>

static int init_context(struct fs_context *fc)
{
	return init_pseudo(fc, ANON_INODE_FS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type anon_inode_fs = {
	.name = "anon_inodefs",
	.init_fs_context = init_context,
	.kill_sb = kill_anon_super,
};
static struct vfsmount *mount;
static struct inode *shared;

/* At first use; stays. */
static int start(void)
{
	static DEFINE_MUTEX(start_lock);
	int err = 0;

	mutex_lock(&start_lock);
	if (!mount) {
		struct vfsmount *new_mount = kern_mount(&anon_inode_fs);

		err = PTR_ERR_OR_ZERO(new_mount);
		if (!err)
			mount = new_mount;
	}
	if (!err && !shared) {
		struct inode *inode = alloc_anon_inode(mount->mnt_sb);

		err = PTR_ERR_OR_ZERO(inode);
		if (!err)
			shared = inode;
	}
	mutex_unlock(&start_lock);
	return err;
}

/* With the caller's reference of the inode, which goes with an error, too. */
static struct file *new_file(struct inode *inode, const char *name,
			     const struct file_operations *fops, void *priv, int flags)
{
	struct file *file;

	file = alloc_file_pseudo(inode, mount, name, flags & (O_ACCMODE | O_NONBLOCK), fops);
	if (IS_ERR(file))
		iput(inode);
	else
		file->private_data = priv;
	return file;
}

struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv,
				int flags)
{
	int err = start();

	if (err)
		return ERR_PTR(err);
	ihold(shared);
	return new_file(shared, name, fops, priv, flags);
}

struct file *anon_inode_create_getfile(const char *name, const struct file_operations *fops,
				       void *priv, int flags, const struct inode *context_inode)
{
	struct inode *inode;
	int err = start();

	if (err)
		return ERR_PTR(err);
	inode = anon_inode_make_secure_inode(mount->mnt_sb, name, context_inode);
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	return new_file(inode, name, fops, priv, flags);
}

int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	int fd = get_unused_fd_flags(flags);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}
