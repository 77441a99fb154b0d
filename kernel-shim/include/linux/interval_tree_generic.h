/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/interval_tree_generic.h: trees of closed intervals, for any kind of node. */
#ifndef FLUSHDEP_LINUX_INTERVAL_TREE_GENERIC_H
#define FLUSHDEP_LINUX_INTERVAL_TREE_GENERIC_H

#include <linux/rbtree_augmented.h>

/*
 * faithful: ITSTART and ITLAST give a node's bounds, ITSUBTREE is the member that holds the last
 * bound of its subtree. PREFIX_iter_first() finds the leftmost interval that meets [start, last],
 * PREFIX_iter_next() the one after it.
 */
#define INTERVAL_TREE_DEFINE(ITSTRUCT, ITRB, ITTYPE, ITSUBTREE, ITSTART, ITLAST, ITSTATIC,        \
			     ITPREFIX)                                                            \
	RB_DECLARE_CALLBACKS_MAX(static, ITPREFIX##_augment, ITSTRUCT, ITRB, ITTYPE, ITSUBTREE,   \
				 ITLAST)                                                          \
	static bool ITPREFIX##_less(struct rb_node *a, const struct rb_node *b)                   \
	{                                                                                         \
		return ITSTART(rb_entry(a, ITSTRUCT, ITRB)) <                                     \
		       ITSTART(rb_entry(b, ITSTRUCT, ITRB));                                      \
	}                                                                                         \
	ITSTATIC void ITPREFIX##_insert(ITSTRUCT *node, struct rb_root_cached *root)              \
	{                                                                                         \
		node->ITSUBTREE = ITLAST(node);                                                   \
		rb_add_augmented_cached(&node->ITRB, root, ITPREFIX##_less, &ITPREFIX##_augment); \
	}                                                                                         \
	ITSTATIC void ITPREFIX##_remove(ITSTRUCT *node, struct rb_root_cached *root)              \
	{                                                                                         \
		rb_erase_augmented_cached(&node->ITRB, root, &ITPREFIX##_augment);                \
	}                                                                                         \
	/* In a subtree: leftwards as long as something there ends late enough. */                \
	static ITSTRUCT *ITPREFIX##_search(struct rb_node *rb, ITTYPE start, ITTYPE last)         \
	{                                                                                         \
		while (rb) {                                                                      \
			ITSTRUCT *node = rb_entry(rb, ITSTRUCT, ITRB);                            \
			struct rb_node *left = rb->rb_left;                                       \
                                                                                                  \
			if (left && start <= rb_entry(left, ITSTRUCT, ITRB)->ITSUBTREE) {         \
				rb = left;                                                        \
				continue;                                                         \
			}                                                                         \
			if (ITSTART(node) > last)                                                 \
				return NULL;                                                      \
			if (start <= ITLAST(node))                                                \
				return node;                                                      \
			rb = rb->rb_right;                                                        \
		}                                                                                 \
		return NULL;                                                                      \
	}                                                                                         \
	ITSTATIC ITSTRUCT *ITPREFIX##_iter_first(struct rb_root_cached *root, ITTYPE start,       \
						 ITTYPE last)                                     \
	{                                                                                         \
		struct rb_node *top = root->rb_root.rb_node;                                      \
                                                                                                  \
		if (!top || rb_entry(top, ITSTRUCT, ITRB)->ITSUBTREE < start)                     \
			return NULL;                                                              \
		return ITPREFIX##_search(top, start, last);                                       \
	}                                                                                         \
	ITSTATIC ITSTRUCT *ITPREFIX##_iter_next(ITSTRUCT *node, ITTYPE start, ITTYPE last)        \
	{                                                                                         \
		struct rb_node *rb;                                                               \
                                                                                                  \
		for (rb = rb_next(&node->ITRB); rb; rb = rb_next(rb)) {                           \
			node = rb_entry(rb, ITSTRUCT, ITRB);                                      \
			if (ITSTART(node) > last)                                                 \
				return NULL;                                                      \
			if (start <= ITLAST(node))                                                \
				return node;                                                      \
		}                                                                                 \
		return NULL;                                                                      \
	}

#endif
