/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/completion.h: waiting for another thread to be done. It is the machine's: ordered, checked.
 */
#ifndef FLUSHDEP_LINUX_COMPLETION_H
#define FLUSHDEP_LINUX_COMPLETION_H

#include <linux/compiler.h>
#include <linux/types.h>

/* faithful */
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

/* partial: the time is the host's; no signal interrupts a wait. */
FLUSHDEP_CALL unsigned long wait_for_completion_timeout(struct completion *x,
							unsigned long timeout);
#define wait_for_completion_io(x)		   wait_for_completion(x)
#define wait_for_completion_io_timeout(x, timeout) wait_for_completion_timeout(x, timeout)
#define wait_for_completion_interruptible(x)	   (wait_for_completion(x), 0)
#define wait_for_completion_killable(x)		   (wait_for_completion(x), 0)
#define wait_for_completion_state(x, state)	   ((void)(state), wait_for_completion(x), 0)
#define wait_for_completion_interruptible_timeout(x, timeout) \
	((long)wait_for_completion_timeout(x, timeout))
#define wait_for_completion_killable_timeout(x, timeout) \
	((long)wait_for_completion_timeout(x, timeout))

/* faithful */
#define init_completion_map(x, m)  ((void)(m), init_completion(x))
#define complete_on_current_cpu(x) complete(x)
#define COMPLETION_INITIALIZER(work) \
	{                            \
		0                    \
	}
#define COMPLETION_INITIALIZER_ONSTACK(work) \
	(*({                                 \
		init_completion(&work);      \
		&work;                       \
	}))
#define DECLARE_COMPLETION(work) struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) \
	struct completion work = COMPLETION_INITIALIZER_ONSTACK(work)

#endif
