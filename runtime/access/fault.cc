// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/access/fault.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "checker/live/own_code.h"
#include "checker/report/reporter.h"
#include "runtime/access/access.h"
#include "runtime/access/oops.h"
#include "runtime/machine/call.h"
#include "runtime/machine/layout.h"
#include "runtime/machine/text.h"
#include "runtime/memory/backend.h"

#if !defined(__x86_64__)
#error "the fault handler knows x86-64 only"
#endif

namespace flushdep {
namespace {

struct sigaction g_old_segv;
struct sigaction g_old_bus;

// The handler is at work; a fault now is its own.
constinit thread_local bool t_in_handler = false;

constexpr uint64_t kErrorWrite = 1u << 1;
constexpr uint64_t kErrorFetch = 1u << 4;
constexpr uint64_t kDirectionFlag = 1u << 10;
constexpr uint64_t kRedZone = 128;

uint64_t Register(const ucontext_t* context, int which) {
  return static_cast<uint64_t>(context->uc_mcontext.gregs[which]);
}

void SetRegister(ucontext_t* context, int which, uint64_t value) {
  context->uc_mcontext.gregs[which] = static_cast<greg_t>(value);
}

uint64_t DirectMapPfn(uint64_t va) {
  uint64_t pfn = (va - kDirectMapStart) >> kPageShift;
  return pfn < g_direct_map.pfns ? pfn : FLUSHDEP_NO_PFN;
}

const char* TrapName(uint64_t error) {
  if ((error & kErrorFetch) != 0) return "jump to";
  return (error & kErrorWrite) != 0 ? "store to" : "load from";
}

void NoteTrap(uint64_t va, const ucontext_t* context) {
  t_trap = {va, Register(context, REG_RIP), TrapName(Register(context, REG_ERR)), ReportCount()};
}

void EmitTrap(uint64_t va, ucontext_t* context) {
  uint64_t error = Register(context, REG_ERR);
  NoteTrap(va, context);
  flushdep_event event = NewEvent(FLUSHDEP_EV_ACCESS, {Register(context, REG_RIP), 0, 0});
  event.flags = FLUSHDEP_F_TRAPPED | FLUSHDEP_F_SIGNAL;
  event.u.access.va = va;
  event.u.access.pfn = DirectMapPfn(va);
  event.u.access.mm = MmId(t_thread.mm);
  event.u.access.flags = FlagIf((error & kErrorWrite) != 0, FLUSHDEP_ACCESS_WRITE) |
                         FlagIf((error & kErrorFetch) != 0, FLUSHDEP_ACCESS_EXEC);
  event.u.access.frame = Register(context, REG_RBP);
  event.u.access.ucontext = reinterpret_cast<uint64_t>(context);
  Emit(event);
}

// When the handler returns, the thread calls OopsTrampoline() as if the faulting
// instruction were a call: frame pointer kept, its address as return address.
void ContinueInTrampoline(ucontext_t* context) {
  uint64_t stack = (Register(context, REG_RSP) - kRedZone) & ~15ull;
  stack -= sizeof(uint64_t);
  *reinterpret_cast<uint64_t*>(stack) = Register(context, REG_RIP);
  SetRegister(context, REG_RSP, stack);
  SetRegister(context, REG_RIP, reinterpret_cast<uint64_t>(&OopsTrampoline));
  SetRegister(context, REG_EFL, Register(context, REG_EFL) & ~kDirectionFlag);
}

void WriteCheckerCrash(int signo, uint64_t va, const ucontext_t* context) {
  Text text;
  text << "flushdep: internal error: the checker itself crashed (signal "
       << static_cast<uint64_t>(signo) << ", address ";
  text.Hex(va) << ", pc ";
  text.Hex(Register(context, REG_RIP))
      << "). This is a bug in flushdep, not in your program; please report it. Reports made so far "
         "follow. To go on meanwhile, do with less: "
         "FLUSHDEP_OPTIONS=inference=0:stacks=0:symbolize=0\n";
  ssize_t ignored = write(STDERR_FILENO, text.view().data(), text.view().size());
  static_cast<void>(ignored);
}

// A stack that ends where the checker needs some of it.
bool IsStackOverflow(uint64_t va, const ucontext_t* context) {
  const uint64_t stack = Register(context, REG_RSP);
  return va < stack + kPageBytes && stack < va + (64u << 10);
}

void WriteStackOverflow(const ucontext_t* context) {
  Text text;
  text << "flushdep: the thread's stack is too small for the checker (stack pointer ";
  text.Hex(Register(context, REG_RSP))
      << "): give threads that use the simulated machine 32 KiB more. Reports made so far follow\n";
  ssize_t ignored = write(STDERR_FILENO, text.view().data(), text.view().size());
  static_cast<void>(ignored);
}

// Our code, but not the checker: what it was given is most likely wrong.
void WriteMachineCrash(int signo, uint64_t va, const ucontext_t* context) {
  Text text;
  text << "flushdep: a call of the simulated machine crashed (signal "
       << static_cast<uint64_t>(signo) << ", address ";
  text.Hex(va) << ", pc ";
  text.Hex(Register(context, REG_RIP)) << "). Was it given a pointer that is no mm or mapping, or "
                                          "is one that ended? If not, this is "
                                          "a bug in flushdep; please report it\n";
  ssize_t ignored = write(STDERR_FILENO, text.view().data(), text.view().size());
  static_cast<void>(ignored);
}

// The page is mapped, but the host cannot give it any memory.
void WriteHostOutOfMemory() {
  Text text;
  text << "flushdep: the host has no memory left for a page of the simulated machine; free some or "
          "lower FLUSHDEP_OPTIONS=mem=\n";
  ssize_t ignored = write(STDERR_FILENO, text.view().data(), text.view().size());
  static_cast<void>(ignored);
}

// A fault repeats when the handler returns; a signal that was sent has to be sent again.
void DieByDefault(int signo, const siginfo_t* info) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigaction(signo, &action, nullptr);
  if (info->si_code <= 0) syscall(SYS_tgkill, long{getpid()}, long{gettid()}, long{signo});
}

// The mask that the kernel would have set for that handler; returning from
// ours takes it back.
void BlockFor(const struct sigaction& action, int signo) {
  sigset_t mask = action.sa_mask;
  if ((action.sa_flags & SA_NODEFER) == 0) sigaddset(&mask, signo);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
}

void Chain(int signo, siginfo_t* info, void* context) {
  const struct sigaction& old = signo == SIGSEGV ? g_old_segv : g_old_bus;
  if ((old.sa_flags & SA_SIGINFO) != 0) {
    BlockFor(old, signo);
    return old.sa_sigaction(signo, info, context);
  }
  if (old.sa_handler == SIG_IGN && info->si_code <= 0) return;
  if (old.sa_handler == SIG_DFL || old.sa_handler == SIG_IGN) return DieByDefault(signo, info);
  BlockFor(old, signo);
  old.sa_handler(signo);
}

void HandleTrap(int signo, uint64_t va, ucontext_t* context) {
  EmitTrap(va, context);
  // Without a stack of its own the thread cannot go on anywhere.
  if (!InWindow(Register(context, REG_RSP))) return ContinueInTrampoline(context);
  DrainReportsRaw();
  signal(signo, SIG_DFL);
}

// Retries at one address without another between, after which something is wrong for good.
constexpr uint32_t kMaxRetries = 100000;
constinit thread_local uint64_t t_retried = 0;
constinit thread_local uint32_t t_retries = 0;

bool MayRetry(uint64_t va) {
  if (va != t_retried) t_retries = 0;
  t_retried = va;
  return ++t_retries <= kMaxRetries;
}

// Some hosts trap by SIGBUS (holes=uffd), which otherwise says that they are out of memory.
void HandleBusError(uint64_t va, siginfo_t* info, ucontext_t* context) {
  const uint64_t pfn = DirectMapPfn(va);
  const BusError error =
      pfn != FLUSHDEP_NO_PFN ? GetBackend().bus_error(pfn) : BusError::HostOutOfMemory;
  if (error == BusError::Retry && MayRetry(va)) return;
  if (error == BusError::Trap) return HandleTrap(SIGBUS, va, context);
  WriteHostOutOfMemory();
  DrainReportsRaw();
  DieByDefault(SIGBUS, info);
}

// Of a null pointer, say: a thread with an oops handler goes on there, as a kernel's would,
// unless somebody else handles it, or it was inside of us or has no stack to go on.
bool IsOopsOfTheProgram(int signo, const siginfo_t* info, uint64_t va, const ucontext_t* context) {
  return signo == SIGSEGV && info->si_code > 0 && t_thread.attached && t_thread.oops != nullptr &&
         (g_old_segv.sa_flags & SA_SIGINFO) == 0 && g_old_segv.sa_handler == SIG_DFL &&
         t_thread.place.load(std::memory_order_relaxed) == kOutside &&
         !InOurCode(Register(context, REG_RIP)) && !IsStackOverflow(va, context);
}

void NoteOops(const siginfo_t* info, uint64_t va, const ucontext_t* context) {
  NoteTrap(info->si_code == SI_KERNEL ? kNoAddress : va, context);
  // A jump to where no code is has only its caller for a place.
  if (t_trap.pc == va) t_trap.pc = *reinterpret_cast<uint64_t*>(Register(context, REG_RSP)) - 1;
}

void HandleFault(int signo, siginfo_t* info, void* raw_context) {
  int saved_errno = errno;
  auto* context = static_cast<ucontext_t*>(raw_context);
  // A signal that somebody sent has no address.
  uint64_t va = info->si_code > 0 ? reinterpret_cast<uint64_t>(info->si_addr) : 0;
  if (info->si_code > 0 && (t_in_handler || InsideChecker())) {
    // First of all, so that a third fault ends the process.
    DieByDefault(signo, info);
    if (IsStackOverflow(va, context))
      WriteStackOverflow(context);
    else
      WriteCheckerCrash(signo, va, context);
    DrainReportsRaw();
    return;
  }
  t_in_handler = true;
  if (InWindow(va) && signo == SIGSEGV) {
    HandleTrap(signo, va, context);
  } else if (InWindow(va) || (InHostMemory(va) && signo == SIGBUS)) {
    HandleBusError(va, info, context);
  } else if (IsOopsOfTheProgram(signo, info, va, context)) {
    NoteOops(info, va, context);
    ContinueInTrampoline(context);
  } else {
    if (info->si_code > 0 && InOurCode(Register(context, REG_RIP)))
      WriteMachineCrash(signo, va, context);
    DrainReportsRaw();
    t_in_handler = false;  // the program's own may leave by siglongjmp()
    Chain(signo, info, raw_context);
  }
  t_in_handler = false;
  errno = saved_errno;
}

}  // namespace

void BootFaultHandler() {
  struct sigaction action = {};
  action.sa_sigaction = HandleFault;
  // Not blocked meanwhile: the kernel ends a process without a word if a handler
  // faults while its signal is blocked.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGSEGV, &action, &g_old_segv) != 0 || sigaction(SIGBUS, &action, &g_old_bus) != 0)
    Die(4, "cannot install the fault handler of the simulated machine");
}

void InstallAltStack() {
  void* memory = mmap(nullptr, kAltStackBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) Die(4, "the host has no memory for a thread's signal stack");
  stack_t stack = {};
  stack.ss_sp = memory;
  stack.ss_size = kAltStackBytes;
  if (sigaltstack(&stack, &t_thread.old_alt_stack) != 0) {
    // The thread runs on its alternate stack right now; then that one has to do.
    munmap(memory, kAltStackBytes);
    memory = nullptr;
  }
  t_thread.alt_stack = memory;
}

void RemoveAltStack() {
  if (t_thread.alt_stack == nullptr) return;
  stack_t now = {};
  sigaltstack(nullptr, &now);
  if (now.ss_sp == t_thread.alt_stack) sigaltstack(&t_thread.old_alt_stack, nullptr);
  munmap(t_thread.alt_stack, kAltStackBytes);
  t_thread.alt_stack = nullptr;
}

}  // namespace flushdep
