// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/runtime/support/recorder.h"

#include <atomic>
#include <cstdlib>

#include "runtime/machine/lock.h"

namespace flushdep::testing {
namespace {

constexpr size_t kMaxEvents = 1u << 16;
constinit Mutex g_lock;
constinit size_t g_count = 0;
constinit flushdep_event g_events[kMaxEvents] = {};
constinit std::atomic<bool> g_recording{true};
constinit std::atomic<void (*)(const flushdep_event&)> g_hook{nullptr};

const char* Name(uint16_t kind) {
  switch (kind) {
#define KIND(name)         \
  case FLUSHDEP_EV_##name: \
    return #name
    KIND(MACHINE);
    KIND(REGION);
    KIND(REGION_END);
    KIND(MM_CREATE);
    KIND(MM_END);
    KIND(CPU_LOAD);
    KIND(CPU_LAZY);
    KIND(CPU_ONLINE);
    KIND(CPU_OFFLINE);
    KIND(PTE_SET);
    KIND(PTE_CLEAR);
    KIND(PTE_SPLIT);
    KIND(TABLE_LINK);
    KIND(TABLE_UNLINK);
    KIND(ACCESS_LOST);
    KIND(FLUSH_ISSUE);
    KIND(FLUSH_TARGET);
    KIND(FLUSH_ACK);
    KIND(FLUSH_RETURN);
    KIND(PAGE_ALLOC);
    KIND(PAGE_FREE);
    KIND(PAGE_RETYPE);
    KIND(PAGE_SPLIT);
    KIND(REF_GET);
    KIND(REF_PUT);
    KIND(MAP_BEGIN);
    KIND(MAP_END);
    KIND(MAP_FAIL);
    KIND(MAP_REWIND);
    KIND(THREAD_START);
    KIND(THREAD_EXIT);
    KIND(THREAD_ON_CPU);
    KIND(CONTEXT);
    KIND(WRONG_CONTEXT);
    KIND(SYNC);
    KIND(NAME);
    KIND(ACCESS);
#undef KIND
    default:
      return "?";
  }
}

}  // namespace

void Clear() {
  MutexLock lock(g_lock);
  g_count = 0;
}

void SetRecording(bool on) { g_recording = on; }
void SetHook(void (*hook)(const flushdep_event& event)) { g_hook = hook; }

std::vector<flushdep_event> Events() {
  MutexLock lock(g_lock);
  return std::vector<flushdep_event>(g_events, g_events + g_count);
}

std::vector<flushdep_event> Events(uint16_t kind) {
  std::vector<flushdep_event> result;
  for (const flushdep_event& event : Events())
    if (event.kind == kind) result.push_back(event);
  return result;
}

size_t CountEvents(uint16_t kind) { return Events(kind).size(); }

std::vector<std::string> Kinds() {
  std::vector<std::string> result;
  for (const flushdep_event& event : Events()) result.push_back(Name(event.kind));
  return result;
}

}  // namespace flushdep::testing

void flushdep_emit(const flushdep_event* event) {
  using namespace flushdep::testing;
  if (auto* hook = g_hook.load()) hook(*event);
  if (!g_recording.load(std::memory_order_relaxed)) return;
  flushdep::MutexLock lock(g_lock);
  if (g_count == kMaxEvents) abort();
  g_events[g_count++] = *event;
}
