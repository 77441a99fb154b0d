/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A C program, linked with the C driver, that walks through flushdep.h and flushdep_sync.h. */
#include <stdio.h>
#include <string.h>

#include "runtime/include/flushdep_sync.h"

#define CHECK(cond)                                              \
  do {                                                           \
    if (!(cond)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
      return 1;                                                  \
    }                                                            \
  } while (0)

static flushdep_spinlock spin = FLUSHDEP_LOCK("spin");
static flushdep_mutex mutex = FLUSHDEP_LOCK("mutex");
static flushdep_rwsem sem; /* zero is a free lock, too */
static flushdep_completion done = FLUSHDEP_COMPLETION;
static flushdep_atomic count = FLUSHDEP_ATOMIC(0);

static void worker(void* arg) {
  int* value = arg;

  flushdep_mutex_lock(&mutex);
  *value = flushdep_atomic_inc_return(&count);
  flushdep_mutex_unlock(&mutex);
  flushdep_complete(&done);
}

static int synchronise(void) {
  flushdep_thread thread;
  flushdep_rwlock lock;
  unsigned long flags;
  int value = 0;

  CHECK(flushdep_thread_create(&thread, "worker", worker, &value) == 0);
  flushdep_completion_wait(&done);
  CHECK(value == 1);
  flushdep_thread_join(&thread);
  FLUSHDEP_LOCK_INIT(&lock, "lock");
  flushdep_write_lock(&lock);
  flushdep_write_unlock(&lock);
  flags = flushdep_spin_lock_irqsave(&spin);
  flushdep_spin_unlock_irqrestore(&spin, flags);
  flushdep_down_read(&sem);
  flushdep_up_read(&sem);
  flushdep_rcu_read_lock();
  flushdep_rcu_read_unlock();
  flushdep_synchronize_rcu();
  return 0;
}

int main(void) {
  flushdep_pfn_t pfn;
  flushdep_mapping* mapping;

  CHECK(flushdep_report_count() > 0); /* the stub counts events: it has booted */
  CHECK(flushdep_mermap_prepare(flushdep_mm_current()) == 0);
  pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
  CHECK(pfn != FLUSHDEP_PFN_NONE);
  mapping = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  CHECK(mapping != NULL);
  CHECK(*(char*)flushdep_mermap_addr(mapping) == 0);
  strcpy(flushdep_mermap_addr(mapping), "secret");
  flushdep_mermap_put(mapping);
  flushdep_flush_mm(flushdep_mm_current());
  flushdep_page_free(pfn, 0);
  CHECK(flushdep_page_refcount(pfn) == 0);
  return synchronise();
}
