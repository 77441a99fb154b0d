/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * xarray.c: sparse arrays; see linux/xarray.h.
 *
 * A tree of nodes with 64 slots. A node exists while something is below it, so
 * that an empty array has none. Per slot, a node knows if it is full (nothing
 * free below), and if an entry below has a mark.
 *
 * Every access is done with the array's own busy flag taken, for some loads and
 * stores and without a call of the machine's: it can be taken in any context, and
 * the checker does not see it. What orders a reader after a writer is a word of the
 * array that writers release before and readers acquire behind.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "host.h"

#define FANOUT_SHIFT 6
#define FANOUT	     (1u << FANOUT_SHIFT)
#define MARKS	     3
#define NO_MEMORY    xa_mk_internal((unsigned long)-ENOMEM)
#define INVALID	     xa_mk_internal((unsigned long)-EINVAL)

struct node {
	struct node *parent;
	unsigned int offset; /* in the parent */
	unsigned int shift;  /* of an index, to the slot's number; 0 where entries are */
	unsigned int count;  /* slots that are not null */
	unsigned long full;
	unsigned long marks[MARKS];
	void *slots[FANOUT];
};

static void enter(const struct xarray *xa)
{
	unsigned int *busy = (unsigned int *)&xa->flushdep_busy;

	while (__atomic_exchange_n(busy, 1, __ATOMIC_ACQUIRE))
		shim_host_yield();
}

static void leave(const struct xarray *xa)
{
	__atomic_store_n((unsigned int *)&xa->flushdep_busy, 0, __ATOMIC_RELEASE);
}

static void publish(struct xarray *xa)
{
	smp_store_release(&xa->flushdep_order, 1);
}

static void consume(struct xarray *xa)
{
	(void)smp_load_acquire(&xa->flushdep_order);
}

/* --- Nodes ---------------------------------------------------------------------------- */

static bool covers(const struct node *node, unsigned long index)
{
	return node->shift + FANOUT_SHIFT >= BITS_PER_LONG ||
	       !(index >> (node->shift + FANOUT_SHIFT));
}

static unsigned int slot_of(const struct node *node, unsigned long index)
{
	return (index >> node->shift) % FANOUT;
}

static struct node *new_node(struct node *parent, unsigned int offset, unsigned int shift)
{
	struct node *node = kzalloc(sizeof(*node), GFP_ATOMIC);

	if (!node)
		return NULL;
	node->parent = parent;
	node->offset = offset;
	node->shift = shift;
	if (parent) {
		parent->slots[offset] = node;
		parent->count++;
	}
	return node;
}

static struct node *leaf_of(const struct xarray *xa, unsigned long index)
{
	struct node *node = xa->xa_head;

	if (!node || !covers(node, index))
		return NULL;
	while (node && node->shift)
		node = node->slots[slot_of(node, index)];
	return node;
}

/* What the slot of `node` in its parent says of it, upwards as far as that changes something. */
static void update_parents(struct node *node)
{
	for (; node->parent; node = node->parent) {
		struct node *parent = node->parent;
		unsigned int mark;

		__assign_bit(node->offset, &parent->full, node->full == ~0UL);
		for (mark = 0; mark < MARKS; mark++)
			__assign_bit(node->offset, &parent->marks[mark], node->marks[mark] != 0);
	}
}

/* Frees `node` and those above it that have nothing left. */
static void free_empty(struct xarray *xa, struct node *node)
{
	while (node && !node->count) {
		struct node *parent = node->parent;

		if (parent) {
			parent->slots[node->offset] = NULL;
			parent->count--;
			__clear_bit(node->offset, &parent->full);
		} else {
			WRITE_ONCE(xa->xa_head, NULL);
		}
		kfree(node);
		node = parent;
	}
}

/* A taller tree over the one there is. */
static bool grow(struct xarray *xa, unsigned long index)
{
	struct node *root = xa->xa_head, *taller;

	if (!root) {
		unsigned int shift = 0;

		while (shift + FANOUT_SHIFT < BITS_PER_LONG && index >> (shift + FANOUT_SHIFT))
			shift += FANOUT_SHIFT;
		WRITE_ONCE(xa->xa_head, new_node(NULL, 0, shift));
		return xa->xa_head;
	}
	while (!covers(root, index)) {
		taller = new_node(NULL, 0, root->shift + FANOUT_SHIFT);
		if (!taller)
			return false;
		taller->slots[0] = root;
		taller->count = 1;
		root->parent = taller;
		update_parents(root);
		WRITE_ONCE(xa->xa_head, taller);
		root = taller;
	}
	return true;
}

static struct node *make_leaf(struct xarray *xa, unsigned long index)
{
	struct node *node, *child;

	if (!grow(xa, index))
		return NULL;
	for (node = xa->xa_head; node->shift; node = child) {
		unsigned int i = slot_of(node, index);

		child = node->slots[i] ?: new_node(node, i, node->shift - FANOUT_SHIFT);
		if (!child) {
			free_empty(xa, node);
			return NULL;
		}
	}
	return node;
}

/* --- Entries, with the busy flag --------------------------------------------------------- */

static void *get(const struct xarray *xa, unsigned long index)
{
	struct node *leaf = leaf_of(xa, index);

	return leaf ? leaf->slots[slot_of(leaf, index)] : NULL;
}

static void remove(struct xarray *xa, unsigned long index)
{
	struct node *leaf = leaf_of(xa, index);
	unsigned int i, mark;

	if (!leaf || !leaf->slots[i = slot_of(leaf, index)])
		return;
	leaf->slots[i] = NULL;
	leaf->count--;
	__clear_bit(i, &leaf->full);
	for (mark = 0; mark < MARKS; mark++)
		__clear_bit(i, &leaf->marks[mark]);
	update_parents(leaf);
	free_empty(xa, leaf);
}

/* 0 or -ENOMEM. */
static int set(struct xarray *xa, unsigned long index, void *entry)
{
	struct node *leaf;
	unsigned int i;

	if (!entry) {
		remove(xa, index);
		return 0;
	}
	leaf = make_leaf(xa, index);
	if (!leaf)
		return -ENOMEM;
	i = slot_of(leaf, index);
	leaf->count += !leaf->slots[i];
	leaf->slots[i] = entry;
	__set_bit(i, &leaf->full);
	update_parents(leaf);
	return 0;
}

static bool passes(const struct node *node, unsigned int i, xa_mark_t filter)
{
	return node->slots[i] && (filter >= MARKS || test_bit(i, &node->marks[filter]));
}

/* The first entry at or after *index that passes, below `node`, which begins at `base`. */
static void *search(struct node *node, unsigned long base, unsigned long *index, unsigned long max,
		    xa_mark_t filter)
{
	unsigned int i = *index > base ? (*index - base) >> node->shift : 0;
	void *found;

	for (; i < FANOUT; i++) {
		unsigned long at;

		if (!passes(node, i, filter))
			continue;
		at = base + ((unsigned long)i << node->shift);
		if (at > max)
			break;
		if (node->shift) {
			found = search(node->slots[i], at, index, max, filter);
			if (found)
				return found;
		} else if (!xa_is_zero(node->slots[i])) {
			*index = at;
			return node->slots[i];
		}
	}
	return NULL;
}

static void *find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	struct node *root = xa->xa_head;
	void *found = NULL;

	if (root && covers(root, *index) && *index <= max)
		found = search(root, 0, index, max, filter);
	return found;
}

/* As search(), for an index without an entry. */
static bool search_free(struct node *node, unsigned long base, unsigned long *index,
			unsigned long max)
{
	unsigned long i = *index > base ? (*index - base) >> node->shift : 0;

	for_each_clear_bit_from(i, &node->full, FANOUT)
	{
		unsigned long at = base + (i << node->shift);

		if (at > max)
			return false;
		if (node->shift && node->slots[i]) {
			if (search_free(node->slots[i], at, index, max))
				return true;
		} else {
			*index = max(*index, at);
			return *index <= max;
		}
	}
	return false;
}

/* IDs have 32 bits: what lies behind the tree does not overflow. */
static bool find_free(struct xarray *xa, unsigned long *index, unsigned long max)
{
	struct node *root = xa->xa_head;

	if (root && covers(root, *index)) {
		if (search_free(root, 0, index, max))
			return true;
		if (covers(root, max))
			return false;
		*index = max(*index, 1UL << (root->shift + FANOUT_SHIFT));
	}
	return *index <= max;
}

static bool has_mark(const struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct node *leaf = leaf_of(xa, index);

	return leaf && passes(leaf, slot_of(leaf, index), mark);
}

static void change_mark(struct xarray *xa, unsigned long index, xa_mark_t mark, bool value)
{
	struct node *leaf;

	if (WARN_ON_ONCE(mark >= MARKS))
		return;
	publish(xa);
	enter(xa);
	leaf = leaf_of(xa, index);
	if (leaf && leaf->slots[slot_of(leaf, index)]) {
		__assign_bit(slot_of(leaf, index), &leaf->marks[mark], value);
		update_parents(leaf);
	}
	leave(xa);
}

/* --- The API --------------------------------------------------------------------------- */

/* A reserved index reads as null. */
static void *visible(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

static bool storable(const void *entry)
{
	return !WARN_ON_ONCE(xa_is_internal(entry) && !xa_is_zero(entry));
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	void *entry;

	enter(xa);
	entry = get(xa, index);
	leave(xa);
	consume(xa);
	return visible(entry);
}

bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	bool marked;

	enter(xa);
	marked = mark < MARKS && has_mark(xa, index, mark);
	leave(xa);
	consume(xa);
	return marked;
}

bool xa_marked(const struct xarray *xa, xa_mark_t mark)
{
	const struct node *root;
	bool marked;

	enter(xa);
	root = xa->xa_head;
	marked = root && mark < MARKS && root->marks[mark];
	leave(xa);
	return marked;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	void *entry;

	enter(xa);
	entry = find(xa, index, max, filter);
	leave(xa);
	consume(xa);
	return entry;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	unsigned long next = *index + 1;
	void *entry;

	if (!next)
		return NULL;
	entry = xa_find(xa, &next, max, filter);
	if (entry)
		*index = next;
	return entry;
}

unsigned int xa_extract(struct xarray *xa, void **dst, unsigned long start, unsigned long max,
			unsigned int n, xa_mark_t filter)
{
	unsigned int count = 0;
	void *entry;

	for (entry = n ? xa_find(xa, &start, max, filter) : NULL; entry;
	     entry = xa_find_after(xa, &start, max, filter)) {
		dst[count++] = entry;
		if (count == n)
			break;
	}
	return count;
}

/* Stores if what is there is `*want`; with a null `want`, anyway. What was there, or an error. */
static void *exchange(struct xarray *xa, unsigned long index, void *const *want, void *entry)
{
	void *old;
	int err = 0;

	publish(xa);
	enter(xa);
	old = get(xa, index);
	if (!want || *want == old)
		err = set(xa, index, entry);
	leave(xa);
	consume(xa);
	return err ? NO_MEMORY : old;
}

void *__xa_erase(struct xarray *xa, unsigned long index)
{
	return visible(exchange(xa, index, NULL, NULL));
}

void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (!storable(entry))
		return INVALID;
	if (!entry && (xa->xa_flags & XA_FLAGS_TRACK_FREE))
		entry = XA_ZERO_ENTRY;
	return visible(exchange(xa, index, NULL, entry));
}

void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	return storable(entry) ? visible(exchange(xa, index, &old, entry)) : INVALID;
}

int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *nothing = NULL;
	void *old;

	if (!storable(entry))
		return -EINVAL;
	old = exchange(xa, index, &nothing, entry ?: XA_ZERO_ENTRY);
	if (xa_is_err(old))
		return xa_err(old);
	return old ? -EBUSY : 0;
}

int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	unsigned long index = limit.min;
	int err = -EBUSY;

	if (!storable(entry) || WARN_ON_ONCE(!(xa->xa_flags & XA_FLAGS_TRACK_FREE)))
		return -EINVAL;
	if (xa->xa_flags & XA_FLAGS_ZERO_BUSY)
		index = max(index, 1UL);
	publish(xa);
	enter(xa);
	if (find_free(xa, &index, limit.max))
		err = set(xa, index, entry ?: XA_ZERO_ENTRY);
	leave(xa);
	if (!err)
		*id = index;
	return err;
}

int __xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
		      gfp_t gfp)
{
	u32 min = limit.min;
	int ret;

	limit.min = max(min, *next);
	ret = __xa_alloc(xa, id, entry, limit, gfp);
	if ((xa->xa_flags & XA_FLAGS_ALLOC_WRAPPED) && !ret) {
		xa->xa_flags &= ~XA_FLAGS_ALLOC_WRAPPED;
		ret = 1;
	}
	if (ret < 0 && limit.min > min) {
		limit.min = min;
		ret = __xa_alloc(xa, id, entry, limit, gfp);
		if (!ret)
			ret = 1;
	}
	if (ret < 0)
		return ret;
	*next = *id + 1;
	if (!*next)
		xa->xa_flags |= XA_FLAGS_ALLOC_WRAPPED;
	return ret;
}

void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	change_mark(xa, index, mark, true);
}

void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	change_mark(xa, index, mark, false);
}

void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_lock(xa);
	__xa_set_mark(xa, index, mark);
	xa_unlock(xa);
}

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_lock(xa);
	__xa_clear_mark(xa, index, mark);
	xa_unlock(xa);
}

static void free_tree(struct node *node)
{
	unsigned int i;

	for (i = 0; node->shift && i < FANOUT; i++)
		if (node->slots[i])
			free_tree(node->slots[i]);
	kfree(node);
}

void xa_destroy(struct xarray *xa)
{
	unsigned long flags;
	struct node *root;

	xa_lock_irqsave(xa, flags);
	enter(xa);
	root = xa->xa_head;
	WRITE_ONCE(xa->xa_head, NULL);
	leave(xa);
	xa_unlock_irqrestore(xa, flags);
	if (root)
		free_tree(root);
}
