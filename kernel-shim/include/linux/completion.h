/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/completion.h: waiting for another thread to be done. It is the machine's: ordered, checked.
 */
#ifndef FLUSHDEP_LINUX_COMPLETION_H
#define FLUSHDEP_LINUX_COMPLETION_H

#include <linux/compiler.h>
#include <linux/types.h>

/* partial: without time-outs. */
struct completion {
	unsigned int done;
};
FLUSHDEP_CALL void init_completion(struct completion *x) FLUSHDEP_MACHINE(flushdep_completion_init);
FLUSHDEP_CALL void reinit_completion(struct completion *x)
	FLUSHDEP_MACHINE(flushdep_completion_reinit);
FLUSHDEP_CALL void wait_for_completion(struct completion *x)
	FLUSHDEP_MACHINE(flushdep_completion_wait);
FLUSHDEP_CALL bool try_wait_for_completion(struct completion *x)
	FLUSHDEP_MACHINE(flushdep_completion_try_wait);
FLUSHDEP_CALL bool completion_done(struct completion *x) FLUSHDEP_MACHINE(flushdep_completion_done);
FLUSHDEP_CALL void complete(struct completion *x) FLUSHDEP_MACHINE(flushdep_complete);
FLUSHDEP_CALL void complete_all(struct completion *x) FLUSHDEP_MACHINE(flushdep_complete_all);
#define COMPLETION_INITIALIZER(work) {0}
#define COMPLETION_INITIALIZER_ONSTACK(work) \
	(*({                                 \
		init_completion(&work);      \
		&work;                       \
	}))
#define DECLARE_COMPLETION(work) struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) \
	struct completion work = COMPLETION_INITIALIZER_ONSTACK(work)

#endif
