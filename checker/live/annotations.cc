// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/live/annotations.h"

#include "checker/event/annotations.h"
#include "checker/live/live.h"
#include "checker/live/unwind.h"
#include "checker/model/stack_depot.h"

#define FLUSHDEP_EXPORT extern "C" __attribute__((visibility("default"), noinline))
#define FLUSHDEP_SITE reinterpret_cast<uint64_t>(__builtin_return_address(0))

// Functions marked FLUSHDEP_WRAPPER; absent in a program without any.
extern "C" {
extern const char __start_flushdep_wrappers[] __attribute__((weak, visibility("hidden")));
extern const char __stop_flushdep_wrappers[] __attribute__((weak, visibility("hidden")));
}

namespace flushdep {
namespace {

constexpr int kMaxNested = 8;  // class scopes; deeper ones count as the last

struct ClassScopes {
  struct {
    uint64_t key;
    uint32_t subclass;
  } scope[kMaxNested];  // t_class_scopes of them
};
constinit thread_local ClassScopes scopes __attribute__((tls_model("initial-exec"))) = {};
constinit thread_local int unchecked __attribute__((tls_model("initial-exec"))) = 0;

flushdep_event FromHere(uint16_t kind, uint64_t site) {
  flushdep_event event = {};
  event.kind = kind;
  event.site = site;
  event.cpu = LastSeen().cpu;
  event.thread = LastSeen().thread;
  event.reason = FLUSHDEP_WHY_USER;
  return event;
}

}  // namespace

WrapperCode LinkedWrappers() {
  return {reinterpret_cast<uint64_t>(__start_flushdep_wrappers),
          reinterpret_cast<uint64_t>(__stop_flushdep_wrappers)};
}

bool HasAllocationClass() { return t_class_scopes != 0; }

void AddAllocationClass(flushdep_event* event) {
  if (t_class_scopes == 0 || event->u.page.class_key != 0) return;
  const int top = t_class_scopes < kMaxNested ? t_class_scopes : kMaxNested;
  event->u.page.class_key = scopes.scope[top - 1].key;
  event->u.page.subclass = scopes.scope[top - 1].subclass;
  event->u.page.flags |= FLUSHDEP_PAGE_USER_KEY;
}

uint64_t ClassSite(const flushdep_event& event) {
  const WrapperCode wrappers = LinkedWrappers();
  if (!wrappers.Has(event.site)) return event.site;
  uint64_t pcs[kMaxFrames];
  const uint32_t size = CaptureFast(event.site, pcs, kMaxFrames);
  for (uint32_t i = 0; i < size; ++i)
    if (!wrappers.Has(pcs[i])) return pcs[i];
  return event.site;
}

}  // namespace flushdep

// Key 0 ends the innermost scope.
FLUSHDEP_EXPORT void __flushdep_annotate_class(unsigned long key, unsigned int subclass) {
  using namespace flushdep;
  if (key == 0) {
    if (t_class_scopes > 0) --t_class_scopes;
    return;
  }
  const int at = t_class_scopes < kMaxNested ? t_class_scopes : kMaxNested - 1;
  scopes.scope[at] = {key, subclass};
  ++t_class_scopes;
}

FLUSHDEP_EXPORT void __flushdep_annotate_page(unsigned int kind, unsigned long pfn,
                                              unsigned long value) {
  using namespace flushdep;
  flushdep_event event = FromHere(FLUSHDEP_EV_ASSERT, FLUSHDEP_SITE);
  if (kind == FLUSHDEP_SAY_PASSES) {
    event.kind = FLUSHDEP_EV_REF_GET;
    event.u.ref.pfn = pfn;
    event.u.ref.holder = value;
    return flushdep_emit(&event);
  }
  event.u.page.pfn = pfn;
  event.u.page.npages = 1;
  if (kind == FLUSHDEP_SAY_HANDOVER) event.kind = FLUSHDEP_EV_DEBT_HANDOVER;
  if (kind == FLUSHDEP_SAY_CANCEL) event.kind = FLUSHDEP_EV_DEBT_CANCEL;
  if (kind == FLUSHDEP_SAY_HANDOVER) event.u.page.object = value;
  if (kind == FLUSHDEP_SAY_FLUSHED) event.u.page.user[0] = 1;
  if (kind == FLUSHDEP_SAY_NOT_MAPPED) event.u.page.user[0] = 2;
  flushdep_emit(&event);
}

FLUSHDEP_EXPORT void __flushdep_annotate_check(int delta) {
  using namespace flushdep;
  unchecked += delta;
  if (unchecked < 0) unchecked = 0;
  flushdep_event event = FromHere(FLUSHDEP_EV_CONTEXT, FLUSHDEP_SITE);
  event.u.context.what = FLUSHDEP_CTX_CHECKER_OFF;
  event.u.context.delta = delta;
  event.u.context.depth = unchecked;
  flushdep_emit(&event);
}
