// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep.h: CPUs, address spaces, flushes.
#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/text.h"

using flushdep::Api;

namespace {

void RequireMm(const flushdep_mm* mm, const char* function) {
  if (mm != nullptr) return;
  flushdep::Text text;
  text << function << "() was called with a null mm";
  flushdep::Die(2, text.view());
}

}  // namespace

FLUSHDEP_API unsigned flushdep_cpu_count(void) {
  flushdep::EnsureBooted();
  return flushdep::g_machine.cpus;
}

FLUSHDEP_API unsigned flushdep_cpu_current(void) { return flushdep::Self(FLUSHDEP_SITE).cpu; }

FLUSHDEP_API int flushdep_cpu_migrate(unsigned cpu) {
  Api api(FLUSHDEP_WHY_MIGRATE, FLUSHDEP_SITE);
  return flushdep::MigrateThread(cpu, api.call);
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

FLUSHDEP_API void flushdep_mm_switch(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_SWITCH_MM, FLUSHDEP_SITE);
  flushdep::SwitchThreadMm(mm, api.call);
}

FLUSHDEP_API void flushdep_flush_all(void) {
  Api api(FLUSHDEP_WHY_FLUSH_ALL, FLUSHDEP_SITE);
  flushdep::FlushAll(api.call);
}

FLUSHDEP_API void flushdep_flush_local(void) {
  Api api(FLUSHDEP_WHY_FLUSH_LOCAL, FLUSHDEP_SITE);
  flushdep::FlushLocal(api.call);
}

FLUSHDEP_API void flushdep_flush_mm(flushdep_mm* mm) {
  Api api(FLUSHDEP_WHY_FLUSH_MM, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_flush_mm");
  flushdep::FlushMm(mm, api.call);
}

FLUSHDEP_API void flushdep_flush_mm_range(flushdep_mm* mm, uintptr_t start, uintptr_t end) {
  Api api(FLUSHDEP_WHY_FLUSH_RANGE, FLUSHDEP_SITE);
  RequireMm(mm, "flushdep_flush_mm_range");
  flushdep::FlushMmRange(mm, start, end, api.call);
}

FLUSHDEP_API void flushdep_flush_kernel_range(uintptr_t start, uintptr_t end) {
  Api api(FLUSHDEP_WHY_FLUSH_KERNEL, FLUSHDEP_SITE);
  flushdep::FlushKernelRange(start, end, api.call);
}

FLUSHDEP_API uint64_t flushdep_report_count(void) { return flushdep::ReportCount(); }

FLUSHDEP_API void flushdep_fatal(const char* message) {
  flushdep::Die(4, message != nullptr ? message : "flushdep_fatal() without a message");
}
