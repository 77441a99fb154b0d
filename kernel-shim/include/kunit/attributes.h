/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit/attributes.h: what a case says of itself. */
#ifndef FLUSHDEP_KUNIT_ATTRIBUTES_H
#define FLUSHDEP_KUNIT_ATTRIBUTES_H

#include <kunit/test.h>

/* partial: struct kunit_attributes is there (kunit/test.h); cases are not filtered by it. */

#endif
