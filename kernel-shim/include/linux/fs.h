/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/fs.h: inodes, files and their mappings, as far as files of memory need them: secretmem,
 * guest_memfd and the like. There is no path, no permission and no writeback.
 */
#ifndef FLUSHDEP_LINUX_FS_H
#define FLUSHDEP_LINUX_FS_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/list.h>
#include <linux/migrate_mode.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stat.h>
#include <linux/types.h>
#include <linux/uio.h>

struct dentry;
struct file;
struct folio;
struct fs_context;
struct iattr;
struct inode;
struct kstat;
struct mnt_idmap;
struct super_block;
struct vfsmount;
struct vm_area_struct;

/* partial: the ones that are called here, or that such files set. */
struct address_space_operations {
	bool (*dirty_folio)(struct address_space *mapping, struct folio *folio);
	void (*invalidate_folio)(struct folio *folio, size_t offset, size_t len);
	bool (*release_folio)(struct folio *folio, gfp_t gfp);
	void (*free_folio)(struct folio *folio);
	int (*migrate_folio)(struct address_space *mapping, struct folio *dst, struct folio *src,
			     enum migrate_mode mode);
	int (*error_remove_folio)(struct address_space *mapping, struct folio *folio);
};

/*
 * partial: the folios are in an index of the shim's own, sorted by folio->index, not in an xarray;
 * its lock is a spinlock that is taken with interrupts off, as the kernel's.
 */
struct address_space {
	struct inode *host;
	struct rw_semaphore invalidate_lock;
	gfp_t gfp_mask;
	atomic_t i_mmap_writable;
	unsigned long nrpages;
	const struct address_space_operations *a_ops;
	unsigned long flags;
	spinlock_t i_private_lock;
	struct list_head i_private_list;
	void *i_private_data;
	/* The areas that map it; protected by i_mmap_rwsem. */
	struct rw_semaphore i_mmap_rwsem;
	struct list_head flushdep_areas;
	spinlock_t flushdep_lock;
	struct folio **flushdep_folios;
	unsigned long flushdep_used, flushdep_room;
};

/* faithful: how a file was opened. */
#define FMODE_READ	 ((fmode_t)(1 << 0))
#define FMODE_WRITE	 ((fmode_t)(1 << 1))
#define FMODE_LSEEK	 ((fmode_t)(1 << 2))
#define OPEN_FMODE(flag) ((fmode_t)(((flag) + 1) & O_ACCMODE))

/* partial: all reads and writes are done when the call returns. */
struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	void (*ki_complete)(struct kiocb *iocb, long ret);
	void *private;
	int ki_flags;
	u16 ki_ioprio;
};
#define IOCB_APPEND (1 << 1)
#define IOCB_DIRECT (1 << 2)
#define IOCB_NOWAIT (1 << 3)
#define IOCB_WRITE  (1 << 6)

/* partial: what these files do. */
struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	ssize_t (*read)(struct file *file, char __user *buf, size_t len, loff_t *pos);
	ssize_t (*write)(struct file *file, const char __user *buf, size_t len, loff_t *pos);
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *iter);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *iter);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, void *id);
	int (*release)(struct inode *inode, struct file *file);
	long (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
};

/* partial */
struct inode_operations {
	int (*setattr)(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr);
};

/* partial: only evict_inode and free_inode are called. */
struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*destroy_inode)(struct inode *inode);
	void (*free_inode)(struct inode *inode);
	void (*evict_inode)(struct inode *inode);
	int (*drop_inode)(struct inode *inode);
};

/* partial: no times, owners and links. */
struct inode {
	umode_t i_mode;
	unsigned int i_flags;
	const struct inode_operations *i_op;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	unsigned long i_ino;
	loff_t i_size;
	spinlock_t i_lock;
	struct rw_semaphore i_rwsem;
	atomic_t i_count;
	const struct file_operations *i_fop;
	struct address_space i_data;
	void *i_private;
};
#define S_PRIVATE 0x0200

/* partial: the name of an inode of a pseudo file system; of a mount, without an inode. */
struct dentry {
	struct inode *d_inode;
	struct super_block *d_sb;
	const char *flushdep_name;
};

/* faithful */
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

/* partial */
struct file {
	atomic_long_t f_count;
	fmode_t f_mode;
	const struct file_operations *f_op;
	struct address_space *f_mapping;
	void *private_data;
	struct inode *f_inode;
	unsigned int f_flags;
	loff_t f_pos;
	struct path f_path;
};

/* partial */
struct super_block {
	unsigned long s_magic;
	unsigned long s_flags;
	const struct super_operations *s_op;
	struct file_system_type *s_type;
	struct dentry *s_root;
	void *s_fs_info;
	atomic_t flushdep_inodes;
};

/* partial */
struct file_system_type {
	const char *name;
	int fs_flags;
	int (*init_fs_context)(struct fs_context *fc);
	void (*kill_sb)(struct super_block *sb);
	struct module *owner;
	struct file_system_type *next;
};

/* partial: only ATTR_SIZE and ATTR_MODE are acted upon. */
#define ATTR_MODE  (1 << 0)
#define ATTR_SIZE  (1 << 3)
#define ATTR_MTIME (1 << 5)
#define ATTR_CTIME (1 << 6)
#define ATTR_FORCE (1 << 9)
#define ATTR_FILE  (1 << 13)
#define ATTR_OPEN  (1 << 15)
struct iattr {
	unsigned int ia_valid;
	umode_t ia_mode;
	loff_t ia_size;
	struct file *ia_file;
};
extern struct mnt_idmap nop_mnt_idmap;

/* faithful */
static inline void init_sync_kiocb(struct kiocb *kiocb, struct file *filp)
{
	*kiocb = (struct kiocb){.ki_filp = filp};
}

static inline bool is_sync_kiocb(struct kiocb *kiocb)
{
	return !kiocb->ki_complete;
}

/* partial: no limits, no security module, and one at a time or not as the file has it. */
FLUSHDEP_CALL ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
FLUSHDEP_CALL ssize_t vfs_write(struct file *file, const char __user *buf, size_t count,
				loff_t *pos);
FLUSHDEP_CALL ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
FLUSHDEP_CALL ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);
FLUSHDEP_CALL int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len);

/* faithful */
static inline struct inode *file_inode(const struct file *f)
{
	return f->f_inode;
}

static inline struct dentry *file_dentry(const struct file *file)
{
	return file->f_path.dentry;
}

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return READ_ONCE(inode->i_size);
}

static inline void i_size_write(struct inode *inode, loff_t i_size)
{
	WRITE_ONCE(inode->i_size, i_size);
}

static inline void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

static inline void filemap_invalidate_lock(struct address_space *mapping)
{
	down_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock(struct address_space *mapping)
{
	up_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_lock_shared(struct address_space *mapping)
{
	down_read(&mapping->invalidate_lock);
}

static inline int filemap_invalidate_trylock_shared(struct address_space *mapping)
{
	return down_read_trylock(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock_shared(struct address_space *mapping)
{
	up_read(&mapping->invalidate_lock);
}

static inline bool mapping_empty(const struct address_space *mapping)
{
	return !READ_ONCE(mapping->nrpages);
}

static inline struct file *get_file(struct file *f)
{
	atomic_long_inc(&f->f_count);
	return f;
}

/* faithful: the last iput() truncates and frees. */
struct inode *new_inode(struct super_block *sb);
struct inode *alloc_anon_inode(struct super_block *sb);
struct inode *anon_inode_make_secure_inode(struct super_block *sb, const char *name,
					   const struct inode *context_inode);
void ihold(struct inode *inode);
FLUSHDEP_CALL void iput(struct inode *inode);
void clear_inode(struct inode *inode);
void address_space_init_once(struct address_space *mapping);

/* partial: size and mode; the latter is not checked. */
int setattr_prepare(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr);
void setattr_copy(struct mnt_idmap *idmap, struct inode *inode, const struct iattr *attr);
FLUSHDEP_CALL int simple_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
				 struct iattr *attr);
/* partial: with the inode's lock held; no locks of others, no security module. */
FLUSHDEP_CALL int notify_change(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr,
				struct inode **delegated_inode);

/* faithful */
void kill_anon_super(struct super_block *sb);
void kill_litter_super(struct super_block *sb);
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio);

/* empty: there is nothing to write to, and no list of file systems. */
static inline void mark_inode_dirty(struct inode *inode)
{
	(void)inode;
}

static inline int register_filesystem(struct file_system_type *fs)
{
	(void)fs;
	return 0;
}

static inline int unregister_filesystem(struct file_system_type *fs)
{
	(void)fs;
	return 0;
}

#include <linux/file.h>

#endif
