/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/vmstat.h: statistics of memory. */
#ifndef FLUSHDEP_LINUX_VMSTAT_H
#define FLUSHDEP_LINUX_VMSTAT_H

#include <linux/mmzone.h>
#include <linux/types.h>

struct folio;
struct page;

/* empty: nobody counts. */
#define count_vm_event(item)			  ((void)0)
#define __count_vm_event(item)			  ((void)0)
#define count_vm_events(item, delta)		  ((void)(delta))
#define __count_vm_events(item, delta)		  ((void)(delta))
#define mod_node_page_state(pgdat, item, delta)	  ((void)(delta))
#define mod_zone_page_state(zone, item, delta)	  ((void)(delta))
#define mod_lruvec_page_state(page, item, delta)  ((void)(page), (void)(delta))
#define node_stat_mod_folio(folio, item, delta)	  ((void)(folio), (void)(delta))
#define node_stat_add_folio(folio, item)	  ((void)(folio))
#define node_stat_sub_folio(folio, item)	  ((void)(folio))
#define lruvec_stat_mod_folio(folio, item, delta) ((void)(folio), (void)(delta))
#define lruvec_stat_add_folio(folio, item)	  ((void)(folio))
#define lruvec_stat_sub_folio(folio, item)	  ((void)(folio))
#define inc_node_page_state(page, item)		  ((void)(page))
#define dec_node_page_state(page, item)		  ((void)(page))
#define inc_zone_page_state(page, item)		  ((void)(page))
#define dec_zone_page_state(page, item)		  ((void)(page))

#endif
