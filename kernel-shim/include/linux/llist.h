/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/llist.h: stacks that are pushed and emptied without a lock. */
#ifndef FLUSHDEP_LINUX_LLIST_H
#define FLUSHDEP_LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>
#include <linux/stddef.h>
#include <linux/types.h>

/* faithful */
struct llist_head {
	struct llist_node *first;
};

struct llist_node {
	struct llist_node *next;
};

#define LLIST_HEAD_INIT(name) {NULL}
#define LLIST_HEAD(name)      struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

/* Points at itself while on no list. */
static inline void init_llist_node(struct llist_node *node)
{
	WRITE_ONCE(node->next, node);
}

static inline bool llist_on_list(const struct llist_node *node)
{
	return READ_ONCE(node->next) != node;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline struct llist_node *llist_next(struct llist_node *node)
{
	return READ_ONCE(node->next);
}

/* True if the list was empty. */
static inline bool llist_add_batch(struct llist_node *first, struct llist_node *last,
				   struct llist_head *head)
{
	struct llist_node *old = READ_ONCE(head->first);

	do {
		last->next = old;
	} while (!try_cmpxchg(&head->first, &old, first));
	return !old;
}

static inline bool __llist_add_batch(struct llist_node *first, struct llist_node *last,
				     struct llist_head *head)
{
	last->next = head->first;
	head->first = first;
	return !last->next;
}

static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	return llist_add_batch(node, node, head);
}

static inline bool __llist_add(struct llist_node *node, struct llist_head *head)
{
	return __llist_add_batch(node, node, head);
}

static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

static inline struct llist_node *__llist_del_all(struct llist_head *head)
{
	struct llist_node *first = head->first;

	head->first = NULL;
	return first;
}

/* Of one consumer at a time. */
static inline struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *entry = smp_load_acquire(&head->first);

	while (entry && !try_cmpxchg(&head->first, &entry, READ_ONCE(entry->next)))
		;
	return entry;
}

static inline struct llist_node *llist_del_first_init(struct llist_head *head)
{
	struct llist_node *entry = llist_del_first(head);

	if (entry)
		init_llist_node(entry);
	return entry;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *reversed = NULL;

	while (head) {
		struct llist_node *next = head->next;

		head->next = reversed;
		reversed = head;
		head = next;
	}
	return reversed;
}

#define llist_entry(ptr, type, member) container_of(ptr, type, member)
/* The shim's own: the entry of a node, null for none. */
#define flushdep_shim_llist_entry(ptr, type, member)               \
	({                                                         \
		struct llist_node *__node = (ptr);                 \
		__node ? llist_entry(__node, type, member) : NULL; \
	})
#define llist_for_each(pos, node) for ((pos) = (node); pos; (pos) = (pos)->next)
#define llist_for_each_safe(pos, n, node) \
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))
#define llist_for_each_entry(pos, node, member)                                    \
	for ((pos) = flushdep_shim_llist_entry(node, typeof(*(pos)), member); pos; \
	     (pos) = flushdep_shim_llist_entry((pos)->member.next, typeof(*(pos)), member))
#define llist_for_each_entry_safe(pos, n, node, member)                                         \
	for ((pos) = flushdep_shim_llist_entry(node, typeof(*(pos)), member);                   \
	     (pos) &&                                                                           \
	     ((n) = flushdep_shim_llist_entry((pos)->member.next, typeof(*(n)), member), true); \
	     (pos) = (n))

#endif
