/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * checked.h: accesses to memory that callers gave, which may be a mermap's. The C library's
 * functions as instrumented code calls them: backend=model has no other way to such addresses, and
 * an access that traps names the caller. Included last.
 */
#ifndef FLUSHDEP_SHIM_CHECKED_H
#define FLUSHDEP_SHIM_CHECKED_H

#include <linux/compiler.h>
#include <linux/types.h>

void *shim_memcpy(void *dest, const void *src, size_t count) FLUSHDEP_MACHINE(__flushdep_memcpy);
void *shim_memset(void *s, int c, size_t count) FLUSHDEP_MACHINE(__flushdep_memset);
int shim_memcmp(const void *a, const void *b, size_t count) FLUSHDEP_MACHINE(__flushdep_memcmp);
void *shim_memchr(const void *s, int c, size_t count) FLUSHDEP_MACHINE(__flushdep_memchr);
size_t shim_strlen(const char *s) FLUSHDEP_MACHINE(__flushdep_strlen);
size_t shim_strnlen(const char *s, size_t count) FLUSHDEP_MACHINE(__flushdep_strnlen);
int shim_strcmp(const char *a, const char *b) FLUSHDEP_MACHINE(__flushdep_strcmp);

#define memcpy	shim_memcpy
#define memset	shim_memset
#define memcmp	shim_memcmp
#define memchr	shim_memchr
#define strlen	shim_strlen
#define strnlen shim_strnlen
#define strcmp	shim_strcmp

#endif
