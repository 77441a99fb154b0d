/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/once.h: something that is done once. */
#ifndef FLUSHDEP_LINUX_ONCE_H
#define FLUSHDEP_LINUX_ONCE_H

#include <linux/compiler.h>
#include <linux/mutex.h>
#include <linux/once_lite.h>
#include <linux/random.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/*
 * faithful: true for who did it. Who comes meanwhile waits, and is ordered behind; who comes later
 * is not.
 */
#define DO_ONCE(func, ...)                                               \
	({                                                               \
		static DEFINE_SPINLOCK(___once_lock);                    \
		static bool ___done;                                     \
		bool ___ret = false;                                     \
		unsigned long ___flags;                                  \
                                                                         \
		if (unlikely(!READ_ONCE(___done))) {                     \
			spin_lock_irqsave(&___once_lock, ___flags);      \
			if (!___done) {                                  \
				func(__VA_ARGS__);                       \
				___ret = true;                           \
				WRITE_ONCE(___done, true);               \
			}                                                \
			spin_unlock_irqrestore(&___once_lock, ___flags); \
		}                                                        \
		___ret;                                                  \
	})

/* faithful: what is done may sleep. */
#define DO_ONCE_SLEEPABLE(func, ...)                       \
	({                                                 \
		static DEFINE_MUTEX(___once_lock);         \
		static bool ___done;                       \
		bool ___ret = false;                       \
                                                           \
		if (unlikely(!READ_ONCE(___done))) {       \
			mutex_lock(&___once_lock);         \
			if (!___done) {                    \
				func(__VA_ARGS__);         \
				___ret = true;             \
				WRITE_ONCE(___done, true); \
			}                                  \
			mutex_unlock(&___once_lock);       \
		}                                          \
		___ret;                                    \
	})

#define get_random_once(buf, nbytes)	       DO_ONCE(get_random_bytes, (buf), (nbytes))
#define get_random_sleepable_once(buf, nbytes) DO_ONCE_SLEEPABLE(get_random_bytes, (buf), (nbytes))

#endif
