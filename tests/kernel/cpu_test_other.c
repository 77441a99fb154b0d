// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* The other file of cpu_test.c: its per-CPU variable is that one's, too. */
#include <linux/percpu.h>

DEFINE_PER_CPU(long, of_another_file) = 11;
