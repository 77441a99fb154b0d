/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* publish.c: apart from kernel headers, whose macros have names that events.h uses for members. */
#include "publish.h"

#include "events.h"
#include "flushdep.h"

void shim_publish_unmapped(unsigned long pfn, unsigned int order, const void *site)
{
	struct flushdep_event event = {0};

	event.kind = FLUSHDEP_EV_PAGE_PUBLISH;
	event.cpu = flushdep_cpu_current();
	event.site = (unsigned long)site;
	event.u.page.pfn = pfn;
	event.u.page.order = order;
	event.u.page.npages = 1ul << order;
	event.u.page.flags = FLUSHDEP_PAGE_UNMAPPED;
	flushdep_emit(&event);
}
