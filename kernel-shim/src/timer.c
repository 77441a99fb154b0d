/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * timer.c: timers, and what time it is. A CPU's timers are a list that the thread which stands in
 * for its interrupts (interrupt.c) looks through when the host's clock says so.
 *
 * For the checker a timer is two objects: the struct (set before run) and its function's member
 * (run before deleted).
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/timer.h>

#include "flushdep_sync.h"
#include "host.h"
#include "task.h"

static int timers_lock;
static struct timer_base {
	struct hlist_head pending;
	struct timer_list *running;
} bases[NR_CPUS];
static u32 runs; /* ended so far */
static u64 start_ns;

__attribute__((constructor(101))) static void timer_boot(void)
{
	start_ns = shim_host_now();
}

ktime_t ktime_get(void)
{
	return shim_host_now() - start_ns;
}

ktime_t ktime_get_real(void)
{
	return shim_host_real_time();
}

u64 get_jiffies_64(void)
{
	return INITIAL_JIFFIES + ktime_get() / TICK_NSEC;
}

u64 shim_after_ticks(u64 from, u64 ticks)
{
	return ticks < (U64_MAX - from) / TICK_NSEC ? from + ticks * TICK_NSEC : U64_MAX;
}

/* When a jiffy starts, in host time. */
static u64 host_time(unsigned long expires)
{
	long ticks = expires - INITIAL_JIFFIES;

	return shim_after_ticks(start_ns, ticks > 0 ? ticks : 0);
}

void flushdep_shim_timer_init(struct timer_list *timer, void (*func)(struct timer_list *timer),
			      unsigned int flags)
{
	*timer = (struct timer_list){.function = func, .flags = flags};
	flushdep_sync_reset(timer);
	flushdep_sync_reset(&timer->function);
}

static bool detach(struct timer_list *timer)
{
	if (!timer_pending(timer))
		return false;
	__hlist_del(&timer->entry);
	WRITE_ONCE(timer->entry.pprev, NULL);
	return true;
}

/* While its function runs, a timer stays on that CPU, so that it never runs twice at once. */
static unsigned int home(const struct timer_list *timer, unsigned int wanted)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (bases[cpu].running == timer)
			return cpu;
	return wanted;
}

enum { ALWAYS, IF_PENDING, IF_EARLIER };

static int set(struct timer_list *timer, unsigned long expires, unsigned int cpu, int when)
{
	bool pending, go;

	flushdep_sync_release(timer);
	shim_raw_lock(&timers_lock);
	pending = timer_pending(timer);
	go = timer->function &&
	     (when == ALWAYS || (when == IF_PENDING && pending) ||
	      (when == IF_EARLIER && (!pending || time_before(expires, timer->expires))));
	if (go) {
		detach(timer);
		timer->expires = expires;
		cpu = home(timer, cpu);
		hlist_add_head(&timer->entry, &bases[cpu].pending);
	}
	shim_raw_unlock(&timers_lock);
	if (go)
		shim_kick_timers(cpu);
	return pending;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	return set(timer, expires, flushdep_cpu_current(), ALWAYS);
}

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return set(timer, expires, flushdep_cpu_current(), IF_PENDING);
}

int timer_reduce(struct timer_list *timer, unsigned long expires)
{
	return set(timer, expires, flushdep_cpu_current(), IF_EARLIER);
}

void add_timer_on(struct timer_list *timer, int cpu)
{
	if (!WARN_ON_ONCE(timer_pending(timer)))
		set(timer, timer->expires, cpu, ALWAYS);
}

void add_timer(struct timer_list *timer)
{
	add_timer_on(timer, flushdep_cpu_current());
}

/* Takes it off; true if it was pending. `running`: so is its function. */
static bool stop(struct timer_list *timer, bool forever, bool *running)
{
	bool pending;

	shim_raw_lock(&timers_lock);
	pending = detach(timer);
	if (forever)
		timer->function = NULL;
	*running = home(timer, NR_CPUS) != NR_CPUS;
	shim_raw_unlock(&timers_lock);
	return pending;
}

bool hrtimer_active(const struct hrtimer *timer)
{
	bool active;

	shim_raw_lock(&timers_lock);
	active = timer_pending(&timer->flushdep_timer) ||
		 home(&timer->flushdep_timer, NR_CPUS) != NR_CPUS;
	shim_raw_unlock(&timers_lock);
	return active;
}

static void wait_for_run(u32 seen)
{
	if (flushdep_in_atomic())
		cpu_relax();
	else
		flushdep_park(&runs, seen);
}

/* Its function may set it again: off until it does not run. */
static int stop_and_wait(struct timer_list *timer, bool forever)
{
	bool running, pending = false;

	for (;;) {
		u32 seen = __atomic_load_n(&runs, __ATOMIC_ACQUIRE);

		pending |= stop(timer, forever, &running);
		if (!running)
			break;
		wait_for_run(seen);
	}
	flushdep_sync_acquire(&timer->function);
	return pending;
}

int timer_delete(struct timer_list *timer)
{
	bool running;

	return stop(timer, false, &running);
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	bool running;
	int pending;

	shim_raw_lock(&timers_lock);
	running = home(timer, NR_CPUS) != NR_CPUS;
	pending = running ? -1 : detach(timer);
	shim_raw_unlock(&timers_lock);
	if (!running)
		flushdep_sync_acquire(&timer->function);
	return pending;
}

int timer_delete_sync(struct timer_list *timer)
{
	return stop_and_wait(timer, false);
}

int timer_shutdown(struct timer_list *timer)
{
	bool running;

	return stop(timer, true, &running);
}

int timer_shutdown_sync(struct timer_list *timer)
{
	return stop_and_wait(timer, true);
}

/* --- Waiting --------------------------------------------------------------------------- */

static void sleep_until(u64 deadline)
{
	u32 never = 0;

	/* A sleep is checked even if it is short. */
	might_sleep();
	while (shim_host_now() < deadline)
		shim_park_until(&never, 0, deadline);
}

void msleep(unsigned int msecs)
{
	sleep_until(shim_host_now() + msecs * (u64)NSEC_PER_MSEC);
}

unsigned long msleep_interruptible(unsigned int msecs)
{
	msleep(msecs);
	return 0;
}

void usleep_range_state(unsigned long min, unsigned long max, unsigned int state)
{
	sleep_until(shim_host_now() + min * NSEC_PER_USEC);
}

void ndelay(unsigned long nsecs)
{
	u64 deadline = shim_host_now() + nsecs;

	do {
		cpu_relax();
	} while (shim_host_now() < deadline);
}

/* --- Running them ------------------------------------------------------------------- */

struct run {
	struct timer_list *timer;
	void (*function)(struct timer_list *timer);
};

/* When the next one is due, under the lock. */
static u64 find_next(struct timer_base *base, struct timer_list **first)
{
	struct timer_list *timer;
	u64 next = U64_MAX;

	*first = NULL;
	hlist_for_each_entry (timer, &base->pending, entry) {
		u64 due = host_time(timer->expires);

		if (due < next) {
			next = due;
			*first = timer;
		}
	}
	return next;
}

static u64 next_due(struct timer_base *base)
{
	struct timer_list *first;
	u64 next;

	shim_raw_lock(&timers_lock);
	next = find_next(base, &first);
	shim_raw_unlock(&timers_lock);
	return next;
}

/* The next one, if it is due, is detached and running. */
static bool take_due(struct timer_base *base, struct run *run)
{
	bool due;

	shim_raw_lock(&timers_lock);
	due = find_next(base, &run->timer) <= shim_host_now();
	if (due) {
		detach(run->timer);
		run->function = run->timer->function;
		base->running = run->timer;
	}
	shim_raw_unlock(&timers_lock);
	return due;
}

/* The function may free the timer. */
static void run_timer(void *arg)
{
	struct run *run = arg;

	flushdep_sync_acquire(run->timer);
	run->function(run->timer);
	flushdep_sync_release(&run->timer->function);
}

static void end_run(struct timer_base *base)
{
	shim_raw_lock(&timers_lock);
	base->running = NULL;
	shim_raw_unlock(&timers_lock);
	__atomic_fetch_add(&runs, 1, __ATOMIC_RELEASE);
	flushdep_unpark(&runs, ~0u);
}

/* In the context while one is running, as who waits for it may keep the CPU. */
u64 shim_run_timers(unsigned int cpu)
{
	struct timer_base *base = &bases[cpu];
	bool left;
	u64 next;

	while ((next = next_due(base)) <= shim_host_now()) {
		struct run run;

		flushdep_softirq_enter();
		left = false;
		if (take_due(base, &run)) {
			left = shim_call_caught(run_timer, &run);
			end_run(base);
		}
		/* An oops ended the context, too. */
		if (!left)
			flushdep_softirq_exit();
	}
	return next;
}
