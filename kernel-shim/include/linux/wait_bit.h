/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/wait_bit.h: waiting for a bit, or for a variable. */
#ifndef FLUSHDEP_LINUX_WAIT_BIT_H
#define FLUSHDEP_LINUX_WAIT_BIT_H

#include <linux/bitops.h>
#include <linux/wait.h>

/* faithful: the queue of an address, shared with others. */
struct wait_queue_head *__var_waitqueue(void *p);
#define bit_waitqueue(word, bit)       __var_waitqueue(word)
#define wait_var_event(var, condition) wait_event(*__var_waitqueue((void *)(var)), condition)
#define wait_var_event_timeout(var, condition, timeout) \
	wait_event_timeout(*__var_waitqueue((void *)(var)), condition, timeout)
#define wake_up_var(var) ((void)wake_up_all(__var_waitqueue((void *)(var))))

static inline void wake_up_bit(unsigned long *word, int bit)
{
	(void)bit;
	wake_up_all(__var_waitqueue(word));
}

static inline void clear_and_wake_up_bit(int bit, unsigned long *word)
{
	test_and_clear_bit(bit, word);
	wake_up_bit(word, bit);
}

/* partial: no signal interrupts a wait. */
static inline int wait_on_bit(unsigned long *word, int bit, unsigned int mode)
{
	(void)mode;
	wait_event(*__var_waitqueue(word), !test_bit(bit, word));
	return 0;
}

static inline int wait_on_bit_lock(unsigned long *word, int bit, unsigned int mode)
{
	(void)mode;
	wait_event(*__var_waitqueue(word), !test_and_set_bit(bit, word));
	return 0;
}

#define wait_on_bit_io(word, bit, mode) wait_on_bit(word, bit, mode)

#endif
