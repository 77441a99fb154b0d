// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Holes by userfaultfd, without a thread that handles faults: in a registered range the host
// answers each fault by SIGBUS (in a system call by EFAULT), and a hole is a page whose host entry
// was dropped.
//
// In such a range a present page must have its host entry, as the next fault would be refused as
// well. So only blocks that have a hole are registered (2 MiB, as the direct map's entries); all of
// a block's pages are populated before, and it is unregistered once it is whole. Registered
// neighbours are one mapping of the host's, so there are never more of those than blocks.
//
// Should the host drop a present page's entry all the same (it swaps), the fault handler gets
// it back by ExplainBusError(); a system call would see EFAULT once.
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checker/report/own_fd.h"
#include "checker/report/reporter.h"
#include "runtime/machine/arena.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/holes.h"
#include "runtime/memory/host.h"
#include "runtime/memory/page_bits.h"

// Younger than Debian 12's headers allow to be sure of.
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

namespace flushdep {
namespace {

constexpr uint64_t kFeatures =
    UFFD_FEATURE_SIGBUS | UFFD_FEATURE_MISSING_SHMEM | UFFD_FEATURE_MINOR_SHMEM;

constinit int g_uffd = -1;
// Written under the direct map's lock. A bit is set before its page's entry is dropped, and
// cleared after it is back: the fault handler must never bring back what is about to go.
constinit PageBits g_hole;
constinit uint16_t* g_holes_in_block = nullptr;

uint64_t BlockOf(uint64_t pfn) { return pfn / kPageblockPages; }
uint64_t FirstOf(uint64_t block) { return block * kPageblockPages; }

// Kernel-mode faults are none of its business, so no privilege is needed.
int Open() {
  int fd = static_cast<int>(
      syscall(SYS_userfaultfd, long{O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY}));
  if (fd < 0) return -1;
  uffdio_api api = {};
  api.api = UFFD_API;
  api.features = kFeatures;
  if (ioctl(fd, UFFDIO_API, &api) == 0 && (api.features & kFeatures) == kFeatures) return fd;
  close(fd);
  return -1;
}

// Holes would vanish with it, and nobody would know.
void DieIfClosed(int error) {
  if (error == EBADF || error == ENOTTY)
    Die(4,
        "the program closed the userfaultfd descriptor that keeps pages out of the direct map "
        "(closefrom(), close_range()?); leave descriptors open that are not the program's");
}

// 0 or an errno value.
int Ask(unsigned long request, void* argument) {
  for (;;) {
    if (ioctl(g_uffd, request, argument) == 0) return 0;
    if (errno == EINTR) continue;
    DieIfClosed(errno);
    return errno;
  }
}

int Register(uint64_t va, uint64_t bytes) {
  uffdio_register range = {};
  range.range = {va, bytes};
  range.mode = UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_MINOR;
  return Ask(UFFDIO_REGISTER, &range);
}

int Unregister(uint64_t va, uint64_t bytes) {
  uffdio_range range = {va, bytes};
  return Ask(UFFDIO_UNREGISTER, &range);
}

int RegisterBlocks(uint64_t block, uint64_t end) {
  return Register(DirectMapAddress(FirstOf(block)), (end - block) * kPageblockPages * kPageBytes);
}

int UnregisterBlocks(uint64_t block, uint64_t end) {
  return Unregister(DirectMapAddress(FirstOf(block)), (end - block) * kPageblockPages * kPageBytes);
}

bool Probe() {
  int old = g_uffd;
  g_uffd = Open();
  int fd = MoveHigh(memfd_create("flushdep-probe", MFD_CLOEXEC));
  uint64_t va = 0;
  if (fd >= 0 && ftruncate(fd, kPageBytes) == 0)
    va = RawMap(0, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  bool works = g_uffd >= 0 && va != 0 && RawAdvise(va, kPageBytes, MADV_POPULATE_WRITE) == 0 &&
               Register(va, kPageBytes) == 0;
  if (va != 0) munmap(reinterpret_cast<void*>(va), kPageBytes);
  if (fd >= 0) close(fd);
  if (g_uffd >= 0) close(g_uffd);
  g_uffd = old;
  return works;
}

void Start(uint64_t pfns) {
  if (g_holes_in_block == nullptr) {
    g_hole = PageBits(MapTable<PageBits::Word>(PageBits::Words(pfns)));
    g_holes_in_block = MapTable<uint16_t>(pfns / kPageblockPages + 1);
  } else {
    // A fork's child: the descriptor is about its parent's memory.
    close(g_uffd);
    for (uint64_t block = 0; FirstOf(block) < pfns; block++) g_holes_in_block[block] = 0;
    g_hole.Clear(0, pfns);
  }
  g_uffd = MoveHigh(Open());
  if (g_uffd < 0) DieOfHost("cannot open a userfaultfd for the direct map", errno);
  // Dropping a page of a huge host entry would drop its neighbours too.
  RawAdvise(kDirectMapStart, pfns * kPageBytes, MADV_NOHUGEPAGE);
}

bool Whole(uint64_t block) { return g_holes_in_block[block] == 0; }

// What of [pfn, end) lies in `block`.
struct Part {
  Part(uint64_t block, uint64_t pfn, uint64_t end)
      : begin(pfn > FirstOf(block) ? pfn : FirstOf(block)),
        end(end < FirstOf(block + 1) ? end : FirstOf(block + 1)) {}
  uint64_t size() const { return end - begin; }
  uint64_t begin, end;
};

// The pages of it that stay must not need a fault again.
int PopulateIfPart(uint64_t block, uint64_t pfn, uint64_t end) {
  if (!Whole(block) || Part(block, pfn, end).size() == kPageblockPages) return 0;
  return RawAdvise(DirectMapAddress(FirstOf(block)), kPageblockPages * kPageBytes,
                   MADV_POPULATE_WRITE);
}

// Calls `fn(first, end)` for each run of blocks in [block, end) that `wanted(block)` says yes to;
// stops at an error.
template <typename Wanted, typename Fn>
int ForEachRun(uint64_t block, uint64_t end, Wanted wanted, Fn fn) {
  while (block < end) {
    if (!wanted(block)) {
      block++;
      continue;
    }
    uint64_t stop = block + 1;
    while (stop < end && wanted(stop)) stop++;
    if (int error = fn(block, stop)) return error;
    block = stop;
  }
  return 0;
}

int MakeHoles(uint64_t pfn, uint64_t end) {
  uint64_t first = BlockOf(pfn), last = BlockOf(end - 1);
  int error = PopulateIfPart(first, pfn, end);
  if (error == 0 && last != first) error = PopulateIfPart(last, pfn, end);
  if (error == 0) error = ForEachRun(first, last + 1, Whole, RegisterBlocks);
  if (error != 0) {
    ForEachRun(first, last + 1, Whole, UnregisterBlocks);
    return error;
  }
  for (uint64_t block = first; block <= last; block++) {
    Part part(block, pfn, end);
    uint64_t before = g_hole.Count(part.begin, part.end);
    g_holes_in_block[block] = static_cast<uint16_t>(g_holes_in_block[block] + part.size() - before);
  }
  g_hole.Set(pfn, end);
  return RawAdvise(DirectMapAddress(pfn), (end - pfn) * kPageBytes, MADV_DONTNEED);
}

// The host's entries of [pfn, end), all of them holes in a block that keeps others.
int Refill(uint64_t pfn, uint64_t end) {
  const uint64_t bytes = (end - pfn) * kPageBytes;
  int error = RawAdvise(reinterpret_cast<uint64_t>(HostAddress(pfn)), bytes, MADV_POPULATE_WRITE);
  for (uint64_t done = 0; error == 0 && done < bytes;) {
    uffdio_continue range = {};
    range.range = {DirectMapAddress(pfn) + done, bytes - done};
    error = Ask(UFFDIO_CONTINUE, &range);
    if (error == 0) break;
    // Some are done, or the first one has its entry already (a fault handler's).
    if (range.mapped > 0) done += static_cast<uint64_t>(range.mapped);
    if (error == EEXIST) done += kPageBytes;
    if (error == EEXIST || error == EAGAIN) error = 0;
  }
  return error;
}

int RefillHoles(const Part& part) {
  uint64_t pfn = g_hole.Next(part.begin, part.end, true);
  while (pfn < part.end) {
    uint64_t stop = g_hole.Next(pfn, part.end, false);
    if (int error = Refill(pfn, stop)) return error;
    pfn = g_hole.Next(stop, part.end, true);
  }
  return 0;
}

int FillHoles(uint64_t pfn, uint64_t end) {
  uint64_t first = BlockOf(pfn), last = BlockOf(end - 1);
  auto filled = [=](uint64_t block) {
    Part part(block, pfn, end);
    return g_hole.Count(part.begin, part.end);
  };
  auto becomes_whole = [&](uint64_t block) {
    return !Whole(block) && filled(block) == g_holes_in_block[block];
  };
  int error = ForEachRun(first, last + 1, becomes_whole, UnregisterBlocks);
  // Only the first and the last block can keep a hole.
  for (uint64_t block : {first, last})
    if (error == 0 && !Whole(block) && !becomes_whole(block))
      error = RefillHoles(Part(block, pfn, end));
  if (error != 0) return error;
  for (uint64_t block = first; block <= last; block++)
    g_holes_in_block[block] = static_cast<uint16_t>(g_holes_in_block[block] - filled(block));
  g_hole.Clear(pfn, end);
  return 0;
}

int Set(uint64_t pfn, uint64_t npages, bool valid) {
  int error = valid ? FillHoles(pfn, pfn + npages) : MakeHoles(pfn, pfn + npages);
  if (error == 0) return 0;
  SayHoleRefused(kUffdHoles, error);
  return -ENOMEM;
}

// The host has no entry of a present page: gives it one, unless it goes meanwhile.
BusError Repair(uint64_t pfn) {
  if (RawAdvise(reinterpret_cast<uint64_t>(HostAddress(pfn)), kPageBytes, MADV_POPULATE_WRITE) != 0)
    return BusError::HostOutOfMemory;
  uffdio_continue range = {};
  range.range = {DirectMapAddress(pfn), kPageBytes};
  if (Ask(UFFDIO_CONTINUE, &range) == ENOMEM) return BusError::HostOutOfMemory;
  if (!g_hole.Test(pfn)) return BusError::Retry;
  RawAdvise(DirectMapAddress(pfn), kPageBytes, MADV_DONTNEED);
  return BusError::Trap;
}

BusError ExplainBusError(uint64_t pfn) { return g_hole.Test(pfn) ? BusError::Trap : Repair(pfn); }

// A hole has no entry to lose, and pages of a whole block come back by ordinary faults. Of a
// part of a block nothing is known: its neighbours may change at this moment.
bool MayPunch(uint64_t pfn, uint64_t npages) {
  uint64_t end = pfn + npages;
  if (g_hole.Next(pfn, end, false) == end) return true;
  if (pfn % kPageblockPages != 0 || npages % kPageblockPages != 0) return false;
  for (uint64_t block = BlockOf(pfn); block <= BlockOf(end - 1); block++)
    if (!Whole(block)) return false;
  return true;
}

}  // namespace

const HoleMaker kUffdHoles = {
    .name = "uffd",
    .missing =
        "this host has no userfaultfd with minor faults on shared memory and SIGBUS (Linux 5.14 "
        "has, if nothing forbids the system call)",
    .probe = Probe,
    .start = Start,
    .set = Set,
    .bus_error = ExplainBusError,
    .may_punch = MayPunch,
};

}  // namespace flushdep
