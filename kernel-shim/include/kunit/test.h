/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * kunit/test.h: KUnit. A source that registers a suite is a program; its main()
 * comes from libflushdep_kunit_main.a and prints KTAP on stdout.
 *
 * A case also fails when the checker reports a problem in it, when it warns
 * (WARN, linux/bug.h), when it accesses what the page tables do not allow, and when
 * it returns with preemption or migration disabled.
 */
#ifndef FLUSHDEP_KUNIT_TEST_H
#define FLUSHDEP_KUNIT_TEST_H

#include <kunit/visibility.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

struct kunit;

/* faithful */
#define KUNIT_PARAM_DESC_SIZE	  128
#define KUNIT_STATUS_COMMENT_SIZE 256
#define KUNIT_INDENT_LEN	  4
#define KUNIT_SUBTEST_INDENT	  "    "
#define KUNIT_SUBSUBTEST_INDENT	  "        "

enum kunit_status {
	KUNIT_SUCCESS,
	KUNIT_FAILURE,
	KUNIT_SKIPPED,
};

enum kunit_speed {
	KUNIT_SPEED_UNSET,
	KUNIT_SPEED_VERY_SLOW,
	KUNIT_SPEED_SLOW,
	KUNIT_SPEED_NORMAL,
};

struct kunit_attributes {
	enum kunit_speed speed;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
	struct kunit_attributes attr;
	enum kunit_status status;
	char *module_name;
};

struct kunit_suite {
	const char name[256];
	int (*suite_init)(struct kunit_suite *suite);
	void (*suite_exit)(struct kunit_suite *suite);
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
	struct kunit_attributes attr;
	char status_comment[KUNIT_STATUS_COMMENT_SIZE];
	int suite_init_err;
};

struct kunit {
	void *priv;
	const char *name;
	const void *param_value;
	int param_index;
	spinlock_t lock;
	enum kunit_status status;
	struct list_head resources;
	char status_comment[KUNIT_STATUS_COMMENT_SIZE];
};

#define KUNIT_CASE(test_name) {.run_case = test_name, .name = #test_name}
#define KUNIT_CASE_ATTR(test_name, attributes) \
	{.run_case = test_name, .name = #test_name, .attr = attributes}
#define KUNIT_CASE_SLOW(test_name) \
	{.run_case = test_name, .name = #test_name, .attr.speed = KUNIT_SPEED_SLOW}
#define KUNIT_CASE_PARAM(test_name, gen_params) \
	{.run_case = test_name, .name = #test_name, .generate_params = gen_params}
#define KUNIT_CASE_PARAM_ATTR(test_name, gen_params, attributes) \
	{.run_case = test_name,                                  \
	 .name = #test_name,                                     \
	 .generate_params = gen_params,                          \
	 .attr = attributes}

/* The element after `prev`, the first for a null one; null after the last. */
#define FLUSHDEP_KUNIT_STEP(array, prev)                                                     \
	({                                                                                   \
		typeof(&(array)[0]) __step = (prev) ? (typeof(__step))(prev) + 1 : (array);  \
		__step < (array) + ARRAY_SIZE(array) ? __step : NULL;                        \
	})
#define KUNIT_ARRAY_PARAM(name, array, get_desc)                                             \
	static const void *name##_gen_params(const void *prev, char *desc)                   \
	{                                                                                    \
		typeof(&(array)[0]) __param = FLUSHDEP_KUNIT_STEP(array, prev);              \
		void (*__describe)(typeof(__param), char *) = get_desc;                      \
                                                                                             \
		if (__param && __describe)                                                   \
			__describe(__param, desc);                                           \
		return __param;                                                              \
	}
#define KUNIT_ARRAY_PARAM_DESC(name, array, desc_member)                                     \
	static const void *name##_gen_params(const void *prev, char *desc)                   \
	{                                                                                    \
		typeof(&(array)[0]) __param = FLUSHDEP_KUNIT_STEP(array, prev);              \
                                                                                             \
		if (__param)                                                                 \
			strscpy(desc, __param->desc_member, KUNIT_PARAM_DESC_SIZE);          \
		return __param;                                                              \
	}

/* faithful */
static inline const char *kunit_status_to_ok_not_ok(enum kunit_status status)
{
	return status == KUNIT_FAILURE ? "not ok" : "ok";
}

static inline void kunit_set_failure(struct kunit *test)
{
	WRITE_ONCE(test->status, KUNIT_FAILURE);
}

static inline bool kunit_enabled(void)
{
	return true;
}

#define kunit_suite_for_each_test_case(suite, test_case) \
	for (test_case = (suite)->test_cases; test_case->run_case; test_case++)

/* faithful: registration, by a section of pointers. */
#define __kunit_test_suites(unique_array, ...)                                 \
	static struct kunit_suite *unique_array[] FLUSHDEP_RETAIN __aligned(8) \
		__section("flushdep_kunit_suites") = {__VA_ARGS__}
#define kunit_test_suites(suites...)		  __kunit_test_suites(__UNIQUE_ID(kunit_suites), ##suites)
#define kunit_test_suite(suite)			  kunit_test_suites(&suite)
#define kunit_test_init_section_suites(suites...) kunit_test_suites(suites)
#define kunit_test_init_section_suite(suite)	  kunit_test_suite(suite)

/* faithful: the log of a case, on stdout between its KTAP lines. */
void flushdep_shim_kunit_log(const char *fmt, ...) __printf(1, 2);
#define kunit_log(lvl, test_or_suite, fmt, ...)              \
	do {                                                 \
		(void)(test_or_suite);                       \
		flushdep_shim_kunit_log(fmt, ##__VA_ARGS__); \
	} while (0)
#define kunit_printk(lvl, test, fmt, ...) \
	kunit_log(lvl, test, KUNIT_SUBTEST_INDENT "# %s: " fmt, (test)->name, ##__VA_ARGS__)
#define kunit_info(test, fmt, ...) kunit_printk(KERN_INFO, test, fmt, ##__VA_ARGS__)
#define kunit_warn(test, fmt, ...) kunit_printk(KERN_WARNING, test, fmt, ##__VA_ARGS__)
#define kunit_err(test, fmt, ...)  kunit_printk(KERN_ERR, test, fmt, ##__VA_ARGS__)

/* faithful: skip ends the case, its actions still run. */
void __kunit_abort(struct kunit *test) __noreturn;
#define kunit_mark_skipped(test_or_suite, fmt, ...)                                        \
	do {                                                                               \
		WRITE_ONCE((test_or_suite)->status, KUNIT_SKIPPED);                        \
		scnprintf((test_or_suite)->status_comment, KUNIT_STATUS_COMMENT_SIZE, fmt, \
			  ##__VA_ARGS__);                                                  \
	} while (0)
#define kunit_skip(test_or_suite, fmt, ...)                              \
	do {                                                             \
		kunit_mark_skipped((test_or_suite), fmt, ##__VA_ARGS__); \
		__kunit_abort(test_or_suite);                            \
	} while (0)

/* faithful: run last in, first out, when the case is over. */
typedef void(kunit_action_t)(void *);
int __must_check kunit_add_action(struct kunit *test, kunit_action_t *action, void *ctx);
int __must_check kunit_add_action_or_reset(struct kunit *test, kunit_action_t *action, void *ctx);
void kunit_remove_action(struct kunit *test, kunit_action_t *action, void *ctx);
void kunit_release_action(struct kunit *test, kunit_action_t *action, void *ctx);
#define KUNIT_DEFINE_ACTION_WRAPPER(wrapper, orig, arg_type) \
	static void wrapper(void *in)                        \
	{                                                    \
		arg_type arg = (arg_type)in;                 \
		orig(arg);                                   \
	}

/* partial: as vm_mmap(), of files only; 0 for an error. */
struct file;
unsigned long kunit_vm_mmap(struct kunit *test, struct file *file, unsigned long addr,
			    unsigned long len, unsigned long prot, unsigned long flag,
			    unsigned long offset);

/* faithful: freed when the case is over. */
void *kunit_kmalloc_array(struct kunit *test, size_t n, size_t size, gfp_t gfp);
void kunit_kfree(struct kunit *test, const void *ptr);

static inline void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_kmalloc_array(test, 1, size, gfp);
}

static inline void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_kmalloc(test, size, gfp | __GFP_ZERO);
}

static inline void *kunit_kcalloc(struct kunit *test, size_t n, size_t size, gfp_t gfp)
{
	return kunit_kmalloc_array(test, n, size, gfp | __GFP_ZERO);
}

static inline char *kunit_kstrdup(struct kunit *test, const char *str, gfp_t gfp)
{
	size_t len = str ? strlen(str) + 1 : 0;
	char *copy = len ? kunit_kmalloc(test, len, gfp) : NULL;

	return copy ? memcpy(copy, str, len) : NULL;
}

#define kunit_kstrdup_const(test, str, gfp) ((const char *)kunit_kstrdup(test, str, gfp))
#define kunit_kfree_const(test, x)	    kunit_kfree(test, x)

/* faithful: gives a thread without an mm a new one until the case ends; 0 or -ENOMEM. */
int kunit_attach_mm(void);

/* faithful */
struct kunit *kunit_get_current_test(void);
void kunit_fail_current_test_at(const char *file, int line, const char *fmt, ...) __printf(3, 4);
#define kunit_fail_current_test(fmt, ...) \
	kunit_fail_current_test_at(__FILE__, __LINE__, fmt, ##__VA_ARGS__)

enum kunit_assert_type {
	KUNIT_ASSERTION,
	KUNIT_EXPECTATION,
};

/* What a failed check says of itself; text of the expressions and where. */
struct flushdep_shim_check {
	enum kunit_assert_type type;
	int line;
	const char *file;
	const char *left;
	const char *op;
	const char *right;
};

void flushdep_shim_kunit_fail(struct kunit *test, const struct flushdep_shim_check *check,
			      const char *fmt, ...);
void flushdep_shim_kunit_bool(struct kunit *test, const struct flushdep_shim_check *check,
			      bool expected, const char *fmt, ...);
void flushdep_shim_kunit_int(struct kunit *test, const struct flushdep_shim_check *check,
			     long long left, long long right, const char *fmt, ...);
void flushdep_shim_kunit_ptr(struct kunit *test, const struct flushdep_shim_check *check,
			     const void *left, const void *right, const char *fmt, ...);
void flushdep_shim_kunit_str(struct kunit *test, const struct flushdep_shim_check *check,
			     const char *left, const char *right, const char *fmt, ...);
void flushdep_shim_kunit_mem(struct kunit *test, const struct flushdep_shim_check *check,
			     const void *left, const void *right, size_t size, const char *fmt,
			     ...);
void flushdep_shim_kunit_not_err(struct kunit *test, const struct flushdep_shim_check *check,
				 const void *ptr, const char *fmt, ...);

#define __kunit_check(_type, _left, _op, _right)               \
	(&(const struct flushdep_shim_check){.type = (_type),  \
					     .line = __LINE__, \
					     .file = __FILE__, \
					     .left = (_left),  \
					     .op = (_op),      \
					     .right = (_right)})
#define __kunit_bool(test, type, condition, expected, fmt, ...)                                   \
	do {                                                                                      \
		if (likely(!!(condition) == !!(expected)))                                        \
			break;                                                                    \
		flushdep_shim_kunit_bool(test, __kunit_check(type, #condition, "", ""), expected, \
					 fmt, ##__VA_ARGS__);                                     \
		if ((type) == KUNIT_ASSERTION)                                                    \
			__kunit_abort(test);                                                      \
	} while (0)
#define __kunit_int(test, type, left, op, right, fmt, ...)                             \
	do {                                                                           \
		const typeof(left) __left = (left);                                    \
		const typeof(right) __right = (right);                                 \
                                                                                       \
		if (likely(__left op __right))                                         \
			break;                                                         \
		flushdep_shim_kunit_int(test, __kunit_check(type, #left, #op, #right), \
					(long long)__left, (long long)__right, fmt,    \
					##__VA_ARGS__);                                \
		if ((type) == KUNIT_ASSERTION)                                         \
			__kunit_abort(test);                                           \
	} while (0)
#define __kunit_ptr(test, type, left, op, right, fmt, ...)                                     \
	do {                                                                                   \
		const void *__left = (const void *)(left);                                     \
		const void *__right = (const void *)(right);                                   \
                                                                                               \
		if (likely(__left op __right))                                                 \
			break;                                                                 \
		flushdep_shim_kunit_ptr(test, __kunit_check(type, #left, #op, #right), __left, \
					__right, fmt, ##__VA_ARGS__);                          \
		if ((type) == KUNIT_ASSERTION)                                                 \
			__kunit_abort(test);                                                   \
	} while (0)
#define __kunit_str(test, type, left, op, right, fmt, ...)                                     \
	do {                                                                                   \
		const char *__left = (left);                                                   \
		const char *__right = (right);                                                 \
                                                                                               \
		if (likely((__left) && (__right) && (strcmp(__left, __right) op 0)))           \
			break;                                                                 \
		flushdep_shim_kunit_str(test, __kunit_check(type, #left, #op, #right), __left, \
					__right, fmt, ##__VA_ARGS__);                          \
		if ((type) == KUNIT_ASSERTION)                                                 \
			__kunit_abort(test);                                                   \
	} while (0)
#define __kunit_mem(test, type, left, op, right, size, fmt, ...)                               \
	do {                                                                                   \
		const void *__left = (left);                                                   \
		const void *__right = (right);                                                 \
		const size_t __size = (size);                                                  \
                                                                                               \
		if (likely(__left && __right && memcmp(__left, __right, __size) op 0))         \
			break;                                                                 \
		flushdep_shim_kunit_mem(test, __kunit_check(type, #left, #op, #right), __left, \
					__right, __size, fmt, ##__VA_ARGS__);                  \
		if ((type) == KUNIT_ASSERTION)                                                 \
			__kunit_abort(test);                                                   \
	} while (0)
#define __kunit_not_err(test, type, ptr, fmt, ...)                                               \
	do {                                                                                     \
		const void *__ptr = (const void *)(ptr);                                         \
                                                                                                 \
		if (!IS_ERR_OR_NULL(__ptr))                                                      \
			break;                                                                   \
		flushdep_shim_kunit_not_err(test, __kunit_check(type, #ptr, "", ""), __ptr, fmt, \
					    ##__VA_ARGS__);                                      \
		if ((type) == KUNIT_ASSERTION)                                                   \
			__kunit_abort(test);                                                     \
	} while (0)

/* faithful: each evaluates its arguments once; EXPECT goes on, ASSERT ends the case. */
#define KUNIT_EXPECT_TRUE(test, condition) KUNIT_EXPECT_TRUE_MSG(test, condition, NULL)
#define KUNIT_EXPECT_TRUE_MSG(test, condition, fmt, ...) \
	__kunit_bool(test, KUNIT_EXPECTATION, condition, true, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_FALSE(test, condition) KUNIT_EXPECT_FALSE_MSG(test, condition, NULL)
#define KUNIT_EXPECT_FALSE_MSG(test, condition, fmt, ...) \
	__kunit_bool(test, KUNIT_EXPECTATION, condition, false, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_EQ(test, left, right) KUNIT_EXPECT_EQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_EQ_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NE(test, left, right) KUNIT_EXPECT_NE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_NE_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LT(test, left, right) KUNIT_EXPECT_LT_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_LT_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_EXPECTATION, left, <, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LE(test, left, right) KUNIT_EXPECT_LE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_LE_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_EXPECTATION, left, <=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GT(test, left, right) KUNIT_EXPECT_GT_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_GT_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_EXPECTATION, left, >, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GE(test, left, right) KUNIT_EXPECT_GE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_GE_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_EXPECTATION, left, >=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_EQ(test, left, right) KUNIT_EXPECT_PTR_EQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_PTR_EQ_MSG(test, left, right, fmt, ...) \
	__kunit_ptr(test, KUNIT_EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_NE(test, left, right) KUNIT_EXPECT_PTR_NE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_PTR_NE_MSG(test, left, right, fmt, ...) \
	__kunit_ptr(test, KUNIT_EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NULL(test, ptr) KUNIT_EXPECT_NULL_MSG(test, ptr, NULL)
#define KUNIT_EXPECT_NULL_MSG(test, ptr, fmt, ...) \
	__kunit_ptr(test, KUNIT_EXPECTATION, ptr, ==, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NOT_NULL(test, ptr) KUNIT_EXPECT_NOT_NULL_MSG(test, ptr, NULL)
#define KUNIT_EXPECT_NOT_NULL_MSG(test, ptr, fmt, ...) \
	__kunit_ptr(test, KUNIT_EXPECTATION, ptr, !=, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL(test, ptr) KUNIT_EXPECT_NOT_ERR_OR_NULL_MSG(test, ptr, NULL)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL_MSG(test, ptr, fmt, ...) \
	__kunit_not_err(test, KUNIT_EXPECTATION, ptr, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STREQ(test, left, right) KUNIT_EXPECT_STREQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_STREQ_MSG(test, left, right, fmt, ...) \
	__kunit_str(test, KUNIT_EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STRNEQ(test, left, right) KUNIT_EXPECT_STRNEQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_STRNEQ_MSG(test, left, right, fmt, ...) \
	__kunit_str(test, KUNIT_EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMEQ(test, left, right, size) \
	KUNIT_EXPECT_MEMEQ_MSG(test, left, right, size, NULL)
#define KUNIT_EXPECT_MEMEQ_MSG(test, left, right, size, fmt, ...) \
	__kunit_mem(test, KUNIT_EXPECTATION, left, ==, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMNEQ(test, left, right, size) \
	KUNIT_EXPECT_MEMNEQ_MSG(test, left, right, size, NULL)
#define KUNIT_EXPECT_MEMNEQ_MSG(test, left, right, size, fmt, ...) \
	__kunit_mem(test, KUNIT_EXPECTATION, left, !=, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_TRUE(test, condition) KUNIT_ASSERT_TRUE_MSG(test, condition, NULL)
#define KUNIT_ASSERT_TRUE_MSG(test, condition, fmt, ...) \
	__kunit_bool(test, KUNIT_ASSERTION, condition, true, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_FALSE(test, condition) KUNIT_ASSERT_FALSE_MSG(test, condition, NULL)
#define KUNIT_ASSERT_FALSE_MSG(test, condition, fmt, ...) \
	__kunit_bool(test, KUNIT_ASSERTION, condition, false, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_EQ(test, left, right) KUNIT_ASSERT_EQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_EQ_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NE(test, left, right) KUNIT_ASSERT_NE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_NE_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LT(test, left, right) KUNIT_ASSERT_LT_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_LT_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_ASSERTION, left, <, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LE(test, left, right) KUNIT_ASSERT_LE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_LE_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_ASSERTION, left, <=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GT(test, left, right) KUNIT_ASSERT_GT_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_GT_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_ASSERTION, left, >, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GE(test, left, right) KUNIT_ASSERT_GE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_GE_MSG(test, left, right, fmt, ...) \
	__kunit_int(test, KUNIT_ASSERTION, left, >=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_EQ(test, left, right) KUNIT_ASSERT_PTR_EQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_PTR_EQ_MSG(test, left, right, fmt, ...) \
	__kunit_ptr(test, KUNIT_ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_NE(test, left, right) KUNIT_ASSERT_PTR_NE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_PTR_NE_MSG(test, left, right, fmt, ...) \
	__kunit_ptr(test, KUNIT_ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NULL(test, ptr) KUNIT_ASSERT_NULL_MSG(test, ptr, NULL)
#define KUNIT_ASSERT_NULL_MSG(test, ptr, fmt, ...) \
	__kunit_ptr(test, KUNIT_ASSERTION, ptr, ==, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(test, ptr) KUNIT_ASSERT_NOT_NULL_MSG(test, ptr, NULL)
#define KUNIT_ASSERT_NOT_NULL_MSG(test, ptr, fmt, ...) \
	__kunit_ptr(test, KUNIT_ASSERTION, ptr, !=, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ptr) KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(test, ptr, NULL)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(test, ptr, fmt, ...) \
	__kunit_not_err(test, KUNIT_ASSERTION, ptr, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STREQ(test, left, right) KUNIT_ASSERT_STREQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_STREQ_MSG(test, left, right, fmt, ...) \
	__kunit_str(test, KUNIT_ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STRNEQ(test, left, right) KUNIT_ASSERT_STRNEQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_STRNEQ_MSG(test, left, right, fmt, ...) \
	__kunit_str(test, KUNIT_ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMEQ(test, left, right, size) \
	KUNIT_ASSERT_MEMEQ_MSG(test, left, right, size, NULL)
#define KUNIT_ASSERT_MEMEQ_MSG(test, left, right, size, fmt, ...) \
	__kunit_mem(test, KUNIT_ASSERTION, left, ==, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMNEQ(test, left, right, size) \
	KUNIT_ASSERT_MEMNEQ_MSG(test, left, right, size, NULL)
#define KUNIT_ASSERT_MEMNEQ_MSG(test, left, right, size, fmt, ...) \
	__kunit_mem(test, KUNIT_ASSERTION, left, !=, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_SUCCEED(test)   \
	do {                  \
		(void)(test); \
	} while (0)
#define KUNIT_FAIL(test, fmt, ...)                                                        \
	flushdep_shim_kunit_fail(test, __kunit_check(KUNIT_EXPECTATION, "", "", ""), fmt, \
				 ##__VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(test, fmt, ...)                                                    \
	do {                                                                                    \
		flushdep_shim_kunit_fail(test, __kunit_check(KUNIT_ASSERTION, "", "", ""), fmt, \
					 ##__VA_ARGS__);                                        \
		__kunit_abort(test);                                                            \
	} while (0)
#define KUNIT_ASSERT_FAILURE(test, fmt, ...) KUNIT_FAIL_AND_ABORT(test, fmt, ##__VA_ARGS__)

#endif
