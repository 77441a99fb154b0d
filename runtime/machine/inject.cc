// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/inject.h"

#include <errno.h>

#include "checker/model/options.h"
#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/machine/symbols.h"
#include "runtime/machine/text.h"

namespace flushdep {

constinit std::atomic<bool> g_inject_armed[kNumInjectPoints] = {};

namespace {

struct Injection {
  flushdep_inject_rule asked;
  uint64_t seen;  // operations that came by
  uint64_t made;  // failures
};

// Rules are few and operations that ask them rare enough: one lock.
constinit Mutex g_lock;
constinit Injection g_injections[FLUSHDEP_MAX_INJECT_RULES] = {};
constinit unsigned g_count = 0;
constinit uint64_t g_random = 0;
constinit std::atomic<uint64_t> g_made[kNumInjectPoints] = {};

// splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
uint64_t NextRandom() {
  uint64_t z = g_random += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

struct Callers {
  uint64_t pcs[FLUSHDEP_INJECT_DEPTH];
  uint32_t count;
};

bool IsCalledFrom(const flushdep_inject_rule& rule, const Callers& callers) {
  if (rule.site_end == nullptr) return true;
  const uint64_t start = reinterpret_cast<uint64_t>(rule.site_start);
  const uint64_t end = reinterpret_cast<uint64_t>(rule.site_end);
  for (uint32_t i = 0; i < callers.count; i++)
    // A return address lies behind the call, so it may be the function's end.
    if (callers.pcs[i] > start && callers.pcs[i] <= end) return true;
  return false;
}

// Does the rule want this operation, which is of its point and site, to fail?
bool Wants(Injection& rule) {
  const flushdep_inject_rule& asked = rule.asked;
  const uint64_t index = rule.seen++;
  if (index < asked.after) return false;
  if (asked.times != 0 && rule.made >= asked.times) return false;
  if (asked.every != 0 && (index - asked.after + 1) % asked.every != 0) return false;
  if (asked.one_in > 1 && NextRandom() % asked.one_in != 0) return false;
  rule.made++;
  return true;
}

constexpr const char* kNames[kNumInjectPoints] = {"inject_alloc", "inject_get", "inject_direct_map",
                                                  "inject_prepare"};

[[noreturn]] void DieOfOption(unsigned point, std::string_view text, std::string_view problem) {
  Text message;
  message << "FLUSHDEP_OPTIONS: " << kNames[point] << "=" << text << ": " << problem;
  Die(2, message.view());
}

bool ToNumber(std::string_view text, uint64_t* value) {
  if (text.empty() || text.size() > 18) return false;
  *value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + static_cast<uint64_t>(c - '0');
  }
  return true;
}

void SetSite(std::string_view function, unsigned point, std::string_view text,
             flushdep_inject_rule* rule) {
  FunctionBounds bounds = {};
  const int error = FindFunction(function, &bounds);
  if (error == -ENOENT)
    DieOfOption(point, text, "at= names no function of the program's symbol table");
  if (error == -EEXIST) DieOfOption(point, text, "at= names several functions");
  rule->site_start = reinterpret_cast<const void*>(bounds.start);
  rule->site_end = reinterpret_cast<const void*>(bounds.end);
}

// One `key=value` of an option's text.
void ParseItem(std::string_view item, unsigned point, std::string_view text,
               flushdep_inject_rule* rule) {
  const size_t equals = item.find('=');
  const std::string_view key = item.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
  if (key == "at") return SetSite(value, point, text, rule);
  uint64_t number = 0;
  if (!ToNumber(value, &number))
    DieOfOption(point, text, "expected every=N, after=N, times=N, one_in=N, at=FUNCTION");
  if (key == "every")
    rule->every = number;
  else if (key == "after")
    rule->after = number;
  else if (key == "times")
    rule->times = number;
  else if (key == "one_in" && number <= UINT32_MAX)
    rule->one_in = static_cast<uint32_t>(number);
  else
    DieOfOption(point, text, "expected every=N, after=N, times=N, one_in=N, at=FUNCTION");
}

int AddRule(const flushdep_inject_rule& rule) {
  MutexLock lock(g_lock);
  if (g_count == FLUSHDEP_MAX_INJECT_RULES) return -ENOSPC;
  g_injections[g_count++] = {rule, 0, 0};
  g_inject_armed[rule.point].store(true, std::memory_order_relaxed);
  return 0;
}

void AddOption(unsigned point, std::string_view text) {
  flushdep_inject_rule rule = {};
  rule.point = point;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t comma = rest.find(',');
    ParseItem(rest.substr(0, comma), point, text, &rule);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  AddRule(rule);
}

}  // namespace

bool InjectSlowly(InjectPoint point, const Call& call) {
  Callers callers;
  callers.count = CallersOf(call.site, callers.pcs, FLUSHDEP_INJECT_DEPTH);
  bool fails = false;
  MutexLock lock(g_lock);
  // Each rule counts every operation of its own, whatever another one says.
  for (unsigned i = 0; i < g_count; i++) {
    Injection& rule = g_injections[i];
    if (rule.asked.point == static_cast<uint32_t>(point) && IsCalledFrom(rule.asked, callers))
      fails |= Wants(rule);
  }
  if (fails) g_made[static_cast<unsigned>(point)].fetch_add(1, std::memory_order_relaxed);
  return fails;
}

void BootInjection() {
  const Options& options = GetOptions();
  g_random = options.seed;
  for (unsigned point = 0; point < kNumInjectPoints; point++)
    if (!options.inject[point].empty()) AddOption(point, options.inject[point]);
}

}  // namespace flushdep

using flushdep::kNumInjectPoints;

FLUSHDEP_API int flushdep_inject(const struct flushdep_inject_rule* rule) {
  if (rule == nullptr || rule->point >= kNumInjectPoints || rule->site_start > rule->site_end)
    return -EINVAL;
  flushdep::EnsureBooted();
  return flushdep::AddRule(*rule);
}

FLUSHDEP_API int flushdep_inject_find(const char* function, const void** start, const void** end) {
  flushdep::FunctionBounds bounds = {};
  const int error = flushdep::FindFunction(function, &bounds);
  if (error != 0) return error;
  *start = reinterpret_cast<const void*>(bounds.start);
  *end = reinterpret_cast<const void*>(bounds.end);
  return 0;
}

FLUSHDEP_API void flushdep_inject_clear(void) {
  flushdep::EnsureBooted();
  flushdep::MutexLock lock(flushdep::g_lock);
  flushdep::g_count = 0;
  for (auto& armed : flushdep::g_inject_armed) armed.store(false, std::memory_order_relaxed);
}

FLUSHDEP_API uint64_t flushdep_inject_count(unsigned point) {
  if (point >= kNumInjectPoints) return 0;
  return flushdep::g_made[point].load(std::memory_order_relaxed);
}
