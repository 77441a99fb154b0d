// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/backend.h"

namespace flushdep {

constinit HostMemory g_host_memory = {nullptr, 0};

namespace {

constinit const MemoryBackend* g_backend = nullptr;

}  // namespace

void BootBackend(Backend choice, uint64_t pfns) {
  g_backend = choice == Backend::Mmu ? &kMmuBackend : &kModelBackend;
  g_backend->boot(pfns);
}

const MemoryBackend& GetBackend() { return *g_backend; }

}  // namespace flushdep
