// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   random_test CLANG PLUGIN INPUTS [--seed=N] [--functions=N] [--jobs=N] [--keep=DIR]
//       [--stop-early]
//
// Makes random functions, compiles them under the plugin, and compares its findings with
// those of an interpreter that runs every way through each function, until N functions were
// compared. Prints the seed, how often each construct occurred, how far it is, and each
// difference with the file that shows it. Which functions there are depends on the seed only.
// Status: 0 no difference, no crash and at most 5% given up; else 1.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/plugin/random/program.h"

namespace flushdep::random {
namespace {

constexpr unsigned kPerFile = 250;
constexpr double kMaxGivenUp = 0.05;
constexpr unsigned kMaxShown = 5;
constexpr unsigned kProgressEvery = 10000;

struct Options {
  std::string clang, plugin, inputs, keep;
  unsigned long seed = std::random_device{}();
  unsigned functions = 2000;
  unsigned jobs = 1;
  bool stop_early = false;  // at the first difference
};

struct Totals {
  Counts counts;
  unsigned functions = 0, skipped = 0, given_up = 0, differences = 0, crashes = 0, findings = 0;

  void Add(const Totals& other) {
    for (size_t i = 0; i < std::size(counts.of); ++i) counts.of[i] += other.counts.of[i];
    functions += other.functions;
    skipped += other.skipped;
    given_up += other.given_up;
    differences += other.differences;
    crashes += other.crashes;
    findings += other.findings;
  }
};

// What the workers share: the next file to make, and how far they are together.
struct Progress {
  std::atomic<unsigned> next = 0;
  std::atomic<unsigned> functions = 0;
  std::atomic<bool> failed = false;
};

struct Made {
  Program program;
  unsigned long seed = 0;
  int first = 0, last = 0;  // lines
  std::vector<Found> expected;
};

// The number behind `key` in a line of JSON, searched from `from`.
long NumberAfter(const std::string& line, const std::string& key, size_t from) {
  const size_t at = line.find(key, from);
  return at == std::string::npos ? 0 : std::strtol(line.c_str() + at + key.size(), nullptr, 10);
}

std::string TextAfter(const std::string& line, const std::string& key) {
  const size_t at = line.find(key);
  if (at == std::string::npos) return "";
  const size_t start = at + key.size();
  return line.substr(start, line.find('"', start) - start);
}

// The line of the first event with that role; 0 if there is none.
int LineOfRole(const std::string& line, const std::string& role) {
  const size_t at = line.find("{\"role\":\"" + role + "\"");
  if (at == std::string::npos) return 0;
  return static_cast<int>(NumberAfter(line, "\"line\":", at));
}

Found ParseRecord(const std::string& line) {
  Found found;
  found.rule = TextAfter(line, "\"rule\":\"");
  found.possible = TextAfter(line, "\"severity\":\"") == "possible";
  const std::string site = TextAfter(line, "\"site\":\"");
  const size_t column = site.rfind(':');
  found.line = std::atoi(site.c_str() + site.rfind(':', column - 1) + 1);
  // Of a double put, the second "put" event is the first put.
  if (found.rule == "FD013") {
    const size_t first = line.find("{\"role\":\"put\"");
    const size_t second = line.find("{\"role\":\"put\"", first + 1);
    if (second != std::string::npos)
      found.cause = static_cast<int>(NumberAfter(line, "\"line\":", second));
  } else {
    found.cause = LineOfRole(line, found.rule == "FD002" ? "map" : "put");
  }
  return found;
}

class Tester {
 public:
  Tester(const Options& options, const std::string& folder) : options_(options), folder_(folder) {}

  // One file full of functions.
  void RunFile(unsigned number, bool cxx, unsigned functions) {
    std::string text = Preamble(cxx);
    int line = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    std::vector<Made> all;
    for (unsigned i = 0; i < functions; ++i) {
      Made made;
      made.seed = options_.seed * 1000003ul + number * 1009ul + i;
      made.program = Generate(made.seed, cxx, totals.counts);
      made.first = line;
      const std::string printed = Print(made.program, std::to_string(i), line);
      if (!Explore(made.program, made.expected)) {
        ++totals.skipped;
        continue;
      }
      text += printed;
      line += static_cast<int>(std::count(printed.begin(), printed.end(), '\n'));
      made.last = line - 1;
      totals.findings += static_cast<unsigned>(made.expected.size());
      all.push_back(std::move(made));
    }
    const std::string stem = folder_ + "/random" + std::to_string(number);
    const std::string source = stem + (cxx ? ".cc" : ".c");
    std::ofstream(source) << text;
    Compare(source, stem, cxx, all);
  }

  Totals totals;

 private:
  void Compare(const std::string& source, const std::string& stem, bool cxx,
               std::vector<Made>& all) {
    const std::string command =
        options_.clang + (cxx ? " -std=c++17 -fcxx-exceptions" : " -std=gnu11") +
        " -w -fsyntax-only -I" + options_.inputs + " -fplugin=" + options_.plugin +
        " -fplugin-arg-FlushdepPlugin-records=" + stem + ".jsonl" +
        " -fplugin-arg-FlushdepPlugin-summary=" + stem + ".fds " + source + " 2>" + stem + ".err";
    std::remove((stem + ".jsonl").c_str());
    std::remove((stem + ".fds").c_str());
    const int status = std::system(command.c_str());
    totals.functions += static_cast<unsigned>(all.size());
    if (status != 0) {
      ++totals.crashes;
      std::printf("the compiler failed: %s\n", command.c_str());
      (void)!std::system(("tail -n 20 " + stem + ".err").c_str());
      return;
    }
    std::vector<Found> got;
    std::ifstream records(stem + ".jsonl");
    for (std::string line; std::getline(records, line);)
      // The interpreter does not look for mappings that are left behind.
      if (line.find("\"rule\":") != std::string::npos &&
          line.find("is never put") == std::string::npos)
        got.push_back(ParseRecord(line));
    std::stringstream summary;
    summary << std::ifstream(stem + ".fds").rdbuf();
    const unsigned before = totals.differences;
    for (Made& made : all) CompareOne(source, made, got, summary.str());
    if (totals.differences != before || !options_.keep.empty()) return;
    for (const std::string& file : {source, stem + ".jsonl", stem + ".fds", stem + ".err"})
      std::remove(file.c_str());
  }

  void CompareOne(const std::string& source, Made& made, const std::vector<Found>& got,
                  const std::string& summary) {
    const auto was_given_up = [&](const Function& function) {
      return summary.find("\"function\":\"" + function.name + "\"") != std::string::npos;
    };
    if (std::any_of(made.program.functions.begin(), made.program.functions.end(), was_given_up)) {
      ++totals.given_up;
      return;
    }
    std::vector<Found> found;
    for (const Found& one : got)
      if (one.line >= made.first && one.line <= made.last) found.push_back(one);
    // What is found in the code that all share says nothing about one function.
    std::erase_if(made.expected, [&](const Found& one) { return one.line < made.first; });
    // Two causes on one line are one here.
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end(),
                            [](const Found& a, const Found& b) {
                              return a.rule == b.rule && a.line == b.line && a.cause == b.cause;
                            }),
                found.end());
    std::sort(made.expected.begin(), made.expected.end());
    if (found == made.expected) return;
    if (++totals.differences > kMaxShown) return;
    std::printf("difference in %s, %s at line %d (seed %lu):\n", source.c_str(),
                made.program.functions.back().name.c_str(), made.program.functions.back().line,
                made.seed);
    for (const Found& one : made.expected)
      if (!std::binary_search(found.begin(), found.end(), one)) Show("missed", one);
    for (const Found& one : found)
      if (!std::binary_search(made.expected.begin(), made.expected.end(), one)) Show("false ", one);
  }

  static void Show(const char* what, const Found& found) {
    std::printf("  %s %s at line %d, cause at line %d%s\n", what, found.rule.c_str(), found.line,
                found.cause, found.possible ? ", possible" : "");
  }

  const Options& options_;
  const std::string folder_;
};

bool ParseOption(const char* argument, Options& options) {
  if (std::strncmp(argument, "--seed=", 7) == 0)
    options.seed = std::strtoul(argument + 7, nullptr, 10);
  else if (std::strncmp(argument, "--functions=", 12) == 0)
    options.functions = static_cast<unsigned>(std::strtoul(argument + 12, nullptr, 10));
  else if (std::strncmp(argument, "--jobs=", 7) == 0)
    options.jobs = std::max(1u, static_cast<unsigned>(std::strtoul(argument + 7, nullptr, 10)));
  else if (std::strncmp(argument, "--keep=", 7) == 0)
    options.keep = argument + 7;
  else if (std::strcmp(argument, "--stop-early") == 0)
    options.stop_early = true;
  else
    return false;
  return true;
}

// Files in the order of their numbers, until enough functions were compared.
void Work(const Options& options, const std::string& folder, Progress& progress, Totals& totals) {
  Tester tester(options, folder);
  while (progress.functions < options.functions && !(options.stop_early && progress.failed)) {
    const unsigned number = progress.next++;
    const unsigned before = tester.totals.functions;
    tester.RunFile(number, number % 3 == 2, std::min(kPerFile, options.functions));
    if (tester.totals.differences + tester.totals.crashes != 0) progress.failed = true;
    const unsigned done = tester.totals.functions - before;
    const unsigned sum = progress.functions += done;
    if (sum / kProgressEvery != (sum - done) / kProgressEvery) {
      std::printf("%u of %u functions\n", sum, options.functions);
      std::fflush(stdout);
    }
  }
  totals = tester.totals;
}

Totals RunAll(const Options& options, const std::string& folder) {
  Progress progress;
  std::vector<Totals> parts(options.jobs);
  std::vector<std::thread> workers;
  for (Totals& part : parts) workers.emplace_back([&] { Work(options, folder, progress, part); });
  Totals totals;
  for (unsigned i = 0; i < options.jobs; ++i) {
    workers[i].join();
    totals.Add(parts[i]);
  }
  return totals;
}

int Main(int argc, char** argv) {
  Options options;
  if (argc < 4) return std::fprintf(stderr, "usage: random_test CLANG PLUGIN INPUTS\n"), 2;
  options.clang = argv[1];
  options.plugin = argv[2];
  options.inputs = argv[3];
  for (int i = 4; i < argc; ++i)
    if (!ParseOption(argv[i], options))
      return std::fprintf(stderr, "random_test: unknown option '%s'\n", argv[i]), 2;
  options.seed %= 1000000007ul;
  std::string folder = options.keep;
  char pattern[] = "/tmp/flushdep-random.XXXXXX";
  if (folder.empty()) folder = mkdtemp(pattern);
  std::printf("seed %lu: random_test --seed=%lu --functions=%u\n", options.seed, options.seed,
              options.functions);
  const Totals totals = RunAll(options, folder);
  std::printf("constructs:");
#define X(id, name) std::printf(" %s %lu;", name, totals.counts.of[static_cast<int>(Op::id)]);
  FLUSHDEP_RANDOM_CONSTRUCTS(X)
#undef X
  std::printf(
      "\n%u functions with %u findings; %u too large for the interpreter; %u given up, "
      "%u differences, %u crashes\n",
      totals.functions, totals.findings, totals.skipped, totals.given_up, totals.differences,
      totals.crashes);
  const bool good = totals.differences == 0 && totals.crashes == 0 &&
                    totals.given_up <= kMaxGivenUp * totals.functions;
  if (good && options.keep.empty()) (void)!std::system(("rm -rf " + folder).c_str());
  return good ? 0 : 1;
}

}  // namespace
}  // namespace flushdep::random

int main(int argc, char** argv) { return flushdep::random::Main(argc, argv); }
