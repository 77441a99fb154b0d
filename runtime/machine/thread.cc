// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/thread.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "checker/report/reporter.h"
#include "runtime/access/fault.h"
#include "runtime/machine/call.h"
#include "runtime/machine/text.h"

namespace flushdep {

constinit thread_local Thread t_thread = {};

namespace {

constinit pthread_key_t g_exit_key = 0;
constinit std::atomic<uint32_t> g_last_thread_id{0};

void EmitThread(uint16_t kind, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.thread.os_tid = static_cast<uint32_t>(gettid());
  event.u.thread.mm = MmId(t_thread.mm);
  Emit(event);
}

[[noreturn]] void DieOutOfCpus() {
  Text text;
  text << "more threads use the simulated machine than it has CPUs: cpus=" << g_machine.cpus
       << " are taken; run with FLUSHDEP_OPTIONS=cpus=N, N up to " << kMaxCpus;
  Die(2, text.view());
}

// Under the attach lock.
uint32_t LowestFreeCpu() {
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++)
    if (g_machine.cpu[cpu].thread == 0) return cpu;
  DieOutOfCpus();
}

// Thread exit: its CPU goes idle, keeping the mm loaded lazily.
void DetachThread(void*) {
  Thread& self = t_thread;
  if (!self.attached) return;
  Api::Enter();
  const Call call = {0, FLUSHDEP_WHY_IDLE, 0};
  Mm* mm = self.mm;
  SwitchCpu(self.cpu, nullptr, call);
  self.mm = nullptr;
  if (mm != nullptr) MmPut(mm, call);
  EmitThread(FLUSHDEP_EV_THREAD_EXIT, call);
  RemoveAltStack();
  MutexLock lock(g_machine.attach_lock);
  Cpu& cpu = g_machine.cpu[self.cpu];
  cpu.thread = 0;
  cpu.thread_mm = nullptr;
  self.attached = false;
  cpu.busy.store(false);
}

}  // namespace

void BootThreads() {
  if (pthread_key_create(&g_exit_key, DetachThread) != 0)
    Die(4, "cannot create a pthread key for the simulated machine; the process is out of keys");
}

void AttachThread(uint64_t site) {
  EnsureBooted();
  if (t_thread.attached) return;
  const Call call = {site, FLUSHDEP_WHY_BOOT, 0};
  Thread& self = t_thread;
  MmGet(g_machine.first_mm);
  MutexLock lock(g_machine.attach_lock);
  uint32_t cpu = LowestFreeCpu();
  self.id = g_last_thread_id.fetch_add(1, std::memory_order_relaxed) + 1;
  self.cpu = cpu;
  self.mm = g_machine.first_mm;
  self.context = {};
  self.attached = true;
  g_machine.cpu[cpu].thread = self.id;
  g_machine.cpu[cpu].thread_mm = self.mm;
  pthread_setspecific(g_exit_key, &self);
  InstallAltStack();
  EmitThread(FLUSHDEP_EV_THREAD_START, call);
  EmitThread(FLUSHDEP_EV_THREAD_ON_CPU, call);
  SwitchCpu(cpu, self.mm, call);
}

int MigrateThread(uint32_t to, const Call& call) {
  Thread& self = t_thread;
  uint32_t from = self.cpu;
  if (to >= g_machine.cpus) return -EINVAL;
  if (!MayMigrate()) return -EPERM;
  if (to == from) return 0;
  {
    MutexLock lock(g_machine.attach_lock);
    if (g_machine.cpu[to].thread != 0) return -EBUSY;
    g_machine.cpu[to].thread = self.id;
    g_machine.cpu[to].thread_mm = self.mm;
    g_machine.cpu[to].busy.store(true);
  }
  SwitchCpu(from, nullptr, {call.site, FLUSHDEP_WHY_IDLE, FLUSHDEP_F_INTERNAL});
  self.cpu = to;
  EmitThread(FLUSHDEP_EV_THREAD_ON_CPU, call);
  SwitchCpu(to, self.mm, call);
  MutexLock lock(g_machine.attach_lock);
  g_machine.cpu[from].thread = 0;
  g_machine.cpu[from].thread_mm = nullptr;
  g_machine.cpu[from].busy.store(false);
  return 0;
}

void SwitchThreadMm(Mm* mm, const Call& call) {
  Thread& self = t_thread;
  Mm* old = self.mm;
  if (mm == old) return;
  if (mm != nullptr) MmGet(mm);
  SwitchCpu(self.cpu, mm, call);
  self.mm = mm;
  {
    MutexLock lock(g_machine.attach_lock);
    g_machine.cpu[self.cpu].thread_mm = mm;
  }
  if (old != nullptr) MmPut(old, call);
}

}  // namespace flushdep
