/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* host_thread.c: threads and non-local exits of the host; see host.h. */
#define _GNU_SOURCE
#include <sched.h>
#include <setjmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host.h"

void shim_host_yield(void)
{
	sched_yield();
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
