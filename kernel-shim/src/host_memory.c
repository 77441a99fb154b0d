/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* host_memory.c: memory and output of the host; see host.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host.h"

void *shim_host_reserve(unsigned long bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void *shim_host_alloc(unsigned long bytes, unsigned long alignment)
{
	void *memory = NULL;

	if (alignment < sizeof(void *))
		alignment = sizeof(void *);
	return posix_memalign(&memory, alignment, bytes) ? NULL : memory;
}

void shim_host_free(void *ptr)
{
	free(ptr);
}

unsigned long shim_host_alloc_size(void *ptr)
{
	return malloc_usable_size(ptr);
}

void shim_host_write(int fd, const char *text, unsigned long bytes)
{
	int saved = errno;

	while (bytes) {
		ssize_t done = write(fd, text, bytes);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			break;
		text += done;
		bytes -= done;
	}
	errno = saved;
}
