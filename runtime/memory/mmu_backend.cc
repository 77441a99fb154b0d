// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mmu backend: physical memory is one sparse memfd; the direct map and every
// ephemeral mapping are shared mappings of it, and so is the one that the machine itself uses,
// somewhere outside the window. What is not mapped is a reservation without access, so that
// a stray access always traps in the window. Pages leave the direct map as holes (holes.h).
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "checker/report/own_fd.h"
#include "checker/report/reporter.h"
#include "runtime/machine/layout.h"
#include "runtime/machine/text.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/holes.h"
#include "runtime/memory/host.h"

namespace flushdep {
namespace {

constinit int g_memory = -1;
constinit int g_clone = -1;
constinit uint64_t g_bytes = 0;
constinit const HoleMaker* g_holes = nullptr;

// Up to this many bytes are zeroed by writing; above, by punching a hole into the file.
constexpr uint64_t kZeroByWriting = 64u << 10;

void* Pointer(uint64_t va) { return reinterpret_cast<void*>(va); }

// A get would fail for a reason that no caller could make out.
[[noreturn]] void DieOfClosedMemory() {
  Text text;
  text << "the program closed file descriptor " << static_cast<uint64_t>(g_memory)
       << ", which is the simulated memory (closefrom(), close_range()?); leave descriptors open "
          "that are not the program's";
  Die(4, text.view());
}

int NewMemory() {
  int fd = MoveHigh(memfd_create("flushdep-memory", MFD_CLOEXEC));
  if (fd < 0) DieOfHost("cannot create the simulated memory: memfd_create() failed", errno);
  if (ftruncate(fd, static_cast<off_t>(g_bytes)) != 0)
    DieOfHost("cannot size the simulated memory; lower FLUSHDEP_OPTIONS=mem=", errno);
  return fd;
}

void MapMemory() {
  constexpr int kAccess = PROT_READ | PROT_WRITE;
  if (RawMap(kDirectMapStart, g_bytes, kAccess, MAP_SHARED | MAP_FIXED, g_memory) == 0)
    DieOfHost("cannot map the direct map; lower FLUSHDEP_OPTIONS=mem=", errno);
  // At any place at boot; in a fork's child at the place where it was.
  const uint64_t place = reinterpret_cast<uint64_t>(g_host_memory.start);
  const uint64_t host =
      RawMap(place, g_bytes, kAccess, MAP_SHARED | (place != 0 ? MAP_FIXED : 0), g_memory);
  if (host == 0)
    DieOfHost("cannot map the simulated memory for the machine; lower FLUSHDEP_OPTIONS=mem=",
              errno);
  g_host_memory = {reinterpret_cast<char*>(host), g_bytes};
}

void Boot(uint64_t pfns) {
  g_bytes = pfns * kPageBytes;
  g_holes = &ChooseHoles(GetOptions().holes);
  g_memory = NewMemory();
  ReserveWindow(false);
  MapMemory();
  g_holes->start(pfns);
}

int SetDirect(uint64_t pfn, uint64_t npages, bool valid) {
  return g_holes->set(pfn, npages, valid);
}

int Map(uint64_t va, uint64_t pfn, uint64_t npages, unsigned prot) {
  int host_prot = PROT_READ | ((prot & FLUSHDEP_MAP_WRITE) != 0 ? PROT_WRITE : 0);
  void* got = mmap(Pointer(va), npages * kPageBytes, host_prot, MAP_SHARED | MAP_FIXED, g_memory,
                   static_cast<off_t>(pfn * kPageBytes));
  if (got == Pointer(va)) return 0;
  if (errno == EBADF || errno == EACCES || errno == ENODEV) DieOfClosedMemory();
  return -ENOMEM;
}

void Unmap(uint64_t va, uint64_t npages) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
  if (mmap(Pointer(va), npages * kPageBytes, PROT_NONE, flags, -1, 0) != Pointer(va))
    DieOfHost("the host refused to remove a mapping", errno);
}

void Zero(uint64_t pfn, uint64_t npages) {
  uint64_t bytes = npages * kPageBytes;
  if (bytes > kZeroByWriting && g_holes->may_punch(pfn, npages) &&
      fallocate(g_memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                static_cast<off_t>(pfn * kPageBytes), static_cast<off_t>(bytes)) == 0)
    return;
  memset(HostAddress(pfn), 0, bytes);
}

char* Host(uint64_t pfn) { return HostAddress(pfn); }

BusError ExplainBusError(uint64_t pfn) { return g_holes->bus_error(pfn); }

// What the file has at [start, end), which is populated.
bool CopyExtent(int to, off_t start, off_t end) {
  while (start < end) {
    ssize_t n = pwrite(to, g_host_memory.start + start, static_cast<size_t>(end - start), start);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    start += n;
  }
  return true;
}

bool CopyAll(int from, int to) {
  off_t end = 0;
  for (;;) {
    off_t start = lseek(from, end, SEEK_DATA);
    if (start < 0) return errno == ENXIO;
    end = lseek(from, start, SEEK_HOLE);
    if (end < 0 || !CopyExtent(to, start, end)) return false;
  }
}

void CloneMemory() {
  g_clone = NewMemory();
  if (!CopyAll(g_memory, g_clone))
    DieOfHost("cannot copy the simulated memory for fork(); is the host's full?", errno);
}

void DropClone() {
  close(g_clone);
  g_clone = -1;
}

void AdoptClone() {
  close(g_memory);
  g_memory = g_clone;
  g_clone = -1;
  ReserveWindow(true);
  MapMemory();
  g_holes->start(g_bytes / kPageBytes);
}

}  // namespace

const MemoryBackend kMmuBackend = {
    .boot = Boot,
    .set_direct = SetDirect,
    .map = Map,
    .unmap = Unmap,
    .zero = Zero,
    .host = Host,
    .bus_error = ExplainBusError,
    .clone_memory = CloneMemory,
    .drop_clone = DropClone,
    .adopt_clone = AdoptClone,
    .real_mappings = true,
};

}  // namespace flushdep
