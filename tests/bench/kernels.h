/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * kernels.h: small programs that are nothing but loads and stores, for the cost of checking these.
 * Each works on `bytes` of memory that the caller has, and returns something of its result.
 */
#ifndef FLUSHDEP_TESTS_BENCH_KERNELS_H_
#define FLUSHDEP_TESTS_BENCH_KERNELS_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct kernel {
  const char* name;
  int vector; /* the compiler makes vectors of it */
  uint64_t (*run)(void* memory, size_t bytes);
};
extern const struct kernel kernels[];
extern const size_t num_kernels;

#ifdef __cplusplus
}
#endif

#endif /* FLUSHDEP_TESTS_BENCH_KERNELS_H_ */
