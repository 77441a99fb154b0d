/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "pool.h"

#include <events.h>
#include <string.h>

#define SLICE 0x7e9000000000ull
#define MM 7u

static struct pool_page pages[16];
static struct pool_page *mapped[16];
static unsigned next_page;
static unsigned long next_flush;

#define CALLER ((flushdep_u64)__builtin_return_address(0))

static struct flushdep_event event_of(enum flushdep_event_kind kind, flushdep_u64 site)
{
  struct flushdep_event event;

  memset(&event, 0, sizeof(event));
  event.kind = kind;
  event.thread = 1;
  event.site = site;
  return event;
}

void pool_boot(void)
{
  struct flushdep_event event = event_of(FLUSHDEP_EV_MACHINE, 0);

  FLUSHDEP_EVENTS_HANDSHAKE();
  event.u.machine.version = FLUSHDEP_EVENTS_VERSION;
  event.u.machine.event_size = sizeof(event);
  event.u.machine.cpus = 2;
  event.u.machine.knobs = FLUSHDEP_KNOB_PCID;
  event.u.machine.pfns = 16;
  flushdep_emit(&event);
  for (unsigned cpu = 0; cpu < 2; cpu++) {
    event = event_of(FLUSHDEP_EV_CPU_ONLINE, 0);
    event.cpu = cpu;
    flushdep_emit(&event);
  }
  event = event_of(FLUSHDEP_EV_MM_CREATE, 0);
  event.u.mm.mm = MM;
  flushdep_emit(&event);
  event = event_of(FLUSHDEP_EV_REGION, 0);
  event.u.region.mm = MM;
  event.u.region.start = SLICE;
  event.u.region.end = SLICE + 16 * FLUSHDEP_PAGE_SIZE;
  event.u.region.type = FLUSHDEP_REGION_MERMAP;
  event.u.region.slice_pages = 16;
  flushdep_emit(&event);
  event = event_of(FLUSHDEP_EV_CPU_LOAD, 0);
  event.u.mm.mm = MM;
  flushdep_emit(&event);
}

struct pool_page *pool_alloc(void)
{
  struct flushdep_event event = event_of(FLUSHDEP_EV_PAGE_ALLOC, CALLER);
  struct pool_page *page = &pages[next_page];

  page->pfn = next_page++;
  event.u.page.pfn = page->pfn;
  event.u.page.npages = 1;
  flushdep_emit(&event);
  return page;
}

static void tell_pte(enum flushdep_event_kind kind, unsigned long pfn, flushdep_u64 site)
{
  struct flushdep_event event = event_of(kind, site);

  event.u.pte.va = SLICE + pfn * FLUSHDEP_PAGE_SIZE;
  event.u.pte.pfn = pfn;
  event.u.pte.old_pfn = FLUSHDEP_NO_PFN;
  event.u.pte.mm = MM;
  event.u.pte.npages = 1;
  event.u.pte.prot = FLUSHDEP_PROT_READ;
  event.u.pte.level = FLUSHDEP_LEVEL_PTE;
  flushdep_emit(&event);
}

void *pool_map(struct pool_page *page)
{
  tell_pte(FLUSHDEP_EV_PTE_SET, page->pfn, CALLER);
  mapped[page->pfn] = page;
  return &mapped[page->pfn];
}

void pool_unmap(void *handle)
{
  struct pool_page **slot = handle;

  tell_pte(FLUSHDEP_EV_PTE_CLEAR, (*slot)->pfn, CALLER);
  *slot = 0;
}

void pool_flush(void)
{
  struct flushdep_event event = event_of(FLUSHDEP_EV_FLUSH_ISSUE, CALLER);

  event.u.flush.id = ++next_flush;
  event.u.flush.req_what = event.u.flush.eff_what = FLUSHDEP_FLUSH_EVERYTHING;
  event.u.flush.req_who = event.u.flush.eff_who = FLUSHDEP_CPUS_ALL;
  flushdep_emit(&event);
  event.kind = FLUSHDEP_EV_FLUSH_ACK;
  for (event.cpu = 0; event.cpu < 2; event.cpu++)
    flushdep_emit(&event);
  event.kind = FLUSHDEP_EV_FLUSH_RETURN;
  event.cpu = 0;
  flushdep_emit(&event);
}

void pool_free(struct pool_page *page)
{
  struct flushdep_event event = event_of(FLUSHDEP_EV_PAGE_FREE, CALLER);

  event.u.page.pfn = page->pfn;
  event.u.page.npages = 1;
  flushdep_emit(&event);
}
