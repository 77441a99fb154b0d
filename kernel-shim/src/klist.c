/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * klist.c: lists whose nodes are counted; see linux/klist.h.
 *
 * Being on the list is one reference of a node, being some walker's current
 * node another. A deleted node stays linked until the last is dropped.
 */
#include <linux/completion.h>
#include <linux/klist.h>

#define DEAD 1UL

/* A klist_remove() that waits; on its stack. */
struct waiter {
	struct list_head node;
	struct klist_node *gone;
	struct completion done;
};

static DEFINE_SPINLOCK(waiters_lock);
static LIST_HEAD(waiters);

static struct klist *klist_of(struct klist_node *n)
{
	return (struct klist *)((unsigned long)n->n_klist & ~DEAD);
}

static bool is_dead(struct klist_node *n)
{
	return (unsigned long)n->n_klist & DEAD;
}

static void attach(struct klist *k, struct klist_node *n)
{
	INIT_LIST_HEAD(&n->n_node);
	kref_init(&n->n_ref);
	n->n_klist = k;
	if (k->get)
		k->get(n);
}

void klist_add_head(struct klist_node *n, struct klist *k)
{
	attach(k, n);
	guard(spinlock)(&k->k_lock);
	list_add(&n->n_node, &k->k_list);
}

void klist_add_tail(struct klist_node *n, struct klist *k)
{
	attach(k, n);
	guard(spinlock)(&k->k_lock);
	list_add_tail(&n->n_node, &k->k_list);
}

void klist_add_behind(struct klist_node *n, struct klist_node *pos)
{
	struct klist *k = klist_of(pos);

	attach(k, n);
	guard(spinlock)(&k->k_lock);
	list_add(&n->n_node, &pos->n_node);
}

void klist_add_before(struct klist_node *n, struct klist_node *pos)
{
	struct klist *k = klist_of(pos);

	attach(k, n);
	guard(spinlock)(&k->k_lock);
	list_add_tail(&n->n_node, &pos->n_node);
}

static void release(struct kref *ref)
{
	struct klist_node *n = container_of(ref, struct klist_node, n_ref);
	struct waiter *waiter, *next;

	list_del(&n->n_node);
	/* Before the completion: who waits may free it. */
	n->n_klist = NULL;
	guard(spinlock)(&waiters_lock);
	list_for_each_entry_safe (waiter, next, &waiters, node) {
		if (waiter->gone != n)
			continue;
		list_del(&waiter->node);
		complete(&waiter->done);
	}
}

/* Drops a reference; true if the caller owes the list's put(). With the list's lock held. */
static bool drop(struct klist_node *n, bool kill)
{
	if (kill)
		n->n_klist = (void *)((unsigned long)n->n_klist | DEAD);
	return kref_put(&n->n_ref, release);
}

static void put(struct klist_node *n, bool kill)
{
	struct klist *k = klist_of(n);
	bool last;

	spin_lock(&k->k_lock);
	last = drop(n, kill);
	spin_unlock(&k->k_lock);
	/* Outside: it may free the node, or sleep. */
	if (last && k->put)
		k->put(n);
}

void klist_del(struct klist_node *n)
{
	put(n, true);
}

void klist_remove(struct klist_node *n)
{
	struct waiter waiter = {.gone = n};

	init_completion(&waiter.done);
	spin_lock(&waiters_lock);
	list_add(&waiter.node, &waiters);
	spin_unlock(&waiters_lock);
	klist_del(n);
	wait_for_completion(&waiter.done);
}

int klist_node_attached(struct klist_node *n)
{
	return n->n_klist != NULL;
}

void klist_iter_init_node(struct klist *k, struct klist_iter *i, struct klist_node *n)
{
	i->i_klist = k;
	i->i_cur = n && kref_get_unless_zero(&n->n_ref) ? n : NULL;
}

void klist_iter_init(struct klist *k, struct klist_iter *i)
{
	klist_iter_init_node(k, i, NULL);
}

void klist_iter_exit(struct klist_iter *i)
{
	if (i->i_cur)
		put(i->i_cur, false);
	i->i_cur = NULL;
}

/* One step from where the walker is; a dead node is passed over. */
static struct klist_node *step(struct klist_iter *i, bool forward)
{
	struct klist *k = i->i_klist;
	struct klist_node *last = i->i_cur;
	struct list_head *pos;
	bool owed;

	spin_lock(&k->k_lock);
	pos = last ? &last->n_node : &k->k_list;
	pos = forward ? pos->next : pos->prev;
	owed = last && drop(last, false);
	for (i->i_cur = NULL; pos != &k->k_list; pos = forward ? pos->next : pos->prev) {
		struct klist_node *n = list_entry(pos, struct klist_node, n_node);

		if (is_dead(n))
			continue;
		kref_get(&n->n_ref);
		i->i_cur = n;
		break;
	}
	spin_unlock(&k->k_lock);
	if (owed && k->put)
		k->put(last);
	return i->i_cur;
}

struct klist_node *klist_next(struct klist_iter *i)
{
	return step(i, true);
}

struct klist_node *klist_prev(struct klist_iter *i)
{
	return step(i, false);
}
