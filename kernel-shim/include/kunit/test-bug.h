/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit/test-bug.h: failing the running case from code under test; see kunit/test.h. */
#ifndef FLUSHDEP_KUNIT_TEST_BUG_H
#define FLUSHDEP_KUNIT_TEST_BUG_H

#include <kunit/test.h>

#endif
