/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit.h: between a running case (kunit.c) and who runs it (kunit_run.c). */
#ifndef FLUSHDEP_SHIM_KUNIT_H
#define FLUSHDEP_SHIM_KUNIT_H

#include <kunit/test.h>

#include "host.h"

/* The running case, and where its thread leaves it; null outside of one. */
SHIM_LOCAL extern struct kunit *shim_kunit_test;

/* Runs the actions, last in, first out. */
SHIM_LOCAL void shim_kunit_run_actions(struct kunit *test);

/*
 * The suites between `begin` and `end` whose names match (null: all), as KTAP on
 * stdout. 0 if all passed, 1 if a case failed.
 */
int flushdep_shim_kunit_run(struct kunit_suite **begin, struct kunit_suite **end,
			    const char *filter_glob);
/* Their names, as the kernel's kunit.action=list. */
void flushdep_shim_kunit_list(struct kunit_suite **begin, struct kunit_suite **end,
			      const char *filter_glob);

#endif
