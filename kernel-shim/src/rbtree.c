/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* rbtree.c: red-black trees; see linux/rbtree.h and linux/rbtree_augmented.h. */
#include <linux/rbtree_augmented.h>

static void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (unsigned long)parent | rb_color(node);
}

static void set_color(struct rb_node *node, unsigned long color)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~1ul) | color;
}

static struct rb_node **child_of(struct rb_node *node, bool left)
{
	return left ? &node->rb_left : &node->rb_right;
}

/* Absent nodes are black leaves. */
static bool is_red(const struct rb_node *node)
{
	return node && rb_is_red(node);
}

static void change_child(struct rb_node *old, struct rb_node *taking, struct rb_node *parent,
			 struct rb_root *root)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, taking);
	else
		WRITE_ONCE(*child_of(parent, parent->rb_left == old), taking);
}

/* `node` goes down to the side given, its child of the other side takes its place. */
static void rotate(struct rb_node *node, bool left, struct rb_root *root,
		   const struct rb_augment_callbacks *augment)
{
	struct rb_node *up = *child_of(node, !left);
	struct rb_node *moved = *child_of(up, left);
	struct rb_node *parent = rb_parent(node);

	WRITE_ONCE(*child_of(node, !left), moved);
	if (moved)
		set_parent(moved, node);
	WRITE_ONCE(*child_of(up, left), node);
	set_parent(node, up);
	set_parent(up, parent);
	change_child(node, up, parent, root);
	if (augment)
		augment->rotate(node, up);
}

static void insert_fixup(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent, *grand, *uncle;

	while (is_red(parent = rb_parent(node))) {
		bool left;

		grand = rb_parent(parent);
		left = grand->rb_left == parent;
		uncle = *child_of(grand, !left);
		if (is_red(uncle)) {
			set_color(parent, RB_BLACK);
			set_color(uncle, RB_BLACK);
			set_color(grand, RB_RED);
			node = grand;
			continue;
		}
		if (*child_of(parent, !left) == node) {
			rotate(parent, left, root, augment);
			parent = node;
		}
		set_color(parent, RB_BLACK);
		set_color(grand, RB_RED);
		rotate(grand, !left, root, augment);
		break;
	}
	set_color(root->rb_node, RB_BLACK);
}

/* Paths through `node`, a child of `parent` that may be absent, lack one black. */
static void erase_fixup(struct rb_node *node, struct rb_node *parent, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	while (parent && !is_red(node)) {
		bool left = parent->rb_left == node;
		struct rb_node *sibling = *child_of(parent, !left);

		if (rb_is_red(sibling)) {
			set_color(sibling, RB_BLACK);
			set_color(parent, RB_RED);
			rotate(parent, left, root, augment);
			sibling = *child_of(parent, !left);
		}
		if (!is_red(sibling->rb_left) && !is_red(sibling->rb_right)) {
			set_color(sibling, RB_RED);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (!is_red(*child_of(sibling, !left))) {
			set_color(*child_of(sibling, left), RB_BLACK);
			set_color(sibling, RB_RED);
			rotate(sibling, !left, root, augment);
			sibling = *child_of(parent, !left);
		}
		set_color(sibling, rb_color(parent));
		set_color(parent, RB_BLACK);
		set_color(*child_of(sibling, !left), RB_BLACK);
		rotate(parent, left, root, augment);
		return;
	}
	if (node)
		set_color(node, RB_BLACK);
}

/* `taking`, which is linked nowhere, gets the place, the children and the colour of `node`. */
static void take_place(struct rb_node *taking, struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(node);

	*taking = *node;
	if (taking->rb_left)
		set_parent(taking->rb_left, taking);
	if (taking->rb_right)
		set_parent(taking->rb_right, taking);
	change_child(node, taking, parent, root);
}

static struct rb_node *outermost(struct rb_node *node, bool left)
{
	while (node && *child_of(node, left))
		node = *child_of(node, left);
	return node;
}

static void erase(struct rb_node *node, struct rb_root *root,
		  const struct rb_augment_callbacks *augment)
{
	/* What leaves its place: the node, or with two children the next one. */
	struct rb_node *leaving = node;
	struct rb_node *child, *parent;
	bool was_black;

	if (node->rb_left && node->rb_right)
		leaving = outermost(node->rb_right, true);
	child = leaving->rb_left ?: leaving->rb_right;
	parent = rb_parent(leaving);
	was_black = rb_is_black(leaving);
	change_child(leaving, child, parent, root);
	if (child)
		set_parent(child, parent);
	if (leaving != node) {
		take_place(leaving, node, root);
		if (parent == node)
			parent = leaving;
		if (augment) {
			augment->copy(node, leaving);
			if (parent != leaving)
				augment->propagate(parent, leaving);
			augment->propagate(leaving, NULL);
		}
	} else if (augment) {
		augment->propagate(parent, NULL);
	}
	if (was_black)
		erase_fixup(child, parent, root, augment);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	insert_fixup(node, root, NULL);
}

void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	insert_fixup(node, root, augment);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	erase(node, root, NULL);
}

void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	erase(node, root, augment);
}

void rb_replace_node(struct rb_node *victim, struct rb_node *node, struct rb_root *root)
{
	take_place(node, victim, root);
}

/* Readers must find the node ready when they find it. */
void rb_replace_node_rcu(struct rb_node *victim, struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(victim);
	struct rb_node **link =
		parent ? child_of(parent, parent->rb_left == victim) : &root->rb_node;

	*node = *victim;
	rcu_assign_pointer(*link, node);
	if (node->rb_left)
		set_parent(node->rb_left, node);
	if (node->rb_right)
		set_parent(node->rb_right, node);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->rb_node, true);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->rb_node, false);
}

static struct rb_node *step(struct rb_node *node, bool back)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (*child_of(node, back))
		return outermost(*child_of(node, back), !back);
	while ((parent = rb_parent(node)) && *child_of(parent, back) == node)
		node = parent;
	return parent;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return step((struct rb_node *)node, false);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	return step((struct rb_node *)node, true);
}

static struct rb_node *deepest(struct rb_node *node)
{
	while (node && (node->rb_left || node->rb_right))
		node = node->rb_left ?: node->rb_right;
	return node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return deepest(root->rb_node);
}

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent = node ? rb_parent(node) : NULL;

	if (parent && parent->rb_left == node && parent->rb_right)
		return deepest(parent->rb_right);
	return parent;
}
