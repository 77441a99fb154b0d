// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/* api_test.c: what files of drivers and of virtual machines use besides the API of memory. */
#include <kunit/test.h>
#include <linux/bit_spinlock.h>
#include <linux/bsearch.h>
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/gcd.h>
#include <linux/iopoll.h>
#include <linux/jhash.h>
#include <linux/jump_label.h>
#include <linux/kasan.h>
#include <linux/kthread.h>
#include <linux/kvm_types.h>
#include <linux/lcm.h>
#include <linux/local_lock.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/highmem.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/notifier.h>
#include <linux/once.h>
#include <linux/static_key.h>
#include <linux/overflow.h>
#include <linux/percpu-refcount.h>
#include <linux/percpu-rwsem.h>
#include <linux/percpu.h>
#include <linux/percpu_counter.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/reciprocal_div.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/seq_file.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <linux/uaccess.h>
#include <linux/unaligned.h>
#include <linux/vmalloc.h>

/* --- Memory and strings ------------------------------------------------------------- */

struct packet {
	u32 kind;
	u32 length;
	u64 sum;
	u8 data[] __counted_by(length);
};

struct thing {
	int value;
	struct list_head node;
	struct rcu_head rcu;
};

static void construct(void *object)
{
	((struct thing *)object)->value = 7;
}

static void slab_forms(struct kunit *test)
{
	struct kmem_cache_args args = {.align = 64, .ctor = construct};
	struct kmem_cache *with_args = kmem_cache_create("things", sizeof(struct thing), &args,
							 SLAB_HWCACHE_ALIGN | SLAB_PANIC);
	struct kmem_cache *plain =
		kmem_cache_create("plain", sizeof(struct thing), 0, SLAB_ACCOUNT, NULL);
	void *objects[8];
	struct thing *thing = kmem_cache_alloc(with_args, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, thing);
	KUNIT_EXPECT_EQ(test, thing->value, 7);
	KUNIT_EXPECT_EQ(test, (unsigned long)thing % 64, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_size(with_args), sizeof(struct thing));
	kmem_cache_free(with_args, thing);
	KUNIT_EXPECT_EQ(test,
			kmem_cache_alloc_bulk(plain, GFP_KERNEL, ARRAY_SIZE(objects), objects),
			ARRAY_SIZE(objects));
	kmem_cache_free_bulk(plain, ARRAY_SIZE(objects), objects);
	kmem_cache_destroy(plain);
	kmem_cache_destroy(with_args);
}

static void big_memory(struct kunit *test)
{
	u32 *numbers __free(kvfree) = kvmalloc_array(1 << 16, sizeof(*numbers), GFP_KERNEL);
	u8 *bytes __free(vfree) = vzalloc(3 * PAGE_SIZE);
	struct packet *packet __free(kfree) = kzalloc(struct_size(packet, data, 16), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, numbers);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	KUNIT_ASSERT_NOT_NULL(test, packet);
	KUNIT_EXPECT_TRUE(test, mem_is_zero(bytes, 3 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, struct_size(packet, data, 16), sizeof(*packet) + 16);
	KUNIT_EXPECT_NULL(test, kvmalloc_array(SIZE_MAX / 2, 4, GFP_KERNEL));
	numbers = kvrealloc(numbers, 1 << 19, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, numbers);
}

static void freed_after_readers(struct kunit *test)
{
	struct thing *first = kzalloc(sizeof(*first), GFP_KERNEL);
	struct thing *second = kzalloc(sizeof(*second), GFP_KERNEL);
	struct thing __rcu *shared = NULL;
	struct thing *old;

	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_ASSERT_NOT_NULL(test, second);
	old = rcu_replace_pointer(shared, first, true);
	KUNIT_EXPECT_NULL(test, old);
	rcu_read_lock_bh();
	KUNIT_EXPECT_PTR_EQ(test, rcu_dereference_bh(shared), first);
	rcu_read_unlock_bh();
	kfree_rcu(first, rcu);
	kfree_rcu_mightsleep(second);
	rcu_barrier();
}

static void strings(struct kunit *test)
{
	char path[] = "/sys/kernel/mm";
	static const char *const modes[] = {"off", "madvise", "always", NULL};
	char padded[8] = "xxxxxxx";
	struct packet header = {1, 2, 3};
	int *copy __free(kfree) = NULL;
	static const int numbers[] = {1, 2, 3};

	KUNIT_EXPECT_STREQ(test, kbasename(path), "mm");
	KUNIT_EXPECT_STREQ(test, strreplace(path, '/', '!'), "!sys!kernel!mm");
	KUNIT_EXPECT_EQ(test, str_has_prefix(path, "!sys"), 4);
	KUNIT_EXPECT_EQ(test, str_has_prefix(path, "sys"), 0);
	KUNIT_EXPECT_EQ(test, sysfs_match_string(modes, "always\n"), 2);
	KUNIT_EXPECT_EQ(test, sysfs_match_string(modes, "never"), -EINVAL);
	KUNIT_EXPECT_EQ(test, strscpy_pad(padded, "ab"), 2);
	KUNIT_EXPECT_TRUE(test, mem_is_zero(padded + 2, 6));
	KUNIT_EXPECT_EQ(test, strscpy_pad(padded, "longer than that", sizeof(padded)), -E2BIG);
	memset_after(&header, 0, length);
	KUNIT_EXPECT_EQ(test, header.sum, 0);
	memset_startat(&header, 0xff, length);
	KUNIT_EXPECT_EQ(test, header.kind, 1);
	KUNIT_EXPECT_EQ(test, header.length, ~0u);
	memcpy_and_pad(padded, sizeof(padded), "abc", 3, '.');
	KUNIT_EXPECT_MEMEQ(test, padded, "abc.....", 8);
	KUNIT_EXPECT_STREQ(test, str_on_off(true), "on");
	KUNIT_EXPECT_STREQ(test, str_plural(2), "s");
	copy = kmemdup_array(numbers, ARRAY_SIZE(numbers), sizeof(*numbers), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	KUNIT_EXPECT_EQ(test, copy[2], 3);
}

static void user_copies(struct kunit *test)
{
	struct {
		u64 flags, size, reserved;
	} args = {}, from_user = {1, 2, 3};
	char *text = strndup_user("name", 16);
	int *value = memdup_user(&from_user, sizeof(int));
	unsigned long word;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, value);
	KUNIT_EXPECT_STREQ(test, text, "name");
	KUNIT_EXPECT_EQ(test, *value, 1);
	KUNIT_EXPECT_EQ(test, PTR_ERR(strndup_user("long", 4)), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_struct_from_user(&args, 16, &from_user, 24), -E2BIG);
	from_user.reserved = 0;
	KUNIT_EXPECT_EQ(test, copy_struct_from_user(&args, 16, &from_user, 24), 0);
	KUNIT_EXPECT_EQ(test, args.size, 2);
	KUNIT_EXPECT_EQ(test, copy_struct_from_user(&args, 24, &from_user, 8), 0);
	KUNIT_EXPECT_EQ(test, args.size, 0);
	KUNIT_EXPECT_EQ(test, get_kernel_nofault(word, (unsigned long *)&from_user), 0);
	KUNIT_EXPECT_EQ(test, word, 1);
	kfree(text);
	kfree(value);
}

DEFINE_FREE(put_folio, struct folio *, if (!IS_ERR_OR_NULL(_T)) folio_put(_T))

static void folios(struct kunit *test)
{
	struct folio *large __free(put_folio) = folio_alloc(GFP_KERNEL | __GFP_ZERO, 2);
	struct folio *folio __free(put_folio) = __folio_alloc_node(GFP_KERNEL, 0, numa_node_id());
	struct page *pages[4] = {};
	LIST_HEAD(list);

	KUNIT_ASSERT_NOT_NULL(test, large);
	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_EXPECT_EQ(test, folio_shift(large), PAGE_SHIFT + 2);
	KUNIT_EXPECT_EQ(test, thp_nr_pages(&large->page), 4);
	KUNIT_EXPECT_EQ(test, offset_in_folio(large, 0x12345678), 0x1678);
	folio_ref_inc(large);
	KUNIT_EXPECT_EQ(test, folio_ref_count(large), 2);
	folio_ref_dec(large);
	folio_attach_private(folio, pages);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_PTR_EQ(test, folio_detach_private(folio), (void *)pages);
	folio_set_hwpoison(folio);
	KUNIT_EXPECT_TRUE(test, PageHWPoison(&folio->page));
	KUNIT_EXPECT_FALSE(test, folio_test_anon(folio) || folio_test_hugetlb(folio));
	pagefault_disable();
	memzero_page(&folio->page, 0, PAGE_SIZE);
	pagefault_enable();
	KUNIT_ASSERT_EQ(test, alloc_pages_bulk(GFP_KERNEL, ARRAY_SIZE(pages), pages), 4);
	list_add(&pages[0]->lru, &list);
	list_add(&pages[1]->lru, &list);
	put_pages_list(&list);
	release_pages(pages + 2, 2);
}

static int words_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d ", 5);
	seq_puts(m, "words");
	seq_putc(m, '\n');
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(words);

static void files_of_text(struct kunit *test)
{
	char text[32] = {};
	struct seq_file file = {.buf = text, .size = sizeof(text)};
	static const u8 raw[] = {1, 2, 3, 4, 5, 6, 7, 8};
	int first, second;

	words_show(&file, NULL);
	KUNIT_EXPECT_STREQ(test, text, "5 words\n");
	KUNIT_EXPECT_TRUE(test,
			  IS_ERR(debugfs_create_file("words", 0444, NULL, NULL, &words_fops)));
	KUNIT_EXPECT_EQ(test, get_unaligned_le32(raw + 1), 0x05040302);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(raw + 3), 0x0405);
	KUNIT_EXPECT_EQ(test, sscanf("0x1f-7", "%i-%d", &first, &second), 2);
	KUNIT_EXPECT_EQ(test, first, 31);
	KUNIT_EXPECT_EQ(test, second, 7);
}

static void pool_has_a_reserve(struct kunit *test)
{
	mempool_t *pool = mempool_create_kmalloc_pool(4, 64);
	mempool_t pages;
	void *element;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	element = mempool_alloc(pool, GFP_NOIO);
	KUNIT_EXPECT_NOT_NULL(test, element);
	mempool_free(element, pool);
	mempool_destroy(pool);
	KUNIT_ASSERT_EQ(test, mempool_init_page_pool(&pages, 2, 0), 0);
	element = mempool_alloc(&pages, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, pfn_valid(page_to_pfn((struct page *)element)));
	mempool_free(element, &pages);
	mempool_exit(&pages);
}

/* --- Numbers ------------------------------------------------------------------------- */

static int compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void numbers(struct kunit *test)
{
	static const int sorted[] = {1, 3, 5, 7, 9};
	int key = 7, missing = 4;
	u8 narrow;
	struct reciprocal_value by = reciprocal_value(7);

	KUNIT_EXPECT_EQ(test, gcd(12, 18), 6);
	KUNIT_EXPECT_EQ(test, lcm(4, 6), 12);
	KUNIT_EXPECT_EQ(test, int_sqrt(1 << 20), 1 << 10);
	KUNIT_EXPECT_EQ(test, int_sqrt(~0ul), ~0u);
	KUNIT_EXPECT_EQ(test, int_pow(3, 4), 81);
	KUNIT_EXPECT_EQ(test, mult_frac(1000, 3, 4), 750);
	KUNIT_EXPECT_EQ(test, reciprocal_divide(700, by), 100);
	KUNIT_EXPECT_PTR_EQ(test, bsearch(&key, sorted, 5, sizeof(int), compare_ints),
			    (void *)&sorted[3]);
	KUNIT_EXPECT_NULL(test, bsearch(&missing, sorted, 5, sizeof(int), compare_ints));
	KUNIT_EXPECT_EQ(test, size_sub(3, 5), SIZE_MAX);
	KUNIT_EXPECT_TRUE(test, overflows_type(256, u8));
	KUNIT_EXPECT_FALSE(test, overflows_type(255, narrow));
	KUNIT_EXPECT_TRUE(test, check_shl_overflow(0x80, 1, &narrow));
	KUNIT_EXPECT_FALSE(test, check_shl_overflow(0x40, 1, &narrow));
	KUNIT_EXPECT_EQ(test, narrow, 0x80);
	KUNIT_EXPECT_EQ(test, (int)type_max(s8), 127);
	KUNIT_EXPECT_EQ(test, (int)type_min(s8), -128);
	KUNIT_EXPECT_EQ(test, wrapping_add(u8, 250, 10), 4);
	KUNIT_EXPECT_EQ(test, jhash_2words(1, 2, 3), jhash_2words(1, 2, 3));
	KUNIT_EXPECT_EQ(test, array_index_nospec(3, 5), 3);
	KUNIT_EXPECT_EQ(test, array_index_nospec(7, 5), 0);
	KUNIT_EXPECT_NE(test, _THIS_IP_, 0);
}

static void on_the_stack(struct kunit *test)
{
	DEFINE_FLEX(struct packet, packet, data, length, 16);

	KUNIT_EXPECT_EQ(test, packet->length, 16);
	packet->data[15] = 1;
	KUNIT_EXPECT_EQ(test, packet->data[15], 1);
}

static void atomics(struct kunit *test)
{
	atomic_t counter = ATOMIC_INIT(1);
	unsigned long word = 5, old = 4;
	long flags = 0;

	KUNIT_EXPECT_EQ(test, atomic_fetch_inc(&counter), 1);
	KUNIT_EXPECT_EQ(test, atomic_dec_if_positive(&counter), 1);
	KUNIT_EXPECT_TRUE(test, atomic_inc_unless_negative(&counter));
	KUNIT_EXPECT_EQ(test, atomic_fetch_xor(3, &counter), 2);
	KUNIT_EXPECT_EQ(test, atomic_cond_read_acquire(&counter, VAL == 1), 1);
	KUNIT_EXPECT_EQ(test, smp_cond_load_relaxed(&word, VAL > 4), 5);
	KUNIT_EXPECT_FALSE(test, try_cmpxchg_release(&word, &old, 6));
	KUNIT_EXPECT_EQ(test, old, 5);
	KUNIT_EXPECT_TRUE(test, try_cmpxchg64(&word, &old, 6));
	KUNIT_EXPECT_EQ(test, cmpxchg_relaxed(&word, 6, 7), 6);
	KUNIT_EXPECT_EQ(test, xchg_acquire(&word, 8), 7);
	KUNIT_EXPECT_EQ(test, cmpxchg_acquire(&flags, 0, BIT(3)), 0);
	KUNIT_EXPECT_EQ(test, flags, 8);
}

/* --- Locks -------------------------------------------------------------------------------- */

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rwlock);
static DECLARE_RWSEM(rwsem);
DEFINE_STATIC_PERCPU_RWSEM(percpu_rwsem);

static int try_both(int wanted)
{
	scoped_cond_guard(mutex_intr, return -EINTR, &mutex)
	{
		scoped_cond_guard(spinlock_try, return -EBUSY, &spin)
		{
			if (wanted)
				return wanted;
		}
		return 2;
	}
	return 3;
}

static bool quick_look(void)
{
	CLASS(mutex_try, lock)(&mutex);

	return lock;
}

static void guards(struct kunit *test)
{
	unsigned long flags;

	KUNIT_EXPECT_EQ(test, try_both(1), 1);
	KUNIT_EXPECT_EQ(test, try_both(0), 2);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&mutex));
	KUNIT_EXPECT_TRUE(test, quick_look());
	scoped_guard(raw_spinlock_irqsave, &spin) KUNIT_EXPECT_TRUE(test, irqs_disabled());
	scoped_guard(rwsem_read_try, &rwsem) lockdep_assert_held(&rwsem);
	scoped_guard(percpu_write, &percpu_rwsem) percpu_rwsem_assert_held(&percpu_rwsem);
	scoped_guard(mmap_read_lock, current->mm) mmap_assert_locked(current->mm);
	write_lock_irq(&rwlock);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	write_unlock_irq(&rwlock);
	KUNIT_EXPECT_TRUE(test, spin_trylock_irq(&spin));
	spin_unlock_irq(&spin);
	KUNIT_EXPECT_TRUE(test, spin_trylock_bh(&spin));
	spin_unlock_bh(&spin);
	KUNIT_EXPECT_TRUE(test, raw_spin_trylock_irqsave(&spin, flags));
	raw_spin_unlock_irqrestore(&spin, flags);
	KUNIT_EXPECT_EQ(test, down_write_killable(&rwsem), 0);
	up_write(&rwsem);
	might_lock(&mutex);
}

static void last_one_locks(struct kunit *test)
{
	atomic_t counter = ATOMIC_INIT(2);

	KUNIT_EXPECT_FALSE(test, atomic_dec_and_lock(&counter, &spin));
	KUNIT_EXPECT_TRUE(test, atomic_dec_and_lock(&counter, &spin));
	KUNIT_EXPECT_TRUE(test, spin_is_locked(&spin));
	spin_unlock(&spin);
}

static struct {
	seqlock_t lock;
	seqcount_mutex_t count;
	unsigned long a, b;
} pair = {.lock = __SEQLOCK_UNLOCKED(pair.lock)};

static int write_pairs(void *unused)
{
	unsigned long i;

	for (i = 1; i <= 1000; i++) {
		write_seqlock(&pair.lock);
		WRITE_ONCE(pair.a, i);
		WRITE_ONCE(pair.b, i);
		write_sequnlock(&pair.lock);
	}
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

static void pairs_are_whole(struct kunit *test)
{
	struct task_struct *writer = kthread_run(write_pairs, NULL, "writer");
	unsigned long a, b, i;
	unsigned int seq;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, writer);
	for (i = 0; i < 1000; i++) {
		do {
			seq = read_seqbegin(&pair.lock);
			a = READ_ONCE(pair.a);
			b = READ_ONCE(pair.b);
		} while (read_seqretry(&pair.lock, seq));
		KUNIT_ASSERT_EQ(test, a, b);
	}
	kthread_stop(writer);
	mutex_lock(&mutex);
	seqcount_mutex_init(&pair.count, &mutex);
	seq = read_seqcount_begin(&pair.count);
	write_seqcount_begin(&pair.count);
	write_seqcount_end(&pair.count);
	KUNIT_EXPECT_TRUE(test, read_seqcount_retry(&pair.count, seq));
	mutex_unlock(&mutex);
}

DEFINE_STATIC_SRCU(srcu);
static int srcu_value;
static int *srcu_pointer;

static int read_asleep(void *started)
{
	const int *number;

	guard(srcu)(&srcu);
	number = srcu_dereference(srcu_pointer, &srcu);
	smp_store_release((bool *)started, true);
	msleep(20);
	WRITE_ONCE(srcu_value, *number);
	return 0;
}

static void srcu_waits(struct kunit *test)
{
	int *number = kmalloc(sizeof(*number), GFP_KERNEL);
	bool started = false;
	struct task_struct *reader;

	KUNIT_ASSERT_NOT_NULL(test, number);
	*number = 42;
	rcu_assign_pointer(srcu_pointer, number);
	reader = kthread_run(read_asleep, &started, "reader");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, reader);
	while (!smp_load_acquire(&started))
		msleep(1);
	rcu_assign_pointer(srcu_pointer, NULL);
	synchronize_srcu(&srcu);
	KUNIT_EXPECT_EQ(test, READ_ONCE(srcu_value), 42);
	kfree(number);
}

static DEFINE_SEMAPHORE(tokens, 1);

static int give_back(void *unused)
{
	msleep(5);
	up(&tokens);
	return 0;
}

static void semaphores(struct kunit *test)
{
	struct task_struct *giver;

	down(&tokens);
	KUNIT_EXPECT_NE(test, down_trylock(&tokens), 0);
	KUNIT_EXPECT_EQ(test, down_timeout(&tokens, msecs_to_jiffies(2)), -ETIME);
	giver = kthread_run(give_back, NULL, "giver");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, giver);
	KUNIT_EXPECT_EQ(test, down_interruptible(&tokens), 0);
	up(&tokens);
}

struct percpu_state {
	local_lock_t lock;
	int count;
};

static DEFINE_PER_CPU(struct percpu_state, percpu_state) = {.lock = INIT_LOCAL_LOCK(lock)};

static void local_locks(struct kunit *test)
{
	unsigned long flags, word = 0;

	local_lock(&percpu_state.lock);
	this_cpu_inc(percpu_state.count);
	KUNIT_EXPECT_FALSE(test, preemptible());
	local_unlock(&percpu_state.lock);
	local_lock_irqsave(&percpu_state.lock, flags);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	local_unlock_irqrestore(&percpu_state.lock, flags);
	bit_spin_lock(3, &word);
	KUNIT_EXPECT_TRUE(test, bit_spin_is_locked(3, &word));
	KUNIT_EXPECT_FALSE(test, bit_spin_trylock(3, &word));
	bit_spin_unlock(3, &word);
	KUNIT_EXPECT_EQ(test, word, 0);
}

/* --- Counters, keys, chains ------------------------------------------------------------------ */

static bool released;

static void release(struct percpu_ref *ref)
{
	released = true;
}

static void counters(struct kunit *test)
{
	struct percpu_counter counter;
	struct percpu_ref ref;

	KUNIT_ASSERT_EQ(test, percpu_counter_init(&counter, 5, GFP_KERNEL), 0);
	percpu_counter_add(&counter, 10);
	percpu_counter_dec(&counter);
	KUNIT_EXPECT_EQ(test, percpu_counter_sum(&counter), 14);
	KUNIT_EXPECT_GT(test, percpu_counter_compare(&counter, 13), 0);
	percpu_counter_destroy(&counter);
	released = false;
	KUNIT_ASSERT_EQ(test, percpu_ref_init(&ref, release, 0, GFP_KERNEL), 0);
	percpu_ref_get(&ref);
	percpu_ref_kill(&ref);
	KUNIT_EXPECT_FALSE(test, released);
	KUNIT_EXPECT_FALSE(test, percpu_ref_tryget_live(&ref));
	percpu_ref_put(&ref);
	KUNIT_EXPECT_TRUE(test, released);
	percpu_ref_exit(&ref);
}

static DEFINE_STATIC_KEY_FALSE(feature);
DEFINE_STATIC_KEY_MAYBE(CONFIG_SMP, on_smp);

static void static_keys(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, static_branch_unlikely(&feature));
	static_branch_inc(&feature);
	KUNIT_EXPECT_TRUE(test, static_branch_unlikely(&feature));
	static_branch_dec(&feature);
	KUNIT_EXPECT_FALSE(test, static_key_enabled(&feature));
	static_branch_enable(&feature);
	static_branch_enable(&feature);
	static_branch_disable(&feature);
	KUNIT_EXPECT_FALSE(test, static_branch_likely(&feature));
	KUNIT_EXPECT_TRUE(test, static_branch_maybe(CONFIG_SMP, &on_smp));
}

static BLOCKING_NOTIFIER_HEAD(chain);
static int heard;

static int hear(struct notifier_block *nb, unsigned long action, void *data)
{
	heard = heard * 10 + nb->priority;
	return action ? NOTIFY_OK : notifier_from_errno(-ENODEV);
}

static void chains(struct kunit *test)
{
	struct notifier_block low = {.notifier_call = hear, .priority = 1};
	struct notifier_block high = {.notifier_call = hear, .priority = 2};

	heard = 0;
	KUNIT_EXPECT_EQ(test, blocking_notifier_chain_register(&chain, &low), 0);
	KUNIT_EXPECT_EQ(test, blocking_notifier_chain_register(&chain, &high), 0);
	KUNIT_EXPECT_EQ(test, blocking_notifier_call_chain(&chain, 1, NULL), NOTIFY_OK);
	KUNIT_EXPECT_EQ(test, heard, 21);
	KUNIT_EXPECT_EQ(test, notifier_to_errno(blocking_notifier_call_chain(&chain, 0, NULL)),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, heard, 212);
	KUNIT_EXPECT_EQ(test, blocking_notifier_chain_unregister(&chain, &low), 0);
	KUNIT_EXPECT_EQ(test, blocking_notifier_chain_unregister(&chain, &low), -ENOENT);
	blocking_notifier_chain_unregister(&chain, &high);
}

static int polls;

static int poll_once(int step)
{
	return polls += step;
}

static void polling(struct kunit *test)
{
	int value;

	polls = 0;
	KUNIT_EXPECT_EQ(test, read_poll_timeout(poll_once, value, value >= 3, 10, 100000, false, 1),
			0);
	KUNIT_EXPECT_EQ(test, value, 3);
	KUNIT_EXPECT_EQ(test, readx_poll_timeout_atomic(poll_once, 0, value, value < 0, 1, 100),
			-ETIMEDOUT);
}

static int done_once;

static void do_it(int step)
{
	done_once += step;
}

static void once(struct kunit *test)
{
	int i;

	done_once = 0;
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, DO_ONCE(do_it, 1), i == 0);
		DO_ONCE_LITE(do_it, 10);
		DO_ONCE_SLEEPABLE(do_it, 100);
		KUNIT_EXPECT_EQ(test, DO_ONCE_LITE_IF(i > 0, do_it, 1000), i > 0);
	}
	KUNIT_EXPECT_EQ(test, done_once, 1111);
}

static struct kunit_case memory_cases[] = {
	KUNIT_CASE(slab_forms),
	KUNIT_CASE(big_memory),
	KUNIT_CASE(freed_after_readers),
	KUNIT_CASE(strings),
	KUNIT_CASE(user_copies),
	KUNIT_CASE(folios),
	KUNIT_CASE(files_of_text),
	KUNIT_CASE(pool_has_a_reserve),
	KUNIT_CASE(numbers),
	KUNIT_CASE(on_the_stack),
	KUNIT_CASE(atomics),
	{},
};

static struct kunit_case lock_cases[] = {
	KUNIT_CASE(guards),	KUNIT_CASE(last_one_locks), KUNIT_CASE(pairs_are_whole),
	KUNIT_CASE(srcu_waits), KUNIT_CASE(semaphores),	    KUNIT_CASE(local_locks),
	KUNIT_CASE(counters),	KUNIT_CASE(static_keys),    KUNIT_CASE(chains),
	KUNIT_CASE(polling),	KUNIT_CASE(once),	    {},
};

static struct kunit_suite memory_suite = {.name = "api_memory", .test_cases = memory_cases};
static struct kunit_suite lock_suite = {.name = "api_locks", .test_cases = lock_cases};

kunit_test_suites(&memory_suite, &lock_suite);
