/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * kunit_run.c: runs suites and prints KTAP, line for line as the kernel does.
 *
 * Cases run in the calling thread. A failed assertion, a BUG() or a trapped
 * access leaves the case by a non-local exit; its actions still run. What the
 * case left disabled (preemption, migration) is enabled again, so that one
 * case does not spoil the next.
 */
#include <kunit/test.h>
#include <linux/glob.h>
#include <linux/preempt.h>
#include <linux/sprintf.h>

#include "flushdep_sync.h"
#include "host.h"
#include "kunit.h"
#include "task.h"

struct stats {
	unsigned long passed, failed, skipped, total;
};

static void count(struct stats *stats, enum kunit_status status)
{
	stats->passed += status == KUNIT_SUCCESS;
	stats->failed += status == KUNIT_FAILURE;
	stats->skipped += status == KUNIT_SKIPPED;
	stats->total++;
}

static void accumulate(struct stats *sum, const struct stats *stats)
{
	sum->passed += stats->passed;
	sum->failed += stats->failed;
	sum->skipped += stats->skipped;
	sum->total += stats->total;
}

/* Only several results are worth a line, as with kunit.stats_enabled=1. */
static void print_stats(const char *indent, const char *name, const struct stats *stats)
{
	if (stats->total > 1)
		flushdep_shim_kunit_log("%s# %s: pass:%lu fail:%lu skip:%lu total:%lu", indent,
					name, stats->passed, stats->failed, stats->skipped,
					stats->total);
}

static void print_result(unsigned int level, enum kunit_status status, size_t number,
			 const char *name, const char *comment)
{
	bool skipped = status == KUNIT_SKIPPED;

	flushdep_shim_kunit_log("%*s%s %zu %s%s%s", level * KUNIT_INDENT_LEN, "",
				status == KUNIT_FAILURE ? "not ok" : "ok", number, name,
				skipped ? " # SKIP " : "", skipped ? comment : "");
}

/* --- Filters ---------------------------------------------------------------------- */

struct filter {
	char suite[256];
	char test[256];
};

/* "SUITE.CASE", or "SUITE" for all of its cases. */
static void parse_filter(struct filter *filter, const char *glob)
{
	const char *dot = glob ? strchr(glob, '.') : NULL;
	size_t len = dot ? (size_t)(dot - glob) + 1 : sizeof(filter->suite);

	strscpy(filter->suite, glob ?: "*", min(len, sizeof(filter->suite)));
	strscpy(filter->test, dot ? dot + 1 : "*", sizeof(filter->test));
}

static bool case_chosen(const struct filter *filter, const struct kunit_case *test_case)
{
	return glob_match(filter->test, test_case->name);
}

static size_t chosen_cases(const struct filter *filter, struct kunit_suite *suite)
{
	struct kunit_case *test_case;
	size_t chosen = 0;

	if (!suite || !glob_match(filter->suite, suite->name))
		return 0;
	kunit_suite_for_each_test_case (suite, test_case)
		chosen += case_chosen(filter, test_case);
	return chosen;
}

/* --- One case ----------------------------------------------------------------------- */

struct attempt {
	struct kunit *test;
	struct kunit_suite *suite;
	struct kunit_case *test_case;
};

static void run_body(void *arg)
{
	struct attempt *attempt = arg;
	struct kunit *test = attempt->test;
	int err = attempt->suite->init ? attempt->suite->init(test) : 0;

	if (err) {
		kunit_err(test, "failed to initialize: %d\n", err);
		test->status = KUNIT_FAILURE;
		return;
	}
	attempt->test_case->run_case(test);
}

static void run_cleanup(void *arg)
{
	struct attempt *attempt = arg;

	if (attempt->suite->exit)
		attempt->suite->exit(attempt->test);
	shim_kunit_run_actions(attempt->test);
}

static void oops_in_case(void *catch_)
{
	if (shim_kunit_test) {
		kunit_err(shim_kunit_test, "flushdep: stopped by a trapped access\n");
		shim_kunit_test->status = KUNIT_FAILURE;
	}
	shim_host_throw(catch_);
}

/* True if `fn` was left early. */
static bool run_caught(void (*fn)(void *arg), struct attempt *attempt)
{
	struct shim_catch here;
	bool left;

	shim_catch_here = &here;
	flushdep_oops_set_handler(oops_in_case, &here);
	left = shim_host_catch(&here, fn, attempt);
	flushdep_oops_set_handler(NULL, NULL);
	shim_catch_here = NULL;
	return left;
}

static bool restore_context(void)
{
	bool restored = flushdep_preempt_count() > 0 || flushdep_migrate_count() > 0;

	while (flushdep_preempt_count() > 0)
		flushdep_preempt_enable();
	while (flushdep_migrate_count() > 0)
		flushdep_migrate_enable();
	return restored;
}

static void fail_unbalanced(struct kunit *test, const char *how)
{
	kunit_err(test, "flushdep: returned with %s\n", how);
	test->status = KUNIT_FAILURE;
}

static void fail(struct kunit *test, const char *what, unsigned long times)
{
	kunit_err(test, "flushdep: %lu %s%s\n", times, what, times == 1 ? "" : "s");
	test->status = KUNIT_FAILURE;
}

static void run_attempt(struct attempt *attempt)
{
	struct kunit *test = attempt->test;
	unsigned long reports = flushdep_failure_count();
	unsigned long warnings = shim_warning_count();
	bool left, held;

	spin_lock_init(&test->lock);
	INIT_LIST_HEAD(&test->resources);
	shim_kunit_test = test;
	shim_case_running = true;
	left = run_caught(run_body, attempt);
	held = flushdep_sync_unwind();
	if (restore_context() && !left)
		fail_unbalanced(test, "preemption or migration disabled");
	if (held && !left)
		fail_unbalanced(test, "a lock held, or interrupts disabled");
	if (run_caught(run_cleanup, attempt) && test->status == KUNIT_SUCCESS)
		test->status = KUNIT_FAILURE;
	flushdep_sync_unwind();
	restore_context();
	/* Of those that do not fail the run (fail_on), a case may have some. */
	if (flushdep_failure_count() != reports)
		fail(test, "report", flushdep_failure_count() - reports);
	if (shim_warning_count() != warnings)
		fail(test, "warning", shim_warning_count() - warnings);
	shim_case_running = false;
	shim_kunit_test = NULL;
	/* As the kernel does: one failed parameter fails the case, one passed unskips it. */
	if (test->status == KUNIT_FAILURE || attempt->test_case->status == KUNIT_SKIPPED)
		attempt->test_case->status = test->status;
}

static void run_params(struct attempt *attempt, struct stats *stats)
{
	struct kunit_case *test_case = attempt->test_case;
	struct kunit *test = attempt->test;
	char desc[KUNIT_PARAM_DESC_SIZE] = "";

	flushdep_shim_kunit_log(KUNIT_SUBTEST_INDENT KUNIT_SUBTEST_INDENT "KTAP version 1\n");
	flushdep_shim_kunit_log(KUNIT_SUBTEST_INDENT KUNIT_SUBTEST_INDENT "# Subtest: %s",
				test_case->name);
	test->param_value = test_case->generate_params(NULL, desc);
	while (test->param_value) {
		run_attempt(attempt);
		if (!desc[0])
			scnprintf(desc, sizeof(desc), "param-%d", test->param_index);
		print_result(2, test->status, test->param_index + 1, desc, test->status_comment);
		count(stats, test->status);
		desc[0] = '\0';
		test->param_value = test_case->generate_params(test->param_value, desc);
		test->param_index++;
		test->status = KUNIT_SUCCESS;
		test->status_comment[0] = '\0';
		test->priv = NULL;
	}
}

static struct stats run_case(struct kunit_suite *suite, struct kunit_case *test_case, size_t number)
{
	struct kunit test = {.name = test_case->name};
	struct attempt attempt = {.test = &test, .suite = suite, .test_case = test_case};
	struct stats stats = {0};

	test_case->status = KUNIT_SKIPPED;
	if (test_case->generate_params) {
		run_params(&attempt, &stats);
	} else {
		run_attempt(&attempt);
		count(&stats, test.status);
	}
	print_stats(KUNIT_SUBTEST_INDENT, test_case->name, &stats);
	print_result(1, test_case->status, number, test_case->name, test.status_comment);
	return stats;
}

/* --- Suites --------------------------------------------------------------------------- */

static enum kunit_status suite_status(const struct stats *cases)
{
	if (cases->failed)
		return KUNIT_FAILURE;
	return cases->passed ? KUNIT_SUCCESS : KUNIT_SKIPPED;
}

static enum kunit_status run_cases(const struct filter *filter, struct kunit_suite *suite)
{
	struct stats cases = {0}, results = {0};
	struct kunit_case *test_case;
	size_t number = 0;

	flushdep_shim_kunit_log(KUNIT_SUBTEST_INDENT "KTAP version 1\n");
	flushdep_shim_kunit_log(KUNIT_SUBTEST_INDENT "# Subtest: %s\n", suite->name);
	flushdep_shim_kunit_log(KUNIT_SUBTEST_INDENT "1..%zu\n", chosen_cases(filter, suite));
	kunit_suite_for_each_test_case (suite, test_case) {
		struct stats stats;

		if (!case_chosen(filter, test_case))
			continue;
		stats = run_case(suite, test_case, ++number);
		accumulate(&results, &stats);
		count(&cases, test_case->status);
	}
	if (suite->suite_exit)
		suite->suite_exit(suite);
	print_stats("", suite->name, &cases);
	print_stats("", "Totals", &results);
	return suite_status(&cases);
}

static enum kunit_status run_suite(const struct filter *filter, struct kunit_suite *suite)
{
	suite->suite_init_err = suite->suite_init ? suite->suite_init(suite) : 0;
	if (!suite->suite_init_err)
		return run_cases(filter, suite);
	flushdep_shim_kunit_log(KUNIT_SUBTEST_INDENT "# %s: " KUNIT_SUBTEST_INDENT
						     "# failed to initialize (%d)",
				suite->name, suite->suite_init_err);
	return KUNIT_FAILURE;
}

int flushdep_shim_kunit_run(struct kunit_suite **begin, struct kunit_suite **end,
			    const char *filter_glob)
{
	struct kunit_suite **suite;
	struct filter filter;
	size_t chosen = 0, number = 0;
	bool failed = false;

	parse_filter(&filter, filter_glob);
	for (suite = begin; suite < end; suite++)
		chosen += chosen_cases(&filter, *suite) != 0;
	flushdep_shim_kunit_log("KTAP version 1\n");
	flushdep_shim_kunit_log("1..%zu\n", chosen);
	for (suite = begin; suite < end; suite++) {
		enum kunit_status status;

		if (!chosen_cases(&filter, *suite))
			continue;
		status = run_suite(&filter, *suite);
		print_result(0, status, ++number, (*suite)->name, (*suite)->status_comment);
		failed |= status == KUNIT_FAILURE;
	}
	return failed;
}

void flushdep_shim_kunit_list(struct kunit_suite **begin, struct kunit_suite **end,
			      const char *filter_glob)
{
	struct kunit_case *test_case;
	struct kunit_suite **suite;
	struct filter filter;

	parse_filter(&filter, filter_glob);
	flushdep_shim_kunit_log("KTAP version 1\n");
	for (suite = begin; suite < end; suite++) {
		if (!chosen_cases(&filter, *suite))
			continue;
		flushdep_shim_kunit_log("%s\n", (*suite)->name);
		kunit_suite_for_each_test_case (*suite, test_case)
			if (case_chosen(&filter, test_case))
				flushdep_shim_kunit_log("%s.%s\n", (*suite)->name, test_case->name);
	}
}
