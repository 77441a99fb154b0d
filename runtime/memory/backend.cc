// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/backend.h"

#include "checker/report/reporter.h"

namespace flushdep {
namespace {

constinit const MemoryBackend* g_backend = nullptr;

}  // namespace

void BootBackend(Backend choice, uint64_t pfns) {
  if (choice != Backend::Mmu)
    Die(2, "backend=model is not available: only the mmu backend is built; run with backend=mmu");
  g_backend = &kMmuBackend;
  g_backend->boot(pfns);
}

const MemoryBackend& GetBackend() { return *g_backend; }

}  // namespace flushdep
