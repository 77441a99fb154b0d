// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The start of the machine: before main() and before other constructors, or at the
// first call if that comes from an even earlier one.
#include <time.h>
#include <unistd.h>

#include "checker/model/options.h"
#include "checker/report/reporter.h"
#include "runtime/access/access.h"
#include "runtime/access/fault.h"
#include "runtime/machine/call.h"
#include "runtime/machine/inject.h"
#include "runtime/machine/layout.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/text.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/direct_map.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_table.h"
#include "runtime/mermap/mermap.h"

namespace flushdep {
namespace {

constexpr Call kBootCall = {0, FLUSHDEP_WHY_BOOT, 0};

void CheckOptions(const Options& options) {
  if (options.cpus == 0 || options.cpus > kMaxCpus) {
    Text text;
    text << "cpus=" << options.cpus << " is not possible: the machine has 1 to " << kMaxCpus;
    Die(2, text.view());
  }
  if (options.mem < kMinMemory || options.mem > kMaxMemory) {
    Text text;
    text << "mem=" << options.mem << " is not possible: the machine has " << (kMinMemory >> 20)
         << "M to " << (kMaxMemory >> 30) << "G of memory";
    Die(2, text.view());
  }
}

uint64_t BootId() {
  timespec now = {};
  clock_gettime(CLOCK_REALTIME, &now);
  return (static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec)) ^
         (static_cast<uint64_t>(getpid()) << 40);
}

void EmitMachine(const Options& options, uint64_t pfns) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_MACHINE, kBootCall);
  event.u.machine.version = FLUSHDEP_EVENTS_VERSION;
  event.u.machine.event_size = FLUSHDEP_EVENT_SIZE;
  event.u.machine.cpus = g_machine.cpus;
  event.u.machine.knobs = FlagIf(options.pcid, FLUSHDEP_KNOB_PCID) |
                          FlagIf(options.pti, FLUSHDEP_KNOB_PTI) |
                          FlagIf(options.broadcast, FLUSHDEP_KNOB_BROADCAST);
  event.u.machine.pfns = pfns;
  event.u.machine.boot_id = BootId();
  event.u.machine.asids = 6;
  event.u.machine.flush_ceiling = kFlushCeilingPages;
  event.u.machine.pageblock_order = kPageblockOrder;
  Emit(event);
}

void EmitDirectMap(uint64_t pfns) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_REGION, kBootCall);
  event.u.region.start = kDirectMapStart;
  event.u.region.end = DirectMapAddress(pfns);
  event.u.region.mm = FLUSHDEP_SPACE_KERNEL;
  event.u.region.type = FLUSHDEP_REGION_DIRECT_MAP;
  event.u.region.policy = FLUSHDEP_POLICY_STRICT;
  Emit(event);
}

void EmitCpus() {
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) {
    flushdep_event event = NewEvent(FLUSHDEP_EV_CPU_ONLINE, kBootCall);
    event.cpu = static_cast<uint16_t>(cpu);
    Emit(event);
  }
}

__attribute__((constructor(101))) void BootBeforeMain() { EnsureBooted(); }

}  // namespace

void Boot() {
  MutexLock lock(g_machine.boot_lock);
  if (g_machine.booted.load()) return;
  FLUSHDEP_EVENTS_HANDSHAKE();
  const Options& options = GetOptions();
  CheckOptions(options);
  uint64_t pfns = (options.mem / (kPageblockPages * kPageBytes)) * kPageblockPages;
  g_machine.cpus = options.cpus;
  g_machine.broadcast = options.broadcast;
  g_tells_uses = options.strength == Strength::Accessed;
  BootBackend(options.backend, pfns);
  BootDirectMap(pfns);
  BootPageAllocator(pfns);
  BootPageTables();
  BootMermap();
  BootThreads();
  BootSched(options.seed);
  BootFork();
  BootInjection();
  BootFaultHandler();
  EmitMachine(options, pfns);
  EmitDirectMap(pfns);
  EmitCpus();
  g_machine.first_mm = MmCreate(kBootCall);
  g_machine.booted.store(true, std::memory_order_release);
}

}  // namespace flushdep
