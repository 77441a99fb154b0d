/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* host_thread.c: threads, waiting and non-local exits of the host; see host.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host.h"

void shim_host_wait(int *word, int expected)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void shim_host_wake(int *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

void shim_host_yield(void)
{
	sched_yield();
}

struct start {
	void (*fn)(void *arg);
	void *arg;
};

static void *start_thread(void *data)
{
	struct start start = *(struct start *)data;

	free(data);
	start.fn(start.arg);
	return NULL;
}

int shim_host_thread(unsigned long *id, void (*fn)(void *arg), void *arg)
{
	struct start *start = malloc(sizeof(*start));
	pthread_t thread;
	int err;

	if (!start)
		return -ENOMEM;
	start->fn = fn;
	start->arg = arg;
	err = pthread_create(&thread, NULL, start_thread, start);
	if (err) {
		free(start);
		return -err;
	}
	*id = thread;
	return 0;
}

void shim_host_join(unsigned long thread)
{
	pthread_join(thread, NULL);
}

int shim_host_tid(void)
{
	return syscall(SYS_gettid);
}

int shim_host_catch(struct shim_catch *catch_, void (*fn)(void *arg), void *arg)
{
	jmp_buf jump;

	catch_->jump = &jump;
	if (_setjmp(jump))
		return 1;
	fn(arg);
	return 0;
}

void shim_host_throw(struct shim_catch *catch_)
{
	_longjmp(*(jmp_buf *)catch_->jump, 1);
}
