/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Effects by attribute: the engine knows no names. */
#include "checker/event/annotations.h"

struct frame;
struct window;
struct space;

struct frame *take(void) FLUSHDEP_ALLOCATES;
void give_back(int why, struct frame *frame) FLUSHDEP_FREES(2);
void share(struct frame *frame) FLUSHDEP_TAKES_REF(1);
void unshare(struct frame *frame) FLUSHDEP_DROPS(1);
struct window *open_window(int mode, struct frame *frame) FLUSHDEP_MAPS(2);
void close_window(struct window *window) FLUSHDEP_UNMAPS(1);
void close_and_flush(struct window *window) FLUSHDEP_UNMAPS_AND_FLUSHES(1);
void flush_here(void) FLUSHDEP_FLUSHES_LOCAL;
void flush_everywhere(void) FLUSHDEP_FLUSHES_ALL;
void flush_space(struct space *space) FLUSHDEP_FLUSHES_MM(1);
void flush_kernel(void *from, void *to) FLUSHDEP_FLUSHES_KERNEL_RANGE;

void bad(void)
{
	struct frame *frame = take();
	struct window *window = open_window(1, frame);

	close_window(window);
	give_back(0, frame); // expected-warning {{[FD001}}
}

void good(void)
{
	struct frame *frame = take();
	struct window *window = open_window(1, frame);

	close_window(window);
	flush_everywhere();
	give_back(0, frame);
}

void good_space(struct space *space)
{
	struct frame *frame = take();
	struct window *window = open_window(1, frame);

	close_window(window);
	flush_space(space);
	give_back(0, frame);
}

void bad_local(void)
{
	struct frame *frame = take();
	struct window *window = open_window(1, frame);

	close_window(window);
	flush_here();
	unshare(frame); // expected-warning {{[FD003}}
}

void good_reference(struct frame *frame)
{
	struct window *window;

	share(frame);
	window = open_window(1, frame);
	close_window(window);
	unshare(frame);
}

void good_flushing_close(struct frame *frame)
{
	struct window *window = open_window(1, frame);

	close_and_flush(window);
	give_back(0, frame);
}

void bad_flushing_close_twice(struct frame *frame)
{
	struct window *window = open_window(1, frame);

	close_and_flush(window);
	close_and_flush(window); // expected-warning {{[FD013}}
}

void bad_kernel_range(struct frame *frame)
{
	struct window *window = open_window(1, frame);

	close_window(window);
	flush_kernel(frame, frame);
	give_back(0, frame); // expected-warning {{[FD003}}
}
