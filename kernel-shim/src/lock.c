/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * lock.c: locks of one word, zero when free, that wait in the host. A holder
 * keeps its CPU of the machine while it waits, as a spinning one would.
 */
#include <linux/completion.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include "host.h"

enum { FREE, HELD, AWAITED };

static bool word_try(int *word)
{
	int free = FREE;

	return __atomic_compare_exchange_n(word, &free, HELD, 0, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static void word_lock(int *word)
{
	if (word_try(word))
		return;
	while (__atomic_exchange_n(word, AWAITED, __ATOMIC_ACQUIRE) != FREE)
		shim_host_wait(word, AWAITED);
}

static void word_unlock(int *word)
{
	if (__atomic_exchange_n(word, FREE, __ATOMIC_RELEASE) == AWAITED)
		shim_host_wake(word, 1);
}

/* Readers count up; a writer holds WRITER. */
#define WRITER (-1)

static bool shared_try(int *word)
{
	int seen = __atomic_load_n(word, __ATOMIC_RELAXED);

	return seen != WRITER && __atomic_compare_exchange_n(word, &seen, seen + 1, 0,
							     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void shared_lock(int *word)
{
	while (!shared_try(word))
		shim_host_wait(word, WRITER);
}

static void shared_unlock(int *word)
{
	if (__atomic_sub_fetch(word, 1, __ATOMIC_RELEASE) == 0)
		shim_host_wake(word, INT_MAX);
}

static bool exclusive_try(int *word)
{
	int free = 0;

	return __atomic_compare_exchange_n(word, &free, WRITER, 0, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static void exclusive_lock(int *word)
{
	while (!exclusive_try(word)) {
		int seen = __atomic_load_n(word, __ATOMIC_RELAXED);

		if (seen)
			shim_host_wait(word, seen);
	}
}

static void exclusive_unlock(int *word, int readers)
{
	__atomic_store_n(word, readers, __ATOMIC_RELEASE);
	shim_host_wake(word, INT_MAX);
}

void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	word_lock(&lock->word);
}

void spin_unlock(spinlock_t *lock)
{
	word_unlock(&lock->word);
	preempt_enable();
}

int spin_trylock(spinlock_t *lock)
{
	preempt_disable();
	if (word_try(&lock->word))
		return 1;
	preempt_enable();
	return 0;
}

int spin_is_locked(spinlock_t *lock)
{
	return __atomic_load_n(&lock->word, __ATOMIC_RELAXED) != FREE;
}

void read_lock(rwlock_t *lock)
{
	preempt_disable();
	shared_lock(&lock->word);
}

void read_unlock(rwlock_t *lock)
{
	shared_unlock(&lock->word);
	preempt_enable();
}

void write_lock(rwlock_t *lock)
{
	preempt_disable();
	exclusive_lock(&lock->word);
}

void write_unlock(rwlock_t *lock)
{
	exclusive_unlock(&lock->word, 0);
	preempt_enable();
}

void mutex_lock(struct mutex *lock)
{
	word_lock(&lock->word);
}

int mutex_lock_interruptible(struct mutex *lock)
{
	word_lock(&lock->word);
	return 0;
}

int mutex_lock_killable(struct mutex *lock)
{
	word_lock(&lock->word);
	return 0;
}

int mutex_trylock(struct mutex *lock)
{
	return word_try(&lock->word);
}

void mutex_unlock(struct mutex *lock)
{
	word_unlock(&lock->word);
}

bool mutex_is_locked(struct mutex *lock)
{
	return __atomic_load_n(&lock->word, __ATOMIC_RELAXED) != FREE;
}

void down_read(struct rw_semaphore *sem)
{
	shared_lock(&sem->word);
}

void up_read(struct rw_semaphore *sem)
{
	shared_unlock(&sem->word);
}

void down_write(struct rw_semaphore *sem)
{
	exclusive_lock(&sem->word);
}

void up_write(struct rw_semaphore *sem)
{
	exclusive_unlock(&sem->word, 0);
}

int down_read_trylock(struct rw_semaphore *sem)
{
	return shared_try(&sem->word);
}

int down_write_trylock(struct rw_semaphore *sem)
{
	return exclusive_try(&sem->word);
}

void downgrade_write(struct rw_semaphore *sem)
{
	exclusive_unlock(&sem->word, 1);
}

int rwsem_is_locked(struct rw_semaphore *sem)
{
	return __atomic_load_n(&sem->word, __ATOMIC_RELAXED) != 0;
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned int done = __atomic_load_n(&x->done, __ATOMIC_ACQUIRE);

	while (done && done != UINT_MAX)
		if (__atomic_compare_exchange_n(&x->done, &done, done - 1, 0, __ATOMIC_ACQUIRE,
						__ATOMIC_ACQUIRE))
			return true;
	return done == UINT_MAX;
}

void wait_for_completion(struct completion *x)
{
	while (!try_wait_for_completion(x))
		shim_host_wait((int *)&x->done, 0);
}

bool completion_done(struct completion *x)
{
	return __atomic_load_n(&x->done, __ATOMIC_ACQUIRE) != 0;
}

void complete(struct completion *x)
{
	unsigned int done = __atomic_load_n(&x->done, __ATOMIC_RELAXED);

	while (done != UINT_MAX && !__atomic_compare_exchange_n(&x->done, &done, done + 1, 0,
								__ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	shim_host_wake((int *)&x->done, 1);
}

void complete_all(struct completion *x)
{
	__atomic_store_n(&x->done, UINT_MAX, __ATOMIC_RELEASE);
	shim_host_wake((int *)&x->done, INT_MAX);
}
