/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mmdebug.h: checks of mm code, always on here. */
#ifndef FLUSHDEP_LINUX_MMDEBUG_H
#define FLUSHDEP_LINUX_MMDEBUG_H

#include <linux/bug.h>

/* partial: as with CONFIG_DEBUG_VM=y, without the dump of the page. */
#define VM_BUG_ON(cond)			   BUG_ON(cond)
#define VM_BUG_ON_PAGE(cond, page)	   BUG_ON(cond)
#define VM_BUG_ON_FOLIO(cond, folio)	   BUG_ON(cond)
#define VM_WARN_ON(cond)		   ((void)WARN_ON(cond))
#define VM_WARN_ON_ONCE(cond)		   WARN_ON_ONCE(cond)
#define VM_WARN_ON_ONCE_PAGE(cond, page)   WARN_ON_ONCE(cond)
#define VM_WARN_ON_ONCE_FOLIO(cond, folio) WARN_ON_ONCE(cond)
#define VM_WARN_ON_FOLIO(cond, folio)	   WARN_ON(cond)
#define VM_WARN_ONCE(cond, format...)	   WARN_ONCE(cond, format)
#define VM_WARN(cond, format...)	   ((void)WARN(cond, format))

#endif
