// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FLUSHDEP_OPTIONS=key=value:key=value, the run-time options of docs/contract.md.
// Parsed once, before the machine boots and before any thread exists; constant
// afterwards, so reading needs no lock. A key or value that is not understood ends
// the process with a message that names it and what is allowed, status 2.
#ifndef FLUSHDEP_CHECKER_MODEL_OPTIONS_H_
#define FLUSHDEP_CHECKER_MODEL_OPTIONS_H_

#include <cstdint>
#include <string_view>

#include "checker/model/limits.h"
#include "checker/model/strength.h"
#include "checker/rules/catalogue.h"

namespace flushdep {

enum class Backend : uint8_t { Mmu, Model };
// How the mmu backend takes pages out of the direct map; Auto: the best that the host has.
enum class Holes : uint8_t { Auto, Guard, Uffd, Mprotect };

struct Options {
  Backend backend = Backend::Mmu;
  Holes holes = Holes::Auto;
  Strength strength = Strength::Speculative;
  uint32_t cpus = 4;          // 1..256
  uint64_t mem = 1ull << 30;  // bytes of physical memory; K, M, G suffixes
  bool pcid = true;
  bool direct_map = true;  // false: a machine that cannot change its direct map
  bool pti = false;        // page-table isolation
  bool broadcast = false;  // the hardware invalidates on other CPUs (INVLPGB)
  bool inference = true;
  uint32_t stacks = 16;       // frames kept per event; 0: none
  std::string_view log_path;  // records go to LOG_PATH.PID.jsonl; empty: none
  uint32_t exitcode = 66;
  Severity fail_on = Severity::Error;
  bool halt_on_error = false;
  uint64_t seed = 1;
  // Rules of failure injection as text, by enum flushdep_inject_point; empty: none.
  std::string_view inject[4];
  std::string_view suppressions;  // file; empty: none
  bool symbolize = true;
  bool advice = false;
  bool print_stats = false;
  bool help = false;
  LimitValues limits = {};  // limit_NAME=N
};

// The result of parsing one text: options, or why not.
struct ParsedOptions {
  Options options;
  std::string_view bad;      // the item that is wrong; empty: all is well
  std::string_view problem;  // what is wrong with it
};
// `defaults`: what the text does not say.
ParsedOptions ParseOptions(std::string_view text, const Options& defaults = {});

// The process's options: parses the environment at the first call.
const Options& GetOptions();

// The text of `help=1`: one line per option with its default.
std::string_view OptionsHelp();

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_OPTIONS_H_
