// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/shootdown.h"

#include "runtime/machine/call.h"
#include "runtime/machine/wait.h"

namespace flushdep {
namespace {

void Acknowledge(uint32_t cpu, const flushdep_event_flush& flush, const Shootdown& shootdown) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_FLUSH_ACK, shootdown.call);
  event.cpu = static_cast<uint16_t>(cpu);
  event.thread = shootdown.thread;
  event.u.flush = flush;
  Emit(event);
}

// Entries of one mm, on a CPU that has it loaded: flush_tlb_func(). A range is enough if
// the CPU lacks this flush alone; one that is further behind drops all. One that is not
// behind has dropped them since, and does nothing.
void FlushLoaded(uint32_t index, const Shootdown& shootdown) {
  Cpu& cpu = g_machine.cpu[index];
  flushdep_event_flush flush = shootdown.flush;
  const bool batch = flush.eff_who == FLUSHDEP_CPUS_MASK;
  const uint64_t newest = cpu.loaded->tlb_gen.load(std::memory_order_seq_cst);
  if ((batch ? newest : flush.gen) <= cpu.loaded_gen) return;
  const bool only_this = flush.gen == cpu.loaded_gen + 1 && flush.gen == newest;
  if (batch || !only_this) flush.eff_what = FLUSHDEP_FLUSH_SPACE;
  if (batch) flush.mm = cpu.loaded->id;
  cpu.loaded_gen = newest;
  Acknowledge(index, flush, shootdown);
}

// A lazy CPU is asked if page tables go. It loads the kernel's mm, which is as cheap as a flush;
// what it holds is out of reach, as its generation is behind when it loads the mm again.
void FlushLazy(uint32_t index, const Shootdown& shootdown) {
  flushdep_event_flush flush = shootdown.flush;
  flush.eff_what = FLUSHDEP_FLUSH_SPACE;
  Acknowledge(index, flush, shootdown);
  LoadInitMm(index, shootdown.call.Internal(shootdown.call.reason));
}

// What the IPI's handler does on `index`, under that CPU's lock.
void Handle(uint32_t index, const Shootdown& shootdown) {
  const Cpu& cpu = g_machine.cpu[index];
  const flushdep_event_flush& flush = shootdown.flush;
  const bool batch = flush.eff_who == FLUSHDEP_CPUS_MASK;
  if (shootdown.mm == nullptr && !batch) return Acknowledge(index, flush, shootdown);
  if (cpu.loaded == nullptr || (!batch && cpu.loaded != shootdown.mm)) return;
  if (!cpu.lazy) return FlushLoaded(index, shootdown);
  if ((flush.flags & FLUSHDEP_FLUSH_TABLES) != 0) FlushLazy(index, shootdown);
}

}  // namespace

Shootdown& NewShootdown(const flushdep_event_flush& flush, Mm* mm, const Call& call) {
  Shootdown& shootdown = g_machine.cpu[t_thread.cpu].out;
  shootdown.flush = flush;
  shootdown.mm = mm;
  shootdown.call = call;
  shootdown.thread = t_thread.id;
  shootdown.unanswered.store(0, std::memory_order_relaxed);
  return shootdown;
}

void SendShootdown(uint32_t index, Shootdown& shootdown) {
  Cpu& cpu = g_machine.cpu[index];
  const uint32_t self = t_thread.cpu;
  if (index == self || !cpu.irqs_off) return Handle(index, shootdown);
  shootdown.unanswered.fetch_add(1, std::memory_order_relaxed);
  cpu.ipis[self / 64].fetch_or(1ull << (self % 64), std::memory_order_release);
}

void AwaitShootdown(Shootdown& shootdown) {
  if (shootdown.unanswered.load(std::memory_order_acquire) != 0)
    AwaitAnswers(&shootdown.unanswered, shootdown.call);
}

void TakeShootdowns(uint32_t index) {
  Cpu& cpu = g_machine.cpu[index];
  for (uint32_t word = 0; word < kMaxCpus / 64; word++) {
    uint64_t senders = cpu.ipis[word].load(std::memory_order_acquire);
    for (; senders != 0; senders &= senders - 1) {
      const uint32_t bit = static_cast<uint32_t>(__builtin_ctzll(senders));
      Shootdown& shootdown = g_machine.cpu[word * 64 + bit].out;
      Handle(index, shootdown);
      cpu.ipis[word].fetch_and(~(1ull << bit), std::memory_order_release);
      // The last answer lets the sender go on and use it again; only the word is touched from here
      // on.
      if (shootdown.unanswered.fetch_sub(1, std::memory_order_release) == 1)
        FutexWakeAll(&shootdown.unanswered);
    }
  }
}

bool ShootdownPending(uint32_t cpu) {
  for (const std::atomic<uint64_t>& word : g_machine.cpu[cpu].ipis)
    if (word.load(std::memory_order_acquire) != 0) return true;
  return false;
}

void ForgetShootdowns() {
  for (uint32_t i = 0; i < g_machine.cpus; i++)
    for (std::atomic<uint64_t>& word : g_machine.cpu[i].ipis) word.store(0);
}

}  // namespace flushdep
