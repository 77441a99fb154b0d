// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * data_test.c: the shim's data structures against naive ones, and KUnit's static
 * stubs. Random operations are those of one seed (linux/random.h), so a failure repeats.
 */
#include <kunit/resource.h>
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/hashtable.h>
#include <linux/idr.h>
#include <linux/klist.h>
#include <linux/kthread.h>
#include <linux/list_sort.h>
#include <linux/llist.h>
#include <linux/random.h>
#include <linux/rbtree_augmented.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/xarray.h>

/* --- Red-black trees ------------------------------------------------------------------ */

struct number {
	struct rb_node rb;
	unsigned int key;
	unsigned int greatest; /* of the subtree */
	bool linked;
};

#define key_of(number) ((number)->key)
RB_DECLARE_CALLBACKS_MAX(static, greatest_callbacks, struct number, rb, unsigned int, greatest,
			 key_of)

static bool number_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct number, rb)->key < rb_entry(b, struct number, rb)->key;
}

static int number_cmp(const void *key, const struct rb_node *node)
{
	unsigned int left = *(const unsigned int *)key;
	unsigned int right = rb_entry(node, struct number, rb)->key;

	return left < right ? -1 : left > right;
}

/* The blacks on every path below, or -1 where a rule of the tree is broken. */
static int black_height(const struct rb_node *node, const struct rb_node *parent)
{
	const struct number *number;
	unsigned int greatest;
	int left, right;

	if (!node)
		return 0;
	number = rb_entry(node, struct number, rb);
	left = black_height(node->rb_left, node);
	right = black_height(node->rb_right, node);
	if (left < 0 || left != right || rb_parent(node) != parent)
		return -1;
	if (parent && rb_is_red(node) && rb_is_red(parent))
		return -1;
	greatest = number->key;
	if (node->rb_left)
		greatest = max(greatest, rb_entry(node->rb_left, struct number, rb)->greatest);
	if (node->rb_right)
		greatest = max(greatest, rb_entry(node->rb_right, struct number, rb)->greatest);
	if (number->greatest != greatest)
		return -1;
	return left + rb_is_black(node);
}

#define NUMBERS 200

static void tree_is_right(struct kunit *test, struct rb_root_cached *tree, unsigned int linked)
{
	struct rb_node *node;
	struct number *pos, *n;
	unsigned int last = 0, count = 0;

	KUNIT_ASSERT_GE(test, black_height(tree->rb_root.rb_node, NULL), 0);
	KUNIT_ASSERT_PTR_EQ(test, rb_first_cached(tree), rb_first(&tree->rb_root));
	for (node = rb_first(&tree->rb_root); node; node = rb_next(node), count++) {
		KUNIT_ASSERT_LE(test, last, rb_entry(node, struct number, rb)->key);
		last = rb_entry(node, struct number, rb)->key;
	}
	KUNIT_ASSERT_EQ(test, count, linked);
	for (node = rb_last(&tree->rb_root); node; node = rb_prev(node))
		count--;
	KUNIT_ASSERT_EQ(test, count, 0);
	rbtree_postorder_for_each_entry_safe(pos, n, &tree->rb_root, rb) count++;
	KUNIT_ASSERT_EQ(test, count, linked);
}

static void rbtree_stays_right(struct kunit *test)
{
	struct number *numbers = kunit_kcalloc(test, NUMBERS, sizeof(*numbers), GFP_KERNEL);
	struct rb_root_cached tree = RB_ROOT_CACHED;
	unsigned int step, linked = 0;

	KUNIT_ASSERT_NOT_NULL(test, numbers);
	for (step = 0; step < 5000; step++) {
		struct number *number = &numbers[get_random_u32_below(NUMBERS)];

		if (number->linked) {
			KUNIT_ASSERT_NOT_NULL(test,
					      rb_find(&number->key, &tree.rb_root, number_cmp));
			rb_erase_augmented_cached(&number->rb, &tree, &greatest_callbacks);
			linked--;
		} else {
			number->greatest = number->key = get_random_u32_below(NUMBERS);
			rb_add_augmented_cached(&number->rb, &tree, number_less,
						&greatest_callbacks);
			linked++;
		}
		number->linked = !number->linked;
		tree_is_right(test, &tree, linked);
	}
}

static void rbtree_replace(struct kunit *test)
{
	struct number a = {.key = 1}, b = {.key = 2}, taking = {.key = 2};
	struct rb_root tree = RB_ROOT;
	struct rb_node *node;
	unsigned int key = 2, matches = 0;

	rb_add(&a.rb, &tree, number_less);
	rb_add(&b.rb, &tree, number_less);
	rb_replace_node(&b.rb, &taking.rb, &tree);
	KUNIT_EXPECT_PTR_EQ(test, rb_find(&key, &tree, number_cmp), &taking.rb);
	rb_for_each(node, &key, &tree, number_cmp) matches++;
	KUNIT_EXPECT_EQ(test, matches, 1);
	rb_erase(&a.rb, &tree);
	rb_erase(&taking.rb, &tree);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&tree));
}

/* --- The xarray -------------------------------------------------------------------------- */

#define INDICES 600

/* Far apart as well as near: several heights of the tree. */
static unsigned long spread(unsigned int i)
{
	return i < INDICES / 2 ? i : (unsigned long)i << (i % 50);
}

static void xarray_is_a_map(struct kunit *test)
{
	void **naive = kunit_kcalloc(test, INDICES, sizeof(*naive), GFP_KERNEL);
	bool *marked = kunit_kcalloc(test, INDICES, sizeof(*marked), GFP_KERNEL);
	unsigned long index, count;
	unsigned int i, step;
	DEFINE_XARRAY(xa);
	void *entry;

	KUNIT_ASSERT_NOT_NULL(test, naive);
	KUNIT_ASSERT_NOT_NULL(test, marked);
	for (step = 0; step < 50000; step++) {
		i = get_random_u32_below(INDICES);
		/* One of the indices that several i have is enough. */
		if (i >= INDICES / 2 && spread(i) < INDICES)
			continue;
		entry = get_random_u32_below(3) ? xa_mk_value(step) : NULL;
		KUNIT_ASSERT_PTR_EQ(test, xa_store(&xa, spread(i), entry, GFP_KERNEL), naive[i]);
		naive[i] = entry;
		marked[i] = entry && (marked[i] || step % 2);
		if (step % 2)
			xa_set_mark(&xa, spread(i), XA_MARK_1);
		KUNIT_ASSERT_PTR_EQ(test, xa_load(&xa, spread(i)), entry);
		KUNIT_ASSERT_EQ(test, xa_get_mark(&xa, spread(i), XA_MARK_1), marked[i]);
	}
	for (count = 0, i = 0; i < INDICES; i++)
		count += naive[i] != NULL;
	xa_for_each(&xa, index, entry) count--;
	KUNIT_EXPECT_EQ(test, count, 0);
	for (i = 0; i < INDICES; i++)
		count += marked[i];
	xa_for_each_marked(&xa, index, entry, XA_MARK_1) count--;
	KUNIT_EXPECT_EQ(test, count, 0);
	KUNIT_EXPECT_FALSE(test, xa_marked(&xa, XA_MARK_0));
	for (i = 0; i < INDICES; i++)
		xa_erase(&xa, spread(i));
	KUNIT_EXPECT_TRUE(test, xa_empty(&xa));
	KUNIT_EXPECT_FALSE(test, xa_marked(&xa, XA_MARK_1));
}

static void xarray_edges(struct kunit *test)
{
	unsigned long index = 0;
	DEFINE_XARRAY(xa);
	void *one = xa_mk_value(1), *two = xa_mk_value(2);

	KUNIT_EXPECT_NULL(test, xa_store(&xa, ULONG_MAX, one, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, xa_store(&xa, 0, two, GFP_KERNEL));
	KUNIT_EXPECT_PTR_EQ(test, xa_find_after(&xa, &index, ULONG_MAX, XA_PRESENT), one);
	KUNIT_EXPECT_EQ(test, index, ULONG_MAX);
	KUNIT_EXPECT_NULL(test, xa_find_after(&xa, &index, ULONG_MAX, XA_PRESENT));
	KUNIT_EXPECT_EQ(test, xa_insert(&xa, 0, one, GFP_KERNEL), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, xa_cmpxchg(&xa, 0, one, one, GFP_KERNEL), two);
	KUNIT_EXPECT_PTR_EQ(test, xa_cmpxchg(&xa, 0, two, one, GFP_KERNEL), two);
	KUNIT_EXPECT_PTR_EQ(test, xa_load(&xa, 0), one);
	KUNIT_EXPECT_EQ(test, xa_reserve(&xa, 5, GFP_KERNEL), 0);
	KUNIT_EXPECT_NULL(test, xa_load(&xa, 5));
	KUNIT_EXPECT_EQ(test, xa_insert(&xa, 5, one, GFP_KERNEL), -EBUSY);
	xa_release(&xa, 5);
	KUNIT_EXPECT_EQ(test, xa_insert(&xa, 5, one, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, xa_err(xa_mk_internal((unsigned long)-ENOMEM)), -ENOMEM);
	xa_destroy(&xa);
	KUNIT_EXPECT_TRUE(test, xa_empty(&xa));
}

static void xarray_allocates_lowest(struct kunit *test)
{
	DECLARE_BITMAP(taken, 700);
	DEFINE_XARRAY_ALLOC1(xa);
	unsigned int step;
	u32 id, next = 5;

	bitmap_zero(taken, 700);
	__set_bit(0, taken);
	for (step = 0; step < 20000; step++) {
		unsigned int i = get_random_u32_below(699) + 1;

		if (step % 3 == 2) {
			xa_erase(&xa, i);
			__clear_bit(i, taken);
			continue;
		}
		i = find_first_zero_bit(taken, 700);
		if (i == 700) {
			KUNIT_ASSERT_EQ(test,
					xa_alloc(&xa, &id, test, XA_LIMIT(0, 699), GFP_KERNEL),
					-EBUSY);
			continue;
		}
		KUNIT_ASSERT_EQ(test, xa_alloc(&xa, &id, test, XA_LIMIT(0, 699), GFP_KERNEL), 0);
		KUNIT_ASSERT_EQ(test, id, i);
		__set_bit(i, taken);
	}
	xa_destroy(&xa);
	KUNIT_EXPECT_EQ(test, xa_alloc_cyclic(&xa, &id, test, XA_LIMIT(1, 6), &next, GFP_KERNEL),
			0);
	KUNIT_EXPECT_EQ(test, id, 5);
	KUNIT_EXPECT_EQ(test, xa_alloc_cyclic(&xa, &id, test, XA_LIMIT(1, 6), &next, GFP_KERNEL),
			0);
	KUNIT_EXPECT_EQ(test, xa_alloc_cyclic(&xa, &id, test, XA_LIMIT(1, 6), &next, GFP_KERNEL),
			1);
	KUNIT_EXPECT_EQ(test, id, 1);
	xa_destroy(&xa);
}

static int load_in_thread(void *xa)
{
	unsigned long index;
	void *entry;
	int sum = 0;

	for (int round = 0; round < 1000; round++)
		xa_for_each(xa, index, entry) sum += xa_to_value(entry) != index;
	return sum;
}

/* Readers beside a writer see each entry whole, or not at all. */
static void xarray_two_threads(struct kunit *test)
{
	struct task_struct *reader;
	DEFINE_XARRAY(xa);
	unsigned int step;

	reader = kthread_run(load_in_thread, &xa, "reader");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, reader);
	get_task_struct(reader);
	for (step = 0; step < 20000; step++) {
		unsigned long index = get_random_u32_below(5000);

		if (step % 2)
			xa_erase(&xa, index);
		else
			xa_store(&xa, index, xa_mk_value(index), GFP_KERNEL);
	}
	KUNIT_EXPECT_EQ(test, kthread_stop(reader), 0);
	put_task_struct(reader);
	xa_destroy(&xa);
}

/* --- Small integers ------------------------------------------------------------------------ */

static void idr_gives_ids(struct kunit *test)
{
	DEFINE_IDR(idr);
	int a = 1, b = 2, id;
	void *entry;

	idr_init_base(&idr, 10);
	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, &a, 0, 0, GFP_KERNEL), 10);
	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, &b, 11, 12, GFP_KERNEL), 11);
	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, &b, 11, 12, GFP_KERNEL), -ENOSPC);
	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, NULL, 0, 0, GFP_KERNEL), 12);
	KUNIT_EXPECT_PTR_EQ(test, idr_replace(&idr, &a, 12), NULL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(idr_replace(&idr, &a, 13)), -ENOENT);
	KUNIT_EXPECT_PTR_EQ(test, idr_find(&idr, 11), &b);
	id = 0;
	KUNIT_EXPECT_PTR_EQ(test, idr_get_next(&idr, &id), &a);
	KUNIT_EXPECT_EQ(test, id, 10);
	KUNIT_EXPECT_PTR_EQ(test, idr_remove(&idr, 11), &b);
	idr_for_each_entry(&idr, entry, id) KUNIT_EXPECT_PTR_EQ(test, entry, &a);
	KUNIT_EXPECT_EQ(test, idr_alloc_cyclic(&idr, &b, 0, 0, GFP_KERNEL), 11);
	KUNIT_EXPECT_EQ(test, idr_alloc_cyclic(&idr, &b, 0, 0, GFP_KERNEL), 13);
	idr_destroy(&idr);
	KUNIT_EXPECT_TRUE(test, idr_is_empty(&idr));
}

static void ida_gives_ids(struct kunit *test)
{
	DEFINE_IDA(ida);

	KUNIT_EXPECT_EQ(test, ida_alloc(&ida, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, ida_alloc_min(&ida, 1000000, GFP_KERNEL), 1000000);
	KUNIT_EXPECT_EQ(test, ida_alloc_range(&ida, 0, 0, GFP_KERNEL), -ENOSPC);
	ida_free(&ida, 0);
	KUNIT_EXPECT_EQ(test, ida_alloc_max(&ida, 3, GFP_KERNEL), 0);
	ida_destroy(&ida);
	KUNIT_EXPECT_TRUE(test, ida_is_empty(&ida));
}

/* --- Lists ------------------------------------------------------------------------------- */

struct item {
	struct list_head list;
	struct hlist_node hash;
	struct llist_node stack;
	struct klist_node counted;
	int value;
};

static int item_cmp(void *priv, const struct list_head *a, const struct list_head *b)
{
	/* By tens only: equal ones keep their order. */
	return list_entry(a, struct item, list)->value / 10 >
	       list_entry(b, struct item, list)->value / 10;
}

static void lists_sort_stably(struct kunit *test)
{
	struct item *items = kunit_kcalloc(test, 100, sizeof(*items), GFP_KERNEL);
	struct item *item;
	LIST_HEAD(list);
	int i, last = -1;

	KUNIT_ASSERT_NOT_NULL(test, items);
	for (i = 0; i < 100; i++) {
		/* Tens in reverse, ones in order. */
		items[i].value = 90 - i / 10 * 10 + i % 10;
		list_add_tail_rcu(&items[i].list, &list);
	}
	list_sort(NULL, &list, item_cmp);
	list_for_each_entry_rcu(item, &list, list)
	{
		KUNIT_EXPECT_EQ(test, item->value, last + 1);
		last = item->value;
	}
	list_for_each_entry_reverse(item, &list, list) KUNIT_EXPECT_EQ(test, item->value, last--);
}

static void hash_tables_find(struct kunit *test)
{
	struct item items[40] = {0}, *item;
	DEFINE_HASHTABLE(table, 3);
	int i, found = 0, bucket;

	for (i = 0; i < 40; i++) {
		items[i].value = i;
		hash_add_rcu(table, &items[i].hash, i);
	}
	hash_for_each_possible_rcu(table, item, hash, 17) found += item->value == 17;
	KUNIT_EXPECT_EQ(test, found, 1);
	hash_del_rcu(&items[17].hash);
	found = 0;
	hash_for_each_rcu(table, bucket, item, hash) found++;
	KUNIT_EXPECT_EQ(test, found, 39);
}

static void stacks_push_and_empty(struct kunit *test)
{
	struct item items[3] = {{.value = 0}, {.value = 1}, {.value = 2}}, *item;
	LLIST_HEAD(stack);
	int i = 0;

	KUNIT_EXPECT_TRUE(test, llist_add(&items[0].stack, &stack));
	KUNIT_EXPECT_FALSE(test, llist_add(&items[1].stack, &stack));
	llist_add(&items[2].stack, &stack);
	KUNIT_EXPECT_PTR_EQ(test, llist_del_first(&stack), &items[2].stack);
	llist_for_each_entry(item, llist_reverse_order(llist_del_all(&stack)), stack)
		KUNIT_EXPECT_EQ(test, item->value, i++);
	KUNIT_EXPECT_EQ(test, i, 2);
	KUNIT_EXPECT_TRUE(test, llist_empty(&stack));
}

static int remove_in_thread(void *node)
{
	klist_remove(node);
	return 0;
}

/* A walker holds its node: removing it waits. */
static void klist_remove_waits(struct kunit *test)
{
	DEFINE_KLIST(klist, NULL, NULL);
	struct item items[2] = {0};
	struct task_struct *remover;
	struct klist_iter iter;

	klist_add_tail(&items[0].counted, &klist);
	klist_add_tail(&items[1].counted, &klist);
	klist_iter_init(&klist, &iter);
	KUNIT_EXPECT_PTR_EQ(test, klist_next(&iter), &items[0].counted);
	remover = kthread_run(remove_in_thread, &items[0].counted, "remover");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, remover);
	get_task_struct(remover);
	KUNIT_EXPECT_TRUE(test, klist_node_attached(&items[0].counted));
	KUNIT_EXPECT_PTR_EQ(test, klist_next(&iter), &items[1].counted);
	kthread_stop(remover);
	put_task_struct(remover);
	KUNIT_EXPECT_FALSE(test, klist_node_attached(&items[0].counted));
	klist_iter_exit(&iter);
}

/* --- Arrays, bits, counts --------------------------------------------------------------------- */

static int int_cmp(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void arrays_sort(struct kunit *test)
{
	int values[257], sum = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		sum += values[i] = get_random_u32_inclusive(5, 50);
	sort(values, ARRAY_SIZE(values), sizeof(values[0]), int_cmp, NULL);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		sum -= values[i];
		KUNIT_EXPECT_TRUE(test, values[i] >= 5 && values[i] <= 50);
		KUNIT_EXPECT_TRUE(test, i == 0 || values[i - 1] <= values[i]);
	}
	KUNIT_EXPECT_EQ(test, sum, 0);
}

static void bit_helpers(struct kunit *test)
{
	unsigned long word = 0xf0;

	KUNIT_EXPECT_TRUE(test, test_and_change_bit(4, &word));
	KUNIT_EXPECT_FALSE(test, test_and_change_bit(0, &word));
	KUNIT_EXPECT_EQ(test, word, 0xe1);
	KUNIT_EXPECT_FALSE(test, test_and_set_bit_lock(1, &word));
	clear_bit_unlock(1, &word);
	KUNIT_EXPECT_EQ(test, set_mask_bits(&word, 0xf, 0x5), 0xe1);
	KUNIT_EXPECT_EQ(test, word, 0xe5);
	KUNIT_EXPECT_EQ(test, fns(word, 2), 5);
	KUNIT_EXPECT_EQ(test, ror32(1, 1), 0x80000000u);
	KUNIT_EXPECT_EQ(test, sign_extend32(0xff, 7), -1);
}

static void refcounts_drop(struct kunit *test)
{
	DEFINE_SPINLOCK(lock);
	refcount_t r = REFCOUNT_INIT(2);

	KUNIT_EXPECT_FALSE(test, refcount_dec_if_one(&r));
	KUNIT_EXPECT_FALSE(test, refcount_dec_and_lock(&r, &lock));
	KUNIT_EXPECT_FALSE(test, spin_is_locked(&lock));
	KUNIT_EXPECT_FALSE(test, refcount_dec_not_one(&r));
	KUNIT_EXPECT_TRUE(test, refcount_dec_and_lock(&r, &lock));
	KUNIT_EXPECT_TRUE(test, spin_is_locked(&lock));
	spin_unlock(&lock);
	KUNIT_EXPECT_FALSE(test, refcount_add_not_zero(1, &r));
}

/* --- Static stubs ------------------------------------------------------------------------------
 */

static int twice(int i)
{
	KUNIT_STATIC_STUB_REDIRECT(twice, i);
	return 2 * i;
}

static int thrice(int i)
{
	return 3 * i;
}

static int none(int i)
{
	return 0;
}

static void stubs_replace(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, twice(5), 10);
	kunit_activate_static_stub(test, twice, none);
	KUNIT_EXPECT_EQ(test, twice(5), 0);
	kunit_activate_static_stub(test, twice, thrice);
	KUNIT_EXPECT_EQ(test, twice(5), 15);
}

static void stubs_end_with_the_case(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, twice(5), 10);
}

/* --- Resources ----------------------------------------------------------------------------------
 */

static int resources_gone;

static int resource_init(struct kunit_resource *res, void *context)
{
	res->data = context;
	return context ? 0 : -EINVAL;
}

static void resource_free(struct kunit_resource *res)
{
	resources_gone++;
}

static void resources_are_counted(struct kunit *test)
{
	struct kunit_resource named = {0}, again = {0}, *found;

	KUNIT_EXPECT_PTR_EQ(
		test, kunit_alloc_resource(test, resource_init, resource_free, GFP_KERNEL, &named),
		&named);
	KUNIT_EXPECT_NULL(
		test, kunit_alloc_resource(test, resource_init, resource_free, GFP_KERNEL, NULL));
	KUNIT_ASSERT_EQ(
		test, kunit_add_named_resource(test, NULL, resource_free, &named, "name", test), 0);
	KUNIT_EXPECT_EQ(test,
			kunit_add_named_resource(test, NULL, resource_free, &again, "name", test),
			-EEXIST);
	found = kunit_find_named_resource(test, "name");
	KUNIT_EXPECT_PTR_EQ(test, found, &named);
	KUNIT_EXPECT_EQ(test, kunit_destroy_named_resource(test, "name"), 0);
	KUNIT_EXPECT_EQ(test, resources_gone, 0);
	kunit_put_resource(found);
	KUNIT_EXPECT_EQ(test, resources_gone, 1);
	KUNIT_EXPECT_EQ(test, kunit_destroy_named_resource(test, "name"), -ENOENT);
	KUNIT_EXPECT_STREQ(test, kunit_kstrdup(test, "text", GFP_KERNEL), "text");
}

static void resources_end_with_the_case(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, resources_gone, 2);
}

static void xas_walks(struct kunit *test)
{
	DEFINE_XARRAY(array);
	XA_STATE(xas, &array, 0);
	unsigned long i, sum = 0;
	void *entry;

	for (i = 0; i < 100; i += 10) {
		xas_set(&xas, i);
		do {
			xas_lock(&xas);
			KUNIT_EXPECT_NULL(test, xas_store(&xas, xa_mk_value(i)));
			if (i % 20 == 0)
				xas_set_mark(&xas, XA_MARK_0);
			xas_unlock(&xas);
		} while (xas_nomem(&xas, GFP_KERNEL));
		KUNIT_EXPECT_EQ(test, xas_error(&xas), 0);
	}
	xas_set(&xas, 15);
	rcu_read_lock();
	xas_for_each(&xas, entry, 60)
	{
		if (xas_retry(&xas, entry))
			continue;
		sum += xa_to_value(entry);
		if (xas.xa_index == 40)
			xas_pause(&xas);
	}
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, sum, 20 + 30 + 40 + 50 + 60);
	xas_set(&xas, 0);
	sum = 0;
	xas_for_each_marked(&xas, entry, ULONG_MAX, XA_MARK_0) sum += xas.xa_index;
	KUNIT_EXPECT_EQ(test, sum, 0 + 20 + 40 + 60 + 80);
	KUNIT_EXPECT_NULL(test, xas_find(&xas, ULONG_MAX));
	xas_set(&xas, 30);
	KUNIT_EXPECT_PTR_EQ(test, xas_load(&xas), xa_mk_value(30));
	KUNIT_EXPECT_NULL(test, xas_next(&xas));
	KUNIT_EXPECT_PTR_EQ(test, xas_prev(&xas), xa_mk_value(30));
	xas_set_err(&xas, -EBUSY);
	KUNIT_EXPECT_EQ(test, xas_error(&xas), -EBUSY);
	KUNIT_EXPECT_NULL(test, xas_load(&xas));
	xa_destroy(&array);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(xas_walks),
	KUNIT_CASE(rbtree_stays_right),
	KUNIT_CASE(rbtree_replace),
	KUNIT_CASE(xarray_is_a_map),
	KUNIT_CASE(xarray_edges),
	KUNIT_CASE(xarray_allocates_lowest),
	KUNIT_CASE(xarray_two_threads),
	KUNIT_CASE(idr_gives_ids),
	KUNIT_CASE(ida_gives_ids),
	KUNIT_CASE(lists_sort_stably),
	KUNIT_CASE(hash_tables_find),
	KUNIT_CASE(stacks_push_and_empty),
	KUNIT_CASE(klist_remove_waits),
	KUNIT_CASE(arrays_sort),
	KUNIT_CASE(bit_helpers),
	KUNIT_CASE(refcounts_drop),
	KUNIT_CASE(stubs_replace),
	KUNIT_CASE(stubs_end_with_the_case),
	KUNIT_CASE(resources_are_counted),
	KUNIT_CASE(resources_end_with_the_case),
	{},
};

static struct kunit_suite suite = {
	.name = "shim_data",
	.test_cases = cases,
};
kunit_test_suite(suite);
