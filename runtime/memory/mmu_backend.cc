// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mmu backend: physical memory is one sparse memfd; the direct map and every
// ephemeral mapping are shared mappings of it. What is not mapped is a
// reservation without access, so that a stray access always traps in the window.
//
// The system call is made directly for the two huge mappings: interceptors of
// sanitizers would work through shadow memory of the whole window. For single mappings they
// are wanted, as an address that gets another page has no history there.
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "checker/report/own_fd.h"
#include "checker/report/reporter.h"
#include "runtime/machine/layout.h"
#include "runtime/machine/text.h"
#include "runtime/memory/backend.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

namespace flushdep {
namespace {

constinit int g_memory = -1;
constinit int g_clone = -1;
constinit uint64_t g_bytes = 0;

// Up to this many bytes are zeroed by writing; above, by punching a hole.
constexpr uint64_t kZeroByWriting = 64u << 10;
alignas(kPageBytes) constinit const char kZeros[kZeroByWriting] = {};

void* Pointer(uint64_t va) { return reinterpret_cast<void*>(va); }

[[noreturn]] void DieOfHost(const char* what, int error) {
  Text text;
  text << what << " (" << strerrorname_np(error) << ")";
  Die(4, text.view());
}

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

bool RawMap(uint64_t va, uint64_t bytes, int prot, int flags, int fd) {
  // syscall() takes words: a plain int would leave half of one undefined.
  long result = syscall(SYS_mmap, va, bytes, static_cast<long>(prot),
                        static_cast<long>(flags | MAP_NORESERVE), static_cast<long>(fd), 0l);
  return result == static_cast<long>(va);
}

void MapDirectMap() {
  if (!RawMap(kDirectMapStart, g_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, g_memory))
    DieOfHost("cannot map the direct map; lower FLUSHDEP_OPTIONS=mem=", errno);
}

void Boot(uint64_t pfns) {
  g_bytes = pfns * kPageBytes;
  g_memory = NewMemory();
  if (!RawMap(FLUSHDEP_WINDOW_START, FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START, PROT_NONE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1))
    DieOfHost(
        "cannot reserve 256 GiB of addresses at 0x7e8000000000; is something mapped there, or "
        "`ulimit -v` set?",
        errno);
  MapDirectMap();
}

int SetDirect(uint64_t pfn, uint64_t npages, bool valid) {
  int prot = valid ? PROT_READ | PROT_WRITE : PROT_NONE;
  return mprotect(Pointer(DirectMapAddress(pfn)), npages * kPageBytes, prot) == 0 ? 0 : -ENOMEM;
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

void WriteZeros(uint64_t offset, uint64_t bytes) {
  while (bytes > 0) {
    uint64_t piece = bytes < kZeroByWriting ? bytes : kZeroByWriting;
    ssize_t done = pwrite(g_memory, kZeros, piece, static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) DieOfHost("cannot write to the simulated memory; is the host's full?", errno);
    offset += static_cast<uint64_t>(done);
    bytes -= static_cast<uint64_t>(done);
  }
}

void Zero(uint64_t pfn, uint64_t npages) {
  uint64_t offset = pfn * kPageBytes;
  uint64_t bytes = npages * kPageBytes;
  if (bytes > kZeroByWriting &&
      fallocate(g_memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                static_cast<off_t>(bytes)) == 0)
    return;
  WriteZeros(offset, bytes);
}

// Copies what is populated of `from`, hole by hole, through short-lived mappings.
bool CopyExtent(int from, int to, off_t start, off_t end) {
  constexpr off_t kPiece = 64 << 20;
  for (off_t at = start; at < end; at += kPiece) {
    size_t bytes = static_cast<size_t>(end - at < kPiece ? end - at : kPiece);
    void* source = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, from, at);
    if (source == MAP_FAILED) return false;
    size_t done = 0;
    while (done < bytes) {
      ssize_t n = pwrite(to, static_cast<char*>(source) + done, bytes - done,
                         at + static_cast<off_t>(done));
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    munmap(source, bytes);
    if (done < bytes) return false;
  }
  return true;
}

bool CopyAll(int from, int to) {
  off_t end = 0;
  for (;;) {
    off_t start = lseek(from, end, SEEK_DATA);
    if (start < 0) return errno == ENXIO;
    end = lseek(from, start, SEEK_HOLE);
    if (end < 0 || !CopyExtent(from, to, start, end)) return false;
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
  if (!RawMap(FLUSHDEP_WINDOW_START, FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START, PROT_NONE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1))
    DieOfHost("cannot rebuild the simulated window after fork()", errno);
  MapDirectMap();
}

}  // namespace

constinit const MemoryBackend kMmuBackend = {
    Boot, SetDirect, Map, Unmap, Zero, CloneMemory, DropClone, AdoptClone,
};

}  // namespace flushdep
