// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * secretmem_user.c: what a process does with Linux's own mm/secretmem.c, which secretmem_test.sh
 * links this with: makes a file, sets its size, maps, faults, truncates, unmaps, closes.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/secretmem.h>
#include <linux/set_memory.h>

#include <asm/tlbflush.h>

#include "flushdep.h"

#define NR_PAGES    8ul
#define NR_FAULTERS 3

long sys_memfd_secret(unsigned int flags);

struct secret {
	int fd;
	struct file *file;
	struct vm_area_struct *vma;
};

static int set_size(struct file *file, loff_t size)
{
	struct iattr attr = {.ia_valid = ATTR_SIZE, .ia_size = size};
	struct inode *inode = file_inode(file);
	int err;

	inode_lock(inode);
	err = notify_change(&nop_mnt_idmap, file_dentry(file), &attr, NULL);
	inode_unlock(inode);
	return err;
}

static vm_fault_t touch(struct secret *secret, unsigned long page)
{
	return handle_mm_fault(secret->vma, secret->vma->vm_start + page * PAGE_SIZE,
			       FAULT_FLAG_WRITE | FAULT_FLAG_USER, NULL);
}

static unsigned long map_file(struct secret *secret, unsigned long flags)
{
	return vm_mmap(secret->file, 0, NR_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, flags, 0);
}

/* The folio at an index, unlocked, without a reference: good as long as nobody truncates. */
static struct folio *folio_at(struct secret *secret, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(secret->file->f_mapping, index);

	if (!IS_ERR(folio))
		folio_put(folio);
	return folio;
}

static void unmap_and_close(struct secret *secret)
{
	if (secret->vma)
		vm_munmap(secret->vma->vm_start, NR_PAGES * PAGE_SIZE);
	secret->vma = NULL;
	if (secret->file)
		fput(secret->file);
	if (secret->file)
		close_fd(secret->fd);
	secret->file = NULL;
}

static int setup(struct kunit *test)
{
	struct secret *secret = kunit_kzalloc(test, sizeof(*secret), GFP_KERNEL);
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, secret);
	test->priv = secret;
	secret->fd = sys_memfd_secret(O_CLOEXEC);
	KUNIT_ASSERT_GE(test, secret->fd, 0);
	secret->file = fget(secret->fd);
	KUNIT_ASSERT_NOT_NULL(test, secret->file);
	KUNIT_ASSERT_EQ(test, set_size(secret->file, NR_PAGES * PAGE_SIZE), 0);
	addr = map_file(secret, MAP_SHARED);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	secret->vma = vma_lookup(current->mm, addr);
	KUNIT_ASSERT_NOT_NULL(test, secret->vma);
	return 0;
}

static void teardown(struct kunit *test)
{
	unmap_and_close(test->priv);
}

/* --- One process ---------------------------------------------------------------------------- */

static void fault_takes_it_out(struct kunit *test)
{
	struct secret *secret = test->priv;
	struct folio *folio;

	KUNIT_EXPECT_EQ(test, touch(secret, 0), 0);
	folio = folio_at(secret, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(&folio->page));
	KUNIT_EXPECT_TRUE(test, folio_test_uptodate(folio));
	KUNIT_EXPECT_FALSE(test, folio_test_locked(folio));
	/* The mapping's and the area's. */
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_EQ(test, touch(secret, 0), 0);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&current_user()->locked_vm), 1l);
}

static void release_puts_it_back(struct kunit *test)
{
	struct secret *secret = test->priv;
	struct page *page;

	KUNIT_EXPECT_TRUE(test, secretmem_active());
	KUNIT_EXPECT_TRUE(test, vma_is_secretmem(secret->vma));
	KUNIT_EXPECT_TRUE(test, secretmem_mapping(secret->file->f_mapping));
	KUNIT_EXPECT_EQ(test, touch(secret, 3), 0);
	page = &folio_at(secret, 3)->page;
	unmap_and_close(secret);
	KUNIT_EXPECT_FALSE(test, secretmem_active());
	KUNIT_EXPECT_EQ(test, page_count(page), 0);
	KUNIT_EXPECT_TRUE(test, kernel_page_present(page));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&current_user()->locked_vm), 0l);
}

static void truncate_frees_what_is_mapped(struct kunit *test)
{
	struct secret *secret = test->priv;
	struct address_space *mapping = secret->file->f_mapping;
	struct page *kept, *gone;
	unsigned long i;

	for (i = 0; i < NR_PAGES; i++)
		KUNIT_EXPECT_EQ(test, touch(secret, i), 0);
	kept = &folio_at(secret, 1)->page;
	gone = &folio_at(secret, 2)->page;
	filemap_invalidate_lock(mapping);
	truncate_inode_pages(mapping, 2 * PAGE_SIZE);
	filemap_invalidate_unlock(mapping);
	KUNIT_EXPECT_EQ(test, mapping->nrpages, 2ul);
	KUNIT_EXPECT_EQ(test, page_count(kept), 2);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(kept));
	KUNIT_EXPECT_EQ(test, page_count(gone), 0);
	KUNIT_EXPECT_TRUE(test, kernel_page_present(gone));
	KUNIT_EXPECT_EQ(test, touch(secret, 2), 0);
	KUNIT_EXPECT_EQ(test, mapping->nrpages, 3ul);
}

static void limits(struct kunit *test)
{
	struct secret *secret = test->priv;

	KUNIT_EXPECT_EQ(test, touch(secret, NR_PAGES), VM_FAULT_SIGSEGV);
	KUNIT_EXPECT_EQ(test, set_size(secret->file, PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, (long)map_file(secret, MAP_PRIVATE), (long)-EINVAL);
	KUNIT_EXPECT_EQ(test, sys_memfd_secret(1), (long)-EINVAL);
	i_size_write(file_inode(secret->file), PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, touch(secret, 1), VM_FAULT_SIGBUS);
}

static void fault_that_cannot_take_it_out(struct kunit *test)
{
	struct flushdep_inject_rule rule = {.point = FLUSHDEP_INJECT_DIRECT_MAP, .times = 1};
	struct secret *secret = test->priv;

	KUNIT_ASSERT_EQ(test, flushdep_inject(&rule), 0);
	KUNIT_EXPECT_TRUE(test, touch(secret, 0) & VM_FAULT_ERROR);
	flushdep_inject_clear();
	KUNIT_EXPECT_EQ(test, secret->file->f_mapping->nrpages, 0ul);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&current_user()->locked_vm), 0l);
	KUNIT_EXPECT_EQ(test, touch(secret, 0), 0);
}

/* --- Several ---------------------------------------------------------------------------------- */

static struct completion faulters_done[NR_FAULTERS];
static struct secret *shared;

static int faulter(void *data)
{
	unsigned long i, result = 0;

	for (i = 0; i < NR_PAGES; i++)
		result |= touch(shared, i);
	complete(&faulters_done[(long)data]);
	return result;
}

static void faults_race(struct kunit *test)
{
	struct task_struct *task;
	long i;

	shared = test->priv;
	for (i = 0; i < NR_FAULTERS; i++) {
		init_completion(&faulters_done[i]);
		task = kthread_run(faulter, (void *)i, "faulter");
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	}
	for (i = 0; i < NR_FAULTERS; i++)
		wait_for_completion(&faulters_done[i]);
	KUNIT_EXPECT_EQ(test, shared->file->f_mapping->nrpages, NR_PAGES);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&current_user()->locked_vm), (long)NR_PAGES);
}

#ifdef SECRETMEM_RACE
/*
 * mm/secretmem.c is compiled with -Dfilemap_add_folio=racing_add_folio: where a case asks for it,
 * another fault has inserted its folio between the look and the insert.
 */
static struct folio *winner;

int racing_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index, gfp_t gfp)
{
	struct folio *other = winner;

	winner = NULL;
	if (other) {
		WARN_ON(filemap_add_folio(mapping, other, index, gfp));
		folio_unlock(other);
	}
	return filemap_add_folio(mapping, folio, index, gfp);
}

static void loser_takes_the_winners(struct kunit *test)
{
	struct secret *secret = test->priv;
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, 0);
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_ASSERT_EQ(test, set_direct_map_invalid_noflush(&folio->page), 0);
	addr = (unsigned long)folio_address(folio);
	flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	winner = folio;
	KUNIT_EXPECT_EQ(test, touch(secret, 5), 0);
	KUNIT_EXPECT_PTR_EQ(test, folio_at(secret, 5), folio);
	folio_put(folio);
}
#endif

static struct kunit_case secretmem_cases[] = {
	KUNIT_CASE(fault_takes_it_out),
	KUNIT_CASE(release_puts_it_back),
	KUNIT_CASE(truncate_frees_what_is_mapped),
	KUNIT_CASE(limits),
	KUNIT_CASE(fault_that_cannot_take_it_out),
	KUNIT_CASE(faults_race),
#ifdef SECRETMEM_RACE
	KUNIT_CASE(loser_takes_the_winners),
#endif
	{},
};

static struct kunit_suite secretmem_suite = {
	.name = "secretmem",
	.init = setup,
	.exit = teardown,
	.test_cases = secretmem_cases,
};
kunit_test_suite(secretmem_suite);

MODULE_LICENSE("GPL");
