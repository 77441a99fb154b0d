/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/string_choices.h: one of two words. */
#ifndef FLUSHDEP_LINUX_STRING_CHOICES_H
#define FLUSHDEP_LINUX_STRING_CHOICES_H

#include <linux/types.h>

/* faithful */
#define FLUSHDEP_STR_CHOICE(name, yes, no)           \
	static inline const char *str_##name(bool v) \
	{                                            \
		return v ? yes : no;                 \
	}

FLUSHDEP_STR_CHOICE(assert_deassert, "assert", "deassert")
FLUSHDEP_STR_CHOICE(enable_disable, "enable", "disable")
FLUSHDEP_STR_CHOICE(enabled_disabled, "enabled", "disabled")
FLUSHDEP_STR_CHOICE(hi_lo, "hi", "lo")
FLUSHDEP_STR_CHOICE(high_low, "high", "low")
FLUSHDEP_STR_CHOICE(input_output, "input", "output")
FLUSHDEP_STR_CHOICE(on_off, "on", "off")
FLUSHDEP_STR_CHOICE(read_write, "read", "write")
FLUSHDEP_STR_CHOICE(true_false, "true", "false")
FLUSHDEP_STR_CHOICE(up_down, "up", "down")
FLUSHDEP_STR_CHOICE(yes_no, "yes", "no")
#define str_disable_enable(v)	str_enable_disable(!(v))
#define str_disabled_enabled(v) str_enabled_disabled(!(v))
#define str_lo_hi(v)		str_hi_lo(!(v))
#define str_low_high(v)		str_high_low(!(v))
#define str_off_on(v)		str_on_off(!(v))
#define str_write_read(v)	str_read_write(!(v))
#define str_false_true(v)	str_true_false(!(v))
#define str_down_up(v)		str_up_down(!(v))
#define str_no_yes(v)		str_yes_no(!(v))
#define str_plural(num)		((num) == 1 ? "" : "s")

#endif
