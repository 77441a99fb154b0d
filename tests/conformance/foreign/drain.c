/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <stdio.h>

#include "pool.h"

static int drain(int fail)
{
  struct pool_page *page = pool_alloc();
  void *handle = pool_map(page);

  pool_unmap(handle);
  if (fail)
    goto out_free;
  pool_flush();
  pool_free(page);
  return 0;

out_free:
#ifndef SKIP_FLUSH
  pool_flush();
#endif
  pool_free(page);
  return -1;
}

int main(void)
{
  pool_boot();
  drain(0);
  drain(1);
  puts("drained");
  return 0;
}
