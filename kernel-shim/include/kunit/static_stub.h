/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit/static_stub.h: functions that a running case replaces. */
#ifndef FLUSHDEP_KUNIT_STATIC_STUB_H
#define FLUSHDEP_KUNIT_STATIC_STUB_H

#include <kunit/test.h>

/* faithful: what the macros below stand on. */
void *__kunit_static_stub_address(struct kunit *test, void *real_fn_addr);
void __kunit_activate_static_stub(struct kunit *test, void *real_fn_addr, void *replacement_addr);

/* faithful: first in a function that can be replaced; ends it with what the replacement returns. */
#define KUNIT_STATIC_STUB_REDIRECT(real_fn_name, args...)                            \
	do {                                                                         \
		typeof(&real_fn_name) __stub;                                        \
		struct kunit *__test = kunit_get_current_test();                     \
                                                                                     \
		if (likely(!__test))                                                 \
			break;                                                       \
		__stub = __kunit_static_stub_address(__test, (void *)&real_fn_name); \
		if (unlikely(__stub))                                                \
			return __stub(args);                                         \
	} while (0)

/* faithful: until the case ends; a second one for the same function takes its place. */
#define kunit_activate_static_stub(test, real_fn_addr, replacement_addr)            \
	do {                                                                        \
		_Static_assert(__same_type(&*(real_fn_addr), &*(replacement_addr)), \
			       "a replacement has the type of what it replaces");   \
		__kunit_activate_static_stub(test, (void *)(real_fn_addr),          \
					     (void *)(replacement_addr));           \
	} while (0)

/* faithful: fails the case if there is none. */
void kunit_deactivate_static_stub(struct kunit *test, void *real_fn_addr);

#endif
