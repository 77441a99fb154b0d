/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* task.h: what the shim's own files know of tasks and running cases. */
#ifndef FLUSHDEP_SHIM_TASK_H
#define FLUSHDEP_SHIM_TASK_H

#include <linux/sched.h>

#include "host.h"

/* enum flushdep_context of events.h, which is of the checker's side. */
enum {
	FLUSHDEP_SHIM_CTX_BH_OFF = 4,
	FLUSHDEP_SHIM_CTX_SOFTIRQ = 5,
	FLUSHDEP_SHIM_CTX_HARDIRQ = 6,
	FLUSHDEP_SHIM_CTX_NMI = 7,
};

/* The struct for one of the machine's address spaces; made when first asked for. */
SHIM_LOCAL struct mm_struct *shim_mm_of(struct flushdep_mm *mm);

/* Ends the areas of an mm that nobody uses any more. */
SHIM_LOCAL void shim_exit_mmap(struct mm_struct *mm);

/* Makes `task` the calling thread's. */
SHIM_LOCAL void shim_set_current(struct task_struct *task);
SHIM_LOCAL pid_t shim_next_pid(void);

/* Of a kernel thread: where it starts, if it has not begun to run. False if it has. */
#define SHIM_ANY_CPU (~0u)
SHIM_LOCAL bool shim_starts_on(struct task_struct *task, unsigned int cpu);

/* Where an oops of the calling thread ends up; null: the end of the program. */
SHIM_LOCAL extern __thread struct shim_catch *shim_catch_here;
/* Is a KUnit case under way in this program? */
SHIM_LOCAL extern bool shim_case_running;
/* Warnings and dead ends (WARN, BUG) so far. */
SHIM_LOCAL unsigned long shim_warning_count(void);

/* The running case fails for it. */
SHIM_LOCAL void shim_note_problem(void);
/* Ends the case or the kernel thread; the program, if neither is there. */
SHIM_LOCAL void shim_oops(const char *message) __noreturn;

/*
 * Calls fn(arg) so that an oops in it ends the call, and no more, while a KUnit case runs; true if
 * it did. What the call left behind (locks, contexts) is undone then.
 */
SHIM_LOCAL bool shim_call_caught(void (*fn)(void *arg), void *arg);

/* `ticks` jiffies behind `from` (shim_host_now()), or ~0, which is never. */
SHIM_LOCAL u64 shim_after_ticks(u64 from, u64 ticks);

/* Sleeps while *word is value, at most until `deadline` (shim_host_now()), or less. */
SHIM_LOCAL void shim_park_until(u32 *word, u32 value, u64 deadline);

/* A lock of the shim's own: told to nobody, taken in any context; no call of the machine under it.
 */
SHIM_LOCAL void shim_raw_lock(int *lock);
SHIM_LOCAL void shim_raw_unlock(int *lock);

/* Something for a CPU to do, in interrupt context. */
struct shim_call {
	struct shim_call *next;
	void (*fn)(struct shim_call *call);
	void (*finish)(struct shim_call *call); /* afterwards, also after an oops; may free it */
};
/* Has `cpu` do it, soon: in a hard interrupt, or as a softirq. */
SHIM_LOCAL void shim_raise_hardirq(unsigned int cpu, struct shim_call *call);
SHIM_LOCAL void shim_raise_softirq(unsigned int cpu, struct shim_call *call);
/* Does what others want of the calling thread's CPU, if interrupts are on; true if there was any.
 */
SHIM_LOCAL bool shim_take_interrupts(void);
/* Has `cpu` look at its timers again. */
SHIM_LOCAL void shim_kick_timers(unsigned int cpu);
/* Runs timers of `cpu` that are due, in softirq context; when the next one is, or ~0. */
SHIM_LOCAL u64 shim_run_timers(unsigned int cpu);

#endif
