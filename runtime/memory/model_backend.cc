// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The model backend: physical memory is private memory of the process, and mapping, unmapping
// and taking pages out of the direct map are nothing on the host. The mermap's addresses are
// reserved without access, so that code that nobody instrumented traps there always. In the direct
// map it reaches every page, absent ones too: nothing but instrumentation catches that.
//
// So the host's own way to a page is its direct-map address, and a fork copies memory by itself.
#include <errno.h>
#include <sys/mman.h>

#include <cstring>

#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/host.h"

namespace flushdep {
namespace {

// Above this many bytes the host is given the pages back, which it hands out zeroed.
constexpr uint64_t kZeroByWriting = 64u << 10;

void Boot(uint64_t pfns) {
  ReserveWindow(false);
  uint64_t bytes = pfns * kPageBytes;
  if (RawMap(kDirectMapStart, bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1) == 0)
    DieOfHost("cannot map the simulated memory; lower FLUSHDEP_OPTIONS=mem=", errno);
  g_host_memory = {reinterpret_cast<char*>(kDirectMapStart), bytes};
}

int SetDirect(uint64_t, uint64_t, bool) { return 0; }
int Map(uint64_t, uint64_t, uint64_t, unsigned) { return 0; }
void Unmap(uint64_t, uint64_t) {}
void Nothing() {}

void Zero(uint64_t pfn, uint64_t npages) {
  uint64_t bytes = npages * kPageBytes;
  if (bytes > kZeroByWriting && RawAdvise(DirectMapAddress(pfn), bytes, MADV_DONTNEED) == 0) return;
  memset(HostAddress(pfn), 0, bytes);
}

char* Host(uint64_t pfn) { return HostAddress(pfn); }
BusError ExplainBusError(uint64_t) { return BusError::HostOutOfMemory; }

}  // namespace

const MemoryBackend kModelBackend = {
    .boot = Boot,
    .set_direct = SetDirect,
    .map = Map,
    .unmap = Unmap,
    .zero = Zero,
    .host = Host,
    .bus_error = ExplainBusError,
    .clone_memory = Nothing,
    .drop_clone = Nothing,
    .adopt_clone = Nothing,
    .real_mappings = false,
};

}  // namespace flushdep
