// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * filemap_test.c: files of memory: index, folio locks, truncation, areas. The suite filemap must
 * stay silent; the cases of filemap_bad are named after what the checker must say of each.
 */
#include <kunit/test.h>

#include <linux/anon_inodes.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/sched/mm.h>
#include <linux/set_memory.h>
#include <linux/uio.h>

#include <asm/tlbflush.h>

static int nr_freed, nr_closed, nr_released;
static pgoff_t last_freed;

static void count_free(struct folio *folio)
{
	nr_freed++;
	last_freed = folio->index;
}

static const struct address_space_operations test_aops = {
	.dirty_folio = noop_dirty_folio,
	.free_folio = count_free,
};

static vm_fault_t test_fault(struct vm_fault *vmf)
{
	struct folio *folio = filemap_grab_folio(vmf->vma->vm_file->f_mapping, vmf->pgoff);

	if (IS_ERR(folio))
		return vmf_error(PTR_ERR(folio));
	vmf->page = folio_file_page(folio, vmf->pgoff);
	return VM_FAULT_LOCKED;
}

static void test_close(struct vm_area_struct *vma)
{
	nr_closed++;
	if (vma->vm_private_data)
		flush_tlb_all();
}

static const struct vm_operations_struct test_vm_ops = {
	.fault = test_fault,
	.close = test_close,
};

static int test_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &test_vm_ops;
	vma->vm_private_data = file->private_data;
	return 0;
}

static int test_release(struct inode *inode, struct file *file)
{
	nr_released++;
	return 0;
}

static const struct file_operations test_fops = {
	.mmap = test_mmap,
	.release = test_release,
};

static int test_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, 0x7e57) ? 0 : -ENOMEM;
}

static struct file_system_type test_fs = {
	.name = "testfs",
	.init_fs_context = test_init_fs_context,
	.kill_sb = kill_anon_super,
};

struct fixture {
	struct vfsmount *mnt;
	struct file *file;
	struct address_space *mapping;
};

static int setup(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct inode *inode;

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	nr_freed = nr_closed = nr_released = 0;
	f->mnt = kern_mount(&test_fs);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->mnt);
	KUNIT_EXPECT_EQ(test, f->mnt->mnt_sb->s_magic, 0x7e57ul);
	inode = alloc_anon_inode(f->mnt->mnt_sb);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, inode);
	f->file = alloc_file_pseudo(inode, f->mnt, "test", O_RDWR, &test_fops);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->file);
	f->mapping = f->file->f_mapping;
	f->mapping->a_ops = &test_aops;
	mapping_set_gfp_mask(f->mapping, GFP_KERNEL);
	return mermap_mm_prepare(current->mm);
}

static void teardown(struct kunit *test)
{
	struct fixture *f = test->priv;

	fput(f->file);
	KUNIT_EXPECT_EQ(test, nr_released, 1);
	kern_unmount(f->mnt);
}

/* Unlocked, with no reference but the mapping's. */
static struct folio *add_folio(struct kunit *test, gfp_t gfp, unsigned int order, pgoff_t index)
{
	struct fixture *f = test->priv;
	struct folio *folio = folio_alloc(gfp, order);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_ASSERT_EQ(test, filemap_add_folio(f->mapping, folio, index, gfp), 0);
	KUNIT_EXPECT_TRUE(test, folio_test_locked(folio));
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	folio_unlock(folio);
	folio_put(folio);
	return folio;
}

static void index_finds(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct folio *large = add_folio(test, GFP_KERNEL, 2, 8);
	struct folio *low = add_folio(test, GFP_KERNEL, 0, 3);
	struct folio *high = add_folio(test, GFP_KERNEL, 0, 12), *found;
	struct folio *rival = folio_alloc(GFP_KERNEL, 1);
	int i;

	for (i = 8; i < 12; i++) {
		found = filemap_get_folio(f->mapping, i);
		KUNIT_EXPECT_PTR_EQ(test, found, large);
		KUNIT_EXPECT_PTR_EQ(test, folio_file_page(found, i), folio_page(large, i - 8));
		folio_put(found);
	}
	KUNIT_EXPECT_PTR_EQ(test, filemap_get_folio(f->mapping, 7), ERR_PTR(-ENOENT));
	KUNIT_EXPECT_PTR_EQ(test, filemap_get_folio(f->mapping, 13), ERR_PTR(-ENOENT));
	KUNIT_EXPECT_NULL(test, find_lock_page(f->mapping, 0));
	found = filemap_lock_folio(f->mapping, 3);
	KUNIT_EXPECT_PTR_EQ(test, found, low);
	folio_unlock(found);
	folio_put(found);
	KUNIT_EXPECT_EQ(test, f->mapping->nrpages, 6ul);
	KUNIT_EXPECT_PTR_EQ(test, high->mapping, f->mapping);
	/* Overlaps in part. */
	KUNIT_EXPECT_EQ(test, filemap_add_folio(f->mapping, rival, 2, GFP_KERNEL), -EEXIST);
	KUNIT_EXPECT_EQ(test, filemap_add_folio(f->mapping, rival, 11, GFP_KERNEL), -EEXIST);
	KUNIT_EXPECT_FALSE(test, folio_test_locked(rival));
	KUNIT_EXPECT_EQ(test, folio_ref_count(rival), 1);
	folio_put(rival);
}

static void grab_creates_once(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct folio *folio = filemap_grab_folio(f->mapping, 5), *again;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
	KUNIT_EXPECT_TRUE(test, folio_test_locked(folio));
	again = __filemap_get_folio(f->mapping, 5, FGP_LOCK | FGP_NOWAIT, 0);
	KUNIT_EXPECT_PTR_EQ(test, again, ERR_PTR(-EAGAIN));
	folio_unlock(folio);
	folio_put(folio);
	again = filemap_grab_folio(f->mapping, 5);
	KUNIT_EXPECT_PTR_EQ(test, again, folio);
	filemap_remove_folio(again);
	KUNIT_EXPECT_EQ(test, nr_freed, 1);
	KUNIT_EXPECT_EQ(test, last_freed, 5ul);
	KUNIT_EXPECT_NULL(test, again->mapping);
	KUNIT_EXPECT_EQ(test, folio_ref_count(again), 1);
	folio_unlock(again);
	folio_put(again);
}

static void many_in_any_order(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct folio_batch fbatch;
	pgoff_t start = 0;
	unsigned int seen = 0, i;

	for (i = 0; i < 100; i++)
		add_folio(test, GFP_KERNEL, 0, i * 37 % 100);
	while (filemap_get_folios(f->mapping, &start, 79, &fbatch)) {
		for (i = 0; i < folio_batch_count(&fbatch); i++)
			KUNIT_EXPECT_EQ(test, fbatch.folios[i]->index, (pgoff_t)seen++);
		folio_batch_release(&fbatch);
	}
	KUNIT_EXPECT_EQ(test, seen, 80u);
}

static void truncate_cuts(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct folio *kept = add_folio(test, GFP_KERNEL, 0, 0);
	char *addr = folio_address(kept);
	int i;

	for (i = 1; i < 70; i++)
		add_folio(test, GFP_KERNEL, 0, i);
	add_folio(test, GFP_KERNEL, 2, 80);
	memset(addr, 'x', PAGE_SIZE);
	f->mapping->host->i_size = 84 * PAGE_SIZE;
	/* A hole in whole pages, then the end in the middle of one. */
	truncate_inode_pages_range(f->mapping, 4 * PAGE_SIZE, 8 * PAGE_SIZE - 1);
	KUNIT_EXPECT_EQ(test, nr_freed, 4);
	KUNIT_EXPECT_EQ(test, last_freed, 7ul);
	truncate_setsize(f->mapping->host, 100);
	KUNIT_EXPECT_EQ(test, f->mapping->nrpages, 1ul);
	KUNIT_EXPECT_EQ(test, nr_freed, 70);
	KUNIT_EXPECT_EQ(test, addr[99], 'x');
	KUNIT_EXPECT_NULL(test, memchr_inv(addr + 100, 0, PAGE_SIZE - 100));
	KUNIT_EXPECT_EQ(test, i_size_read(f->mapping->host), 100ll);
}

static long counter;
static struct folio *counted;

static int count_locked(void *data)
{
	int i;

	for (i = 0; i < 200; i++) {
		folio_lock(counted);
		counter++;
		folio_unlock(counted);
	}
	return 0;
}

static void lock_excludes(struct kunit *test)
{
	struct task_struct *task[2];
	int i;

	counter = 0;
	counted = add_folio(test, GFP_KERNEL, 0, 0);
	KUNIT_EXPECT_TRUE(test, folio_trylock(counted));
	KUNIT_EXPECT_FALSE(test, folio_trylock(counted));
	for (i = 0; i < 2; i++)
		task[i] = kthread_run(count_locked, NULL, "count");
	KUNIT_EXPECT_EQ(test, READ_ONCE(counter), 0l);
	folio_unlock(counted);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, kthread_stop(task[i]), 0);
	KUNIT_EXPECT_EQ(test, counter, 400l);
}

static void areas_hold_references(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned long addr = vm_mmap(f->file, 0, 4 * PAGE_SIZE, PROT_READ, MAP_SHARED, PAGE_SIZE);
	struct vm_area_struct *vma;
	struct folio *folio;

	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	vma = find_vma(current->mm, addr + PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, vma);
	KUNIT_EXPECT_NULL(test, vma_lookup(current->mm, addr + 4 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, handle_mm_fault(vma, addr + 5, FAULT_FLAG_USER, NULL), 0);
	folio = filemap_get_folio(f->mapping, 1);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 3);
	KUNIT_EXPECT_FALSE(test, folio_test_locked(folio));
	truncate_inode_pages(f->mapping, 0);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 1);
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, handle_mm_fault(vma, addr + 5, FAULT_FLAG_USER, NULL), 0);
	KUNIT_EXPECT_EQ(test, vm_munmap(addr, PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, vm_munmap(addr, 4 * PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, nr_closed, 1);
	KUNIT_EXPECT_NULL(test, find_vma(current->mm, addr));
	KUNIT_EXPECT_EQ(test, f->mapping->nrpages, 1ul);
}

/* A process maps page 0, the kernel zeroes it through the mermap, and the process unmaps it. */
static void map_use_unmap(struct kunit *test, bool flush_on_close)
{
	struct fixture *f = test->priv;
	struct folio *folio = add_folio(test, GFP_KERNEL | __GFP_UNMAPPED, 0, 0);
	struct mermap_alloc *map;
	unsigned long addr;

	f->file->private_data = flush_on_close ? f : NULL;
	addr = vm_mmap(f->file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	KUNIT_EXPECT_EQ(test, handle_mm_fault(find_vma(current->mm, addr), addr, 0, NULL), 0);
	map = mermap_get(&folio->page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	memset(mermap_addr(map), 0, PAGE_SIZE);
	mermap_put(map);
	KUNIT_EXPECT_EQ(test, vm_munmap(addr, PAGE_SIZE), 0);
	flush_tlb_all();
}

static void close_flushes(struct kunit *test)
{
	map_use_unmap(test, true);
}

static void take_out_and_unlock(struct kunit *test, bool flush)
{
	struct fixture *f = test->priv;
	struct folio *folio = filemap_grab_folio(f->mapping, 0);
	unsigned long addr = (unsigned long)folio_address(folio);

	KUNIT_ASSERT_EQ(test, set_direct_map_invalid_noflush(&folio->page), 0);
	if (flush)
		flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	folio_unlock(folio);
	folio_lock(folio);
	set_direct_map_default_noflush(&folio->page);
	folio_unlock(folio);
	folio_put(folio);
}

static void handed_out_flushed(struct kunit *test)
{
	take_out_and_unlock(test, true);
}

static vm_fault_t driver_fault(struct vm_fault *vmf)
{
	vmf->page = vmf->vma->vm_private_data;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct driver_vm_ops = {.fault = driver_fault};

/* A page that is of no file, and not locked by its driver. */
static void area_of_driver_pages(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct page *page = alloc_page(GFP_KERNEL);
	struct vm_area_struct *vma;
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, page);
	addr = vm_mmap(f->file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	vma = find_vma(current->mm, addr);
	vma->vm_ops = &driver_vm_ops;
	vma->vm_private_data = page;
	KUNIT_EXPECT_EQ(test, handle_mm_fault(vma, addr, 0, NULL), 0u);
	KUNIT_EXPECT_EQ(test, handle_mm_fault(vma, addr, 0, NULL), 0u);
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	KUNIT_EXPECT_EQ(test, vm_munmap(addr, PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	put_page(page);
}

static void area_too_long(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, vm_mmap(f->file, 0, ULONG_MAX, PROT_READ, MAP_SHARED, 0),
			(unsigned long)-ENOMEM);
	KUNIT_EXPECT_EQ(test, vm_mmap(f->file, 0, 2 * PAGE_SIZE, PROT_READ, MAP_SHARED, -PAGE_SIZE),
			(unsigned long)-EINVAL);
}

static int map_in_own_mm(void *data)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;
	unsigned long addr;

	kthread_use_mm(mm);
	addr = vm_mmap(data, 0, 2 * PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
	vma = find_vma(mm, addr);
	if (handle_mm_fault(vma, addr + PAGE_SIZE, 0, NULL))
		return -EFAULT;
	kthread_unuse_mm(mm);
	mmput(mm);
	return 0;
}

/* Its areas end with an mm: the teardown finds the file released. */
static void area_of_a_dead_mm(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct task_struct *task = kthread_run(map_in_own_mm, f->file, "mapper");

	KUNIT_EXPECT_EQ(test, kthread_stop(task), 0);
	KUNIT_EXPECT_EQ(test, nr_closed, 1);
	truncate_pagecache(file_inode(f->file), 0);
	KUNIT_EXPECT_EQ(test, nr_freed, 1);
}

static struct kunit_case filemap_cases[] = {
	KUNIT_CASE(area_of_driver_pages),  KUNIT_CASE(area_too_long),
	KUNIT_CASE(area_of_a_dead_mm),	   KUNIT_CASE(index_finds),
	KUNIT_CASE(grab_creates_once),	   KUNIT_CASE(many_in_any_order),
	KUNIT_CASE(truncate_cuts),	   KUNIT_CASE(lock_excludes),
	KUNIT_CASE(areas_hold_references), KUNIT_CASE(close_flushes),
	KUNIT_CASE(handed_out_flushed),	   {},
};

/* --- Files without a name, read and written by iterator ----------------------------------- */

static struct folio *folio_at(struct kiocb *iocb)
{
	return filemap_grab_folio(iocb->ki_filp->f_mapping, iocb->ki_pos >> PAGE_SHIFT);
}

/* As a file outside of the direct map does it; how: flush before the reference goes. */
static ssize_t copy_by_mermap(struct kiocb *iocb, struct iov_iter *iter)
{
	size_t offset = offset_in_page(iocb->ki_pos), done;
	struct mermap_alloc *map;
	struct folio *folio = folio_at(iocb);

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	map = mermap_get(&folio->page, PAGE_SIZE, PAGE_KERNEL);
	if (iov_iter_rw(iter) == ITER_SOURCE)
		done = copy_from_iter(mermap_addr(map) + offset, PAGE_SIZE - offset, iter);
	else
		done = copy_to_iter(mermap_addr(map) + offset, PAGE_SIZE - offset, iter);
	mermap_put(map);
	if (iocb->ki_filp->private_data)
		flush_tlb_all();
	folio_unlock(folio);
	folio_put(folio);
	iocb->ki_pos += done;
	return done;
}

static long punch(struct file *file, int mode, loff_t offset, loff_t len)
{
	if (!(mode & FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	truncate_inode_pages_range(file->f_mapping, offset, offset + len - 1);
	return 0;
}

static const struct file_operations iter_fops = {
	.read_iter = copy_by_mermap,
	.write_iter = copy_by_mermap,
	.fallocate = punch,
	.mmap = test_mmap,
};

static void write_and_punch(struct kunit *test, bool flush)
{
	struct file *file =
		anon_inode_create_getfile("[test]", &iter_fops, flush ? test : NULL, O_RDWR, NULL);
	char text[] = "0123456789", back[4] = {};
	loff_t pos = PAGE_SIZE + 10;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	mapping_set_gfp_mask(file->f_mapping, GFP_KERNEL | __GFP_UNMAPPED);
	KUNIT_EXPECT_EQ(test, kernel_write(file, text, sizeof(text), &pos), sizeof(text));
	KUNIT_EXPECT_EQ(test, pos, PAGE_SIZE + 10 + sizeof(text));
	pos = PAGE_SIZE + 13;
	KUNIT_EXPECT_EQ(test, vfs_read(file, back, 3, &pos), 3);
	KUNIT_EXPECT_STREQ(test, back, "345");
	KUNIT_EXPECT_EQ(test, vfs_fallocate(file, 0, 0, 1), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(
		test,
		vfs_fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 2 * PAGE_SIZE),
		0);
	KUNIT_EXPECT_EQ(test, file->f_mapping->nrpages, 0);
	fput(file);
}

static void written_and_flushed(struct kunit *test)
{
	write_and_punch(test, true);
}

static void anon_files(struct kunit *test)
{
	struct file *one = anon_inode_getfile("[one]", &iter_fops, test, O_RDONLY);
	struct file *two = anon_inode_getfile("[two]", &iter_fops, NULL, O_RDWR);
	char byte = 0;
	int fd;

	KUNIT_ASSERT_FALSE(test, IS_ERR(one) || IS_ERR(two));
	KUNIT_EXPECT_PTR_EQ(test, file_inode(one), file_inode(two));
	KUNIT_EXPECT_PTR_EQ(test, one->private_data, test);
	KUNIT_EXPECT_EQ(test, vfs_write(one, &byte, 1, NULL), -EBADF);
	fput(one);
	fput(two);
	fd = anon_inode_getfd("[fd]", &iter_fops, NULL, O_RDWR);
	KUNIT_ASSERT_GE(test, fd, 0);
	KUNIT_EXPECT_EQ(test, close_fd(fd), 0);
}

static void iterators(struct kunit *test)
{
	char a[3] = "abc", b[4] = "defg", out[8] = {};
	struct kvec kvec[] = {{a, 3}, {NULL, 0}, {b, 4}};
	struct page *page = alloc_page(GFP_KERNEL);
	struct iov_iter iter;

	KUNIT_ASSERT_NOT_NULL(test, page);
	iov_iter_kvec(&iter, ITER_SOURCE, kvec, 3, 7);
	KUNIT_EXPECT_EQ(test, iov_iter_single_seg_count(&iter), 3);
	KUNIT_EXPECT_EQ(test, copy_page_from_iter(page, 8, 5, &iter), 5);
	KUNIT_EXPECT_EQ(test, memcmp(page_address(page) + 8, "abcde", 5), 0);
	iov_iter_revert(&iter, 4);
	KUNIT_EXPECT_FALSE(test, copy_from_iter_full(out, 7, &iter));
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), 6);
	KUNIT_EXPECT_EQ(test, copy_from_iter(out, 7, &iter), 6);
	KUNIT_EXPECT_STREQ(test, out, "bcdefg");
	iov_iter_ubuf(&iter, ITER_DEST, out, 8);
	KUNIT_EXPECT_EQ(test, iov_iter_zero(2, &iter), 2);
	iov_iter_truncate(&iter, 3);
	KUNIT_EXPECT_EQ(test, copy_page_to_iter(page, 8, 5, &iter), 3);
	KUNIT_EXPECT_EQ(test, memcmp(out, "\0\0abcg", 6), 0);
	__free_page(page);
}

/* Ends with the case, and the file with it. */
static void areas_of_cases(struct kunit *test)
{
	struct file *file = anon_inode_create_getfile("[test]", &iter_fops, NULL, O_RDWR, NULL);
	struct vm_area_struct *vma;
	struct folio *folio;
	unsigned long addr;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	addr = kunit_vm_mmap(test, file, 0, 3 * PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	vma = find_vma(current->mm, addr);
	KUNIT_EXPECT_EQ(test, handle_mm_fault(vma, addr + PAGE_SIZE, 0, NULL), 0);
	folio = filemap_get_folio(file->f_mapping, 1);
	KUNIT_ASSERT_FALSE(test, IS_ERR(folio));
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 3);
	unmap_mapping_pages(file->f_mapping, 2, 1, false);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 3);
	unmap_mapping_pages(file->f_mapping, 1, 1, false);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	folio_put(folio);
	fput(file);
}

static struct kunit_case iter_cases[] = {KUNIT_CASE(written_and_flushed),
					 KUNIT_CASE(anon_files),
					 KUNIT_CASE(iterators),
					 KUNIT_CASE(areas_of_cases),
					 {}};

static struct kunit_suite filemap_suite = {
	.name = "filemap",
	.init = setup,
	.exit = teardown,
	.test_cases = filemap_cases,
};

static void fd016_closed_unflushed(struct kunit *test)
{
	map_use_unmap(test, false);
}

static void fd011_handed_out_unflushed(struct kunit *test)
{
	take_out_and_unlock(test, false);
}

static void fd001_written_unflushed(struct kunit *test)
{
	write_and_punch(test, false);
}

static struct kunit_case filemap_bad_cases[] = {
	KUNIT_CASE(fd001_written_unflushed),
	KUNIT_CASE(fd016_closed_unflushed),
	KUNIT_CASE(fd011_handed_out_unflushed),
	{},
};

static struct kunit_suite filemap_bad_suite = {
	.name = "filemap_bad",
	.init = setup,
	.exit = teardown,
	.test_cases = filemap_bad_cases,
};

static struct kunit_suite iter_suite = {
	.name = "filemap_iter",
	.init = setup,
	.exit = teardown,
	.test_cases = iter_cases,
};
kunit_test_suites(&filemap_suite, &filemap_bad_suite, &iter_suite);

MODULE_LICENSE("GPL");
