/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * flushdep_sync.h: synchronisation of the simulated machine's threads (C and C++).
 *
 * Threads, locks, completions, atomics, reference counts and RCU with the kernel's
 * meaning, on real threads. Each operation tells the checker what happens-before needs
 * (SYNC events of events.h): a release before, an acquire after the operation itself;
 * locks also their class. docs/machine.md has the table.
 *
 * Context. Holding a spinlock disables preemption, the _irq and _bh forms also interrupts and
 * softirqs. What may sleep and is called where that is forbidden is told as WRONG_CONTEXT,
 * and done all the same wherever that can end.
 *
 * Mistakes that would hang or corrupt a machine end the program by status 4 with a message that
 * names threads, locks and addresses: taking a lock that the thread holds, a cycle of
 * threads that wait for each other's locks, unlocking what the thread does not hold, waiting
 * for a lock whose holder is gone.
 *
 * Types have a fixed size, and zero is a valid start: free, without a name, a lock
 * class by itself. Nothing needs to be destroyed. A name must outlive what it names.
 *
 * After fork() the child may use whatever was free in the parent.
 */
#ifndef FLUSHDEP_SYNC_H
#define FLUSHDEP_SYNC_H

#include "flushdep.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The `reason` of the events (and `api` of WRONG_CONTEXT) of the calls below, in
 * the range that events.h leaves to producers: FLUSHDEP_WHY_USER + 0x100 and up.
 */
#define FLUSHDEP_SYNC_CALLS(X)                        \
  X(SPIN_LOCK, spin_lock)                             \
  X(SPIN_TRYLOCK, spin_trylock)                       \
  X(SPIN_UNLOCK, spin_unlock)                         \
  X(READ_LOCK, read_lock)                             \
  X(READ_TRYLOCK, read_trylock)                       \
  X(READ_UNLOCK, read_unlock)                         \
  X(WRITE_LOCK, write_lock)                           \
  X(WRITE_TRYLOCK, write_trylock)                     \
  X(WRITE_UNLOCK, write_unlock)                       \
  X(MUTEX_LOCK, mutex_lock)                           \
  X(MUTEX_TRYLOCK, mutex_trylock)                     \
  X(MUTEX_UNLOCK, mutex_unlock)                       \
  X(DOWN_READ, down_read)                             \
  X(DOWN_READ_TRYLOCK, down_read_trylock)             \
  X(UP_READ, up_read)                                 \
  X(DOWN_WRITE, down_write)                           \
  X(DOWN_WRITE_TRYLOCK, down_write_trylock)           \
  X(UP_WRITE, up_write)                               \
  X(DOWNGRADE_WRITE, downgrade_write)                 \
  X(LOCK_INIT, lock_init)                             \
  X(COMPLETION_INIT, init_completion)                 \
  X(WAIT_FOR_COMPLETION, wait_for_completion)         \
  X(TRY_WAIT_FOR_COMPLETION, try_wait_for_completion) \
  X(COMPLETE, complete)                               \
  X(WAIT, wait)                                       \
  X(WAKE, wake)                                       \
  X(ATOMIC, atomic)                                   \
  X(REFCOUNT, refcount)                               \
  X(RCU_READ_LOCK, rcu_read_lock)                     \
  X(RCU_READ_UNLOCK, rcu_read_unlock)                 \
  X(SYNCHRONIZE_RCU, synchronize_rcu)                 \
  X(CALL_RCU, call_rcu)                               \
  X(RCU_BARRIER, rcu_barrier)                         \
  X(THREAD_CREATE, thread_create)                     \
  X(THREAD_JOIN, thread_join)                         \
  X(THREAD_EXIT, thread_exit)                         \
  X(SYNC_BY_HAND, sync)                               \
  X(SYNC_UNWIND, sync_unwind)

enum flushdep_sync_call {
  FLUSHDEP_WHY_SYNC_FIRST = 0x8100,
#define FLUSHDEP_SYNC_CALL_(NAME, name) FLUSHDEP_WHY_##NAME,
  FLUSHDEP_SYNC_CALLS(FLUSHDEP_SYNC_CALL_)
#undef FLUSHDEP_SYNC_CALL_
      FLUSHDEP_WHY_SYNC_END
};

/* --- Lock classes ----------------------------------------------------------- */

/* Its address is a lock class: one for each place that initialises locks, as lockdep has it. */
typedef struct flushdep_lock_key {
  uint32_t named; /* was the class's name told? */
} flushdep_lock_key;

/* What every lock is made of. Only for the machine; `seq` counts told operations. */
typedef struct flushdep_lock {
  uint32_t word;  /* readers, or the writer's bit; and a bit for waiters */
  uint32_t owner; /* thread that holds it alone, or 0 */
  uint64_t site;  /* where that took it */
  uint64_t seq;
  flushdep_lock_key* key; /* null: the lock is a class by itself */
  const char* name;       /* or null */
} flushdep_lock;

typedef struct flushdep_spinlock {
  flushdep_lock lock;
} flushdep_spinlock;
typedef struct flushdep_rwlock {
  flushdep_lock lock;
} flushdep_rwlock;
typedef struct flushdep_mutex {
  flushdep_lock lock;
} flushdep_mutex;
typedef struct flushdep_rwsem {
  flushdep_lock lock;
} flushdep_rwsem;

/* flushdep_spinlock lock = FLUSHDEP_LOCK("name"); likewise for the other three. */
#define FLUSHDEP_LOCK(name) \
  {                         \
    {                       \
      0, 0, 0, 0, 0, name   \
    }                       \
  }

/* Memory becomes a free lock of class `key` (null: of its own). FLUSHDEP_LOCK_INIT() has a key
 * of its own for each place where it is written. */
void flushdep_lock_init(flushdep_lock* lock, const char* name, flushdep_lock_key* key);
#define FLUSHDEP_LOCK_INIT(object, name)                            \
  do {                                                              \
    static flushdep_lock_key flushdep_lock_key_;                    \
    flushdep_lock_init(&(object)->lock, name, &flushdep_lock_key_); \
  } while (0)

/* --- Spinlocks ---------------------------------------------------------------- */

/* `subclass` tells nested locks of one class apart; 0 to 65535. */
void flushdep_spin_lock(flushdep_spinlock* lock);
void flushdep_spin_lock_nested(flushdep_spinlock* lock, unsigned subclass);
bool flushdep_spin_trylock(flushdep_spinlock* lock);
void flushdep_spin_unlock(flushdep_spinlock* lock);
bool flushdep_spin_is_locked(const flushdep_spinlock* lock);

/* Softirqs off; interrupts off, and on; interrupts off, and as they were. */
void flushdep_spin_lock_bh(flushdep_spinlock* lock);
void flushdep_spin_unlock_bh(flushdep_spinlock* lock);
void flushdep_spin_lock_irq(flushdep_spinlock* lock);
void flushdep_spin_unlock_irq(flushdep_spinlock* lock);
unsigned long flushdep_spin_lock_irqsave(flushdep_spinlock* lock);
unsigned long flushdep_spin_lock_irqsave_nested(flushdep_spinlock* lock, unsigned subclass);
bool flushdep_spin_trylock_irqsave(flushdep_spinlock* lock, unsigned long* flags);
void flushdep_spin_unlock_irqrestore(flushdep_spinlock* lock, unsigned long flags);

/* --- Spinning reader-writer locks ----------------------------------------------- */

/* Readers come in while others read, even if a writer waits. */
void flushdep_read_lock(flushdep_rwlock* lock);
bool flushdep_read_trylock(flushdep_rwlock* lock);
void flushdep_read_unlock(flushdep_rwlock* lock);
void flushdep_write_lock(flushdep_rwlock* lock);
bool flushdep_write_trylock(flushdep_rwlock* lock);
void flushdep_write_unlock(flushdep_rwlock* lock);
unsigned long flushdep_read_lock_irqsave(flushdep_rwlock* lock);
void flushdep_read_unlock_irqrestore(flushdep_rwlock* lock, unsigned long flags);
unsigned long flushdep_write_lock_irqsave(flushdep_rwlock* lock);
void flushdep_write_unlock_irqrestore(flushdep_rwlock* lock, unsigned long flags);

/* --- Mutexes and reader-writer semaphores: may sleep ------------------------------ */

void flushdep_mutex_lock(flushdep_mutex* mutex);
void flushdep_mutex_lock_nested(flushdep_mutex* mutex, unsigned subclass);
bool flushdep_mutex_trylock(flushdep_mutex* mutex);
void flushdep_mutex_unlock(flushdep_mutex* mutex);
bool flushdep_mutex_is_locked(const flushdep_mutex* mutex);

/* As the spinning ones, readers come in even if a writer waits. */
void flushdep_down_read(flushdep_rwsem* sem);
void flushdep_down_read_nested(flushdep_rwsem* sem, unsigned subclass);
bool flushdep_down_read_trylock(flushdep_rwsem* sem);
void flushdep_up_read(flushdep_rwsem* sem);
void flushdep_down_write(flushdep_rwsem* sem);
void flushdep_down_write_nested(flushdep_rwsem* sem, unsigned subclass);
bool flushdep_down_write_trylock(flushdep_rwsem* sem);
void flushdep_up_write(flushdep_rwsem* sem);
/* The writer becomes a reader, with nobody in between. */
void flushdep_downgrade_write(flushdep_rwsem* sem);
bool flushdep_rwsem_is_locked(const flushdep_rwsem* sem);

/* Does the calling thread hold it, in any way? */
bool flushdep_lock_is_held(const flushdep_lock* lock);

/* --- Completions -------------------------------------------------------------------- */

typedef struct flushdep_completion {
  uint32_t done; /* how many may pass; all ones: everybody */
} flushdep_completion;

#define FLUSHDEP_COMPLETION {0}

void flushdep_completion_init(flushdep_completion* completion);
/* Not done any more; what it ordered before stays. */
void flushdep_completion_reinit(flushdep_completion* completion);
void flushdep_completion_wait(flushdep_completion* completion);
bool flushdep_completion_try_wait(flushdep_completion* completion);
bool flushdep_completion_done(flushdep_completion* completion);
void flushdep_complete(flushdep_completion* completion);
void flushdep_complete_all(flushdep_completion* completion);

/* --- Wait queues --------------------------------------------------------------------- */

typedef struct flushdep_waitqueue {
  uint32_t turn; /* changes with every wake */
} flushdep_waitqueue;

#define FLUSHDEP_WAITQUEUE {0}

/* Sleeps until `condition` holds; whoever makes it hold calls flushdep_wake_up() after. */
#define flushdep_wait_event(queue, condition)            \
  do {                                                   \
    uint32_t flushdep_turn_ = flushdep_wait_turn(queue); \
    if (condition) break;                                \
    flushdep_wait_while(queue, flushdep_turn_);          \
  } while (1)
uint32_t flushdep_wait_turn(const flushdep_waitqueue* queue);
void flushdep_wait_while(flushdep_waitqueue* queue, uint32_t turn);
void flushdep_wake_up(flushdep_waitqueue* queue);

/* The bare wait below these: sleeps while *word == value, may return early; orders nothing. */
void flushdep_park(uint32_t* word, uint32_t value);
void flushdep_unpark(uint32_t* word, unsigned threads);

/* --- Atomics --------------------------------------------------------------------------- */

typedef struct flushdep_atomic {
  int counter;
} flushdep_atomic;
typedef struct flushdep_atomic64 {
  int64_t counter;
} flushdep_atomic64;

#define FLUSHDEP_ATOMIC(value) {value}

enum flushdep_atomic_op {
  FLUSHDEP_ATOMIC_READ = 0,
  FLUSHDEP_ATOMIC_SET = 1,
  FLUSHDEP_ATOMIC_ADD = 2,
  FLUSHDEP_ATOMIC_OR = 3,
  FLUSHDEP_ATOMIC_AND = 4,
  FLUSHDEP_ATOMIC_XCHG = 5,
  FLUSHDEP_ATOMIC_CMPXCHG = 6,    /* if it is `other` */
  FLUSHDEP_ATOMIC_ADD_UNLESS = 7, /* unless it is `other` */
};
enum flushdep_atomic_order {
  FLUSHDEP_ORDER_ACQUIRE = 1,
  FLUSHDEP_ORDER_RELEASE = 2,
  FLUSHDEP_ORDER_FULL = 3,
};

/*
 * Every ordered operation, on a naturally aligned object of 1, 2, 4 or 8 bytes (sign-extended).
 * Returns what was there before. Where a conditional one changes nothing, it orders nothing.
 */
int64_t flushdep_atomic_ordered(void* object, unsigned bytes, unsigned op, unsigned order,
                                int64_t operand, int64_t other);

/* By hand, for a protocol of one's own: release before, acquire after the operation that makes
 * others see it. `object` is any address. Reset: it is new memory. */
void flushdep_sync_release(const void* object);
void flushdep_sync_acquire(const void* object);
void flushdep_sync_reset(const void* object);

/*
 * The kernel's names and orders: an operation without a result is relaxed, one with a
 * result is fully ordered unless its name says _acquire, _release or _relaxed. Relaxed ones
 * tell nothing.
 */
#define FLUSHDEP_ATOMIC_ORDERED_(A, T, pre, suffix, order)                                        \
  static inline T pre##_fetch_add##suffix(T i, A* v) {                                            \
    return (T)flushdep_atomic_ordered(&v->counter, sizeof(T), FLUSHDEP_ATOMIC_ADD, order, i, 0);  \
  }                                                                                               \
  static inline T pre##_fetch_sub##suffix(T i, A* v) {                                            \
    return (T)flushdep_atomic_ordered(&v->counter, sizeof(T), FLUSHDEP_ATOMIC_ADD, order,         \
                                      (T)(0 - (uint64_t)i), 0);                                   \
  }                                                                                               \
  static inline T pre##_add_return##suffix(T i, A* v) {                                           \
    return (T)((uint64_t)pre##_fetch_add##suffix(i, v) + (uint64_t)i);                            \
  }                                                                                               \
  static inline T pre##_sub_return##suffix(T i, A* v) {                                           \
    return (T)((uint64_t)pre##_fetch_sub##suffix(i, v) - (uint64_t)i);                            \
  }                                                                                               \
  static inline T pre##_inc_return##suffix(A* v) { return pre##_add_return##suffix(1, v); }       \
  static inline T pre##_dec_return##suffix(A* v) { return pre##_sub_return##suffix(1, v); }       \
  static inline T pre##_xchg##suffix(A* v, T value) {                                             \
    return (T)flushdep_atomic_ordered(&v->counter, sizeof(T), FLUSHDEP_ATOMIC_XCHG, order, value, \
                                      0);                                                         \
  }                                                                                               \
  static inline T pre##_cmpxchg##suffix(A* v, T old, T value) {                                   \
    return (T)flushdep_atomic_ordered(&v->counter, sizeof(T), FLUSHDEP_ATOMIC_CMPXCHG, order,     \
                                      value, old);                                                \
  }                                                                                               \
  static inline bool pre##_try_cmpxchg##suffix(A* v, T* old, T value) {                           \
    T seen = pre##_cmpxchg##suffix(v, *old, value);                                               \
    bool done = seen == *old;                                                                     \
    *old = seen;                                                                                  \
    return done;                                                                                  \
  }

#define FLUSHDEP_ATOMIC_FAMILY_(A, T, pre)                                                        \
  static inline T pre##_read(const A* v) {                                                        \
    return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);                                        \
  }                                                                                               \
  static inline T pre##_read_acquire(A* v) {                                                      \
    return (T)flushdep_atomic_ordered(&v->counter, sizeof(T), FLUSHDEP_ATOMIC_READ,               \
                                      FLUSHDEP_ORDER_ACQUIRE, 0, 0);                              \
  }                                                                                               \
  static inline void pre##_set(A* v, T i) { __atomic_store_n(&v->counter, i, __ATOMIC_RELAXED); } \
  static inline void pre##_set_release(A* v, T i) {                                               \
    flushdep_atomic_ordered(&v->counter, sizeof(T), FLUSHDEP_ATOMIC_SET, FLUSHDEP_ORDER_RELEASE,  \
                            i, 0);                                                                \
  }                                                                                               \
  static inline T pre##_fetch_add_relaxed(T i, A* v) {                                            \
    return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);                                  \
  }                                                                                               \
  static inline T pre##_fetch_sub_relaxed(T i, A* v) {                                            \
    return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);                                  \
  }                                                                                               \
  static inline T pre##_add_return_relaxed(T i, A* v) {                                           \
    return __atomic_add_fetch(&v->counter, i, __ATOMIC_RELAXED);                                  \
  }                                                                                               \
  static inline T pre##_sub_return_relaxed(T i, A* v) {                                           \
    return __atomic_sub_fetch(&v->counter, i, __ATOMIC_RELAXED);                                  \
  }                                                                                               \
  static inline T pre##_inc_return_relaxed(A* v) { return pre##_add_return_relaxed(1, v); }       \
  static inline T pre##_dec_return_relaxed(A* v) { return pre##_sub_return_relaxed(1, v); }       \
  static inline T pre##_xchg_relaxed(A* v, T value) {                                             \
    return __atomic_exchange_n(&v->counter, value, __ATOMIC_RELAXED);                             \
  }                                                                                               \
  static inline T pre##_cmpxchg_relaxed(A* v, T old, T value) {                                   \
    __atomic_compare_exchange_n(&v->counter, &old, value, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED); \
    return old;                                                                                   \
  }                                                                                               \
  static inline void pre##_add(T i, A* v) { pre##_fetch_add_relaxed(i, v); }                      \
  static inline void pre##_sub(T i, A* v) { pre##_fetch_sub_relaxed(i, v); }                      \
  static inline void pre##_inc(A* v) { pre##_add(1, v); }                                         \
  static inline void pre##_dec(A* v) { pre##_sub(1, v); }                                         \
  FLUSHDEP_ATOMIC_ORDERED_(A, T, pre, , FLUSHDEP_ORDER_FULL)                                      \
  FLUSHDEP_ATOMIC_ORDERED_(A, T, pre, _acquire, FLUSHDEP_ORDER_ACQUIRE)                           \
  FLUSHDEP_ATOMIC_ORDERED_(A, T, pre, _release, FLUSHDEP_ORDER_RELEASE)                           \
  static inline bool pre##_dec_and_test(A* v) { return pre##_dec_return(v) == 0; }                \
  static inline bool pre##_inc_and_test(A* v) { return pre##_inc_return(v) == 0; }                \
  static inline bool pre##_sub_and_test(T i, A* v) { return pre##_sub_return(i, v) == 0; }        \
  static inline T pre##_fetch_add_unless(A* v, T i, T unless) {                                   \
    return (T)flushdep_atomic_ordered(&v->counter, sizeof(T), FLUSHDEP_ATOMIC_ADD_UNLESS,         \
                                      FLUSHDEP_ORDER_FULL, i, unless);                            \
  }                                                                                               \
  static inline bool pre##_add_unless(A* v, T i, T unless) {                                      \
    return pre##_fetch_add_unless(v, i, unless) != unless;                                        \
  }                                                                                               \
  static inline bool pre##_inc_not_zero(A* v) { return pre##_add_unless(v, 1, 0); }

FLUSHDEP_ATOMIC_FAMILY_(flushdep_atomic, int, flushdep_atomic)
FLUSHDEP_ATOMIC_FAMILY_(flushdep_atomic64, int64_t, flushdep_atomic64)

/* --- Reference counts --------------------------------------------------------------------- */

/* As refcount_t: a count that went wrong saturates and stays so; said on stderr, once a kind. */
typedef struct flushdep_refcount {
  int refs;
} flushdep_refcount;

#define FLUSHDEP_REFCOUNT(value) {value}
#define FLUSHDEP_REFCOUNT_SATURATED (-0x40000000)

void flushdep_refcount_set(flushdep_refcount* count, int value);
int flushdep_refcount_read(const flushdep_refcount* count);
void flushdep_refcount_inc(flushdep_refcount* count);
bool flushdep_refcount_inc_not_zero(flushdep_refcount* count);
/* True if it was the last; then everything that the other holders did is ordered before. */
bool flushdep_refcount_dec_and_test(flushdep_refcount* count);
void flushdep_refcount_dec(flushdep_refcount* count);

/* --- RCU ------------------------------------------------------------------------------------ */

typedef struct flushdep_rcu_head {
  struct flushdep_rcu_head* next;
  void (*fn)(struct flushdep_rcu_head* head);
} flushdep_rcu_head;

/* Nest. A reader may be preempted, but must not sleep. */
void flushdep_rcu_read_lock(void);
void flushdep_rcu_read_unlock(void);
bool flushdep_rcu_read_lock_held(void);
/* Returns when every reader that was inside at the call has left. */
void flushdep_synchronize_rcu(void);
/*
 * Calls fn(head) after a grace period, in softirq context. The machine has no thread of its own for
 * that: the next flushdep_synchronize_rcu() or flushdep_rcu_barrier() of any thread does it.
 */
void flushdep_call_rcu(flushdep_rcu_head* head, void (*fn)(flushdep_rcu_head* head));
/* Returns when every callback that was queued at the call has run. */
void flushdep_rcu_barrier(void);

/* --- Threads --------------------------------------------------------------------------------- */

/* Lives in the caller's memory until the join, which must come. */
typedef struct flushdep_thread {
  unsigned long host;
  void (*fn)(void* arg);
  void* arg;
  uint32_t creator;
  uint32_t id; /* the machine's, once it runs */
  uint32_t state;
  uint32_t process;
  uint32_t kernel; /* of a prepared one, may be set: starts without an mm, as a kernel thread */
  char name[48];
} flushdep_thread;

/* Starts a thread of the machine, in the program's first mm. 0 or -EAGAIN (host). A longer name is
 * cut off. */
int flushdep_thread_create(flushdep_thread* thread, const char* name, void (*fn)(void* arg),
                           void* arg);
/* The same in two steps, between which `kernel` may be set: what is prepared and never started
 * needs no join. */
void flushdep_thread_prepare(flushdep_thread* thread, const char* name, void (*fn)(void* arg),
                             void* arg);
int flushdep_thread_start(flushdep_thread* thread);
void flushdep_thread_join(flushdep_thread* thread);

/* For test runners, after a non-local exit (longjmp): lets go of all that the calling thread
 * still holds: locks, RCU read sections, interrupts and softirqs off. True if there was any. */
bool flushdep_sync_unwind(void);

#ifdef __cplusplus
} /* extern "C" */

/* For the length of a scope. */
namespace flushdep::machine {

template <typename T, void (*Lock)(T*), void (*Unlock)(T*)>
class [[nodiscard]] Guard {
 public:
  __attribute__((always_inline)) explicit Guard(T& lock) : lock_(lock) { Lock(&lock_); }
  __attribute__((always_inline)) ~Guard() { Unlock(&lock_); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  T& lock_;
};

using SpinGuard = Guard<flushdep_spinlock, flushdep_spin_lock, flushdep_spin_unlock>;
using SpinBhGuard = Guard<flushdep_spinlock, flushdep_spin_lock_bh, flushdep_spin_unlock_bh>;
using ReadGuard = Guard<flushdep_rwlock, flushdep_read_lock, flushdep_read_unlock>;
using WriteGuard = Guard<flushdep_rwlock, flushdep_write_lock, flushdep_write_unlock>;
using MutexGuard = Guard<flushdep_mutex, flushdep_mutex_lock, flushdep_mutex_unlock>;
using RwsemReadGuard = Guard<flushdep_rwsem, flushdep_down_read, flushdep_up_read>;
using RwsemWriteGuard = Guard<flushdep_rwsem, flushdep_down_write, flushdep_up_write>;

class [[nodiscard]] SpinIrqGuard {
 public:
  __attribute__((always_inline)) explicit SpinIrqGuard(flushdep_spinlock& lock)
      : lock_(lock), flags_(flushdep_spin_lock_irqsave(&lock)) {}
  __attribute__((always_inline)) ~SpinIrqGuard() {
    flushdep_spin_unlock_irqrestore(&lock_, flags_);
  }
  SpinIrqGuard(const SpinIrqGuard&) = delete;
  SpinIrqGuard& operator=(const SpinIrqGuard&) = delete;

 private:
  flushdep_spinlock& lock_;
  unsigned long flags_;
};

class [[nodiscard]] RcuReadGuard {
 public:
  __attribute__((always_inline)) RcuReadGuard() { flushdep_rcu_read_lock(); }
  __attribute__((always_inline)) ~RcuReadGuard() { flushdep_rcu_read_unlock(); }
  RcuReadGuard(const RcuReadGuard&) = delete;
  RcuReadGuard& operator=(const RcuReadGuard&) = delete;
};

}  // namespace flushdep::machine
#endif

#endif /* FLUSHDEP_SYNC_H */
