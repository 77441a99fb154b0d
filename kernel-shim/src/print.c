/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* print.c: the kernel log, warnings and dead ends, on stderr. */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "flushdep.h"
#include "host.h"
#include "task.h"

/* As long as the kernel's own lines. */
#define LINE_BYTES 1024

__thread struct shim_catch *shim_catch_here;
bool shim_case_running;
static unsigned long warnings;

unsigned long shim_warning_count(void)
{
	return __atomic_load_n(&warnings, __ATOMIC_RELAXED);
}

int vprintk(const char *fmt, va_list args)
{
	char line[LINE_BYTES];
	int len = vscnprintf(line, sizeof(line), fmt, args);
	const char *text = line;

	if (len >= 2 && line[0] == KERN_SOH_ASCII)
		text += 2;
	shim_host_write(2, text, len - (text - line));
	return len;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

void dump_stack(void)
{
	printk("CPU: %u Comm: %s\n", smp_processor_id(), current->comm);
}

void flushdep_shim_warn(const char *file, int line, const char *function, const char *fmt, ...)
{
	va_list args;

	shim_note_problem();
	printk("WARNING: CPU: %u at %s:%d %s()\n", smp_processor_id(), file, line, function);
	if (!fmt)
		return;
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}

void shim_note_problem(void)
{
	__atomic_fetch_add(&warnings, 1, __ATOMIC_RELAXED);
}

void shim_oops(const char *message)
{
	shim_note_problem();
	if (shim_catch_here)
		shim_host_throw(shim_catch_here);
	flushdep_fatal(message);
}

void flushdep_shim_bug(const char *file, int line, const char *function)
{
	printk("kernel BUG at %s:%d %s()!\n", file, line, function);
	shim_oops("flushdep: stopped by BUG()");
}

void panic(const char *fmt, ...)
{
	char line[LINE_BYTES];
	va_list args;

	va_start(args, fmt);
	vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	printk("Kernel panic - not syncing: %s\n", line);
	flushdep_fatal("flushdep: stopped by panic()");
}
