// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/* shim_test.c: the shim's API on the simulated machine; every case must stay silent. */
#include <asm/tlbflush.h>
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched/mm.h>
#include <linux/set_memory.h>
#include <linux/slab.h>

/* --- Pages ------------------------------------------------------------------------ */

static void page_conversions(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_PTR_EQ(test, pfn_to_page(page_to_pfn(page)), page);
	KUNIT_EXPECT_PTR_EQ(test, virt_to_page(page_address(page)), page);
	KUNIT_EXPECT_PTR_EQ(test, page_to_virt(page), page_address(page));
	KUNIT_EXPECT_PTR_EQ(test, kmap_local_page(page), page_address(page));
	KUNIT_EXPECT_TRUE(test, virt_addr_valid(page_address(page)));
	KUNIT_EXPECT_FALSE(test, virt_addr_valid(test));
	KUNIT_EXPECT_EQ(test, page_to_phys(page), (phys_addr_t)__pa(page_address(page)));
	__free_page(page);
}

static void page_zeroed(struct kunit *test)
{
	unsigned long addr = __get_free_page(GFP_KERNEL);

	KUNIT_ASSERT_NE(test, addr, 0ul);
	memset((void *)addr, 0xff, PAGE_SIZE);
	free_page(addr);
	addr = get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NE(test, addr, 0ul);
	KUNIT_EXPECT_NULL(test, memchr_inv((void *)addr, 0, PAGE_SIZE));
	free_page(addr);
}

static void page_references(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	get_page(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	__free_page(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	put_page(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 0);
}

static void page_compound(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_EXPECT_EQ(test, folio_nr_pages(folio), 4ul);
	KUNIT_EXPECT_PTR_EQ(test, page_folio(folio_page(folio, 3)), folio);
	KUNIT_EXPECT_TRUE(test, PageTail(folio_page(folio, 1)));
	folio_get(folio);
	put_page(folio_page(folio, 2));
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 1);
	folio_put(folio);
}

static void page_unmapped(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_UNMAPPED | __GFP_ZERO);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(page));
	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL_RO);
	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_NULL(test, memchr_inv(mermap_addr(map), 0, PAGE_SIZE));
	mermap_put(map);
	flush_tlb_mm(current->mm);
	__free_page(page);
}

static void direct_map_by_hand(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, page);
	addr = (unsigned long)page_address(page);
	KUNIT_ASSERT_EQ(test, set_direct_map_invalid_noflush(page), 0);
	flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(page));
	KUNIT_ASSERT_EQ(test, set_direct_map_default_noflush(page), 0);
	KUNIT_EXPECT_TRUE(test, kernel_page_present(page));
	clear_highpage(page);
	__free_page(page);
}

static struct kunit_case page_cases[] = {
	KUNIT_CASE(page_conversions),
	KUNIT_CASE(page_zeroed),
	KUNIT_CASE(page_references),
	KUNIT_CASE(page_compound),
	KUNIT_CASE(page_unmapped),
	KUNIT_CASE(direct_map_by_hand),
	{},
};

static struct kunit_suite page_suite = {
	.name = "shim_pages",
	.test_cases = page_cases,
};

/* --- The mermap --------------------------------------------------------------------- */

struct pages {
	struct page *page[5];
};

static int mermap_init(struct kunit *test)
{
	struct pages *pages = kunit_kzalloc(test, sizeof(*pages), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	test->priv = pages;
	for (i = 0; i < 5; i++)
		pages->page[i] = alloc_page(GFP_KERNEL | __GFP_UNMAPPED);
	return mermap_mm_prepare(current->mm);
}

static void mermap_exit(struct kunit *test)
{
	struct pages *pages = test->priv;
	int i;

	flush_tlb_mm(current->mm);
	for (i = 0; i < 5; i++)
		__free_page(pages->page[i]);
}

static void mermap_round_trip(struct kunit *test)
{
	struct pages *pages = test->priv;
	struct mermap_alloc *map = mermap_get(pages->page[0], PAGE_SIZE, PAGE_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_EQ(test, map->end - map->base, PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, map->in_use);
	strscpy(mermap_addr(map), "through the mermap", PAGE_SIZE);
	mermap_put(map);
	KUNIT_EXPECT_FALSE(test, map->in_use);

	map = mermap_get(pages->page[0], PAGE_SIZE, PAGE_KERNEL_RO);
	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_STREQ(test, (char *)mermap_addr(map), "through the mermap");
	mermap_put(map);
}

static void mermap_four_live(struct kunit *test)
{
	struct pages *pages = test->priv;
	struct mermap_alloc *map[5];
	int i;

	for (i = 0; i < 5; i++)
		map[i] = mermap_get(pages->page[i], PAGE_SIZE, PAGE_KERNEL);
	KUNIT_EXPECT_NULL(test, map[4]);
	preempt_disable();
	map[4] = mermap_get_reserved(pages->page[4], PAGE_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, map[4]);
	if (map[4])
		mermap_put(map[4]);
	preempt_enable();
	for (i = 4; i-- > 0;) {
		KUNIT_EXPECT_NOT_NULL(test, map[i]);
		mermap_put(map[i]);
	}
}

static void mermap_protections(struct kunit *test)
{
	struct pages *pages = test->priv;
	pgprot_t global = __pgprot(pgprot_val(PAGE_KERNEL) | _PAGE_GLOBAL);

	KUNIT_EXPECT_NULL(test, mermap_get(pages->page[0], PAGE_SIZE, global));
	KUNIT_EXPECT_NULL(test, mermap_get(pages->page[0], PAGE_SIZE, PAGE_NONE));
}

static void mermap_pins_the_task(struct kunit *test)
{
	struct pages *pages = test->priv;
	unsigned int here = smp_processor_id();
	unsigned int there = cpumask_any_but(cpu_online_mask, here);
	struct mermap_alloc *map;

	if (num_online_cpus() == 1)
		kunit_skip(test, "there is no other CPU");
	map = mermap_get(pages->page[0], PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_NE(test, set_cpus_allowed_ptr(current, cpumask_of(there)), 0);
	mermap_put(map);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(there)), 0);
	KUNIT_EXPECT_EQ(test, smp_processor_id(), there);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(here)), 0);
}

static struct kunit_case mermap_cases[] = {
	KUNIT_CASE(mermap_round_trip),
	KUNIT_CASE(mermap_four_live),
	KUNIT_CASE(mermap_protections),
	KUNIT_CASE(mermap_pins_the_task),
	{},
};

static struct kunit_suite mermap_suite = {
	.name = "shim_mermap",
	.init = mermap_init,
	.exit = mermap_exit,
	.test_cases = mermap_cases,
};

/* --- Tasks ---------------------------------------------------------------------------- */

struct worker {
	struct mm_struct *mm;
	struct completion started;
	unsigned int cpu;
	bool had_mm;
	bool ready;
};

static int use_mm_fn(void *data)
{
	struct worker *worker = data;

	worker->had_mm = current->mm != NULL;
	worker->cpu = smp_processor_id();
	kthread_use_mm(worker->mm);
	worker->ready =
		current->mm == worker->mm && !mermap_mm_prepare(worker->mm) && mermap_ready();
	kthread_unuse_mm(worker->mm);
	complete(&worker->started);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 42;
}

static void task_kthread(struct kunit *test)
{
	struct worker worker = {.mm = mm_alloc()};
	struct task_struct *task;

	KUNIT_ASSERT_NOT_NULL(test, worker.mm);
	init_completion(&worker.started);
	task = kthread_create(use_mm_fn, &worker, "worker-%d", 7);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	kthread_bind(task, nr_cpu_ids - 1);
	wake_up_process(task);
	KUNIT_EXPECT_STREQ(test, task->comm, "worker-7");
	wait_for_completion(&worker.started);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), 42);
	KUNIT_EXPECT_FALSE(test, worker.had_mm);
	KUNIT_EXPECT_TRUE(test, worker.ready);
	KUNIT_EXPECT_EQ(test, worker.cpu, nr_cpu_ids - 1);
	mmput(worker.mm);
}

static void task_current(struct kunit *test)
{
	KUNIT_EXPECT_NOT_NULL(test, current->mm);
	KUNIT_EXPECT_EQ(test, current->flags & PF_KTHREAD, 0u);
	KUNIT_EXPECT_EQ(test, kunit_attach_mm(), 0);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
	scoped_guard(preempt) KUNIT_EXPECT_TRUE(test, in_atomic());
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

static struct kunit_case task_cases[] = {
	KUNIT_CASE(task_kthread),
	KUNIT_CASE(task_current),
	{},
};

static struct kunit_suite task_suite = {
	.name = "shim_tasks",
	.test_cases = task_cases,
};

/* --- Synchronisation ------------------------------------------------------------------- */

static DEFINE_SPINLOCK(a_spinlock);
static DEFINE_MUTEX(a_mutex);
static DECLARE_RWSEM(a_rwsem);
static DEFINE_RWLOCK(a_rwlock);

static void sync_locks(struct kunit *test)
{
	unsigned long flags;
	struct mutex mutex;

	mutex_init(&mutex);
	mutex_lock(&mutex);
	lockdep_assert_held(&mutex);
	KUNIT_EXPECT_EQ(test, mutex_lock_interruptible(&a_mutex), 0);
	KUNIT_EXPECT_FALSE(test, mutex_trylock(&a_mutex));
	mutex_unlock(&a_mutex);
	mutex_unlock(&mutex);
	lockdep_assert_not_held(&mutex);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&mutex));

	spin_lock_irqsave(&a_spinlock, flags);
	KUNIT_EXPECT_EQ(test, preempt_count(), 1);
	KUNIT_EXPECT_TRUE(test, spin_is_locked(&a_spinlock));
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	spin_unlock(&a_spinlock);
	local_irq_restore(flags);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	scoped_guard(spinlock, &a_spinlock) KUNIT_EXPECT_FALSE(test, spin_trylock(&a_spinlock));
	scoped_guard(read_lock, &a_rwlock) KUNIT_EXPECT_FALSE(test, write_trylock(&a_rwlock));

	down_write(&a_rwsem);
	downgrade_write(&a_rwsem);
	KUNIT_EXPECT_TRUE(test, down_read_trylock(&a_rwsem));
	KUNIT_EXPECT_FALSE(test, down_write_trylock(&a_rwsem));
	up_read(&a_rwsem);
	up_read(&a_rwsem);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&a_rwsem));
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

static void sync_atomics(struct kunit *test)
{
	atomic_t v = ATOMIC_INIT(3);
	atomic64_t w = ATOMIC64_INIT(S64_MIN);
	int old = 5, *pointer = NULL;
	unsigned int u = UINT_MAX;
	unsigned long bits = 0;

	KUNIT_EXPECT_EQ(test, atomic_inc_return(&v), 4);
	KUNIT_EXPECT_EQ(test, atomic_fetch_sub_release(6, &v), 4);
	KUNIT_EXPECT_EQ(test, atomic_read_acquire(&v), -2);
	KUNIT_EXPECT_FALSE(test, atomic_try_cmpxchg(&v, &old, 9));
	KUNIT_EXPECT_EQ(test, old, -2);
	KUNIT_EXPECT_TRUE(test, atomic_try_cmpxchg_acquire(&v, &old, 0));
	KUNIT_EXPECT_FALSE(test, atomic_inc_not_zero(&v));
	KUNIT_EXPECT_EQ(test, atomic_fetch_or(6, &v), 0);
	KUNIT_EXPECT_EQ(test, atomic_fetch_andnot(2, &v), 6);
	KUNIT_EXPECT_EQ(test, atomic_xchg(&v, -7), 4);
	KUNIT_EXPECT_EQ(test, atomic64_dec_return(&w), S64_MAX);
	KUNIT_EXPECT_EQ(test, cmpxchg(&u, UINT_MAX, 1u), UINT_MAX);
	KUNIT_EXPECT_EQ(test, xchg(&u, 0x80000000u), 1u);
	KUNIT_EXPECT_EQ(test, smp_load_acquire(&u), 0x80000000u);
	smp_store_release(&pointer, &old);
	KUNIT_EXPECT_PTR_EQ(test, cmpxchg(&pointer, &old, NULL), &old);
	KUNIT_EXPECT_NULL(test, smp_load_acquire(&pointer));
	KUNIT_EXPECT_FALSE(test, test_and_set_bit(63, &bits));
	KUNIT_EXPECT_TRUE(test, test_and_clear_bit(63, &bits));
	KUNIT_EXPECT_EQ(test, bits, 0ul);
}

static void sync_refcounts(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	KUNIT_EXPECT_TRUE(test, refcount_inc_not_zero(&r));
	refcount_dec(&r);
	KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_TRUE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_FALSE(test, refcount_inc_not_zero(&r));
}

struct counted {
	struct rcu_head rcu;
	long value;
};

static struct counted *shared;
static int rcu_frees;

static void free_counted(struct rcu_head *head)
{
	kfree(container_of(head, struct counted, rcu));
	rcu_frees++;
	WARN_ON(in_task());
}

static int count_fn(void *data)
{
	long *sum = data;
	int i;

	for (i = 0; i < 1000; i++) {
		scoped_guard(mutex, &a_mutex)++ *sum;
		scoped_guard(rcu) WARN_ON(rcu_dereference(shared)->value < 0);
	}
	return 0;
}

static void sync_threads(struct kunit *test)
{
	struct task_struct *task[2];
	long sum = 0;
	int i;

	rcu_frees = 0;
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	for (i = 0; i < 2; i++)
		task[i] = kthread_run(count_fn, &sum, "counter-%d", i);
	for (i = 0; i < 100; i++) {
		struct counted *old = shared, *new = kzalloc(sizeof(*new), GFP_KERNEL);

		new->value = i;
		rcu_assign_pointer(shared, new);
		if (i % 2) {
			call_rcu(&old->rcu, free_counted);
			continue;
		}
		synchronize_rcu();
		old->value = -1;
		kfree(old);
	}
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, kthread_stop(task[i]), 0);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, rcu_frees, 50);
	KUNIT_EXPECT_EQ(test, sum, 2000l);
	kfree(shared);
}

static void sync_never_woken(struct kunit *test)
{
	struct task_struct *task = kthread_create(count_fn, NULL, "idle");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), -EINTR);
}

static void sync_onstack(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(done);

	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&done));
	complete(&done);
	wait_for_completion(&done);
	complete_all(&done);
	KUNIT_EXPECT_TRUE(test, completion_done(&done));
	reinit_completion(&done);
	KUNIT_EXPECT_FALSE(test, completion_done(&done));
}

static int wake_fn(void *data)
{
	wake_up_process(data);
	put_task_struct(data);
	return 0;
}

static int wait_to_stop_fn(void *data)
{
	while (!kthread_should_stop())
		cond_resched();
	return 0;
}

/* Woken by one while another stops it. */
static void sync_woken_and_stopped(struct kunit *test)
{
	int i;

	for (i = 0; i < 100; i++) {
		struct task_struct *task = kthread_create(wait_to_stop_fn, NULL, "stopped");
		struct task_struct *waker;
		int result;

		get_task_struct(task);
		waker = kthread_run(wake_fn, task, "waker");
		udelay(i);
		result = kthread_stop(task);
		KUNIT_EXPECT_TRUE(test, result == 0 || result == -EINTR);
		KUNIT_EXPECT_EQ(test, kthread_stop(waker), 0);
	}
}

static struct kunit_case sync_cases[] = {
	KUNIT_CASE(sync_woken_and_stopped), KUNIT_CASE(sync_locks),
	KUNIT_CASE(sync_atomics),	    KUNIT_CASE(sync_refcounts),
	KUNIT_CASE(sync_threads),	    KUNIT_CASE(sync_never_woken),
	KUNIT_CASE(sync_onstack),	    {},
};

static struct kunit_suite sync_suite = {
	.name = "shim_sync",
	.test_cases = sync_cases,
};

/* --- Libraries -------------------------------------------------------------------------- */

struct print_case {
	const char *expected;
	const char *fmt;
	long arg;
};

static const struct print_case print_cases[] = {
	{"-ENOMEM", "%pe", -ENOMEM}, {"-4000", "%pe", -4000},
	{"(efault)", "%s", -ENOMEM}, {"00000000deadbeef", "%px", 0xdeadbeef},
	{"  +7|", "%+4ld|", 7},	     {"0x2a", "%#lx", 42},
	{"0052", "%04lo", 42},	     {"x    |", "%-5c|", 'x'},
	{"(null)", "%s", 0},	     {"100%", "%ld%%", 100},
};

static void print_desc(const struct print_case *c, char *desc)
{
	strscpy(desc, c->fmt, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(print, print_cases, print_desc);

static void library_printf(struct kunit *test)
{
	const struct print_case *c = test->param_value;
	char text[64];

	/* The format is the case's. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	KUNIT_EXPECT_EQ(test, snprintf(text, sizeof(text), c->fmt, c->arg),
			(int)strlen(c->expected));
	KUNIT_EXPECT_STREQ(test, text, c->expected);
}

static void library_gfp_names(struct kunit *test)
{
	gfp_t gfp = GFP_KERNEL | __GFP_UNMAPPED;
	char text[64];

	/* Compilers know %p, and not what follows it. */
	scnprintf(text, sizeof(text), "%pGg", &gfp);
	KUNIT_EXPECT_STREQ(test, text, "GFP_KERNEL|__GFP_UNMAPPED");
}

static void library_slab(struct kunit *test)
{
	void *a = kmalloc(512, GFP_KERNEL);
	char *copy = kstrdup("copy", GFP_KERNEL);
	char *freed __free(kfree) = kstrdup("freed by its scope", GFP_KERNEL);

	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)a, 512));
	KUNIT_EXPECT_STREQ(test, copy, "copy");
	KUNIT_EXPECT_NOT_NULL(test, freed);
	KUNIT_EXPECT_TRUE(test, ZERO_OR_NULL_PTR(kmalloc(0, GFP_KERNEL)));
	KUNIT_EXPECT_NULL(test, kcalloc(SIZE_MAX / 2, 4, GFP_KERNEL));
	kfree(a);
	kfree(copy);
}

static void library_warn_value(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, WARN_ON_ONCE(test == NULL));
	KUNIT_EXPECT_FALSE(test, WARN_ONCE(test == NULL, "never %d\n", 1));
}

static void library_numbers(struct kunit *test)
{
	unsigned int u;
	int i = 0;

	KUNIT_EXPECT_EQ(test, kstrtoint("-12\n", 0, &i), 0);
	KUNIT_EXPECT_EQ(test, i, -12);
	KUNIT_EXPECT_EQ(test, kstrtouint("0x1ffffffff", 0, &u), -ERANGE);
	KUNIT_EXPECT_EQ(test, kstrtouint("12z", 0, &u), -EINVAL);
	KUNIT_EXPECT_EQ(test, min(3, 5), 3);
	KUNIT_EXPECT_EQ(test, clamp(9, 1, 4), 4);
	KUNIT_EXPECT_EQ(test, get_order(PAGE_SIZE + 1), 1);
	KUNIT_EXPECT_EQ(test, roundup_pow_of_two(5), 8ul);
}

static struct kunit_case library_cases[] = {
	KUNIT_CASE_PARAM(library_printf, print_gen_params),
	KUNIT_CASE(library_gfp_names),
	KUNIT_CASE(library_slab),
	KUNIT_CASE(library_warn_value),
	KUNIT_CASE(library_numbers),
	{},
};

static struct kunit_suite library_suite = {
	.name = "shim_library",
	.test_cases = library_cases,
};

kunit_test_suites(&page_suite, &mermap_suite, &task_suite, &sync_suite, &library_suite);
