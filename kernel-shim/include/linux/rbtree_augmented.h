/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rbtree_augmented.h: red-black trees whose nodes know something of their subtrees. */
#ifndef FLUSHDEP_LINUX_RBTREE_AUGMENTED_H
#define FLUSHDEP_LINUX_RBTREE_AUGMENTED_H

#include <linux/rbtree.h>

/*
 * faithful: `propagate` brings what is known up to date from a node to `stop`, `copy` takes it over
 * from the node whose place another takes, `rotate` does so and computes the old one's anew.
 */
struct rb_augment_callbacks {
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	void (*copy)(struct rb_node *old, struct rb_node *taking);
	void (*rotate)(struct rb_node *old, struct rb_node *taking);
};

/* faithful */
#define RB_RED		  0
#define RB_BLACK	  1
#define __rb_parent(pc)	  ((struct rb_node *)((pc) & ~3ul))
#define __rb_color(pc)	  ((pc) & 1)
#define __rb_is_black(pc) __rb_color(pc)
#define __rb_is_red(pc)	  (!__rb_color(pc))
#define rb_color(rb)	  __rb_color((rb)->__rb_parent_color)
#define rb_is_red(rb)	  __rb_is_red((rb)->__rb_parent_color)
#define rb_is_black(rb)	  __rb_is_black((rb)->__rb_parent_color)

void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment);
void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment);

static inline void rb_insert_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					      bool newleft,
					      const struct rb_augment_callbacks *augment)
{
	if (newleft)
		root->rb_leftmost = node;
	rb_insert_augmented(node, &root->rb_root, augment);
}

static inline void rb_erase_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					     const struct rb_augment_callbacks *augment)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase_augmented(node, &root->rb_root, augment);
}

static __always_inline struct rb_node *
rb_add_augmented_cached(struct rb_node *node, struct rb_root_cached *tree,
			bool (*less)(struct rb_node *, const struct rb_node *),
			const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent, **link;
	bool leftmost = flushdep_shim_rb_place(node, &tree->rb_root, &parent, &link, less);

	rb_link_node(node, parent, link);
	augment->propagate(parent, NULL);
	rb_insert_augmented_cached(node, tree, leftmost, augment);
	return leftmost ? node : NULL;
}

/* compute(node, true) says whether what is known of the node was right already. */
#define RB_DECLARE_CALLBACKS(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD, RBAUGMENTED, RBCOMPUTE)   \
	static inline void RBNAME##_propagate(struct rb_node *rb, struct rb_node *stop)     \
	{                                                                                   \
		for (; rb != stop; rb = rb_parent(rb))                                      \
			if (RBCOMPUTE(rb_entry(rb, RBSTRUCT, RBFIELD), true))               \
				break;                                                      \
	}                                                                                   \
	static inline void RBNAME##_copy(struct rb_node *rb_old, struct rb_node *rb_taking) \
	{                                                                                   \
		rb_entry(rb_taking, RBSTRUCT, RBFIELD)->RBAUGMENTED =                       \
			rb_entry(rb_old, RBSTRUCT, RBFIELD)->RBAUGMENTED;                   \
	}                                                                                   \
	static void RBNAME##_rotate(struct rb_node *rb_old, struct rb_node *rb_taking)      \
	{                                                                                   \
		RBNAME##_copy(rb_old, rb_taking);                                           \
		RBCOMPUTE(rb_entry(rb_old, RBSTRUCT, RBFIELD), false);                      \
	}                                                                                   \
	RBSTATIC const struct rb_augment_callbacks RBNAME = {                               \
		.propagate = RBNAME##_propagate,                                            \
		.copy = RBNAME##_copy,                                                      \
		.rotate = RBNAME##_rotate,                                                  \
	};

/* What is known is the greatest of compute() of the subtree's nodes. */
#define RB_DECLARE_CALLBACKS_MAX(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD, RBTYPE, RBAUGMENTED, \
				 RBCOMPUTE)                                                \
	static inline RBTYPE RBNAME##_max_of(const struct rb_node *rb, RBTYPE other)       \
	{                                                                                  \
		RBTYPE mine;                                                               \
                                                                                           \
		if (!rb)                                                                   \
			return other;                                                      \
		mine = rb_entry(rb, RBSTRUCT, RBFIELD)->RBAUGMENTED;                       \
		return mine > other ? mine : other;                                        \
	}                                                                                  \
	static inline bool RBNAME##_compute_max(RBSTRUCT *node, bool exit)                 \
	{                                                                                  \
		RBTYPE __max = RBNAME##_max_of(node->RBFIELD.rb_left, RBCOMPUTE(node));    \
                                                                                           \
		__max = RBNAME##_max_of(node->RBFIELD.rb_right, __max);                    \
		if (exit && node->RBAUGMENTED == __max)                                    \
			return true;                                                       \
		node->RBAUGMENTED = __max;                                                 \
		return false;                                                              \
	}                                                                                  \
	RB_DECLARE_CALLBACKS(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD, RBAUGMENTED, RBNAME##_compute_max)

#endif
