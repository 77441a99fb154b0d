// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/access/oops.h"

#include <signal.h>
#include <unistd.h>

#include "checker/report/format.h"
#include "checker/report/reporter.h"
#include "runtime/access/access.h"
#include "runtime/machine/call.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"

namespace flushdep {

constinit thread_local Trap t_trap = {};

namespace {

// No rule covers a wild pointer, a store through a read-only mapping or a jump;
// whoever gets only "Segmentation fault" would look in the wrong place.
void SayUnreported() {
  if (ReportCount() != t_trap.findings_before) return;
  FixedText<1600> text;
  text.Add("flushdep: ");
  if (t_trap.va == kNoAddress)
    text.Add("access to an address that no pointer can hold (a wild or poisoned one)");
  else
    text.Add(t_trap.what).Add(" ").Address(t_trap.va);
  if (InWindow(t_trap.va))
    text.Add(
        ", an address of the simulated machine that no mapping gives this access to (a wild or "
        "read-only pointer)");
  else if (t_trap.va != kNoAddress)
    text.Add(", which is no address of the program's or the machine's (a null or wild pointer)");
  text.Add(", at pc ").Address(t_trap.pc);
  FixedText<1200> place;
  DescribePlace(t_trap.pc + 1, &place);  // as if it were a call, which returns behind itself
  if (!place.view().empty()) text.Add(" (").Add(place.view()).Add(")");
  // What reaches no mapping by itself may well have one.
  if (!GetBackend().real_mappings && InWindow(t_trap.va) && t_trap.va >= kMmStart)
    text.Add(
        "; with backend=model only instrumented code, flushdep_load() and the like reach "
        "mermap addresses");
  text.Add("\n");
  [[maybe_unused]] const ssize_t ignored =
      write(STDERR_FILENO, text.view().data(), text.view().size());
}

}  // namespace

void OopsTrampoline() {
  // The access may have been one of the machine's own (zeroing a page that its
  // owner took out of the direct map): that API call ends here.
  if (t_thread.attached) Api::Leave();
  DrainReports();
  SayUnreported();
  if (t_thread.attached && t_thread.oops != nullptr) {
    HaltIfAsked();
    t_thread.oops(t_thread.oops_arg);
    Die(4, "the handler given to flushdep_oops_set_handler() returned; it must not");
  }
  // No handler: the end that any segmentation fault has, for the shell and for a core file.
  signal(SIGSEGV, SIG_DFL);
  raise(SIGSEGV);
  _exit(128 + SIGSEGV);
}

}  // namespace flushdep

FLUSHDEP_API void flushdep_oops_set_handler(flushdep_oops_fn fn, void* arg) {
  flushdep::Thread& self = flushdep::Self(FLUSHDEP_SITE);
  self.oops = fn;
  self.oops_arg = arg;
}
