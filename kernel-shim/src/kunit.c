/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit.c: what a case calls: checks, the log, actions, managed memory. */
#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/sprintf.h>

#include "host.h"
#include "kunit.h"
#include "task.h"

/* The longest line of a log, and the longest message of a check. */
#define LOG_BYTES 4096

struct kunit *shim_kunit_test;

void flushdep_shim_kunit_log(const char *fmt, ...)
{
	char text[LOG_BYTES];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(text, sizeof(text) - 1, fmt, args);
	va_end(args);
	/* The kernel's log ends every record with a new line. */
	if (!len || text[len - 1] != '\n')
		text[len++] = '\n';
	shim_host_write(1, text, len);
}

void __kunit_abort(struct kunit *test)
{
	(void)test;
	if (shim_catch_here)
		shim_host_throw(shim_catch_here);
	shim_oops("flushdep: a KUnit assertion failed in a thread that is not the case's");
}

/* --- Checks ---------------------------------------------------------------------- */

struct message {
	char text[LOG_BYTES];
	size_t len;
};

static void add_va(struct message *message, const char *fmt, va_list args)
{
	message->len += vscnprintf(message->text + message->len,
				   sizeof(message->text) - message->len, fmt, args);
}

static __printf(2, 3) void add(struct message *message, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_va(message, fmt, args);
	va_end(args);
}

static void begin(struct message *message, const struct flushdep_shim_check *check)
{
	message->len = 0;
	add(message, "%s FAILED at %s:%d\n",
	    check->type == KUNIT_ASSERTION ? "ASSERTION" : "EXPECTATION", check->file, check->line);
}

static void finish(struct kunit *test, struct message *message, const char *fmt, va_list args)
{
	if (fmt) {
		add(message, "\n");
		add_va(message, fmt, args);
	}
	WRITE_ONCE(test->status, KUNIT_FAILURE);
	kunit_err(test, "%s", message->text);
}

/* The caller's arguments after `fmt`, for every kind of check alike. */
#define FINISH(test, message, fmt)                   \
	do {                                         \
		va_list args;                        \
		va_start(args, fmt);                 \
		finish(test, &(message), fmt, args); \
		va_end(args);                        \
	} while (0)

static bool is_number(const char *text, long long value)
{
	char number[24];

	scnprintf(number, sizeof(number), "%lld", value);
	return !strcmp(number, text);
}

static bool is_quoted(const char *text, const char *value)
{
	size_t len = strlen(text);

	return value && len >= 2 && text[0] == '"' && text[len - 1] == '"' &&
	       strlen(value) == len - 2 && !strncmp(text + 1, value, len - 2);
}

static void add_expected(struct message *message, const struct flushdep_shim_check *check)
{
	add(message, KUNIT_SUBTEST_INDENT "Expected %s %s %s, but\n", check->left, check->op,
	    check->right);
}

void flushdep_shim_kunit_fail(struct kunit *test, const struct flushdep_shim_check *check,
			      const char *fmt, ...)
{
	struct message message;
	va_list args;

	begin(&message, check);
	va_start(args, fmt);
	if (fmt)
		add_va(&message, fmt, args);
	finish(test, &message, NULL, args);
	va_end(args);
}

void flushdep_shim_kunit_bool(struct kunit *test, const struct flushdep_shim_check *check,
			      bool expected, const char *fmt, ...)
{
	struct message message;

	begin(&message, check);
	add(&message, KUNIT_SUBTEST_INDENT "Expected %s to be %s, but is %s\n", check->left,
	    expected ? "true" : "false", expected ? "false" : "true");
	FINISH(test, message, fmt);
}

void flushdep_shim_kunit_int(struct kunit *test, const struct flushdep_shim_check *check,
			     long long left, long long right, const char *fmt, ...)
{
	struct message message;

	begin(&message, check);
	add_expected(&message, check);
	if (!is_number(check->left, left))
		add(&message, KUNIT_SUBSUBTEST_INDENT "%s == %lld (0x%llx)\n", check->left, left,
		    left);
	if (!is_number(check->right, right))
		add(&message, KUNIT_SUBSUBTEST_INDENT "%s == %lld (0x%llx)", check->right, right,
		    right);
	FINISH(test, message, fmt);
}

void flushdep_shim_kunit_ptr(struct kunit *test, const struct flushdep_shim_check *check,
			     const void *left, const void *right, const char *fmt, ...)
{
	struct message message;

	begin(&message, check);
	add_expected(&message, check);
	add(&message, KUNIT_SUBSUBTEST_INDENT "%s == %px\n", check->left, left);
	add(&message, KUNIT_SUBSUBTEST_INDENT "%s == %px", check->right, right);
	FINISH(test, message, fmt);
}

void flushdep_shim_kunit_str(struct kunit *test, const struct flushdep_shim_check *check,
			     const char *left, const char *right, const char *fmt, ...)
{
	struct message message;

	begin(&message, check);
	add_expected(&message, check);
	if (!is_quoted(check->left, left))
		add(&message, KUNIT_SUBSUBTEST_INDENT "%s == \"%s\"\n", check->left, left);
	if (!is_quoted(check->right, right))
		add(&message, KUNIT_SUBSUBTEST_INDENT "%s == \"%s\"", check->right, right);
	FINISH(test, message, fmt);
}

static void add_bytes(struct message *message, const u8 *bytes, const u8 *other, size_t size)
{
	size_t i;

	add(message, KUNIT_SUBSUBTEST_INDENT);
	for (i = 0; i < size; i++) {
		if (i && i % 16 == 0)
			add(message, "\n" KUNIT_SUBSUBTEST_INDENT);
		add(message, bytes[i] != other[i] ? "<%02x>" : " %02x ", bytes[i]);
	}
}

void flushdep_shim_kunit_mem(struct kunit *test, const struct flushdep_shim_check *check,
			     const void *left, const void *right, size_t size, const char *fmt, ...)
{
	struct message message;

	begin(&message, check);
	if (!left || !right) {
		add(&message, KUNIT_SUBTEST_INDENT "Expected %s is not null, but is\n",
		    left ? check->right : check->left);
	} else {
		add_expected(&message, check);
		add(&message, KUNIT_SUBSUBTEST_INDENT "%s ==\n", check->left);
		add_bytes(&message, left, right, size);
		add(&message, "\n" KUNIT_SUBSUBTEST_INDENT "%s ==\n", check->right);
		add_bytes(&message, right, left, size);
	}
	FINISH(test, message, fmt);
}

void flushdep_shim_kunit_not_err(struct kunit *test, const struct flushdep_shim_check *check,
				 const void *ptr, const char *fmt, ...)
{
	struct message message;

	begin(&message, check);
	if (!ptr)
		add(&message, KUNIT_SUBTEST_INDENT "Expected %s is not null, but is\n",
		    check->left);
	else
		add(&message, KUNIT_SUBTEST_INDENT "Expected %s is not error, but is: %ld\n",
		    check->left, PTR_ERR(ptr));
	FINISH(test, message, fmt);
}

struct kunit *kunit_get_current_test(void)
{
	return shim_kunit_test;
}

void kunit_fail_current_test_at(const char *file, int line, const char *fmt, ...)
{
	struct kunit *test = shim_kunit_test;
	char text[LOG_BYTES / 2];
	va_list args;

	if (!test)
		return;
	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	WRITE_ONCE(test->status, KUNIT_FAILURE);
	kunit_err(test, "%s:%d: %s", file, line, text);
}

/* --- Actions ----------------------------------------------------------------------- */

struct action {
	struct list_head node;
	kunit_action_t *fn;
	void *ctx;
};

int kunit_add_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	struct action *action = kmalloc(sizeof(*action), GFP_KERNEL);

	if (!action)
		return -ENOMEM;
	action->fn = fn;
	action->ctx = ctx;
	guard(spinlock)(&test->lock);
	list_add(&action->node, &test->resources);
	return 0;
}

int kunit_add_action_or_reset(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	int err = kunit_add_action(test, fn, ctx);

	if (err)
		fn(ctx);
	return err;
}

/* Takes the newest action that matches off the list; null if there is none. */
static struct action *take_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	struct action *action;

	guard(spinlock)(&test->lock);
	list_for_each_entry (action, &test->resources, node) {
		if (!fn || (action->fn == fn && action->ctx == ctx)) {
			list_del(&action->node);
			return action;
		}
	}
	return NULL;
}

void kunit_remove_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	kfree(take_action(test, fn, ctx));
}

void kunit_release_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	struct action *action = take_action(test, fn, ctx);

	if (!action)
		return;
	kfree(action);
	fn(ctx);
}

void shim_kunit_run_actions(struct kunit *test)
{
	struct action *action;

	while ((action = take_action(test, NULL, NULL))) {
		kunit_action_t *fn = action->fn;
		void *ctx = action->ctx;

		kfree(action);
		fn(ctx);
	}
}

static void free_managed(void *ptr)
{
	kfree(ptr);
}

void *kunit_kmalloc_array(struct kunit *test, size_t n, size_t size, gfp_t gfp)
{
	void *memory = kmalloc_array(n, size, gfp);

	if (!memory || kunit_add_action_or_reset(test, free_managed, memory))
		return NULL;
	return memory;
}

void kunit_kfree(struct kunit *test, const void *ptr)
{
	if (ptr)
		kunit_release_action(test, free_managed, (void *)ptr);
}

static void detach_mm(void *data)
{
	struct mm_struct *mm = data;

	kthread_unuse_mm(mm);
	mmput(mm);
}

int kunit_attach_mm(void)
{
	struct mm_struct *mm;

	if (current->mm)
		return 0;
	mm = mm_alloc();
	if (!mm)
		return -ENOMEM;
	kthread_use_mm(mm);
	return kunit_add_action_or_reset(shim_kunit_test, detach_mm, mm);
}
