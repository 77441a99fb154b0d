// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep.h: CPUs, address spaces, flushes.
#include <errno.h>

#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/text.h"

using flushdep::Api;

namespace {

void RequireMm(const flushdep_mm* mm, const char* function) {
  if (mm != nullptr) return;
  flushdep::Text text;
  text << function << "() was called with a null mm";
  flushdep::Die(2, text.view());
}

// The mm that the calling thread's CPU has loaded; null: none.
flushdep_mm* LoadedHere() {
  flushdep::Cpu& cpu = flushdep::g_machine.cpu[flushdep::t_thread.cpu];
  flushdep::MutexLock lock(cpu.lock);
  return cpu.loaded;
}

}  // namespace

FLUSHDEP_API unsigned flushdep_cpu_count(void) {
  flushdep::EnsureBooted();
  return flushdep::g_machine.cpus;
}

FLUSHDEP_API unsigned flushdep_cpu_current(void) {
  flushdep::Thread& self = flushdep::Self(FLUSHDEP_SITE);
  // Who was moved in code of its own learns it here.
  if ((self.attention.load(std::memory_order_relaxed) & flushdep::kMoved) != 0)
    Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  return self.cpu;
}

FLUSHDEP_API unsigned flushdep_thread_current(void) { return flushdep::Self(FLUSHDEP_SITE).id; }

FLUSHDEP_API int flushdep_thread_cpu(unsigned thread) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::MutexLock lock(flushdep::g_machine.sched_lock);
  const flushdep::ThreadRecord* record = flushdep::FindThread(thread);
  return record != nullptr ? static_cast<int>(record->cpu) : -ESRCH;
}

FLUSHDEP_API int flushdep_thread_migrate(unsigned thread, unsigned cpu) {
  Api api(FLUSHDEP_WHY_MIGRATE, FLUSHDEP_SITE);
  return flushdep::MoveThread(thread, cpu, api.call);
}

FLUSHDEP_API int flushdep_cpu_migrate(unsigned cpu) {
  Api api(FLUSHDEP_WHY_MIGRATE, FLUSHDEP_SITE);
  return flushdep::MigrateThread(cpu, api.call);
}

FLUSHDEP_API int flushdep_cpu_offline(unsigned cpu) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  return flushdep::TakeCpuOffline(cpu, api.call);
}

FLUSHDEP_API int flushdep_cpu_online(unsigned cpu) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  return flushdep::BringCpuOnline(cpu, api.call);
}

FLUSHDEP_API bool flushdep_cpu_ipi_pending(unsigned cpu) {
  flushdep::EnsureBooted();
  return cpu < flushdep::g_machine.cpus && flushdep::ShootdownPending(cpu);
}

FLUSHDEP_API bool flushdep_cond_resched(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  if (!flushdep::InAtomic()) return flushdep::YieldCpu(api.call);
  flushdep::EmitWrongContext(flushdep::ContextReason(), FLUSHDEP_F_FAILED, api.call);
  return false;
}

FLUSHDEP_API void flushdep_preempt_disable(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::PreemptDisable(api.call);
}

FLUSHDEP_API void flushdep_preempt_enable(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::PreemptEnable(api.call);
}

FLUSHDEP_API int flushdep_preempt_count(void) {
  return flushdep::Self(FLUSHDEP_SITE).context.preempt;
}

FLUSHDEP_API void flushdep_migrate_disable(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::MigrateDisable(api.call);
}

FLUSHDEP_API void flushdep_migrate_enable(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::MigrateEnable(api.call);
}

FLUSHDEP_API int flushdep_migrate_count(void) {
  return flushdep::Self(FLUSHDEP_SITE).context.migrate;
}

FLUSHDEP_API unsigned long flushdep_irq_save(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  return flushdep::IrqSave(api.call) ? FLUSHDEP_IRQS_WERE_OFF : 0;
}

FLUSHDEP_API void flushdep_irq_restore(unsigned long flags) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::IrqRestore(flags == FLUSHDEP_IRQS_WERE_OFF, api.call);
}

FLUSHDEP_API void flushdep_bh_disable(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::BhDisable(api.call);
}

FLUSHDEP_API void flushdep_bh_enable(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::BhEnable(api.call);
}

FLUSHDEP_API void flushdep_softirq_enter(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::EnterInterrupt(FLUSHDEP_CTX_SOFTIRQ, api.call);
}

FLUSHDEP_API void flushdep_softirq_exit(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::LeaveInterrupt(FLUSHDEP_CTX_SOFTIRQ, api.call);
}

FLUSHDEP_API void flushdep_hardirq_enter(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::EnterInterrupt(FLUSHDEP_CTX_HARDIRQ, api.call);
}

FLUSHDEP_API void flushdep_hardirq_exit(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::LeaveInterrupt(FLUSHDEP_CTX_HARDIRQ, api.call);
}

FLUSHDEP_API void flushdep_nmi_enter(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::EnterInterrupt(FLUSHDEP_CTX_NMI, api.call);
}

FLUSHDEP_API void flushdep_nmi_exit(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::LeaveInterrupt(FLUSHDEP_CTX_NMI, api.call);
}

FLUSHDEP_API bool flushdep_in_task(void) {
  flushdep::Self(FLUSHDEP_SITE);
  return flushdep::InTask();
}

FLUSHDEP_API bool flushdep_in_atomic(void) {
  flushdep::Self(FLUSHDEP_SITE);
  return flushdep::InAtomic();
}

FLUSHDEP_API bool flushdep_irqs_off(void) {
  flushdep::Self(FLUSHDEP_SITE);
  return flushdep::IrqsOff();
}

FLUSHDEP_API bool flushdep_may_migrate(void) {
  flushdep::Self(FLUSHDEP_SITE);
  return flushdep::MayMigrate();
}

FLUSHDEP_API int flushdep_context_depth(unsigned context) {
  flushdep::Self(FLUSHDEP_SITE);
  return flushdep::ContextDepth(context);
}

FLUSHDEP_API flushdep_mm* flushdep_mm_create(void) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  return flushdep::MmCreate(api.call);
}

FLUSHDEP_API void flushdep_mm_get(flushdep_mm* mm) {
  RequireMm(mm, "flushdep_mm_get");
  flushdep::MmGet(mm);
}

FLUSHDEP_API void flushdep_mm_put(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_mm_put");
  flushdep::MmPut(mm, api.call);
}

FLUSHDEP_API uint32_t flushdep_mm_id(const flushdep_mm* mm) { return flushdep::MmId(mm); }

FLUSHDEP_API flushdep_mm* flushdep_mm_current(void) { return flushdep::Self(FLUSHDEP_SITE).mm; }

FLUSHDEP_API bool flushdep_mm_loaded(const flushdep_mm* mm, unsigned cpu) {
  flushdep::EnsureBooted();
  if (mm == nullptr || cpu >= flushdep::g_machine.cpus) return false;
  flushdep::Cpu& state = flushdep::g_machine.cpu[cpu];
  flushdep::MutexLock lock(state.lock);
  return state.loaded == mm;
}

FLUSHDEP_API void flushdep_mm_switch(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_SWITCH_MM, FLUSHDEP_SITE);
  flushdep::SwitchThreadMm(mm, api.call);
}

FLUSHDEP_API int flushdep_kthread_use_mm(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_SWITCH_MM, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_kthread_use_mm");
  return flushdep::BorrowMm(mm, api.call);
}

FLUSHDEP_API int flushdep_kthread_unuse_mm(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_SWITCH_MM, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_kthread_unuse_mm");
  return flushdep::ReturnMm(mm, api.call);
}

FLUSHDEP_API void flushdep_flush_all(void) {
  Api api(FLUSHDEP_WHY_FLUSH_ALL, FLUSHDEP_SITE);
  flushdep::FlushAll(api.call);
}

FLUSHDEP_API void flushdep_flush_local(void) {
  Api api(FLUSHDEP_WHY_FLUSH_LOCAL, FLUSHDEP_SITE);
  flushdep::FlushLocal(api.call);
}

FLUSHDEP_API void flushdep_flush_local_mm(void) {
  Api api(FLUSHDEP_WHY_FLUSH_LOCAL, FLUSHDEP_SITE);
  if (flushdep_mm* mm = LoadedHere()) flushdep::FlushLocalMm(mm, api.call);
}

FLUSHDEP_API void flushdep_flush_local_page(uintptr_t addr) {
  Api api(FLUSHDEP_WHY_FLUSH_LOCAL, FLUSHDEP_SITE);
  if (flushdep_mm* mm = LoadedHere()) flushdep::FlushLocalPage(mm, addr, api.call);
}

FLUSHDEP_API void flushdep_flush_mm(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_FLUSH_MM, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_flush_mm");
  flushdep::FlushMm(mm, api.call);
}

FLUSHDEP_API void flushdep_flush_mm_range(flushdep_mm* mm, uintptr_t start, uintptr_t end) {
  Api api(FLUSHDEP_WHY_FLUSH_RANGE, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_flush_mm_range");
  flushdep::FlushMmRange(mm, start, end, false, api.call);
}

FLUSHDEP_API void flushdep_flush_mm_range_tables(flushdep_mm* mm, uintptr_t start, uintptr_t end) {
  Api api(FLUSHDEP_WHY_FLUSH_RANGE, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_flush_mm_range_tables");
  flushdep::FlushMmRange(mm, start, end, true, api.call);
}

FLUSHDEP_API void flushdep_flush_page(flushdep_mm* mm, uintptr_t addr) {
  Api api(FLUSHDEP_WHY_FLUSH_RANGE, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_flush_page");
  const uintptr_t page = addr & ~(FLUSHDEP_PAGE_BYTES - 1);
  flushdep::FlushMmRange(mm, page, page + FLUSHDEP_PAGE_BYTES, false, api.call);
}

FLUSHDEP_API void flushdep_flush_batch_add(struct flushdep_tlb_batch* batch, flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_FLUSH_BATCH, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_flush_batch_add");
  flushdep::AddToBatch(batch, mm, api.call);
}

FLUSHDEP_API void flushdep_flush_batch(struct flushdep_tlb_batch* batch) {
  Api api(FLUSHDEP_WHY_FLUSH_BATCH, FLUSHDEP_SITE);
  flushdep::FlushBatch(batch, api.call);
}

FLUSHDEP_API void flushdep_flush_kernel_range(uintptr_t start, uintptr_t end) {
  Api api(FLUSHDEP_WHY_FLUSH_KERNEL, FLUSHDEP_SITE);
  flushdep::FlushKernelRange(start, end, api.call);
}

FLUSHDEP_API uint64_t flushdep_report_count(void) { return flushdep::ReportCount(); }
FLUSHDEP_API uint64_t flushdep_failure_count(void) { return flushdep::FailureCount(); }

FLUSHDEP_API void flushdep_fatal(const char* message) {
  flushdep::Die(4, message != nullptr ? message : "flushdep_fatal() without a message");
}
