/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/klist.h: lists whose nodes are counted, and that may lose nodes while being walked. */
#ifndef FLUSHDEP_LINUX_KLIST_H
#define FLUSHDEP_LINUX_KLIST_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct klist_node;

/* faithful: `get` and `put` are called as the list takes and drops a reference of a node. */
struct klist {
	spinlock_t k_lock;
	struct list_head k_list;
	void (*get)(struct klist_node *node);
	void (*put)(struct klist_node *node);
} __attribute__((aligned(sizeof(void *))));

/* `n_klist` has its lowest bit set as soon as the node is deleted. */
struct klist_node {
	void *n_klist;
	struct list_head n_node;
	struct kref n_ref;
};

struct klist_iter {
	struct klist *i_klist;
	struct klist_node *i_cur;
};

#define KLIST_INIT(_name, _get, _put)                           \
	{                                                       \
		.k_lock = __SPIN_LOCK_UNLOCKED((_name).k_lock), \
		.k_list = LIST_HEAD_INIT((_name).k_list),       \
		.get = (_get),                                  \
		.put = (_put),                                  \
	}
#define DEFINE_KLIST(_name, _get, _put) struct klist _name = KLIST_INIT(_name, _get, _put)

#define klist_init(k, get_fn, put_fn)             \
	do {                                      \
		struct klist *__klist = (k);      \
                                                  \
		spin_lock_init(&__klist->k_lock); \
		INIT_LIST_HEAD(&__klist->k_list); \
		__klist->get = (get_fn);          \
		__klist->put = (put_fn);          \
	} while (0)

void klist_add_tail(struct klist_node *n, struct klist *k);
void klist_add_head(struct klist_node *n, struct klist *k);
void klist_add_behind(struct klist_node *n, struct klist_node *pos);
void klist_add_before(struct klist_node *n, struct klist_node *pos);
void klist_del(struct klist_node *n);
int klist_node_attached(struct klist_node *n);
void klist_iter_init(struct klist *k, struct klist_iter *i);
void klist_iter_init_node(struct klist *k, struct klist_iter *i, struct klist_node *n);
void klist_iter_exit(struct klist_iter *i);
struct klist_node *klist_prev(struct klist_iter *i);
struct klist_node *klist_next(struct klist_iter *i);

/* faithful: comes back when the last walker has left the node. */
void klist_remove(struct klist_node *n);

#endif
