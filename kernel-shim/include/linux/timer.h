/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/timer.h: functions that are called at a time. */
#ifndef FLUSHDEP_LINUX_TIMER_H
#define FLUSHDEP_LINUX_TIMER_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/types.h>

/*
 * partial: in softirq context of the CPU that set it, in a thread that stands in for it; the time
 * is the host's. Setting a timer is ordered before its function, that before a timer_delete_sync().
 */
struct timer_list {
	struct hlist_node entry;
	unsigned long expires;
	void (*function)(struct timer_list *timer);
	u32 flags;
};
#define TIMER_CPUMASK	 0x0003FFFF
#define TIMER_MIGRATING	 0x00040000
#define TIMER_DEFERRABLE 0x00080000
#define TIMER_PINNED	 0x00100000
#define TIMER_IRQSAFE	 0x00200000
#define __TIMER_INITIALIZER(_function, _flags)             \
	{                                                  \
		.function = (_function), .flags = (_flags) \
	}
#define TIMER_INITIALIZER(_function)   __TIMER_INITIALIZER(_function, 0)
#define DEFINE_TIMER(_name, _function) struct timer_list _name = TIMER_INITIALIZER(_function)
void flushdep_shim_timer_init(struct timer_list *timer, void (*func)(struct timer_list *timer),
			      unsigned int flags);
#define timer_setup(timer, callback, flags)	     flushdep_shim_timer_init(timer, callback, flags)
#define timer_setup_on_stack(timer, callback, flags) timer_setup(timer, callback, flags)
#define timer_init(timer, callback, flags)	     timer_setup(timer, callback, flags)
#define destroy_timer_on_stack(timer)		     ((void)(timer))
#define timer_destroy_on_stack(timer)		     ((void)(timer))
#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)
#define timer_container_of(var, callback_timer, timer_fieldname) \
	from_timer(var, callback_timer, timer_fieldname)

static inline int timer_pending(const struct timer_list *timer)
{
	return READ_ONCE(timer->entry.pprev) != NULL;
}

FLUSHDEP_CALL int mod_timer(struct timer_list *timer, unsigned long expires);
FLUSHDEP_CALL int mod_timer_pending(struct timer_list *timer, unsigned long expires);
FLUSHDEP_CALL int timer_reduce(struct timer_list *timer, unsigned long expires);
FLUSHDEP_CALL void add_timer(struct timer_list *timer);
FLUSHDEP_CALL void add_timer_on(struct timer_list *timer, int cpu);
FLUSHDEP_CALL int timer_delete(struct timer_list *timer);
FLUSHDEP_CALL int timer_delete_sync(struct timer_list *timer);
FLUSHDEP_CALL int try_to_del_timer_sync(struct timer_list *timer);
FLUSHDEP_CALL int timer_shutdown(struct timer_list *timer);
FLUSHDEP_CALL int timer_shutdown_sync(struct timer_list *timer);
#define try_to_del_timer_sync(timer)	 timer_delete_sync_try(timer)
#define add_timer_local(timer)		 add_timer(timer)
#define add_timer_global(timer)		 add_timer(timer)
#define timer_delete_sync_try(timer)	 try_to_del_timer_sync(timer)
#define del_timer(timer)		 timer_delete(timer)
#define del_timer_sync(timer)		 timer_delete_sync(timer)
#define del_singleshot_timer_sync(timer) timer_delete_sync(timer)

#endif
