/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* host_time.c: the host's clock, and waking at a time; see host.h. */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

/* An alarm that is due wakes again and again, as its thread may just be about to sleep. */
#define AGAIN_NS 1000000ull

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news;
static struct shim_alarm *alarms;
static int started;

static unsigned long long clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

unsigned long long shim_host_now(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

unsigned long long shim_host_real_time(void)
{
	return clock_ns(CLOCK_REALTIME);
}

/* Wakes who is due; when to look again. */
static unsigned long long ring(unsigned long long now)
{
	unsigned long long next = now + 3600000000000ull;
	struct shim_alarm *alarm;

	for (alarm = alarms; alarm; alarm = alarm->next) {
		if (alarm->deadline <= now) {
			syscall(SYS_futex, alarm->word, FUTEX_WAKE_PRIVATE, (long)INT_MAX, 0l, 0l,
				0l);
			alarm->deadline = now + AGAIN_NS;
		}
		if (alarm->deadline < next)
			next = alarm->deadline;
	}
	return next;
}

/* Makes no call of the machine, which therefore does not know of it. */
static void *clockwork(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		unsigned long long next = ring(shim_host_now());
		struct timespec until = {.tv_sec = next / 1000000000, .tv_nsec = next % 1000000000};

		pthread_cond_timedwait(&news, &lock, &until);
	}
	return NULL;
}

static void start(void)
{
	pthread_condattr_t attr;
	pthread_attr_t detached;
	pthread_t thread;

	started = 1;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&news, &attr);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &detached, clockwork, NULL))
		started = 0;
	pthread_attr_destroy(&detached);
}

int shim_host_alarm_set(struct shim_alarm *alarm)
{
	int ok;

	pthread_mutex_lock(&lock);
	if (!started)
		start();
	ok = started;
	alarm->next = alarms;
	alarms = alarm;
	if (ok)
		pthread_cond_signal(&news);
	pthread_mutex_unlock(&lock);
	return ok;
}

void shim_host_alarm_cancel(struct shim_alarm *alarm)
{
	struct shim_alarm **link;

	pthread_mutex_lock(&lock);
	for (link = &alarms; *link && *link != alarm; link = &(*link)->next)
		;
	if (*link)
		*link = alarm->next;
	pthread_mutex_unlock(&lock);
}
