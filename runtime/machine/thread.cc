// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/thread.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "checker/report/reporter.h"
#include "runtime/access/fault.h"
#include "runtime/machine/call.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/sync/state.h"

namespace flushdep {

constinit thread_local Thread t_thread = {};

namespace {

constinit pthread_key_t g_exit_key = 0;

void SetMm(Mm* mm, bool borrowed) {
  t_thread.mm = t_thread.record->mm = mm;
  t_thread.borrows_mm = t_thread.record->borrows_mm = borrowed;
}

void DropMm(const Call& call) {
  Mm* mm = t_thread.mm;
  const bool borrowed = t_thread.borrows_mm;
  SetMm(nullptr, false);
  if (mm == nullptr) return;
  if (borrowed)
    MmUnload(mm);
  else
    MmPut(mm, call);
}

// Thread exit: its CPU goes idle, keeping the mm loaded lazily, or to the next thread. What it left
// turned off is on again.
void DetachThread(void*) {
  if (!t_thread.attached) return;
  const Call call = {0, FLUSHDEP_WHY_IDLE, 0};
  Api::Enter(call);
  SwitchCpu(t_thread.cpu, nullptr, call);
  DropMm(call);
  ExitSyncThread(call);
  TellMigrateDepth(call);
  EmitThread(FLUSHDEP_EV_THREAD_EXIT, call);
  RemoveAltStack();
  t_thread.context = {};
  t_thread.creator = 0;
  RemoveThread(call);
}

}  // namespace

void EmitThread(uint16_t kind, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  if (kind == FLUSHDEP_EV_THREAD_START) event.u.thread.other = t_thread.creator;
  event.u.thread.os_tid = static_cast<uint32_t>(gettid());
  event.u.thread.mm = MmId(t_thread.mm);
  Emit(event);
}

void BootThreads() {
  if (pthread_key_create(&g_exit_key, DetachThread) != 0)
    Die(4, "cannot create a pthread key for the simulated machine; the process is out of keys");
}

void AttachThread(uint64_t site) {
  EnsureBooted();
  t_thread.mm = t_thread.starts_lazy ? nullptr : g_machine.first_mm;
  if (t_thread.mm != nullptr) MmGet(t_thread.mm);
  t_thread.context = {};
  t_thread.place.store(kOutside, std::memory_order_relaxed);
  AddThread();
  pthread_setspecific(g_exit_key, &t_thread);
  InstallAltStack();
  BecomeCurrent({site, FLUSHDEP_WHY_BOOT, 0});
}

void AttachOutside(uint64_t site) {
  AttachThread(site);
  Api::Leave();
}

void SwitchThreadMm(Mm* mm, const Call& call) {
  Thread& self = t_thread;
  if (mm == self.mm) return;
  if (mm != nullptr) MmGet(mm);
  SwitchCpu(self.cpu, mm, call);
  DropMm(call);
  SetMm(mm, false);
}

int BorrowMm(Mm* mm, const Call& call) {
  if (t_thread.mm != nullptr || mm->users.load() == 0) return -EINVAL;
  MmLoad(mm);
  SwitchCpu(t_thread.cpu, mm, call);
  SetMm(mm, true);
  return 0;
}

int ReturnMm(Mm* mm, const Call& call) {
  if (t_thread.mm != mm || !t_thread.borrows_mm) return -EINVAL;
  SwitchCpu(t_thread.cpu, nullptr, call);
  DropMm(call);
  return 0;
}

}  // namespace flushdep
