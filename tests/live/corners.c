/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Small programs, one each run: corners ARG. See corners_test.sh for what is expected of them. */
#include <flushdep.h>
#include <flushdep_sync.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RW (FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE)

static flushdep_pfn_t new_page(void) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  if (pfn == FLUSHDEP_PFN_NONE) exit(3);
  return pfn;
}

static flushdep_mapping* get(flushdep_pfn_t pfn) {
  flushdep_mapping* map = flushdep_mermap_get(pfn, 4096, RW);
  if (map == NULL) exit(3);
  return map;
}

static void map_and_store(flushdep_pfn_t pfn) {
  flushdep_mapping* map = get(pfn);
  flushdep_store(flushdep_mermap_addr(map), 1, 8);
  flushdep_mermap_put(map);
}

/* --- What counts as a use ------------------------------------------------------- */

static void stored(void) {
  const flushdep_pfn_t pfn = new_page();
  map_and_store(pfn);
  flushdep_page_free(pfn, 0);
}
static void loaded(void) {
  const flushdep_pfn_t pfn = new_page();
  flushdep_mapping* map = get(pfn);
  (void)flushdep_load(flushdep_mermap_addr(map), 8);
  flushdep_mermap_put(map);
  flushdep_page_free(pfn, 0);
}
static void translated(void) {
  const flushdep_pfn_t pfn = new_page();
  flushdep_mapping* map = get(pfn);
  (void)flushdep_translate(flushdep_mermap_addr(map), 8, FLUSHDEP_MAP_READ);
  flushdep_mermap_put(map);
  flushdep_page_free(pfn, 0);
}
static void not_used(void) {
  const flushdep_pfn_t pfn = new_page();
  flushdep_mermap_put(get(pfn));
  flushdep_page_free(pfn, 0);
}

/* --- The allocator's own flush ----------------------------------------------------- */

static void zeroed(void) {
  flushdep_set_unmapped_zero(FLUSHDEP_ZERO_MERMAP);
  for (unsigned order = 0; order < 4; order++) {
    const unsigned flags = FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO;
    const flushdep_pfn_t pfn = flushdep_page_alloc(order, flags);
    if (pfn == FLUSHDEP_PFN_NONE) exit(3);
    flushdep_page_free(pfn, order);
  }
}
/* It is luck for whoever else owes a flush. */
static void zeroed_between(void) {
  const flushdep_pfn_t pfn = new_page();
  map_and_store(pfn);
  zeroed();
  flushdep_page_free(pfn, 0);
}

/* --- The end of an mm ----------------------------------------------------------------- */

static void end_of_mm(int put) {
  flushdep_mm *old = flushdep_mm_current(), *mm = flushdep_mm_create();
  flushdep_pfn_t pfn;
  flushdep_mapping* map;
  if (flushdep_mermap_prepare(mm) != 0) exit(3);
  flushdep_mm_switch(mm);
  pfn = new_page();
  map = get(pfn);
  if (put) flushdep_mermap_put(map);
  flushdep_mm_switch(old);
  flushdep_mm_put(mm);
  if (!put) flushdep_migrate_enable();
  flushdep_flush_all();
  flushdep_page_free(pfn, 0);
}
static void leaked(void) { end_of_mm(0); }
static void put_in_time(void) { end_of_mm(1); }

/* --- Locks of readers ------------------------------------------------------------------ */

static flushdep_rwsem sem;
static int stale, step;
static flushdep_pfn_t page;
static void (*lock)(void), (*unlock)(void);

static void down_read(void) { flushdep_down_read(&sem); }
static void up_read(void) { flushdep_up_read(&sem); }
static void down_write(void) { flushdep_down_write(&sem); }
static void up_write(void) { flushdep_up_write(&sem); }

static void set_step(int to) { __atomic_store_n(&step, to, __ATOMIC_RELAXED); }
static void wait_step(int until) {
  while (__atomic_load_n(&step, __ATOMIC_RELAXED) != until) flushdep_cond_resched();
}
static void flush_if_stale(void) {
  lock();
  if (__atomic_exchange_n(&stale, 0, __ATOMIC_RELAXED)) flushdep_flush_all();
  unlock();
}
static void flusher(void* arg) {
  (void)arg;
  flushdep_cpu_migrate(1);
  set_step(1);
  wait_step(2);
  flush_if_stale();
  set_step(3);
  wait_step(4);
}
/* The other one took the mark and flushed: was it done? */
static void two_droppers(void) {
  flushdep_thread thread;
  flushdep_cpu_migrate(0);
  page = new_page();
  flushdep_thread_create(&thread, "flusher", flusher, 0);
  wait_step(1);
  map_and_store(page);
  __atomic_store_n(&stale, 1, __ATOMIC_RELAXED);
  set_step(2);
  wait_step(3);
  flush_if_stale();
  flushdep_page_free(page, 0);
  set_step(4);
  flushdep_thread_join(&thread);
}
static void readers(void) {
  lock = down_read;
  unlock = up_read;
  two_droppers();
}
static void writers(void) {
  lock = down_write;
  unlock = up_write;
  two_droppers();
}
/* A reader's flush, seen by a writer. */
static void writer_after_reader_thread(void* arg) {
  (void)arg;
  flushdep_cpu_migrate(1);
  down_read();
  flushdep_flush_all();
  up_read();
  set_step(1);
  wait_step(2);
}
static void writer_after_reader(void) {
  flushdep_thread thread;
  flushdep_cpu_migrate(0);
  page = new_page();
  map_and_store(page);
  flushdep_thread_create(&thread, "reader", writer_after_reader_thread, 0);
  wait_step(1);
  down_write();
  up_write();
  flushdep_page_free(page, 0);
  set_step(2);
  flushdep_thread_join(&thread);
}

/* --- Children ------------------------------------------------------------------------------- */

static void forked(void) {
  int status;
  pid_t child;
  stored();
  child = fork();
  if (child == 0) {
    printf("child counts %llu\n", (unsigned long long)flushdep_report_count());
    exit(0);
  }
  if (waitpid(child, &status, 0) != child) exit(3);
  printf("child ended with %d\n", WEXITSTATUS(status));
}
/* The same mistake in the child is the child's. */
static void forked_again(void) {
  int status;
  pid_t child = -1;
  for (int i = 0; i < 2; i++) {
    stored();
    if (i == 0) child = fork();
  }
  if (child == 0) exit(0);
  if (waitpid(child, &status, 0) != child) exit(3);
  printf("child ended with %d\n", WEXITSTATUS(status));
}

static const struct {
  const char* name;
  void (*run)(void);
} programs[] = {
    {"stored", stored},
    {"loaded", loaded},
    {"translated", translated},
    {"not_used", not_used},
    {"zeroed", zeroed},
    {"zeroed_between", zeroed_between},
    {"leaked", leaked},
    {"put_in_time", put_in_time},
    {"readers", readers},
    {"writers", writers},
    {"writer_after_reader", writer_after_reader},
    {"forked", forked},
    {"forked_again", forked_again},
};

int main(int argc, char** argv) {
  if (flushdep_mermap_prepare(flushdep_mm_current()) != 0) return 3;
  for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
    if (argc != 2 || strcmp(argv[1], programs[i].name) != 0) continue;
    programs[i].run();
    return 0;
  }
  fprintf(stderr, "corners: no such program\n");
  return 3;
}
