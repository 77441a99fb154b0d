/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* ktime.c: the clock. */
#include <linux/ktime.h>

#include "host.h"

ktime_t ktime_get(void)
{
	return shim_host_now();
}
