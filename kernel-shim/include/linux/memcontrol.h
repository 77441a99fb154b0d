/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/memcontrol.h: accounting by group, which is not here. */
#ifndef FLUSHDEP_LINUX_MEMCONTROL_H
#define FLUSHDEP_LINUX_MEMCONTROL_H

#include <linux/mm.h>
#include <linux/vmstat.h>

struct mem_cgroup;

/* empty: as without CONFIG_MEMCG. */
#define mem_cgroup_charge(folio, mm, gfp)	 ((void)(folio), (void)(mm), (void)(gfp), 0)
#define mem_cgroup_uncharge(folio)		 ((void)(folio))
#define mem_cgroup_disabled()			 true
#define get_mem_cgroup_from_mm(mm)		 ((void)(mm), (struct mem_cgroup *)NULL)
#define mem_cgroup_put(memcg)			 ((void)(memcg))
#define set_active_memcg(memcg)			 ((void)(memcg), (struct mem_cgroup *)NULL)
#define folio_memcg(folio)			 ((void)(folio), (struct mem_cgroup *)NULL)
#define count_memcg_folio_events(folio, idx, nr) ((void)(folio), (void)(nr))
#define count_memcg_event_mm(mm, idx)		 ((void)(mm))

#endif
