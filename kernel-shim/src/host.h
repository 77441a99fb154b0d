/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * host.h: what the shim needs of the host, in plain C types. The seam: host_*.c
 * includes the C library's headers and nothing of the kernel's; every other
 * file includes kernel headers and nothing of the C library's; both include this.
 *
 * Thread safe throughout. Errors are negative errno values or null.
 */
#ifndef FLUSHDEP_SHIM_HOST_H
#define FLUSHDEP_SHIM_HOST_H

#define SHIM_LOCAL __attribute__((visibility("hidden")))

/* Anonymous memory of which only what is touched costs anything; null on failure. */
SHIM_LOCAL void *shim_host_reserve(unsigned long bytes);

/* The heap. Alignment is a power of two. */
SHIM_LOCAL void *shim_host_alloc(unsigned long bytes, unsigned long alignment);
SHIM_LOCAL void shim_host_free(void *ptr);
SHIM_LOCAL unsigned long shim_host_alloc_size(void *ptr);

/* Writes all of it, in one write(2) where the host takes it; fd 1 or 2. */
SHIM_LOCAL void shim_host_write(int fd, const char *text, unsigned long bytes);

/* Nanoseconds of a clock that only goes forwards. */
SHIM_LOCAL long long shim_host_now(void);

SHIM_LOCAL void shim_host_yield(void);
SHIM_LOCAL int shim_host_tid(void);

/*
 * Calls fn(arg) and returns 0, or 1 if it was left by shim_host_throw() of the
 * same catch, which must be called by the thread that is inside fn.
 */
struct shim_catch {
	void *jump;
};
SHIM_LOCAL int shim_host_catch(struct shim_catch *catch_, void (*fn)(void *arg), void *arg);
SHIM_LOCAL void shim_host_throw(struct shim_catch *catch_) __attribute__((noreturn));

#endif
