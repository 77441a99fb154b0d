/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rbtree.h: red-black trees; their order is the user's. */
#ifndef FLUSHDEP_LINUX_RBTREE_H
#define FLUSHDEP_LINUX_RBTREE_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/rbtree_types.h>
#include <linux/rcupdate.h>
#include <linux/stddef.h>

/* faithful */
#define rb_parent(r)		    ((struct rb_node *)((r)->__rb_parent_color & ~3ul))
#define rb_entry(ptr, type, member) container_of(ptr, type, member)
#define rb_entry_safe(ptr, type, member)                            \
	({                                                          \
		typeof(ptr) __rb_ptr = (ptr);                       \
		__rb_ptr ? rb_entry(__rb_ptr, type, member) : NULL; \
	})
#define RB_EMPTY_ROOT(root)   (READ_ONCE((root)->rb_node) == NULL)
#define RB_EMPTY_NODE(node)   ((node)->__rb_parent_color == (unsigned long)(node))
#define RB_CLEAR_NODE(node)   ((node)->__rb_parent_color = (unsigned long)(node))
#define rb_first_cached(root) ((root)->rb_leftmost)

void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_first_postorder(const struct rb_root *root);
struct rb_node *rb_next_postorder(const struct rb_node *node);
void rb_replace_node(struct rb_node *victim, struct rb_node *node, struct rb_root *root);
void rb_replace_node_rcu(struct rb_node *victim, struct rb_node *node, struct rb_root *root);

#define rbtree_postorder_for_each_entry_safe(pos, n, root, field)                            \
	for (pos = rb_entry_safe(rb_first_postorder(root), typeof(*pos), field);             \
	     pos && ({                                                                       \
		     n = rb_entry_safe(rb_next_postorder(&pos->field), typeof(*pos), field); \
		     1;                                                                      \
	     });                                                                             \
	     pos = n)

/* Red and without children; rb_insert_color() makes the tree right again. */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->__rb_parent_color = (unsigned long)parent;
	node->rb_left = node->rb_right = NULL;
	*link = node;
}

static inline void rb_link_node_rcu(struct rb_node *node, struct rb_node *parent,
				    struct rb_node **link)
{
	node->__rb_parent_color = (unsigned long)parent;
	node->rb_left = node->rb_right = NULL;
	rcu_assign_pointer(*link, node);
}

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root,
					  bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

/* The new leftmost node, if it was the leftmost that went. */
static inline struct rb_node *rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	struct rb_node *leftmost = NULL;

	if (root->rb_leftmost == node)
		leftmost = root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
	return leftmost;
}

static inline void rb_replace_node_cached(struct rb_node *victim, struct rb_node *node,
					  struct rb_root_cached *root)
{
	if (root->rb_leftmost == victim)
		root->rb_leftmost = node;
	rb_replace_node(victim, node, &root->rb_root);
}

/* The shim's own: where a node belongs, by its order to others; true if leftmost. */
static __always_inline bool flushdep_shim_rb_place(struct rb_node *node, struct rb_root *tree,
						   struct rb_node **parent, struct rb_node ***link,
						   bool (*less)(struct rb_node *,
								const struct rb_node *))
{
	bool leftmost = true;

	*parent = NULL;
	for (*link = &tree->rb_node; **link;) {
		*parent = **link;
		if (less(node, *parent)) {
			*link = &(*parent)->rb_left;
		} else {
			*link = &(*parent)->rb_right;
			leftmost = false;
		}
	}
	return leftmost;
}

static __always_inline void rb_add(struct rb_node *node, struct rb_root *tree,
				   bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node *parent, **link;

	flushdep_shim_rb_place(node, tree, &parent, &link, less);
	rb_link_node(node, parent, link);
	rb_insert_color(node, tree);
}

/* The node, if it is the leftmost. */
static __always_inline struct rb_node *
rb_add_cached(struct rb_node *node, struct rb_root_cached *tree,
	      bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node *parent, **link;
	bool leftmost = flushdep_shim_rb_place(node, &tree->rb_root, &parent, &link, less);

	rb_link_node(node, parent, link);
	rb_insert_color_cached(node, tree, leftmost);
	return leftmost ? node : NULL;
}

/* Null if it was added, else the equal node that is there. */
static __always_inline struct rb_node *rb_find_add(struct rb_node *node, struct rb_root *tree,
						   int (*cmp)(struct rb_node *,
							      const struct rb_node *))
{
	struct rb_node *parent = NULL, **link = &tree->rb_node;

	while (*link) {
		int c = cmp(node, *link);

		parent = *link;
		if (!c)
			return parent;
		link = c < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node_rcu(node, parent, link);
	rb_insert_color(node, tree);
	return NULL;
}

#define rb_find_add_rcu(node, tree, cmp) rb_find_add(node, tree, cmp)

static __always_inline struct rb_node *rb_find(const void *key, const struct rb_root *tree,
					       int (*cmp)(const void *key, const struct rb_node *))
{
	struct rb_node *node = tree->rb_node;

	while (node) {
		int c = cmp(key, node);

		if (!c)
			break;
		node = c < 0 ? node->rb_left : node->rb_right;
	}
	return node;
}

static __always_inline struct rb_node *rb_find_rcu(const void *key, const struct rb_root *tree,
						   int (*cmp)(const void *key,
							      const struct rb_node *))
{
	struct rb_node *node = rcu_dereference(tree->rb_node);

	while (node) {
		int c = cmp(key, node);

		if (!c)
			break;
		node = c < 0 ? rcu_dereference(node->rb_left) : rcu_dereference(node->rb_right);
	}
	return node;
}

/* The leftmost of equal ones. */
static __always_inline struct rb_node *rb_find_first(const void *key, const struct rb_root *tree,
						     int (*cmp)(const void *key,
								const struct rb_node *))
{
	struct rb_node *node = tree->rb_node, *match = NULL;

	while (node) {
		int c = cmp(key, node);

		if (!c)
			match = node;
		node = c <= 0 ? node->rb_left : node->rb_right;
	}
	return match;
}

static __always_inline struct rb_node *rb_next_match(const void *key, struct rb_node *node,
						     int (*cmp)(const void *key,
								const struct rb_node *))
{
	node = rb_next(node);
	return node && !cmp(key, node) ? node : NULL;
}

#define rb_for_each(node, key, tree, cmp)                          \
	for ((node) = rb_find_first((key), (tree), (cmp)); (node); \
	     (node) = rb_next_match((key), (node), (cmp)))

#endif
