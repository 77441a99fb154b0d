/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* read_write.c: what system calls on files come to. */
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/uio.h>

/* By the file's own call if it has one, else by iterator, as the kernel has it. */
static ssize_t do_iter(struct file *file, struct iov_iter *iter, loff_t *pos)
{
	ssize_t (*call)(struct kiocb *, struct iov_iter *) =
		iter->data_source ? file->f_op->write_iter : file->f_op->read_iter;
	struct kiocb kiocb;
	ssize_t ret;

	if (!call)
		return -EINVAL;
	init_sync_kiocb(&kiocb, file);
	kiocb.ki_pos = pos ? *pos : 0;
	ret = call(&kiocb, iter);
	if (pos)
		*pos = kiocb.ki_pos;
	return ret;
}

static ssize_t check(struct file *file, fmode_t mode, size_t *count, const loff_t *pos)
{
	if (!(file->f_mode & mode))
		return -EBADF;
	if (pos && *pos < 0)
		return -EINVAL;
	if ((ssize_t)*count < 0)
		return -EINVAL;
	*count = min_t(size_t, *count, INT_MAX &PAGE_MASK);
	return 0;
}

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	ssize_t err = check(file, FMODE_READ, &count, pos);
	struct iov_iter iter;

	if (err)
		return err;
	if (file->f_op->read)
		return file->f_op->read(file, buf, count, pos);
	iov_iter_ubuf(&iter, ITER_DEST, buf, count);
	return do_iter(file, &iter, pos);
}

ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t err = check(file, FMODE_WRITE, &count, pos);
	struct iov_iter iter;

	if (err)
		return err;
	if (file->f_op->write)
		return file->f_op->write(file, buf, count, pos);
	iov_iter_ubuf(&iter, ITER_SOURCE, (char __user *)buf, count);
	return do_iter(file, &iter, pos);
}

/* Only files that do both by iterator can be used with the kernel's own buffers. */
static ssize_t kernel_io(struct file *file, struct kvec *kvec, unsigned int direction, bool wrong,
			 loff_t *pos)
{
	struct iov_iter iter;

	if (WARN(wrong, "kernel_read() and kernel_write() need read_iter and write_iter alone\n"))
		return -EINVAL;
	iov_iter_kvec(&iter, direction, kvec, 1, kvec->iov_len);
	return do_iter(file, &iter, pos);
}

ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	ssize_t err = check(file, FMODE_READ, &count, pos);
	struct kvec kvec = {.iov_base = buf, .iov_len = count};

	return err
		       ?: kernel_io(file, &kvec, ITER_DEST,
				    file->f_op->read || !file->f_op->read_iter, pos);
}

ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	ssize_t err = check(file, FMODE_WRITE, &count, pos);
	struct kvec kvec = {.iov_base = (void *)buf, .iov_len = count};

	return err
		       ?: kernel_io(file, &kvec, ITER_SOURCE,
				    file->f_op->write || !file->f_op->write_iter, pos);
}

int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	if (offset < 0 || len <= 0)
		return -EINVAL;
	if (mode & FALLOC_FL_PUNCH_HOLE && !(mode & FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (offset + len < 0)
		return -EFBIG;
	return file->f_op->fallocate ? file->f_op->fallocate(file, mode, offset, len) : -EOPNOTSUPP;
}
