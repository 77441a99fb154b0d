/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* pseudo_fs.c: super blocks, inodes and files that only the kernel makes; file descriptors. */
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>

struct mnt_idmap {
	int unused;
};
struct mnt_idmap nop_mnt_idmap;

/* The one user, for good. */
struct user_struct root_user = {.__count = REFCOUNT_INIT(1)};

void free_uid(struct user_struct *u)
{
	WARN_ON_ONCE(refcount_dec_and_test(&u->__count));
}

/* --- Mounts ------------------------------------------------------------------------------ */

struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic)
{
	struct pseudo_fs_context *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return NULL;
	ctx->magic = magic;
	fc->fs_private = ctx;
	fc->global = true;
	return ctx;
}

static struct super_block *new_super(struct file_system_type *type, struct pseudo_fs_context *ctx)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);
	struct dentry *root = kzalloc(sizeof(*root), GFP_KERNEL);

	if (!sb || !root) {
		kfree(sb);
		kfree(root);
		return NULL;
	}
	root->d_sb = sb;
	root->flushdep_name = "/";
	sb->s_root = root;
	sb->s_type = type;
	sb->s_magic = ctx ? ctx->magic : 0;
	sb->s_op = ctx ? ctx->ops : NULL;
	return sb;
}

struct vfsmount *kern_mount(struct file_system_type *type)
{
	struct fs_context fc = {.fs_type = type};
	struct vfsmount *mnt;
	int err;

	mnt = kzalloc(sizeof(*mnt), GFP_KERNEL);
	if (!mnt)
		return ERR_PTR(-ENOMEM);
	err = type->init_fs_context(&fc);
	if (!err) {
		mnt->mnt_sb = new_super(type, fc.fs_private);
		err = mnt->mnt_sb ? 0 : -ENOMEM;
	}
	kfree(fc.fs_private);
	if (err) {
		kfree(mnt);
		return ERR_PTR(err);
	}
	mnt->mnt_root = mnt->mnt_sb->s_root;
	mnt->mnt_idmap = &nop_mnt_idmap;
	return mnt;
}

void kill_anon_super(struct super_block *sb)
{
	WARN(atomic_read(&sb->flushdep_inodes), "inodes in use at the end of '%s'\n",
	     sb->s_type->name);
	kfree(sb->s_root);
	kfree(sb);
}

void kill_litter_super(struct super_block *sb)
{
	kill_anon_super(sb);
}

void kern_unmount(struct vfsmount *mnt)
{
	if (IS_ERR_OR_NULL(mnt))
		return;
	mnt->mnt_sb->s_type->kill_sb(mnt->mnt_sb);
	kfree(mnt);
}

/* --- Inodes ------------------------------------------------------------------------------- */

struct inode *new_inode(struct super_block *sb)
{
	static atomic_long_t last_ino;
	struct inode *inode = kzalloc(sizeof(*inode), GFP_KERNEL);

	if (!inode)
		return NULL;
	inode->i_sb = sb;
	inode->i_ino = atomic_long_inc_return(&last_ino);
	spin_lock_init(&inode->i_lock);
	init_rwsem(&inode->i_rwsem);
	atomic_set(&inode->i_count, 1);
	address_space_init_once(&inode->i_data);
	inode->i_data.host = inode;
	inode->i_data.gfp_mask = GFP_HIGHUSER_MOVABLE;
	inode->i_mapping = &inode->i_data;
	atomic_inc(&sb->flushdep_inodes);
	return inode;
}

struct inode *alloc_anon_inode(struct super_block *sb)
{
	static const struct address_space_operations anon_aops = {
		.dirty_folio = noop_dirty_folio,
	};
	struct inode *inode = new_inode(sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_mode = S_IRUSR | S_IWUSR;
	inode->i_flags |= S_PRIVATE;
	inode->i_mapping->a_ops = &anon_aops;
	return inode;
}

struct inode *anon_inode_make_secure_inode(struct super_block *sb, const char *name,
					   const struct inode *context_inode)
{
	struct inode *inode = alloc_anon_inode(sb);

	(void)name;
	(void)context_inode;
	if (!IS_ERR(inode))
		inode->i_flags &= ~S_PRIVATE;
	return inode;
}

void ihold(struct inode *inode)
{
	WARN_ON(atomic_inc_return(&inode->i_count) < 2);
}

void clear_inode(struct inode *inode)
{
	BUG_ON(inode->i_data.nrpages);
}

void iput(struct inode *inode)
{
	struct super_block *sb;

	if (!inode || !atomic_dec_and_test(&inode->i_count))
		return;
	sb = inode->i_sb;
	if (sb->s_op && sb->s_op->evict_inode) {
		sb->s_op->evict_inode(inode);
	} else {
		truncate_inode_pages_final(&inode->i_data);
		clear_inode(inode);
	}
	kfree(inode->i_data.flushdep_folios);
	kfree(inode);
	atomic_dec(&sb->flushdep_inodes);
}

int setattr_prepare(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	(void)idmap;
	(void)dentry;
	return attr->ia_valid & ATTR_SIZE && attr->ia_size < 0 ? -EINVAL : 0;
}

void setattr_copy(struct mnt_idmap *idmap, struct inode *inode, const struct iattr *attr)
{
	(void)idmap;
	if (attr->ia_valid & ATTR_MODE)
		inode->i_mode = attr->ia_mode;
}

int simple_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(idmap, dentry, attr);

	if (err)
		return err;
	if (attr->ia_valid & ATTR_SIZE)
		truncate_setsize(inode, attr->ia_size);
	setattr_copy(idmap, inode, attr);
	return 0;
}

int notify_change(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr,
		  struct inode **delegated_inode)
{
	struct inode *inode = d_inode(dentry);

	(void)delegated_inode;
	lockdep_assert_held(&inode->i_rwsem);
	if (inode->i_op && inode->i_op->setattr)
		return inode->i_op->setattr(idmap, dentry, attr);
	return simple_setattr(idmap, dentry, attr);
}

/* --- Files --------------------------------------------------------------------------------- */

struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fops)
{
	struct file *file = kzalloc(sizeof(*file), GFP_KERNEL);
	struct dentry *dentry = kzalloc(sizeof(*dentry), GFP_KERNEL);

	if (!file || !dentry) {
		kfree(file);
		kfree(dentry);
		return ERR_PTR(-ENOMEM);
	}
	dentry->d_inode = inode;
	dentry->d_sb = inode->i_sb;
	dentry->flushdep_name = name;
	atomic_long_set(&file->f_count, 1);
	file->f_op = fops;
	file->f_inode = inode;
	file->f_mapping = inode->i_mapping;
	file->f_flags = flags;
	file->f_mode = OPEN_FMODE(flags);
	file->f_path.mnt = mnt;
	file->f_path.dentry = dentry;
	return file;
}

void fput(struct file *file)
{
	if (!atomic_long_dec_and_test(&file->f_count))
		return;
	if (file->f_op->release)
		file->f_op->release(file->f_inode, file);
	iput(file->f_inode);
	kfree(file->f_path.dentry);
	kfree(file);
}

/* --- File descriptors ------------------------------------------------------------------------ */

#define NR_FDS 256
static DEFINE_SPINLOCK(fds_lock);
static struct {
	bool used;
	struct file *file;
} fds[NR_FDS];

int get_unused_fd_flags(unsigned int flags)
{
	int fd;

	(void)flags;
	guard(spinlock)(&fds_lock);
	for (fd = 0; fd < NR_FDS; fd++) {
		if (fds[fd].used)
			continue;
		fds[fd].used = true;
		return fd;
	}
	return -EMFILE;
}

void put_unused_fd(unsigned int fd)
{
	guard(spinlock)(&fds_lock);
	fds[fd].used = false;
}

void fd_install(unsigned int fd, struct file *file)
{
	guard(spinlock)(&fds_lock);
	BUG_ON(!fds[fd].used || fds[fd].file);
	fds[fd].file = file;
}

struct file *fget(unsigned int fd)
{
	guard(spinlock)(&fds_lock);
	return fd < NR_FDS && fds[fd].file ? get_file(fds[fd].file) : NULL;
}

int close_fd(unsigned int fd)
{
	struct file *file;

	if (fd >= NR_FDS)
		return -EBADF;
	spin_lock(&fds_lock);
	file = fds[fd].file;
	if (file) {
		fds[fd].file = NULL;
		fds[fd].used = false;
	}
	spin_unlock(&fds_lock);
	if (!file)
		return -EBADF;
	fput(file);
	return 0;
}
