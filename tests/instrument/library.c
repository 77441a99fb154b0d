/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* library.c: accesses in a library that knows nothing of the machine. */
#include <annotations.h>
#include <string.h>

long library_load(const long* v);
long library_load(const long* v) { return *v; }

void library_copy(char* to, const char* from, size_t size);
void library_copy(char* to, const char* from, size_t size) { memcpy(to, from, size); }

FLUSHDEP_NO_INSTRUMENT long library_quiet(const long* v);
FLUSHDEP_NO_INSTRUMENT long library_quiet(const long* v) { return *v; }
