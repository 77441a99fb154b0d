// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/options.h"

#include <stdlib.h>
#include <unistd.h>

#include "checker/report/format.h"
#include "checker/report/reporter.h"

namespace flushdep {
namespace {

struct OptionSpec {
  std::string_view key;
  // Takes the value; returns what is wrong with it, or nothing.
  std::string_view (*set)(std::string_view value, Options* options);
  std::string_view help;
};

bool ToNumber(std::string_view text, uint64_t* value) {
  if (text.empty() || text.size() > 18) return false;
  *value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + static_cast<uint64_t>(c - '0');
  }
  return true;
}

template <typename T>
std::string_view SetNumber(std::string_view text, uint64_t low, uint64_t high, T* out,
                           std::string_view problem) {
  uint64_t value;
  if (!ToNumber(text, &value) || value < low || value > high) return problem;
  *out = static_cast<T>(value);
  return {};
}

std::string_view SetBool(std::string_view text, bool* out) {
  if (text == "1" || text == "true" || text == "on" || text == "yes") return *out = true, "";
  if (text == "0" || text == "false" || text == "off" || text == "no") return *out = false, "";
  return "expected 0 or 1";
}

std::string_view SetBytes(std::string_view text, uint64_t* out) {
  constexpr std::string_view kProblem =
      "expected bytes from 16M to 64G in whole pageblocks of 2M, as 512M or 4G";
  uint64_t shift = 0;
  if (!text.empty()) {
    const char unit = text.back();
    if (unit == 'K' || unit == 'k') shift = 10;
    if (unit == 'M' || unit == 'm') shift = 20;
    if (unit == 'G' || unit == 'g') shift = 30;
    if (shift != 0) text.remove_suffix(1);
  }
  uint64_t value;
  if (!ToNumber(text, &value) || value > (64ull << 30) >> shift) return kProblem;
  value <<= shift;
  if (value < 16ull << 20 || value % (2ull << 20) != 0) return kProblem;
  *out = value;
  return {};
}

// What the text means is the machine's business.
template <size_t kPoint>
std::string_view SetInjection(std::string_view text, Options* options) {
  options->inject[kPoint] = text;
  return text.empty() ? "expected every=N, after=N, times=N, one_in=N, at=FUNCTION" : "";
}

constexpr OptionSpec kOptions[] = {
    {"backend",
     [](std::string_view v, Options* o) -> std::string_view {
       if (v == "mmu") return o->backend = Backend::Mmu, "";
       if (v == "model") return o->backend = Backend::Model, "";
       return "expected mmu or model";
     },
     "backend=mmu            mmu: every mapping is a real one; model: none is, and only "
     "instrumented code, flushdep_load() and the like reach what is mapped"},
    {"holes",
     [](std::string_view v, Options* o) -> std::string_view {
       if (v == "auto") return o->holes = Holes::Auto, "";
       if (v == "guard") return o->holes = Holes::Guard, "";
       if (v == "uffd") return o->holes = Holes::Uffd, "";
       if (v == "mprotect") return o->holes = Holes::Mprotect, "";
       return "expected auto, guard, uffd or mprotect";
     },
     "holes=auto             how backend=mmu takes pages out of the direct map: guard, uffd or "
     "mprotect"},
    {"strength",
     [](std::string_view v, Options* o) -> std::string_view {
       if (v == "speculative") return o->strength = Strength::Speculative, "";
       if (v == "accessed") return o->strength = Strength::Accessed, "";
       return "expected speculative or accessed";
     },
     "strength=speculative   speculative: every CPU that could have filled its TLB counts; "
     "accessed: "
     "those that were seen to use the translation, by instrumented code, flushdep_load() and the "
     "like"},
    {"cpus",
     [](std::string_view v, Options* o) {
       return SetNumber(v, 1, 256, &o->cpus, "expected 1 to 256");
     },
     "cpus=4                 CPUs of the machine, 1 to 256; more threads than that share them"},
    {"mem", [](std::string_view v, Options* o) { return SetBytes(v, &o->mem); },
     "mem=1G                 physical memory, 16M to 64G"},
    {"pcid", [](std::string_view v, Options* o) { return SetBool(v, &o->pcid); },
     "pcid=1                 0: every context switch flushes"},
    {"direct_map", [](std::string_view v, Options* o) { return SetBool(v, &o->direct_map); },
     "direct_map=1           0: the machine cannot take pages out of its direct map"},
    {"pti", [](std::string_view v, Options* o) { return SetBool(v, &o->pti); },
     "pti=0                  1: page-table isolation, kernel translations are not global"},
    {"broadcast", [](std::string_view v, Options* o) { return SetBool(v, &o->broadcast); },
     "broadcast=0            1: the hardware flushes other CPUs, without interrupting them"},
    {"inference", [](std::string_view v, Options* o) { return SetBool(v, &o->inference); },
     "inference=1            0: only what happened is reported, not what may happen"},
    {"stacks",
     [](std::string_view v, Options* o) {
       return SetNumber(v, 0, 32, &o->stacks, "expected 0 to 32 frames");
     },
     "stacks=16              frames kept of each event, 0 to 32; 0: no history"},
    {"log_path",
     [](std::string_view v, Options* o) -> std::string_view { return o->log_path = v, ""; },
     "log_path=              records go to LOG_PATH.PID.jsonl"},
    {"exitcode",
     [](std::string_view v, Options* o) {
       return SetNumber(v, 0, 255, &o->exitcode, "expected 0 to 255");
     },
     "exitcode=66            status of a program with findings"},
    {"fail_on",
     [](std::string_view v, Options* o) -> std::string_view {
       if (v == "error") return o->fail_on = Severity::Error, "";
       if (v == "possible") return o->fail_on = Severity::Possible, "";
       return "expected error or possible";
     },
     "fail_on=error          least severity that changes the status: error or possible"},
    {"halt_on_error", [](std::string_view v, Options* o) { return SetBool(v, &o->halt_on_error); },
     "halt_on_error=0        1: end at the first error"},
    {"seed",
     [](std::string_view v, Options* o) {
       return SetNumber(v, 0, ~0ull, &o->seed, "expected a number");
     },
     "seed=1                 of everything random in the machine"},
    {"inject_alloc", SetInjection<0>,
     "inject_alloc=          make allocations fail: every=N,after=N,times=N,one_in=N,at=FUNCTION"},
    {"inject_get", SetInjection<1>, "inject_get=            the same for mermap_get()"},
    {"inject_direct_map", SetInjection<2>,
     "inject_direct_map=     the same for changes of the direct map"},
    {"inject_prepare", SetInjection<3>, "inject_prepare=        the same for mermap_mm_prepare()"},
    {"suppressions",
     [](std::string_view v, Options* o) -> std::string_view { return o->suppressions = v, ""; },
     "suppressions=          file of TYPE:PATTERN lines: what not to report"},
    {"symbolize", [](std::string_view v, Options* o) { return SetBool(v, &o->symbolize); },
     "symbolize=1            0: modules and offsets only"},
    {"advice", [](std::string_view v, Options* o) { return SetBool(v, &o->advice); },
     "advice=0               1: say at exit which flushes could be spared"},
    {"print_stats", [](std::string_view v, Options* o) { return SetBool(v, &o->print_stats); },
     "print_stats=0          1: statistics at exit, and suppressions that were used"},
    {"help", [](std::string_view v, Options* o) { return SetBool(v, &o->help); },
     "help=0                 1: print this and end"},
};

// limit_NAME=N
std::string_view SetLimit(std::string_view name, std::string_view value, Options* options) {
  for (size_t i = 0; i < kNumLimits; ++i) {
    if (kLimits[i].name != name) continue;
    return SetNumber(value, 2, kLimits[i].largest, &options->limits.value[i],
                     "expected a number from 2 to what the table is built for (print_stats=1 "
                     "lists limits)");
  }
  return "no such limit; print_stats=1 lists them";
}

std::string_view SetOne(std::string_view item, Options* options) {
  const size_t equals = item.find('=');
  if (equals == std::string_view::npos) return "expected key=value";
  constexpr std::string_view kLimit = "limit_";
  if (item.substr(0, kLimit.size()) == kLimit && equals > kLimit.size())
    return SetLimit(item.substr(kLimit.size(), equals - kLimit.size()), item.substr(equals + 1),
                    options);
  for (const OptionSpec& spec : kOptions)
    if (spec.key == item.substr(0, equals)) return spec.set(item.substr(equals + 1), options);
  return "no such option; help=1 lists them";
}

}  // namespace

ParsedOptions ParseOptions(std::string_view text, const Options& defaults) {
  ParsedOptions parsed;
  parsed.options = defaults;
  while (!text.empty()) {
    const size_t colon = text.find(':');
    const std::string_view item = text.substr(0, colon);
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
    if (item.empty()) continue;
    const std::string_view problem = SetOne(item, &parsed.options);
    if (problem.empty()) continue;
    parsed.bad = item;
    parsed.problem = problem;
    return parsed;
  }
  return parsed;
}

std::string_view OptionsHelp() {
  static FixedText<4096> text;
  if (!text.empty()) return text.view();
  text.Add("FLUSHDEP_OPTIONS=key=value:key=value ...\n");
  for (const OptionSpec& spec : kOptions) text.Add("  ").Add(spec.help).Add("\n");
  text.Add("  limit_NAME=N           size of a table; print_stats=1 lists them as [max: N]\n");
  return text.view();
}

// How the program was linked (flushdep-clang --flushdep-backend=model), an absolute symbol.
extern "C" const char __flushdep_default_model[] __attribute__((weak));

const Options& GetOptions() {
  static bool parsed = false;
  static Options options;
  if (parsed) return options;
  const char* text = getenv("FLUSHDEP_OPTIONS");
  Options defaults;
  if (__flushdep_default_model != nullptr) defaults.backend = Backend::Model;
  const ParsedOptions result = ParseOptions(text == nullptr ? "" : text, defaults);
  if (!result.bad.empty()) {
    FixedText<512> message;
    message.Add("FLUSHDEP_OPTIONS: ").Add(result.bad).Add(": ").Add(result.problem);
    Die(2, message.view());
  }
  options = result.options;
  parsed = true;
  if (options.help) {
    const std::string_view help = OptionsHelp();
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, help.data(), help.size());
    _exit(0);
  }
  return options;
}

}  // namespace flushdep
