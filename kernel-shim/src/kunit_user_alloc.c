/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit_user_alloc.c: areas of user memory that end with a case. */
#include <kunit/test.h>

#include <linux/mm.h>

struct area {
	unsigned long addr;
	size_t len;
};

static void end_area(void *arg)
{
	struct area *area = arg;

	/* The case may have ended it itself. */
	if (current->mm && vma_lookup(current->mm, area->addr))
		vm_munmap(area->addr, area->len);
}

unsigned long kunit_vm_mmap(struct kunit *test, struct file *file, unsigned long addr,
			    unsigned long len, unsigned long prot, unsigned long flag,
			    unsigned long offset)
{
	struct area *area = kunit_kzalloc(test, sizeof(*area), GFP_KERNEL);
	unsigned long start;

	if (!area)
		return 0;
	start = vm_mmap(file, addr, len, prot, flag, offset);
	if (IS_ERR_VALUE(start))
		return 0;
	*area = (struct area){.addr = start, .len = len};
	return kunit_add_action_or_reset(test, end_area, area) ? 0 : start;
}
