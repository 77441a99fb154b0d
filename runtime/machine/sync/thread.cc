// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sync/thread.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "checker/report/reporter.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/sync/describe.h"
#include "runtime/machine/sync/wait.h"

namespace flushdep {
namespace {

enum State : uint32_t { kPrepared = 1, kStarted = 2, kJoined = 3 };

void* RunThread(void* arg) {
  auto* thread = static_cast<flushdep_thread*>(arg);
  t_thread.creator = thread->creator;
  t_thread.starts_lazy = thread->kernel != 0;
  {
    Api api(FLUSHDEP_WHY_THREAD_CREATE, reinterpret_cast<uint64_t>(thread->fn));
    SyncThread& self = SyncSelf();
    self.thread = thread;
    __atomic_store_n(&thread->id, self.id, __ATOMIC_RELAXED);
    if (thread->name[0] != 0) EmitName(self.id, FLUSHDEP_EV_THREAD_START, thread->name, api.call);
    EmitSync(FLUSHDEP_SYNC_ACQUIRE, thread, api.call);
  }
  thread->fn(thread->arg);
  return nullptr;
}

void Prepare(flushdep_thread* thread, const char* name, void (*fn)(void*), void* arg,
             const Call& call) {
  *thread = {};
  thread->fn = fn;
  thread->arg = arg;
  thread->creator = t_thread.id;
  thread->state = kPrepared;
  if (name != nullptr) {
    size_t length = strnlen(name, sizeof(thread->name) - 1);
    memcpy(thread->name, name, length);
  }
  EmitSync(FLUSHDEP_SYNC_RESET, thread, call);
  EmitSync(FLUSHDEP_SYNC_RELEASE, thread, call);
}

[[noreturn]] void DieOfThread(const flushdep_thread* thread, const char* what, const Call& call) {
  Text text;
  AppendCall(text, call);
  text << " for thread ";
  if (thread->name[0] != 0) text << "'" << thread->name << "' ";
  text << "(";
  text.Hex(reinterpret_cast<uint64_t>(thread)) << ") " << what;
  Die(4, text.view());
}

int Start(flushdep_thread* thread, const Call& call) {
  if (thread->state != kPrepared) DieOfThread(thread, "that is not prepared, or started", call);
  EmitSync(FLUSHDEP_SYNC_RELEASE, thread, call);
  thread->state = kStarted;
  thread->process = static_cast<uint32_t>(getpid());
  pthread_t host;
  if (pthread_create(&host, nullptr, RunThread, thread) != 0) {
    thread->state = kPrepared;
    return -EAGAIN;
  }
  thread->host = host;
  if (thread->name[0] == 0) return 0;
  char name[16] = {};
  memcpy(name, thread->name, sizeof(name) - 1);
  pthread_setname_np(host, name);
  return 0;
}

void Join(flushdep_thread* thread, const Call& call) {
  CheckMaySleep(call);
  if (thread->state != kStarted) DieOfThread(thread, "that does not run, or was joined", call);
  if (thread->process != static_cast<uint32_t>(getpid()))
    DieOfThread(thread, "that only the parent of this process has", call);
  Waiter waiter = {};
  waiter.what = Waiter::For::ThreadEnd;
  waiter.thread = &thread->id;
  waiter.call = call;
  waiter.self = &SyncSelf();
  BeginWait(waiter);
  SleepBegin(call);
  pthread_join(thread->host, nullptr);
  SleepEnd(call);
  EndWait(waiter);
  thread->state = kJoined;
  EmitSync(FLUSHDEP_SYNC_ACQUIRE, thread, call);
}

}  // namespace

void FinishThread(flushdep_thread* thread, const Call& call) {
  const Call exit = {call.site, FLUSHDEP_WHY_THREAD_EXIT, call.flags};
  EmitSync(FLUSHDEP_SYNC_RELEASE, thread, exit);
}

}  // namespace flushdep

using flushdep::Api;

FLUSHDEP_API void flushdep_thread_prepare(flushdep_thread* thread, const char* name,
                                          void (*fn)(void* arg), void* arg) {
  Api api(FLUSHDEP_WHY_THREAD_CREATE, FLUSHDEP_SITE);
  flushdep::Prepare(thread, name, fn, arg, api.call);
}

FLUSHDEP_API int flushdep_thread_start(flushdep_thread* thread) {
  Api api(FLUSHDEP_WHY_THREAD_CREATE, FLUSHDEP_SITE);
  return flushdep::Start(thread, api.call);
}

FLUSHDEP_API int flushdep_thread_create(flushdep_thread* thread, const char* name,
                                        void (*fn)(void* arg), void* arg) {
  Api api(FLUSHDEP_WHY_THREAD_CREATE, FLUSHDEP_SITE);
  flushdep::Prepare(thread, name, fn, arg, api.call);
  return flushdep::Start(thread, api.call);
}

FLUSHDEP_API void flushdep_thread_join(flushdep_thread* thread) {
  Api api(FLUSHDEP_WHY_THREAD_JOIN, FLUSHDEP_SITE);
  flushdep::Join(thread, api.call);
}
