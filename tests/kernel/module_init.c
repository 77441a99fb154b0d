// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/* module_init.c: a module without a suite is a program, too. */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init example_init(void)
{
	pr_info("init\n");
#ifdef INIT_FAILS
	return -ENODEV;
#else
	return 0;
#endif
}

static void __exit example_exit(void)
{
	pr_info("exit\n");
}

module_init(example_init);
module_exit(example_exit);
MODULE_DESCRIPTION("A module that says when it comes and goes");
MODULE_LICENSE("Dual Apache-2.0/GPL");
