/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pagevec.h: small batches of folios. */
#ifndef FLUSHDEP_LINUX_PAGEVEC_H
#define FLUSHDEP_LINUX_PAGEVEC_H

#include <linux/compiler.h>
#include <linux/types.h>

struct folio;

/* faithful */
#define PAGEVEC_SIZE 31
struct folio_batch {
	unsigned char nr;
	unsigned char i;
	bool percpu_pvec_drained;
	struct folio *folios[PAGEVEC_SIZE];
};

static inline void folio_batch_init(struct folio_batch *fbatch)
{
	fbatch->nr = 0;
	fbatch->i = 0;
	fbatch->percpu_pvec_drained = false;
}

static inline void folio_batch_reinit(struct folio_batch *fbatch)
{
	fbatch->nr = 0;
	fbatch->i = 0;
}

static inline unsigned int folio_batch_count(struct folio_batch *fbatch)
{
	return fbatch->nr;
}

static inline unsigned int folio_batch_space(struct folio_batch *fbatch)
{
	return PAGEVEC_SIZE - fbatch->nr;
}

static inline unsigned int folio_batch_add(struct folio_batch *fbatch, struct folio *folio)
{
	fbatch->folios[fbatch->nr++] = folio;
	return folio_batch_space(fbatch);
}

static inline struct folio *folio_batch_next(struct folio_batch *fbatch)
{
	return fbatch->i == fbatch->nr ? (struct folio *)0 : fbatch->folios[fbatch->i++];
}

/* faithful: drops a reference of each. */
FLUSHDEP_CALL void folio_batch_release(struct folio_batch *fbatch);

#endif
