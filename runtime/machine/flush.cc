// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/flush.h"

#include "runtime/machine/context.h"
#include "runtime/machine/limits.h"

namespace flushdep {
namespace {

// Apart from what every call reads.
struct alignas(kApart) FlushIds {
  std::atomic<uint64_t> last{0};
};
constinit FlushIds g_flush_ids;

flushdep_event_flush Request(uint8_t what, uint8_t who, Mm* mm) {
  flushdep_event_flush flush = {};
  flush.id = g_flush_ids.last.fetch_add(1, std::memory_order_relaxed) + 1;
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

// An IPI needs interrupts on, here (who waits must be able to serve others) and no interrupt to
// have interrupted: smp_call_function_many_cond() warns otherwise.
void CheckContext(const Call& call) {
  if (g_machine.broadcast || (InTask() && !IrqsOff())) return;
  EmitWrongContext(ContextReason(), 0, call);
}

// The hardware reaches all CPUs by itself, whatever they run.
void Broadcast(flushdep_event_flush& flush, Mm* mm, const Call& call) {
  for (uint32_t i = 0; i < g_machine.cpus; i++) {
    Cpu& cpu = g_machine.cpu[i];
    MutexLock lock(cpu.lock);
    if (!cpu.online.load()) continue;
    if (mm != nullptr && cpu.loaded == mm && cpu.loaded_gen < flush.gen) cpu.loaded_gen = flush.gen;
    flushdep_event event = NewEvent(FLUSHDEP_EV_FLUSH_ACK, call);
    event.cpu = static_cast<uint16_t>(i);
    event.u.flush = flush;
    Emit(event);
  }
}

// Asks each CPU that is online and for which `wanted` holds, and waits for them.
template <typename Wanted>
void Ask(const flushdep_event_flush& flush, Mm* mm, const Call& call, Wanted wanted) {
  Shootdown& shootdown = NewShootdown(flush, mm, call);
  for (uint32_t i = 0; i < g_machine.cpus; i++) {
    Cpu& cpu = g_machine.cpu[i];
    MutexLock lock(cpu.lock);
    if (cpu.online.load() && wanted(i, cpu)) SendShootdown(i, shootdown);
  }
  AwaitShootdown(shootdown);
}

void RunOnAll(flushdep_event_flush flush, const Call& call) {
  CheckContext(call);
  if (g_machine.broadcast) flush.flags |= FLUSHDEP_FLUSH_BROADCAST;
  EmitFlush(FLUSHDEP_EV_FLUSH_ISSUE, flush, call);
  if (g_machine.broadcast)
    Broadcast(flush, nullptr, call);
  else
    Ask(flush, nullptr, call, [](uint32_t, const Cpu&) { return true; });
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
}

void RunLocal(const flushdep_event_flush& flush, const Call& call) {
  EmitFlush(FLUSHDEP_EV_FLUSH_ISSUE, flush, call);
  {
    MutexLock lock(g_machine.cpu[t_thread.cpu].lock);
    EmitFlush(FLUSHDEP_EV_FLUSH_ACK, flush, call);
  }
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
}

// The next generation of the mm. Its event comes before anyone can see it, and loads of the mm are
// ordered with both by the same lock.
void IssueWithNewGeneration(Mm* mm, flushdep_event_flush& flush, const Call& call) {
  flush.flags |= FLUSHDEP_FLUSH_BUMPS_GEN;
  MutexLock lock(mm->flush_lock);
  flush.gen = mm->tlb_gen.load(std::memory_order_relaxed) + 1;
  EmitFlush(FLUSHDEP_EV_FLUSH_ISSUE, flush, call);
  mm->tlb_gen.store(flush.gen, std::memory_order_seq_cst);
}

// CPUs that do not have the mm loaded see the new tlb_gen when they load it;
// lazy ones when they stop being lazy, and are asked only if page tables go.
void RunOnMm(Mm* mm, flushdep_event_flush& flush, const Call& call) {
  CheckContext(call);
  const bool tables = (flush.flags & FLUSHDEP_FLUSH_TABLES) != 0;
  flush.eff_who = tables ? FLUSHDEP_CPUS_SPACE : FLUSHDEP_CPUS_SPACE_BUSY;
  if (g_machine.broadcast) {
    flush.flags |= FLUSHDEP_FLUSH_BROADCAST;
    flush.eff_who = FLUSHDEP_CPUS_ALL;
  }
  IssueWithNewGeneration(mm, flush, call);
  if (g_machine.broadcast)
    Broadcast(flush, mm, call);
  else
    Ask(flush, mm, call, [mm, tables](uint32_t, const Cpu& cpu) {
      return cpu.loaded == mm && (tables || !cpu.lazy);
    });
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
}

void EmitTargets(uint64_t id, const uint64_t* cpus, const Call& call) {
  const uint32_t words = (g_machine.cpus + 63) / 64;
  for (uint32_t word = 0; word < words; word++) {
    flushdep_event event = NewEvent(FLUSHDEP_EV_FLUSH_TARGET, call);
    event.u.target.id = id;
    event.u.target.cpus = cpus[word];
    event.u.target.first_cpu = word * 64;
    event.u.target.last = word + 1 == words ? 1 : 0;
    Emit(event);
  }
}

bool InBatch(const flushdep_tlb_batch& batch, uint32_t cpu) {
  return ((batch.cpus[cpu / 64] >> (cpu % 64)) & 1) != 0;
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

void FlushLocalMm(Mm* mm, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_SPACE, FLUSHDEP_CPUS_LOCAL, mm);
  flush.flags |= FLUSHDEP_FLUSH_TABLES;
  RunLocal(flush, call);
}

void FlushMm(Mm* mm, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_SPACE, FLUSHDEP_CPUS_SPACE, mm);
  flush.flags |= FLUSHDEP_FLUSH_TABLES;
  RunOnMm(mm, flush, call);
}

void FlushMmRange(Mm* mm, uint64_t start, uint64_t end, bool freed_tables, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_SPACE_RANGE, FLUSHDEP_CPUS_SPACE, mm);
  SetRange(flush, start, end, FLUSHDEP_FLUSH_SPACE);
  flush.flags |= FlagIf(freed_tables, FLUSHDEP_FLUSH_TABLES);
  RunOnMm(mm, flush, call);
}

void FlushKernelRange(uint64_t start, uint64_t end, const Call& call) {
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_KERNEL_RANGE, FLUSHDEP_CPUS_ALL, nullptr);
  SetRange(flush, start, end, FLUSHDEP_FLUSH_EVERYTHING);
  RunOnAll(flush, call);
}

void AddToBatch(flushdep_tlb_batch* batch, Mm* mm, const Call& caller) {
  const Call call = caller.Internal(caller.reason);
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_SPACE, FLUSHDEP_CPUS_MASK, mm);
  IssueWithNewGeneration(mm, flush, call);
  const uint64_t nobody[kMaxCpus / 64] = {};
  EmitTargets(flush.id, nobody, call);
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
  // Whoever loads it from here on sees the new generation.
  for (uint32_t i = 0; i < g_machine.cpus; i++) {
    MutexLock lock(g_machine.cpu[i].lock);
    if (g_machine.cpu[i].loaded == mm) batch->cpus[i / 64] |= 1ull << (i % 64);
  }
}

void FlushBatch(flushdep_tlb_batch* batch, const Call& call) {
  CheckContext(call);
  flushdep_event_flush flush = Request(FLUSHDEP_FLUSH_NON_GLOBAL, FLUSHDEP_CPUS_MASK, nullptr);
  if (g_machine.broadcast) {
    flush.flags |= FLUSHDEP_FLUSH_BROADCAST;
    flush.eff_who = FLUSHDEP_CPUS_ALL;
  }
  EmitFlush(FLUSHDEP_EV_FLUSH_ISSUE, flush, call);
  EmitTargets(flush.id, batch->cpus, call);
  if (g_machine.broadcast)
    Broadcast(flush, nullptr, call);
  else
    Ask(flush, nullptr, call, [batch](uint32_t i, const Cpu& cpu) {
      return InBatch(*batch, i) && cpu.loaded != nullptr && !cpu.lazy;
    });
  EmitFlush(FLUSHDEP_EV_FLUSH_RETURN, flush, call);
  *batch = {};
}

}  // namespace flushdep
