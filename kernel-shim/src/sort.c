/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* sort.c: sorting arrays (a heap sort) and rings (a merge sort from the bottom). */
#include <linux/list_sort.h>
#include <linux/minmax.h>
#include <linux/sort.h>
#include <linux/string.h>

/* --- Arrays ------------------------------------------------------------------------ */

struct job {
	char *base;
	size_t size;
	cmp_r_func_t cmp;
	swap_r_func_t exchange;
	const void *priv;
};

static void swap_bytes(char *a, char *b, size_t size)
{
	while (size--)
		swap(a[size], b[size]);
}

static void swap_elements(const struct job *job, size_t a, size_t b)
{
	void *pa = job->base + a * job->size, *pb = job->base + b * job->size;

	if (job->exchange)
		job->exchange(pa, pb, job->size, job->priv);
	else
		swap_bytes(pa, pb, job->size);
}

static bool is_less(const struct job *job, size_t a, size_t b)
{
	return job->cmp(job->base + a * job->size, job->base + b * job->size, job->priv) < 0;
}

/* Makes the tree below `root` a heap again, of the first `num` elements. */
static void sift_down(const struct job *job, size_t root, size_t num)
{
	size_t child;

	while ((child = 2 * root + 1) < num) {
		if (child + 1 < num && is_less(job, child, child + 1))
			child++;
		if (!is_less(job, root, child))
			return;
		swap_elements(job, root, child);
		root = child;
	}
}

void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp_func, swap_r_func_t swap_func,
	    const void *priv)
{
	struct job job = {
		.base = base, .size = size, .cmp = cmp_func, .exchange = swap_func, .priv = priv};
	size_t i;

	for (i = num / 2; i-- > 0;)
		sift_down(&job, i, num);
	for (i = num; i-- > 1;) {
		swap_elements(&job, 0, i);
		sift_down(&job, 0, i);
	}
}

struct plain {
	cmp_func_t cmp;
	swap_func_t exchange;
};

static int call_cmp(const void *a, const void *b, const void *priv)
{
	return ((const struct plain *)priv)->cmp(a, b);
}

static void call_swap(void *a, void *b, int size, const void *priv)
{
	((const struct plain *)priv)->exchange(a, b, size);
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp_func, swap_func_t swap_func)
{
	struct plain plain = {.cmp = cmp_func, .exchange = swap_func};

	sort_r(base, num, size, call_cmp, swap_func ? call_swap : NULL, &plain);
}

/* --- Rings ------------------------------------------------------------------------- */

/* Two chains by `next`, null at their ends; where equal, those of `a` come first. */
static struct list_head *merge(void *priv, list_cmp_func_t cmp, struct list_head *a,
			       struct list_head *b)
{
	struct list_head *first, **tail = &first;

	while (a && b) {
		struct list_head **from = cmp(priv, a, b) > 0 ? &b : &a;

		*tail = *from;
		tail = &(*from)->next;
		*from = (*from)->next;
	}
	*tail = a ?: b;
	return first;
}

/* pending[i] is null or a sorted chain of 2^i nodes, all of them before those below it. */
#define MAX_ORDER 64

void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	struct list_head *pending[MAX_ORDER] = {NULL};
	struct list_head *node, *next, *sorted = NULL;
	unsigned int i;

	if (list_empty(head))
		return;
	head->prev->next = NULL;
	for (node = head->next; node; node = next) {
		next = node->next;
		node->next = NULL;
		for (i = 0; pending[i]; i++) {
			node = merge(priv, cmp, pending[i], node);
			pending[i] = NULL;
		}
		pending[i] = node;
	}
	for (i = 0; i < MAX_ORDER; i++)
		if (pending[i])
			sorted = merge(priv, cmp, pending[i], sorted);
	INIT_LIST_HEAD(head);
	for (; sorted; sorted = next) {
		next = sorted->next;
		list_add_tail(sorted, head);
	}
}
