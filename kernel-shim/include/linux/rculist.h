/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rculist.h: lists and hash chains that are read under RCU while they change. */
#ifndef FLUSHDEP_LINUX_RCULIST_H
#define FLUSHDEP_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

/* faithful: a node is published by a release store, and reached by rcu_dereference(). */
#define list_next_rcu(list)   ((list)->next)
#define list_tail_rcu(head)   ((head)->prev)
#define hlist_first_rcu(head) ((head)->first)
#define hlist_next_rcu(node)  ((node)->next)
#define hlist_pprev_rcu(node) (*(node)->pprev)

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	INIT_LIST_HEAD(list);
}

static inline void __list_add_rcu(struct list_head *entry, struct list_head *left,
				  struct list_head *right)
{
	entry->next = right;
	entry->prev = left;
	rcu_assign_pointer(left->next, entry);
	right->prev = entry;
}

static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
	__list_add_rcu(entry, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *entry, struct list_head *head)
{
	__list_add_rcu(entry, head->prev, head);
}

/* Readers that are on it go on: `next` stays. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *entry)
{
	__list_add_rcu(entry, old->prev, old->next);
	old->prev = LIST_POISON2;
}

/* `sync` waits for the readers of `list`, which are then on its ring without its head. */
static inline void __list_splice_init_rcu(struct list_head *list, struct list_head *left,
					  struct list_head *right, void (*sync)(void))
{
	struct list_head *first = list->next;
	struct list_head *last = list->prev;

	INIT_LIST_HEAD_RCU(list);
	sync();
	last->next = right;
	first->prev = left;
	rcu_assign_pointer(left->next, first);
	right->prev = last;
}

static inline void list_splice_init_rcu(struct list_head *list, struct list_head *head,
					void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head, head->next, sync);
}

static inline void list_splice_tail_init_rcu(struct list_head *list, struct list_head *head,
					     void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head->prev, head, sync);
}

#define list_entry_rcu(ptr, type, member)      container_of(rcu_dereference(ptr), type, member)
#define list_entry_lockless(ptr, type, member) list_entry_rcu(ptr, type, member)
#define list_first_or_null_rcu(head, type, member)                          \
	({                                                                  \
		struct list_head *__head = (head);                          \
		struct list_head *__next = rcu_dereference(__head->next);   \
		__next != __head ? list_entry(__next, type, member) : NULL; \
	})
#define list_next_or_null_rcu(head, ptr, type, member)                      \
	({                                                                  \
		struct list_head *__head = (head);                          \
		struct list_head *__next = rcu_dereference((ptr)->next);    \
		__next != __head ? list_entry(__next, type, member) : NULL; \
	})
#define list_for_each_rcu(pos, head)                                          \
	for (pos = rcu_dereference((head)->next); !list_is_head(pos, (head)); \
	     pos = rcu_dereference(pos->next))

static inline void hlist_del_rcu(struct hlist_node *node)
{
	__hlist_del(node);
	WRITE_ONCE(node->pprev, LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (!hlist_unhashed(node)) {
		__hlist_del(node);
		WRITE_ONCE(node->pprev, NULL);
	}
}

static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	WRITE_ONCE(node->pprev, &head->first);
	rcu_assign_pointer(head->first, node);
	if (first)
		WRITE_ONCE(first->pprev, &node->next);
}

static inline void hlist_add_before_rcu(struct hlist_node *node, struct hlist_node *next)
{
	WRITE_ONCE(node->pprev, next->pprev);
	node->next = next;
	rcu_assign_pointer(*node->pprev, node);
	WRITE_ONCE(next->pprev, &node->next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *node, struct hlist_node *prev)
{
	node->next = prev->next;
	WRITE_ONCE(node->pprev, &prev->next);
	rcu_assign_pointer(prev->next, node);
	if (node->next)
		WRITE_ONCE(node->next->pprev, &node->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *last = head->first;

	while (last && last->next)
		last = last->next;
	if (last)
		hlist_add_behind_rcu(node, last);
	else
		hlist_add_head_rcu(node, head);
}

static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *node)
{
	node->next = old->next;
	WRITE_ONCE(node->pprev, old->pprev);
	rcu_assign_pointer(*node->pprev, node);
	if (node->next)
		WRITE_ONCE(node->next->pprev, &node->next);
	WRITE_ONCE(old->pprev, LIST_POISON2);
}

/* partial: the condition of the last argument is not looked at. */
#define list_for_each_entry_rcu(pos, head, member, cond...)            \
	for (pos = list_entry_rcu((head)->next, typeof(*pos), member); \
	     !list_entry_is_head(pos, head, member);                   \
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_srcu(pos, head, member, cond) list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_lockless(pos, head, member)	  list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_continue_rcu(pos, head, member)                \
	for (pos = list_entry_rcu(pos->member.next, typeof(*pos), member); \
	     !list_entry_is_head(pos, head, member);                       \
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_from_rcu(pos, head, member) \
	for (; !list_entry_is_head(pos, head, member);  \
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define hlist_for_each_entry_rcu(pos, head, member, cond...)                                      \
	for (pos = hlist_entry_safe(rcu_dereference((head)->first), typeof(*(pos)), member); pos; \
	     pos = hlist_entry_safe(rcu_dereference((pos)->member.next), typeof(*(pos)), member))
#define hlist_for_each_entry_rcu_notrace(pos, head, member) \
	hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_rcu_bh(pos, head, member) hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_continue_rcu(pos, member)                                            \
	for (pos = hlist_entry_safe(rcu_dereference((pos)->member.next), typeof(*(pos)), member); \
	     pos;                                                                                 \
	     pos = hlist_entry_safe(rcu_dereference((pos)->member.next), typeof(*(pos)), member))
#define hlist_for_each_entry_from_rcu(pos, member) \
	for (; pos;                                \
	     pos = hlist_entry_safe(rcu_dereference((pos)->member.next), typeof(*(pos)), member))
#define __hlist_for_each_rcu(pos, head) \
	for (pos = rcu_dereference((head)->first); pos; pos = rcu_dereference(pos->next))

#endif
