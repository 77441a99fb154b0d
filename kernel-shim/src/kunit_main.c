/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * kunit_main.c: main() of a program of KUnit suites. An archive of its own, so
 * that a program with a main() is left alone.
 *
 * Order: module_init functions, suites, module_exit functions. Status 0: all
 * passed; 1: a case or an init failed; 2: wrong options or nothing to run. The
 * checker replaces it when it has reports.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "kunit.h"

extern struct kunit_suite *__start_flushdep_kunit_suites[] __weak;
extern struct kunit_suite *__stop_flushdep_kunit_suites[] __weak;
extern const initcall_t __start_flushdep_initcalls[] __weak;
extern const initcall_t __stop_flushdep_initcalls[] __weak;
extern const exitcall_t __start_flushdep_exitcalls[] __weak;
extern const exitcall_t __stop_flushdep_exitcalls[] __weak;

struct options {
	const char *filter_glob;
	bool list;
};

static const char usage[] =
	"Options of a KUnit program:\n"
	"  --filter_glob=SUITE[.CASE]  only what matches; * ? and [set] as in a shell\n"
	"  --list                      print the names and run nothing\n"
	"  --help                      print this\n";

/* 0 to go on; else the exit status plus one. */
static int parse(int argc, char **argv, struct options *options)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strstarts(argv[i], "--filter_glob=")) {
			options->filter_glob = strchr(argv[i], '=') + 1;
		} else if (!strcmp(argv[i], "--list")) {
			options->list = true;
		} else if (!strcmp(argv[i], "--help")) {
			shim_host_write(1, usage, sizeof(usage) - 1);
			return 1;
		} else {
			printk("%s: unknown option '%s'\n%s", argv[0], argv[i], usage);
			return 3;
		}
	}
	return 0;
}

static bool run_initcalls(void)
{
	const initcall_t *fn;

	for (fn = __start_flushdep_initcalls; fn < __stop_flushdep_initcalls; fn++) {
		int err = (*fn)();

		if (err) {
			pr_err("flushdep: a module's init function failed: %pe\n", ERR_PTR(err));
			return false;
		}
	}
	return true;
}

static void run_exitcalls(void)
{
	const exitcall_t *fn;

	for (fn = __start_flushdep_exitcalls; fn < __stop_flushdep_exitcalls; fn++)
		(*fn)();
}

int main(int argc, char **argv)
{
	struct options options = {0};
	int status = parse(argc, argv, &options);

	if (status)
		return status - 1;
	if (!__start_flushdep_kunit_suites && !__start_flushdep_initcalls) {
		printk("%s: nothing to run: no kunit_test_suite(), no module_init() and no main() "
		       "in "
		       "this program\n",
		       argv[0]);
		return 2;
	}
	if (options.list) {
		flushdep_shim_kunit_list(__start_flushdep_kunit_suites,
					 __stop_flushdep_kunit_suites, options.filter_glob);
		return 0;
	}
	if (!run_initcalls())
		return 1;
	status = flushdep_shim_kunit_run(__start_flushdep_kunit_suites,
					 __stop_flushdep_kunit_suites, options.filter_glob);
	run_exitcalls();
	return status;
}
