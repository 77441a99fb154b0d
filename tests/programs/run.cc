// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs programs, each seed in a process of its own, and checks what they say.
//
//   programs NAME SEED                   one run, to look at
//   programs --check [--seeds=N] [--first=SEED] [--options=LIST] [--fail-on=SEVERITY]
//            NAME... | --correct | --wrong
//   programs --list
//
// A correct program must say nothing, whatever the seed. A wrong one must be reported by its rule
// in every run, once, with the rule's severity, and by no other rule; its status is 66 if that is
// what SEVERITY says ("possible" unless told otherwise, or "error"). FLUSHDEP_TEST_SEEDS is how
// many seeds there are unless --seeds says it.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "checker/rules/catalogue.h"
#include "tests/programs/program.h"

extern char** environ;

namespace flushdep::programs {
namespace {

const Program* FindProgram(const std::string& name) {
  for (const Program* program = Program::First(); program != nullptr; program = program->next)
    if (program->name == name) return program;
  return nullptr;
}

int RunOne(const Program& program, uint64_t seed) {
  g_seed = seed;
  t_random.seed(static_cast<std::minstd_rand::result_type>(seed * 2654435761u + 1));
  program.run();
  return 0;
}

struct Outcome {
  int status = 0;
  std::string text;  // stdout and stderr
};

struct Check {
  uint64_t seeds = 20;
  uint64_t first = 1;
  std::string options;
  std::string fail_on = "possible";
};

Outcome Start(const Program& program, uint64_t seed, const Check& check) {
  int ends[2];
  Require(pipe(ends) == 0, "no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  const std::string number = std::to_string(seed);
  const std::string all = "FLUSHDEP_OPTIONS=mem=64M:symbolize=0:fail_on=" + check.fail_on +
                          ":seed=" + number + (check.options.empty() ? "" : ":" + check.options);
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; entry++)
    if (strncmp(*entry, "FLUSHDEP_OPTIONS=", 17) != 0) environment.push_back(*entry);
  environment.push_back(const_cast<char*>(all.c_str()));
  environment.push_back(nullptr);
  char self[] = "/proc/self/exe";
  char* const arguments[] = {self, const_cast<char*>(program.name),
                             const_cast<char*>(number.c_str()), nullptr};
  pid_t child;
  Require(posix_spawn(&child, self, &actions, nullptr, arguments, environment.data()) == 0,
          "no process");
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  Outcome outcome;
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) != 0;) {
    if (got > 0) outcome.text.append(buffer, static_cast<size_t>(got));
    if (got < 0 && errno != EINTR) break;
  }
  close(ends[0]);
  while (waitpid(child, &outcome.status, 0) < 0 && errno == EINTR) {
  }
  return outcome;
}

struct Report {
  std::string rule;
  std::string severity;
};

// All reports in it, in order.
std::vector<Report> Reports(const std::string& text) {
  std::vector<Report> reports;
  for (size_t at = 0; (at = text.find("[FD", at)) != std::string::npos; at += 3) {
    const size_t line = text.rfind('\n', at) + 1;
    const bool error = text.compare(line, 5, "BUG: ") == 0;
    if (error || text.compare(line, 9, "WARNING: ") == 0)
      reports.push_back({text.substr(at + 1, 5), error ? "error" : "possible"});
  }
  return reports;
}

std::string SeverityOf(const Program& program) {
  if (program.severity[0] != '\0') return program.severity;
  for (const RuleInfo& info : kRules)
    if (info.id == program.rule) return info.severity == Severity::Error ? "error" : "possible";
  return "";
}

int Wrong(const Program& program, uint64_t seed, const Check& check, const char* what,
          const Outcome& outcome) {
  printf("%s, seed %llu, options '%s', fail_on=%s: %s (status %d)\n%s\n", program.name,
         static_cast<unsigned long long>(seed), check.options.c_str(), check.fail_on.c_str(), what,
         outcome.status, outcome.text.c_str());
  return 1;
}

int CheckProgram(const Program& program, const Check& check) {
  uint64_t found = 0;
  const bool correct = program.rule[0] == '\0';
  const std::string severity = SeverityOf(program);
  for (uint64_t seed = check.first; seed < check.first + check.seeds; seed++) {
    const Outcome outcome = Start(program, seed, check);
    const std::vector<Report> reports = Reports(outcome.text);
    bool fails = false;
    for (const Report& report : reports) {
      if (report.rule != program.rule)
        return Wrong(program, seed, check, "a report that should not be", outcome);
      if (report.severity != severity)
        return Wrong(program, seed, check, "another severity", outcome);
      fails = report.severity == "error" || check.fail_on == "possible";
    }
    const bool ended_well =
        WIFEXITED(outcome.status) && WEXITSTATUS(outcome.status) == (fails ? 66 : 0);
    if (!ended_well || (correct && !outcome.text.empty()))
      return Wrong(program, seed, check, "it should have ended otherwise", outcome);
    if (reports.size() > 1) return Wrong(program, seed, check, "more than one report", outcome);
    found += reports.empty() ? 0 : 1;
  }
  if (!correct && found < check.seeds) {
    printf("%s, options '%s': %llu of %llu runs reported %s\n", program.name, check.options.c_str(),
           static_cast<unsigned long long>(found), static_cast<unsigned long long>(check.seeds),
           program.rule);
    return 1;
  }
  printf("%-40s %-5s %llu of %llu runs (seeds from %llu, '%s')\n", program.name,
         correct ? "-" : program.rule, static_cast<unsigned long long>(found),
         static_cast<unsigned long long>(check.seeds), static_cast<unsigned long long>(check.first),
         check.options.c_str());
  return 0;
}

bool TakeNumber(const char* argument, const char* key, uint64_t* value) {
  const size_t length = strlen(key);
  if (strncmp(argument, key, length) != 0) return false;
  char* end;
  *value = strtoull(argument + length, &end, 10);
  return argument[length] != '\0' && *end == '\0';
}

int CheckAll(int count, char** arguments) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  Check check;
  const char* seeds = getenv("FLUSHDEP_TEST_SEEDS");
  if (seeds != nullptr) check.seeds = strtoull(seeds, nullptr, 10);
  int failed = 0, checked = 0;
  for (int i = 0; i < count; i++) {
    const char* argument = arguments[i];
    if (TakeNumber(argument, "--seeds=", &check.seeds) ||
        TakeNumber(argument, "--first=", &check.first))
      continue;
    if (strcmp(argument, "--correct") == 0 || strcmp(argument, "--wrong") == 0) {
      for (const Program* program = Program::First(); program != nullptr; program = program->next) {
        if ((program->rule[0] == '\0') != (strcmp(argument, "--correct") == 0)) continue;
        checked++;
        failed += CheckProgram(*program, check);
      }
      continue;
    }
    if (strncmp(argument, "--options=", 10) == 0) {
      check.options = argument + 10;
      continue;
    }
    if (strncmp(argument, "--fail-on=", 10) == 0) {
      check.fail_on = argument + 10;
      continue;
    }
    const Program* program = FindProgram(argument);
    if (program == nullptr) {
      fprintf(stderr, "programs: there is no program or option '%s'\n", argument);
      return 2;
    }
    checked++;
    failed += CheckProgram(*program, check);
  }
  if (checked == 0) fprintf(stderr, "programs: nothing to check\n");
  return failed == 0 && checked > 0 ? 0 : 1;
}

int Main(int argc, char** argv) {
  if (argc >= 2 && strcmp(argv[1], "--check") == 0) return CheckAll(argc - 2, argv + 2);
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    for (const Program* program = Program::First(); program != nullptr; program = program->next)
      printf("%s %s\n", program->name, program->rule);
    return 0;
  }
  uint64_t seed;
  const Program* program = argc == 3 ? FindProgram(argv[1]) : nullptr;
  if (program == nullptr || !TakeNumber(argv[2], "", &seed)) {
    fprintf(stderr, "usage: programs NAME SEED | --check [--seeds=N] NAME... | --list\n");
    return 2;
  }
  return RunOne(*program, seed);
}

}  // namespace
}  // namespace flushdep::programs

int main(int argc, char** argv) { return flushdep::programs::Main(argc, argv); }
