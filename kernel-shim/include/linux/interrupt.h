/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/interrupt.h: tasklets. Interrupts of devices there are none. */
#ifndef FLUSHDEP_LINUX_INTERRUPT_H
#define FLUSHDEP_LINUX_INTERRUPT_H

#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* faithful */
enum irqreturn {
	IRQ_NONE = (0 << 0),
	IRQ_HANDLED = (1 << 0),
	IRQ_WAKE_THREAD = (1 << 1),
};
typedef enum irqreturn irqreturn_t;
#define IRQ_RETVAL(x) ((x) ? IRQ_HANDLED : IRQ_NONE)

/* partial: runs in softirq context on the CPU that scheduled it, in a thread that stands in for it.
 */
struct tasklet_struct {
	struct tasklet_struct *next;
	unsigned long state;
	atomic_t count;
	bool use_callback;
	union {
		void (*func)(unsigned long data);
		void (*callback)(struct tasklet_struct *t);
	};
	unsigned long data;
	void *flushdep_call[3];
};
#define DECLARE_TASKLET(name, _callback) \
	struct tasklet_struct name = {.callback = (_callback), .use_callback = true}
#define DECLARE_TASKLET_DISABLED(name, _callback) \
	struct tasklet_struct name = {            \
		.count = ATOMIC_INIT(1), .callback = (_callback), .use_callback = true}
#define DECLARE_TASKLET_OLD(name, _func) struct tasklet_struct name = {.func = (_func)}
#define DECLARE_TASKLET_DISABLED_OLD(name, _func) \
	struct tasklet_struct name = {.count = ATOMIC_INIT(1), .func = (_func)}
#define from_tasklet(var, callback_tasklet, tasklet_fieldname) \
	container_of(callback_tasklet, typeof(*var), tasklet_fieldname)
void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long data), unsigned long data);
void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t));
FLUSHDEP_CALL void tasklet_schedule(struct tasklet_struct *t);
#define tasklet_hi_schedule(t) tasklet_schedule(t)
FLUSHDEP_CALL void tasklet_kill(struct tasklet_struct *t);
FLUSHDEP_CALL void tasklet_enable(struct tasklet_struct *t);
void tasklet_unlock_wait(struct tasklet_struct *t);

static inline void tasklet_disable_nosync(struct tasklet_struct *t)
{
	atomic_inc(&t->count);
	smp_mb__after_atomic();
}

static inline void tasklet_disable(struct tasklet_struct *t)
{
	tasklet_disable_nosync(t);
	tasklet_unlock_wait(t);
}

#endif
