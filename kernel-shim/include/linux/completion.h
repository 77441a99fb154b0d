/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/completion.h: waiting for another thread to be done. */
#ifndef FLUSHDEP_LINUX_COMPLETION_H
#define FLUSHDEP_LINUX_COMPLETION_H

#include <linux/types.h>

/* partial: without time-outs; does not yet feed the checker's happens-before. */
struct completion {
	unsigned int done;
};
#define COMPLETION_INITIALIZER(work)	     {0}
#define COMPLETION_INITIALIZER_ONSTACK(work) ((struct completion){0})
#define DECLARE_COMPLETION(work)	     struct completion work = {0}
#define DECLARE_COMPLETION_ONSTACK(work)     struct completion work = {0}
#define init_completion(x)		     ((void)((x)->done = 0))
#define reinit_completion(x)		     ((void)((x)->done = 0))
void wait_for_completion(struct completion *x);
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);
void complete(struct completion *x);
void complete_all(struct completion *x);

#endif
