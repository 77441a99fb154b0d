/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * scenarios.c: what a program may do on the machine, one thing per name, to be
 * looked at from outside. `scenarios NAME [ARG]`; each bug has a correct twin.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flushdep.h"

static const char* argument = "";

static void require(int condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "scenarios: %s\n", what);
  exit(3);
}

static flushdep_pfn_t page(unsigned flags) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, flags);
  require(pfn != FLUSHDEP_PFN_NONE, "no page");
  return pfn;
}

static flushdep_pfn_t map_once(void) {
  flushdep_pfn_t pfn = page(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* map;
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "prepare");
  map = flushdep_mermap_get(pfn, FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  require(map != NULL, "no mapping");
  flushdep_fill(flushdep_mermap_addr(map), 1, FLUSHDEP_PAGE_BYTES);
  flushdep_mermap_put(map);
  return pfn;
}

/* --- Frees ---------------------------------------------------------------- */

static void clean(void) {
  flushdep_pfn_t pfn = map_once();
  flushdep_flush_all();
  flushdep_page_free(pfn, 0);
}

/* Mapped and put, and nobody looked. */
static void untouched(void) {
  flushdep_pfn_t pfn = page(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* map;
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "prepare");
  map = flushdep_mermap_get(pfn, FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ);
  require(map != NULL, "no mapping");
  flushdep_mermap_put(map);
  flushdep_page_free(pfn, 0);
}

static void bug(void) {
  flushdep_pfn_t pfn = map_once();
  flushdep_page_free(pfn, 0);
}

/* Another place, another problem. */
static void other_bug(void) {
  flushdep_pfn_t pfn = map_once();
  flushdep_page_put(pfn);
}

static void two_bugs(void) {
  bug();
  other_bug();
}

static void loop(void) {
  for (int i = 0; i < 100; i++) bug();
  printf("count=%llu\n", (unsigned long long)flushdep_report_count());
}

static void clean_loop(void) {
  for (int i = 0; i < 100; i++) clean();
  printf("count=%llu\n", (unsigned long long)flushdep_report_count());
}

/* No file may grow past ARG bytes. */
static void limited_files(void) {
  const struct rlimit limit = {(rlim_t)atoi(argument), (rlim_t)atoi(argument)};
  signal(SIGXFSZ, SIG_IGN);
  require(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
  two_bugs();
}

static void errno_kept(void) {
  errno = EXDEV;
  flushdep_pfn_t pfn = map_once();
  require(errno == EXDEV, "errno changed before the free");
  flushdep_page_free(pfn, 0);
  require(errno == EXDEV, "errno changed by a report");
}

static void bug_status_7(void) {
  bug();
  exit(7);
}

static void bug_then_print(void) {
  bug();
  printf("still here\n");
}

/* A put, another mm, back again, free: only a machine without PCID flushes. */
static void switched(void) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* second = flushdep_mm_create();
  flushdep_pfn_t pfn = map_once();
  flushdep_mm_get(first);
  flushdep_mm_switch(second);
  flushdep_mm_switch(first);
  flushdep_page_free(pfn, 0);
}

/* --- Resources -------------------------------------------------------------- */

static void out_of_memory(void) {
  unsigned long pages = 0;
  while (flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED) != FLUSHDEP_PFN_NONE) pages++;
  require(pages > 3000, "too few pages of 4096");
  while (flushdep_page_alloc(0, 0) != FLUSHDEP_PFN_NONE) pages++;
  printf("pages=%lu of %lu\n", pages, (unsigned long)flushdep_page_count());
}

static void* use_cpu(void* cpus_seen) {
  ((char*)cpus_seen)[flushdep_cpu_current()] = 1;
  clean();
  return NULL;
}

static pthread_barrier_t all_there;
/* Nobody sleeps before all have a CPU: who sleeps leaves it to the next one. */
static void* hold_cpu(void* cpus_seen) {
  ((char*)cpus_seen)[flushdep_cpu_current()] = 1;
  pthread_barrier_wait(&all_there);
  clean();
  return NULL;
}

/* ARG threads at a time; the main thread makes no call and takes no CPU. */
static void threads_at_once(void) {
  static char seen[FLUSHDEP_MAX_CPUS];
  unsigned count = (unsigned)atoi(argument), used = 0;
  pthread_t threads[FLUSHDEP_MAX_CPUS + 1];
  pthread_barrier_init(&all_there, NULL, count);
  for (unsigned i = 0; i < count; i++)
    require(pthread_create(&threads[i], NULL, hold_cpu, seen) == 0, "pthread_create");
  for (unsigned i = 0; i < count; i++) pthread_join(threads[i], NULL);
  for (unsigned i = 0; i < FLUSHDEP_MAX_CPUS; i++) used += (unsigned)seen[i];
  printf("used=%u\n", used);
}

static void threads_in_turn(void) {
  static char seen[FLUSHDEP_MAX_CPUS];
  for (int i = 0; i < atoi(argument); i++) {
    pthread_t thread;
    require(pthread_create(&thread, NULL, use_cpu, seen) == 0, "pthread_create");
    pthread_join(thread, NULL);
  }
  printf("cpus=%u\n", flushdep_cpu_count());
}

/* --- Small stacks ----------------------------------------------------------- */

static void on_stack_of(size_t size, void* (*body)(void*), void* data) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  require(pthread_attr_setstacksize(&attributes, size) == 0, "stack size");
  require(pthread_create(&thread, &attributes, body, data) == 0, "pthread_create");
  pthread_join(thread, NULL);
}
static void* bug_body(void* data) {
  bug();
  return data;
}
static void* store_body(void* address) {
  flushdep_cpu_current();
  *(volatile char*)address = 1;
  return NULL;
}
static void small_stack(void) { on_stack_of(16384, bug_body, NULL); }
static void small_stack_trap(void) {
  on_stack_of(16384, store_body, flushdep_page_address(page(FLUSHDEP_ALLOC_UNMAPPED)));
}
/* Goes down until ARG bytes are left. */
static void* tight_body(void* data) {
  pthread_attr_t attributes;
  void* low;
  size_t size;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, &low, &size);
  const size_t left = (size_t)((char*)__builtin_frame_address(0) - (char*)low);
  volatile char* filler = __builtin_alloca(left - (size_t)atoi(argument));
  filler[0] = 1;
  other_bug();
  return data;
}
static void tight_stack(void) {
  bug();
  on_stack_of(256 * 1024, tight_body, NULL);
}

/* --- Disturbances ------------------------------------------------------------- */

static void on_alarm(int signo) { (void)signo; }
static void alarms(void) {
  const struct itimerval often = {{0, 200}, {0, 200}};
  struct sigaction action = {.sa_flags = 0};
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  bug();
}
static void no_more_files(void) {
  const struct rlimit limit = {3, 3};
  require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
  bug();
}
static void at_exit(void) { atexit(bug); }

/* --- Ends ------------------------------------------------------------------- */

static void bug_kill(void) {
  bug();
  kill(getpid(), SIGKILL);
}
static void bug_abort(void) {
  bug();
  abort();
}
static void null_store(void) { *(volatile int*)NULL = 1; }
static void bug_null_store(void) {
  bug();
  null_store();
}

static void fork_bugs(void) {
  pid_t child;
  int status;
  bug();
  child = fork();
  require(child >= 0, "fork");
  if (child == 0) {
    other_bug();
    exit(0);
  }
  require(waitpid(child, &status, 0) == child, "waitpid");
  printf("parent=%d child=%d status=%d\n", getpid(), child, WEXITSTATUS(status));
}

static void fork_clean(void) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    clean();
    exit(0);
  }
  clean();
  require(waitpid(child, &status, 0) == child && status == 0, "child's status");
}

/* The child's record file cannot be made: ARG, its folder, is gone. */
static void fork_unlinked(void) {
  char name[512];
  pid_t child;
  int status;
  bug();
  snprintf(name, sizeof(name), "%s/log.%d.jsonl", argument, getpid());
  require(unlink(name) == 0 && rmdir(argument) == 0, "remove");
  child = fork();
  if (child == 0) {
    other_bug();
    exit(0);
  }
  require(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 66, "child's status");
}

static void exec_bug(void) {
  char self[4096];
  ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
  require(size > 0, "readlink");
  self[size] = '\0';
  bug();
  execl(self, self, "other_bug", (char*)NULL);
}

/* --- wait() and descriptors --------------------------------------------------- */

static void wait_no_children(void) {
  bug();
  for (int i = 0; i < 3; i++)
    require(wait(NULL) == -1 && errno == ECHILD, "wait() saw a child that is not ours");
  require(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "waitpid() saw a child");
}

static volatile sig_atomic_t sigchld_seen;
static void on_sigchld(int signo) {
  (void)signo;
  sigchld_seen = 1;
}
static void sigchld(void) {
  signal(SIGCHLD, on_sigchld);
  bug();
  require(!sigchld_seen, "SIGCHLD of a child that is not ours");
}

static void closed_fds(void) {
  flushdep_pfn_t first = map_once(), second = map_once();
  closefrom(3);
  flushdep_page_free(first, 0);
  closefrom(3);
  flushdep_page_free(second, 0);
}

static void closed_fds_clean(void) {
  flushdep_pfn_t pfn = map_once();
  closefrom(3);
  flushdep_flush_all();
  flushdep_page_free(pfn, 0);
}

/* The machine cannot make a mapping any more, and has to say why. */
static void closed_fds_map(void) {
  closefrom(3);
  map_once();
}

/* After closing all, its own files get the numbers: nobody else may write there. */
static void reused_fds(void) {
  flushdep_pfn_t first = map_once(), second = map_once();
  closefrom(3);
  for (int fd = 3; fd < 40; fd++) {
    int got = open("mine.txt", O_RDWR | O_CREAT | O_APPEND, 0666);
    require(got >= 0 && (fd == 3 || dup2(got, fd) >= 0), "open");
  }
  for (int fd = 990; fd < 1010; fd++) dup2(3, fd);
  flushdep_page_free(first, 0);
  flushdep_page_free(second, 0);
  struct stat info;
  require(stat("mine.txt", &info) == 0 && info.st_size == 0, "somebody wrote into my file");
}

/* Forty calls on one line are forty problems for forty callers. */
static void nonblocking_stderr(void) {
  fcntl(STDERR_FILENO, F_SETFL, fcntl(STDERR_FILENO, F_GETFL) | O_NONBLOCK);
#define FREE flushdep_page_free(map_once(), 0);
#define FREES FREE FREE FREE FREE FREE FREE FREE FREE FREE FREE
  FREES FREES FREES FREES
}

/* --- Traps ------------------------------------------------------------------ */

static void* hole(void) { return flushdep_page_address(page(FLUSHDEP_ALLOC_UNMAPPED)); }

static volatile char* target;

__attribute__((noinline)) static int leaf_load(void) { return target[8]; }

static void trap_load(void) {
  target = hole();
  leaf_load();
}
static void trap_store(void) {
  char* address = hole();
  *(volatile char*)(address + 16) = 1;
}
static void trap_memcpy(void) {
  char buffer[2048];
  void* (*volatile copy)(void*, const void*, size_t) = memcpy;
  copy(buffer, hole(), sizeof(buffer));
}
static void trap_libc(void) {
  size_t (*volatile length)(const char*) = strlen;
  printf("%zu\n", length(hole()));
}
static void no_trap(void) {
  char* address = flushdep_page_address(page(0));
  memset(address, 0, FLUSHDEP_PAGE_BYTES);
  target = address;
  leaf_load();
}

static void* trap_thread_body(void* address) {
  *(volatile char*)address = 1;
  return NULL;
}
/* A thread that never called the machine. */
static void trap_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, trap_thread_body, hole());
  pthread_join(thread, NULL);
}
static void* trap_cpu_thread_body(void* address) {
  flushdep_cpu_current();
  return trap_thread_body(address);
}
static void trap_cpu_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, trap_cpu_thread_body, hole());
  pthread_join(thread, NULL);
}

static char* stale_address(void) {
  flushdep_pfn_t pfn = page(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* map;
  char* address;
  flushdep_mermap_prepare(flushdep_mm_current());
  map = flushdep_mermap_get(pfn, FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ);
  require(map != NULL, "no mapping");
  address = flushdep_mermap_addr(map);
  require(flushdep_load(address, 1) < 256, "readable");
  flushdep_mermap_put(map);
  return address;
}
static void trap_stale(void) { *(volatile char*)stale_address(); }
static void trap_stale_memcpy(void) {
  char buffer[64];
  void* (*volatile copy)(void*, const void*, size_t) = memcpy;
  copy(buffer, stale_address(), sizeof(buffer));
}
static void trap_write_protected(void) {
  flushdep_pfn_t pfn = page(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* map;
  flushdep_mermap_prepare(flushdep_mm_current());
  map = flushdep_mermap_get(pfn, FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ);
  *(volatile char*)flushdep_mermap_addr(map) = 1;
}
/* The same through what instrumented code calls: on any backend. */
static void seen_load(void) { flushdep_load(hole(), 8); }
static void seen_store(void) { flushdep_store(hole(), 1, 4); }
static void seen_copy(void) {
  char buffer[64];
  flushdep_copy_from(buffer, hole(), sizeof(buffer));
}
static void seen_stale(void) {
  char* address = stale_address();
  flushdep_load(address, 1); /* the access */
}
static void seen_write_protected(void) {
  flushdep_mapping* map;
  flushdep_mermap_prepare(flushdep_mm_current());
  map = flushdep_mermap_get(page(FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ);
  flushdep_store(flushdep_mermap_addr(map), 1, 1);
}
static void seen_clean(void) {
  flushdep_pfn_t pfn = page(FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
  flushdep_mapping* map;
  char text[5] = "";
  flushdep_mermap_prepare(flushdep_mm_current());
  map = flushdep_mermap_get(pfn, FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  flushdep_copy_to(flushdep_mermap_addr(map), "kept", 5);
  flushdep_copy_from(text, flushdep_mermap_addr(map), 5);
  flushdep_mermap_put(map);
  flushdep_flush_mm(flushdep_mm_current());
  flushdep_page_free(pfn, 0);
  printf("%s\n", text);
}

static void trap_wild(void) { *(volatile char*)(FLUSHDEP_WINDOW_END - 4096) = 1; }
static void trap_jump(void) { ((void (*)(void))hole())(); }

static void trap_on_altstack_body(int signo) {
  (void)signo;
  *(volatile char*)hole() = 1;
}
/* The handler of another signal runs on a stack of the program's own. */
static void trap_altstack(void) {
  static char stack[64 * 1024];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
  struct sigaction action = {.sa_flags = SA_ONSTACK};
  action.sa_handler = trap_on_altstack_body;
  flushdep_cpu_current();
  sigaltstack(&alternate, NULL);
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
}

/* --- The program's own SIGSEGV handlers ---------------------------------------- */

static sigjmp_buf back;
static volatile sig_atomic_t blocked_in_handler;
static void own_handler(int signo, siginfo_t* info, void* context) {
  sigset_t mask;
  (void)info, (void)context;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  blocked_in_handler = sigismember(&mask, signo) && sigismember(&mask, SIGUSR2);
  siglongjmp(back, 1);
}
static void install_own_handler(void) {
  struct sigaction action = {.sa_flags = SA_SIGINFO};
  action.sa_sigaction = own_handler;
  sigaddset(&action.sa_mask, SIGUSR2);
  sigaction(SIGSEGV, &action, NULL);
}
/* Before the machine boots, which happens in constructors of priority 101. */
__attribute__((constructor(100))) static void install_early(void) {
  if (getenv("EARLY_HANDLER") != NULL) install_own_handler();
}
/* Twice, since a handler that was not left in order shows the second time. */
static void own_fault(void) {
  for (volatile int i = 0; i < 2; i++) {
    if (sigsetjmp(back, 1) == 0) null_store();
    require(blocked_in_handler, "the handler's mask was not as asked for");
    blocked_in_handler = 0;
  }
  printf("handled\n");
}
static void own_fault_trap(void) {
  own_fault();
  trap_store();
}
static void own_late(void) {
  install_own_handler();
  own_fault();
  bug();
}

/* --- Faults in flushdep itself -------------------------------------------------- */

/* Not the stack that handlers run on, which may be in the same mapping. */
static void take_around_signal_stack(unsigned long start, unsigned long end) {
  stack_t stack = {0};
  sigaltstack(NULL, &stack);
  const unsigned long low = (unsigned long)stack.ss_sp, high = low + stack.ss_size;
  if (low < start || high > end) {
    mprotect((void*)start, end - start, PROT_NONE);
    return;
  }
  mprotect((void*)start, low - start, PROT_NONE);
  mprotect((void*)high, end - high, PROT_NONE);
}

/* Takes away every large anonymous mapping outside the simulated window, as a
 * wild mprotect() might: the checker's tables are among them. */
static void take_tables(int with_bss) {
  static unsigned long starts[512], ends[512];
  FILE* maps = fopen("/proc/self/maps", "r");
  unsigned count = 0;
  char line[512];
  while (fgets(line, sizeof(line), maps) != NULL && count < 512) {
    unsigned long inode;
    char protection[8];
    int path = 0;
    if (sscanf(line, "%lx-%lx %7s %*s %*s %lu %n", &starts[count], &ends[count], protection, &inode,
               &path) < 4)
      continue;
    if (inode != 0 || line[path] != '\0' || strncmp(protection, "rw", 2) != 0) continue;
    if (starts[count] >= FLUSHDEP_WINDOW_START && starts[count] < FLUSHDEP_WINDOW_END) continue;
    const unsigned long code = (unsigned long)take_tables;
    const int is_bss = starts[count] > code && starts[count] - code < 1ul << 30;
    if (ends[count] - starts[count] >= 1ul << 20 && (with_bss || !is_bss)) count++;
  }
  fclose(maps);
  require(count > 0, "no tables found");
  for (unsigned i = 0; i < count; i++) take_around_signal_stack(starts[i], ends[i]);
}
static void crash_in_call(void) {
  flushdep_pfn_t pfn = map_once();
  bug();
  take_tables(0);
  flushdep_page_free(pfn, 0);
}
static void crash_in_everything(void) {
  flushdep_pfn_t pfn = map_once();
  bug();
  take_tables(1);
  flushdep_page_free(pfn, 0);
}
static void crash_in_trap(void) {
  char* address = hole();
  bug();
  take_tables(0);
  *(volatile char*)address = 1;
}
/* A pointer that is no mm. */
static void bad_mm(void) {
  bug();
  flushdep_flush_mm((flushdep_mm*)(16));
}
/* The stack pointer itself points into the window. */
static void bad_stack(void) {
  char* address = hole();
  bug();
  __asm__ volatile("mov %0, %%rsp\n\tpush %%rax" : : "r"(address + 2048) : "memory");
  __builtin_unreachable();
}

static const struct {
  const char* name;
  void (*run)(void);
} scenarios[] = {
#define SCENARIO(name) {#name, name}
    SCENARIO(clean),
    SCENARIO(bug),
    SCENARIO(other_bug),
    SCENARIO(untouched),
    SCENARIO(two_bugs),
    SCENARIO(loop),
    SCENARIO(clean_loop),
    SCENARIO(limited_files),
    SCENARIO(errno_kept),
    SCENARIO(bug_status_7),
    SCENARIO(bug_then_print),
    SCENARIO(switched),
    SCENARIO(out_of_memory),
    SCENARIO(threads_at_once),
    SCENARIO(threads_in_turn),
    SCENARIO(small_stack),
    SCENARIO(small_stack_trap),
    SCENARIO(tight_stack),
    SCENARIO(alarms),
    SCENARIO(no_more_files),
    SCENARIO(at_exit),
    SCENARIO(bug_kill),
    SCENARIO(bug_abort),
    SCENARIO(null_store),
    SCENARIO(bug_null_store),
    SCENARIO(fork_bugs),
    SCENARIO(fork_clean),
    SCENARIO(fork_unlinked),
    SCENARIO(exec_bug),
    SCENARIO(nonblocking_stderr),
    SCENARIO(wait_no_children),
    SCENARIO(sigchld),
    SCENARIO(closed_fds),
    SCENARIO(closed_fds_clean),
    SCENARIO(closed_fds_map),
    SCENARIO(reused_fds),
    SCENARIO(trap_load),
    SCENARIO(trap_store),
    SCENARIO(trap_memcpy),
    SCENARIO(trap_libc),
    SCENARIO(no_trap),
    SCENARIO(trap_thread),
    SCENARIO(trap_cpu_thread),
    SCENARIO(trap_stale),
    SCENARIO(trap_stale_memcpy),
    SCENARIO(trap_write_protected),
    SCENARIO(seen_load),
    SCENARIO(seen_store),
    SCENARIO(seen_copy),
    SCENARIO(seen_stale),
    SCENARIO(seen_write_protected),
    SCENARIO(seen_clean),
    SCENARIO(trap_wild),
    SCENARIO(trap_jump),
    SCENARIO(trap_altstack),
    SCENARIO(own_fault),
    SCENARIO(own_fault_trap),
    SCENARIO(own_late),
    SCENARIO(crash_in_call),
    SCENARIO(crash_in_trap),
    SCENARIO(crash_in_everything),
    SCENARIO(bad_mm),
    SCENARIO(bad_stack),
};

int main(int argc, char** argv) {
  if (argc > 2) argument = argv[2];
  for (size_t i = 0; argc > 1 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
    if (strcmp(argv[1], scenarios[i].name) != 0) continue;
    scenarios[i].run();
    return 0;
  }
  fprintf(stderr, "scenarios: no such scenario\n");
  return 3;
}
