/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit/try-catch.h: leaving a case early; see kunit/test.h. */
#ifndef FLUSHDEP_KUNIT_TRY_CATCH_H
#define FLUSHDEP_KUNIT_TRY_CATCH_H

#include <kunit/test.h>

/* partial: __kunit_abort() alone; the runner has another way of leaving than struct
 * kunit_try_catch. */

#endif
