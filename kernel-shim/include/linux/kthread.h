/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kthread.h: kernel threads, each on a CPU of its own. */
#ifndef FLUSHDEP_LINUX_KTHREAD_H
#define FLUSHDEP_LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>
#include <linux/types.h>

/* faithful: starts without an mm; does not run before it is woken. */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char namefmt[],
				   ...) __printf(3, 4);
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *namefmt);
#define kthread_create_on_node(threadfn, data, node, namefmt, arg...) \
	kthread_create(threadfn, data, namefmt, ##arg)
#define kthread_run(threadfn, data, namefmt, ...)                                                 \
	({                                                                                        \
		struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
		if (!IS_ERR(__k))                                                                 \
			wake_up_process(__k);                                                     \
		__k;                                                                              \
	})
#define kthread_run_on_cpu(threadfn, data, cpu, namefmt)                                       \
	({                                                                                     \
		struct task_struct *__k = kthread_create_on_cpu(threadfn, data, cpu, namefmt); \
		if (!IS_ERR(__k))                                                              \
			wake_up_process(__k);                                                  \
		__k;                                                                           \
	})
void kthread_bind(struct task_struct *k, unsigned int cpu);
void kthread_set_per_cpu(struct task_struct *k, int cpu);
int kthread_stop(struct task_struct *k);
int kthread_stop_put(struct task_struct *k);
bool kthread_should_stop(void);

/* partial: to the first CPU of the mask. */
void kthread_bind_mask(struct task_struct *k, const struct cpumask *mask);

/*
 * faithful: the CPU loads the mm; after unuse it keeps it loaded lazily. In a thread that has an mm
 * of its own, which the kernel forbids, unuse switches back to that.
 */
FLUSHDEP_CALL void kthread_use_mm(struct mm_struct *mm);
FLUSHDEP_CALL void kthread_unuse_mm(struct mm_struct *mm);

#endif
