/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/seqlock.h: readers that try again when a writer was there. */
#ifndef FLUSHDEP_LINUX_SEQLOCK_H
#define FLUSHDEP_LINUX_SEQLOCK_H

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* faithful: odd while a writer is at work. */
typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

#define SEQCNT_ZERO(name) {.sequence = 0}
#define seqcount_init(s)  WRITE_ONCE((s)->sequence, 0)

/* partial: the lock that goes with the count is not asserted. */
typedef struct {
	seqcount_t seqcount;
} seqcount_spinlock_t, seqcount_raw_spinlock_t, seqcount_mutex_t, seqcount_rwlock_t;

#define SEQCNT_SPINLOCK_ZERO(name, lock) {.seqcount = SEQCNT_ZERO(name)}
#define SEQCNT_MUTEX_ZERO(name, lock)	 {.seqcount = SEQCNT_ZERO(name)}
#define seqcount_spinlock_init(s, lock)        \
	do {                                   \
		(void)(lock);                  \
		seqcount_init(&(s)->seqcount); \
	} while (0)
#define seqcount_raw_spinlock_init(s, lock) seqcount_spinlock_init(s, lock)
#define seqcount_rwlock_init(s, lock)	    seqcount_spinlock_init(s, lock)
#define seqcount_mutex_init(s, lock)	    seqcount_spinlock_init(s, lock)

/* faithful: of any kind of count, all of which start with the number. */
#define __flushdep_seqcount(s) ((unsigned int *)(void *)(s))

static inline unsigned int flushdep_shim_seq_begin(const unsigned int *sequence)
{
	unsigned int seen;

	while ((seen = smp_load_acquire(sequence)) & 1)
		cpu_relax();
	return seen;
}

static inline int flushdep_shim_seq_retry(const unsigned int *sequence, unsigned int start)
{
	smp_rmb();
	return unlikely(READ_ONCE(*sequence) != start);
}

static inline void flushdep_shim_seq_write(unsigned int *sequence)
{
	smp_wmb();
	smp_store_release(sequence, *sequence + 1);
	smp_wmb();
}

#define read_seqcount_begin(s)		flushdep_shim_seq_begin(__flushdep_seqcount(s))
#define raw_read_seqcount_begin(s)	read_seqcount_begin(s)
#define raw_read_seqcount(s)		smp_load_acquire(__flushdep_seqcount(s))
#define raw_seqcount_begin(s)		(raw_read_seqcount(s) & ~1U)
#define read_seqcount_retry(s, start)	flushdep_shim_seq_retry(__flushdep_seqcount(s), start)
#define __read_seqcount_retry(s, start) (READ_ONCE(*__flushdep_seqcount(s)) != (start))
#define raw_write_seqcount_begin(s)	flushdep_shim_seq_write(__flushdep_seqcount(s))
#define raw_write_seqcount_end(s)	flushdep_shim_seq_write(__flushdep_seqcount(s))
#define write_seqcount_begin(s)              \
	do {                                 \
		preempt_disable();           \
		raw_write_seqcount_begin(s); \
	} while (0)
#define write_seqcount_end(s)              \
	do {                               \
		raw_write_seqcount_end(s); \
		preempt_enable();          \
	} while (0)
#define write_seqcount_begin_nested(s, subclass) write_seqcount_begin(s)
#define write_seqcount_invalidate(s)                                              \
	do {                                                                      \
		smp_wmb();                                                        \
		WRITE_ONCE(*__flushdep_seqcount(s), *__flushdep_seqcount(s) + 2); \
	} while (0)

/* faithful: with a lock for the writers. */
typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;
} seqlock_t;

#define __SEQLOCK_UNLOCKED(name)                           \
	{                                                  \
		.lock = __SPIN_LOCK_UNLOCKED((name).lock), \
	}
#define DEFINE_SEQLOCK(x) seqlock_t x = {.lock = FLUSHDEP_SHIM_LOCK(x)}
#define seqlock_init(sl)                        \
	do {                                    \
		spin_lock_init(&(sl)->lock);    \
		seqcount_init(&(sl)->seqcount); \
	} while (0)

static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return flushdep_shim_seq_begin(&sl->seqcount.sequence);
}

static inline unsigned int read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return flushdep_shim_seq_retry(&sl->seqcount.sequence, start);
}

/* The lock is taken by a macro, so that messages name its user's line. */
#define __flushdep_seq_lock(sl, lock_it)                           \
	do {                                                       \
		seqlock_t *__sl = (sl);                            \
                                                                   \
		lock_it;                                           \
		flushdep_shim_seq_write(&__sl->seqcount.sequence); \
	} while (0)
#define __flushdep_seq_unlock(sl, unlock_it)                       \
	do {                                                       \
		seqlock_t *__sl = (sl);                            \
                                                                   \
		flushdep_shim_seq_write(&__sl->seqcount.sequence); \
		unlock_it;                                         \
	} while (0)
#define write_seqlock(sl)	__flushdep_seq_lock(sl, spin_lock(&__sl->lock))
#define write_sequnlock(sl)	__flushdep_seq_unlock(sl, spin_unlock(&__sl->lock))
#define write_seqlock_bh(sl)	__flushdep_seq_lock(sl, spin_lock_bh(&__sl->lock))
#define write_sequnlock_bh(sl)	__flushdep_seq_unlock(sl, spin_unlock_bh(&__sl->lock))
#define write_seqlock_irq(sl)	__flushdep_seq_lock(sl, spin_lock_irq(&__sl->lock))
#define write_sequnlock_irq(sl) __flushdep_seq_unlock(sl, spin_unlock_irq(&__sl->lock))
#define write_seqlock_irqsave(sl, flags) \
	__flushdep_seq_lock(sl, spin_lock_irqsave(&__sl->lock, flags))
#define write_sequnlock_irqrestore(sl, flags) \
	__flushdep_seq_unlock(sl, spin_unlock_irqrestore(&__sl->lock, flags))
#define read_seqlock_excl(sl)	spin_lock(&(sl)->lock)
#define read_sequnlock_excl(sl) spin_unlock(&(sl)->lock)

/* faithful: without the lock first; the second time with it. */
#define read_seqbegin_or_lock(sl, seq)              \
	do {                                        \
		if (*(seq) & 1)                     \
			read_seqlock_excl(sl);      \
		else                                \
			*(seq) = read_seqbegin(sl); \
	} while (0)
#define need_seqretry(sl, seq) (!((seq) & 1) && read_seqretry(sl, seq))
#define done_seqretry(sl, seq)                   \
	do {                                     \
		if ((seq) & 1)                   \
			read_sequnlock_excl(sl); \
	} while (0)

#endif
