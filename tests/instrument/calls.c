/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The C library's functions that the pass redirects, on simulated memory that is mapped and on such
 * that was put. Each is done to memory of the host's heap, too: all must come to the same.
 *
 *   calls list        names of the functions that there is a case of
 *   calls good        all of them, each over the edge of two pages
 *   calls bad NAME    one, on a mapping that was put
 */
#define _GNU_SOURCE
#include <errno.h>
#include <flushdep.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define ROOM 64

/* What a case is given: text in memory that is the case's own, and such of the host. */
struct bytes {
  char* text; /* "the quick brown fox", and room */
  char own[ROOM];
  int file;     /* of 64 bytes, at its start */
  FILE* stream; /* the same */
  int pair[2];  /* sockets; 16 bytes can be received from the first */
};

/* The fortified forms, which clang calls by itself only where it can not see that all is well. */
void* __memcpy_chk(void*, const void*, size_t, size_t);
void* __memmove_chk(void*, const void*, size_t, size_t);
void* __memset_chk(void*, int, size_t, size_t);
void* __mempcpy_chk(void*, const void*, size_t, size_t);
char* __strcpy_chk(char*, const char*, size_t);
char* __stpcpy_chk(char*, const char*, size_t);
char* __strncpy_chk(char*, const char*, size_t, size_t);
char* __stpncpy_chk(char*, const char*, size_t, size_t);
char* __strcat_chk(char*, const char*, size_t);
char* __strncat_chk(char*, const char*, size_t, size_t);
ssize_t __read_chk(int, void*, size_t, size_t);
ssize_t __pread_chk(int, void*, size_t, off_t, size_t);
ssize_t __pread64_chk(int, void*, size_t, off_t, size_t);
ssize_t __recv_chk(int, void*, size_t, size_t, int);
size_t __fread_chk(void*, size_t, size_t, size_t, FILE*);

/* Addresses and sizes that the compiler does not know. */
static size_t n(size_t value) {
  __asm__ volatile("" : "+r"(value));
  return value;
}
/* Where in the text, or -1. */
static long at(const struct bytes* b, const void* p) {
  return p != NULL ? (const char*)p - b->text : -1;
}

/* CASE(name, expression): what it comes to is a number; what it wrote is compared, too. */
#define CASES(CASE)                                                                       \
  CASE(memcpy, at(b, memcpy(b->text, b->own, n(9))))                                      \
  CASE(memmove, at(b, memmove(b->text + 1, b->text, n(9))))                               \
  CASE(memset, at(b, memset(b->text, 'x', n(9))))                                         \
  CASE(mempcpy, at(b, mempcpy(b->text, b->own, n(9))))                                    \
  CASE(memcmp, memcmp(b->text, b->own, n(9)) < 0)                                         \
  CASE(bcmp, bcmp(b->text, b->own, n(9)) != 0)                                            \
  CASE(memchr, at(b, memchr(b->text, 'q', n(19))))                                        \
  CASE(rawmemchr, at(b, rawmemchr(b->text, (int)n('q'))))                                 \
  CASE(memrchr, at(b, memrchr(b->text, 'o', n(19))))                                      \
  CASE(memccpy, at(b, memccpy(b->text, b->own, 'm', n(9))))                               \
  CASE(strlen, (long)strlen(b->text))                                                     \
  CASE(strnlen, (long)strnlen(b->text, n(12)))                                            \
  CASE(strcpy, at(b, strcpy(b->text, b->own)))                                            \
  CASE(stpcpy, at(b, stpcpy(b->text, b->own)))                                            \
  CASE(strncpy, at(b, strncpy(b->text, b->own, n(15))))                                   \
  CASE(stpncpy, at(b, stpncpy(b->text, b->own, n(15))))                                   \
  CASE(strcat, at(b, strcat(b->text, b->own)))                                            \
  CASE(strncat, at(b, strncat(b->text, b->own, n(3))))                                    \
  CASE(strcmp, strcmp(b->text, b->own) < 0)                                               \
  CASE(strncmp, strncmp(b->text, b->own, n(7)) < 0)                                       \
  CASE(strcasecmp, strcasecmp(b->text, "THE QUICK BROWN FOX"))                            \
  CASE(strncasecmp, strncasecmp(b->text, "THE QUICK cat", n(10)))                         \
  CASE(strchr, at(b, strchr(b->text, (int)n('w'))))                                       \
  CASE(strchrnul, at(b, strchrnul(b->text, (int)n('z'))))                                 \
  CASE(strrchr, at(b, strrchr(b->text, (int)n('o'))))                                     \
  CASE(strspn, (long)strspn(b->text, "quicketh "))                                        \
  CASE(strcspn, (long)strcspn(b->text, "xyz"))                                            \
  CASE(strpbrk, at(b, strpbrk(b->text, "xyz")))                                           \
  CASE(strstr, at(b, strstr(b->text, "brown")))                                           \
  CASE(strdup, same_and_freed(strdup(b->text), "the quick brown fox"))                    \
  CASE(strndup, same_and_freed(strndup(b->text, n(14)), "the quick brow"))                \
  CASE(read, read(b->file, b->text, n(20)))                                               \
  CASE(pread, pread(b->file, b->text, n(20), 5))                                          \
  CASE(write, write(b->file, b->text, n(20)))                                             \
  CASE(pwrite, pwrite(b->file, b->text, n(20), 5))                                        \
  CASE(pread64, pread64(b->file, b->text, n(20), 5))                                      \
  CASE(pwrite64, pwrite64(b->file, b->text, n(20), 5))                                    \
  CASE(readv, readv(b->file, vector(b), 2))                                               \
  CASE(writev, writev(b->file, vector(b), 2))                                             \
  CASE(preadv, preadv(b->file, vector(b), 2, 3))                                          \
  CASE(pwritev, pwritev(b->file, vector(b), 2, 3))                                        \
  CASE(recv, recv(b->pair[0], b->text, n(20), 0))                                         \
  CASE(recvfrom, recvfrom(b->pair[0], b->text, n(20), 0, NULL, NULL))                     \
  CASE(send, send(b->pair[0], b->text, n(20), 0))                                         \
  CASE(sendto, sendto(b->pair[0], b->text, n(20), 0, NULL, 0))                            \
  CASE(fread, (long)fread(b->text, n(3), 5, b->stream))                                   \
  CASE(fwrite, (long)fwrite(b->text, n(3), 5, b->stream))                                 \
  CASE(__memcpy_chk, at(b, __memcpy_chk(b->text, b->own, n(9), n(ROOM))))                 \
  CASE(__memmove_chk, at(b, __memmove_chk(b->text + 1, b->text, n(9), n(ROOM))))          \
  CASE(__memset_chk, at(b, __memset_chk(b->text, 'x', n(9), n(ROOM))))                    \
  CASE(__mempcpy_chk, at(b, __mempcpy_chk(b->text, b->own, n(9), n(ROOM))))               \
  CASE(__strcpy_chk, at(b, __strcpy_chk(b->text, b->own, n(ROOM))))                       \
  CASE(__stpcpy_chk, at(b, __stpcpy_chk(b->text, b->own, n(ROOM))))                       \
  CASE(__strncpy_chk, at(b, __strncpy_chk(b->text, b->own, n(15), n(ROOM))))              \
  CASE(__stpncpy_chk, at(b, __stpncpy_chk(b->text, b->own, n(15), n(ROOM))))              \
  CASE(__strcat_chk, at(b, __strcat_chk(b->text, b->own, n(ROOM))))                       \
  CASE(__strncat_chk, at(b, __strncat_chk(b->text, b->own, n(3), n(ROOM))))               \
  CASE(__read_chk, __read_chk(b->file, b->text, n(20), n(ROOM)))                          \
  CASE(__pread_chk, __pread_chk(b->file, b->text, n(20), 5, n(ROOM)))                     \
  CASE(__pread64_chk, __pread64_chk(b->file, b->text, n(20), 5, n(ROOM)))                 \
  CASE(__recv_chk, __recv_chk(b->pair[0], b->text, n(20), n(ROOM), 0))                    \
  CASE(__fread_chk, (long)__fread_chk(b->text, n(ROOM), n(3), 5, b->stream))

static long same_and_freed(char* copy, const char* wanted) {
  const long same = copy != NULL && strcmp(copy, wanted) == 0;
  free(copy);
  return same;
}
static const struct iovec* vector(struct bytes* b) {
  static struct iovec buffers[2];
  buffers[0].iov_base = b->own;
  buffers[0].iov_len = n(5);
  buffers[1].iov_base = b->text;
  buffers[1].iov_len = n(20);
  return buffers;
}

#define FUNCTION(name, what) \
  static __attribute__((noinline)) long do_##name(struct bytes* b) { return (long)(what); }
CASES(FUNCTION)

static const struct {
  const char* name;
  long (*run)(struct bytes* b);
} kCases[] = {
#define ROW(name, what) {#name, do_##name},
    CASES(ROW)};

static void require(int condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "calls: %s: %s\n", what, strerror(errno));
  exit(3);
}

static void prepare(struct bytes* b, char* text) {
  char content[ROOM];
  int i;
  memset(b, 0, sizeof(*b));
  b->text = text;
  strcpy(b->own, "a lamb");
  for (i = 0; i < ROOM; i++) content[i] = (char)('A' + i % 26);
  b->stream = tmpfile();
  require(b->stream != NULL, "no file");
  b->file = dup(fileno(b->stream));
  require(write(b->file, content, ROOM) == ROOM, "the file can not be written");
  require(lseek(b->file, 0, SEEK_SET) == 0, "the file has no start");
  require(socketpair(AF_UNIX, SOCK_DGRAM, 0, b->pair) == 0, "no sockets");
  require(write(b->pair[1], content, 16) == 16, "nothing can be sent");
}

/* What a case comes to: its number, the text, and what reached the file and the socket. */
static void outcome(struct bytes* b, long number, char* line, size_t size) {
  char file[ROOM + 1] = "", sent[ROOM] = "", text[ROOM + 1] = "";
  fflush(b->stream);
  memcpy(text, b->text, ROOM);
  require(pread(b->file, file, ROOM, 0) >= 0, "the file can not be read");
  if (recv(b->pair[1], sent, ROOM - 1, MSG_DONTWAIT) < 0) strcpy(sent, "nothing");
  snprintf(line, size, "%ld '%s' '%s' '%s' '%s'", number, text, b->own, file, sent);
  fclose(b->stream);
  close(b->file);
  close(b->pair[0]);
  close(b->pair[1]);
}

static const char kText[] = "the quick brown fox";

static int good(void) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(1, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* map = flushdep_mermap_get(pfn, 8192, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  char* simulated = (char*)flushdep_mermap_addr(map) + 4096 - 8;
  int failed = 0;
  size_t i;
  for (i = 0; i < sizeof(kCases) / sizeof(kCases[0]); i++) {
    char heap[ROOM] = "", expected[512], got[512];
    struct bytes b;
    prepare(&b, heap);
    memcpy(heap, kText, sizeof(kText));
    outcome(&b, kCases[i].run(&b), expected, sizeof(expected));
    prepare(&b, simulated);
    memset(simulated, 0, ROOM);
    memcpy(simulated, kText, sizeof(kText));
    outcome(&b, kCases[i].run(&b), got, sizeof(got));
    if (strcmp(expected, got) == 0) continue;
    failed = 1;
    printf("%s: %s\n   not: %s\n", kCases[i].name, got, expected);
  }
  flushdep_mermap_put(map);
  flushdep_flush_all();
  flushdep_page_free(pfn, 1);
  return failed;
}

static int bad(const char* name) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(1, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* map = flushdep_mermap_get(pfn, 8192, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  char* simulated = (char*)flushdep_mermap_addr(map) + 4096 - 8;
  struct bytes b;
  size_t i;
  prepare(&b, simulated);
  memset(simulated, 0, ROOM);
  memcpy(simulated, kText, sizeof(kText));
  flushdep_mermap_put(map);
  for (i = 0; i < sizeof(kCases) / sizeof(kCases[0]); i++)
    if (strcmp(kCases[i].name, name) == 0) kCases[i].run(&b);
  return 3; /* the oops ends the program before */
}

int main(int argc, char** argv) {
  size_t i;
  if (argc < 2) return 2;
  if (strcmp(argv[1], "list") == 0) {
    for (i = 0; i < sizeof(kCases) / sizeof(kCases[0]); i++) puts(kCases[i].name);
    return 0;
  }
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "mermap");
  return strcmp(argv[1], "good") == 0 ? good() : bad(argv[2]);
}
