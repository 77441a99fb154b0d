// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/flush.h"

#include "runtime/machine/limits.h"

namespace flushdep {
namespace {

constinit std::atomic<uint64_t> g_last_flush_id{0};

flushdep_event_flush Request(uint8_t what, uint8_t who, Mm* mm) {
  flushdep_event_flush flush = {};
  flush.id = g_last_flush_id.fetch_add(1, std::memory_order_relaxed) + 1;
  flush.mm = MmId(mm);
  flush.req_what = flush.eff_what = what;
  flush.req_who = flush.eff_who = who;
  return flush;
}

void SetRange(flushdep_event_flush& flush, uint64_t start, uint64_t end, uint8_t promoted_to) {
  constexpr uint64_t kPageMask = ~(kPageBytes - 1);
  flush.start = start & kPageMask;
  // Rounded up, but TLB_FLUSH_ALL and the like stay at the top.
  flush.end = end > kPageMask ? kPageMask : (end + kPageBytes - 1) & kPageMask;
  if ((flush.end - flush.start) >> kPageShift > kFlushCeilingPages) {
    flush.eff_what = promoted_to;
    flush.flags |= FLUSHDEP_FLUSH_PROMOTED;
  }
}

void EmitFlush(uint16_t kind, const flushdep_event_flush& flush, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.flush = flush;
  Emit(event);
}

// The IPI: the initiator acts for the target under its lock.
void Acknowledge(uint32_t cpu, const flushdep_event_flush& flush, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_FLUSH_ACK, call);
  event.cpu = static_cast<uint16_t>(cpu);
  event.u.flush = flush;
  Emit(event);
}

void RunOnAll(const flushdep_event_flush& flush, const Call& call) {
  EmitFlush(FLUSHDEP_EV_FLUSH_ISSUE, flush, call);
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) {
    MutexLock lock(g_machine.cpu[cpu].lock);
    Acknowledge(cpu, flush, call);
  }
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
}

void RunLocal(const flushdep_event_flush& flush, const Call& call) {
  EmitFlush(FLUSHDEP_EV_FLUSH_ISSUE, flush, call);
  {
    MutexLock lock(g_machine.cpu[t_thread.cpu].lock);
    Acknowledge(t_thread.cpu, flush, call);
  }
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
}

// CPUs that do not have the mm loaded see the new tlb_gen when they load it;
// lazy ones when they stop being lazy. Neither gets an IPI.
void RunOnMm(Mm* mm, flushdep_event_flush& flush, const Call& call) {
  flush.eff_who = FLUSHDEP_CPUS_SPACE_BUSY;
  flush.flags |= FLUSHDEP_FLUSH_BUMPS_GEN;
  {
    MutexLock lock(mm->flush_lock);
    flush.gen = mm->tlb_gen.load(std::memory_order_relaxed) + 1;
    mm->tlb_gen.store(flush.gen, std::memory_order_seq_cst);
    EmitFlush(FLUSHDEP_EV_FLUSH_ISSUE, flush, call);
  }
  for (uint32_t i = 0; i < g_machine.cpus; i++) {
    Cpu& cpu = g_machine.cpu[i];
    MutexLock lock(cpu.lock);
    if (cpu.loaded == mm && !cpu.lazy) Acknowledge(i, flush, call);
  }
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
}

}  // namespace

void FlushAll(const Call& call) {
  RunOnAll(Request(FLUSHDEP_FLUSH_EVERYTHING, FLUSHDEP_CPUS_ALL, nullptr), call);
}

void FlushLocal(const Call& call) {
  RunLocal(Request(FLUSHDEP_FLUSH_EVERYTHING, FLUSHDEP_CPUS_LOCAL, nullptr), call);
}

void FlushLocalPage(Mm* mm, uint64_t va, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_SPACE_RANGE, FLUSHDEP_CPUS_LOCAL, mm);
  SetRange(flush, va, va + kPageBytes, FLUSHDEP_FLUSH_SPACE);
  RunLocal(flush, call);
}

void FlushMm(Mm* mm, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_SPACE, FLUSHDEP_CPUS_SPACE, mm);
  RunOnMm(mm, flush, call);
}

void FlushMmRange(Mm* mm, uint64_t start, uint64_t end, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_SPACE_RANGE, FLUSHDEP_CPUS_SPACE, mm);
  SetRange(flush, start, end, FLUSHDEP_FLUSH_SPACE);
  RunOnMm(mm, flush, call);
}

void FlushKernelRange(uint64_t start, uint64_t end, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_KERNEL_RANGE, FLUSHDEP_CPUS_ALL, nullptr);
  SetRange(flush, start, end, FLUSHDEP_FLUSH_EVERYTHING);
  RunOnAll(flush, call);
}

}  // namespace flushdep
