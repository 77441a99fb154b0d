/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rbtree_types.h: the parts of a red-black tree. */
#ifndef FLUSHDEP_LINUX_RBTREE_TYPES_H
#define FLUSHDEP_LINUX_RBTREE_TYPES_H

#include <linux/stddef.h>

/* faithful: the parent's address, and in its lowest bit the colour. */
struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __attribute__((aligned(sizeof(long))));

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT	       ((struct rb_root){NULL})
#define RB_ROOT_CACHED ((struct rb_root_cached){{NULL}, NULL})

#endif
