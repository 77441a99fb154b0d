// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/unit.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

#include "checker/tool/analysis_action.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace flushdep::tool {
namespace {

// A folder for what the children write; gone with the object.
class ScratchFolder {
 public:
  ScratchFolder() { error_ = llvm::sys::fs::createUniqueDirectory("flushdep-check", path_); }
  ~ScratchFolder() {
    if (!error_) llvm::sys::fs::remove_directories(path_);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::error_code error() const { return error_; }
  std::string File(size_t unit, llvm::StringRef suffix) const {
    return (path_ + "/" + llvm::Twine(unit) + suffix).str();
  }

 private:
  llvm::SmallString<128> path_;
  std::error_code error_;
};

std::string ReadAll(const std::string& path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, false, false);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

constexpr int kExitDone = 0;
constexpr int kExitFailed = 3;

// In the child; does not return. _exit, since the parent's buffers and exit
// handlers are not the child's to run.
[[noreturn]] void RunChild(const Unit& unit, const ScratchFolder& scratch, size_t index) {
  int out =
      open(scratch.File(index, ".err").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0 || dup2(out, STDERR_FILENO) < 0) _exit(kExitFailed);
  if (chdir(unit.directory.c_str()) != 0) {
    dprintf(STDERR_FILENO, "error: cannot enter '%s': %s\n", unit.directory.c_str(),
            std::strerror(errno));
    _exit(kExitFailed);
  }
  AnalysisOutputs outputs = {scratch.File(index, ".jsonl"), scratch.File(index, ".fds")};
  bool good = AnalyseHere(unit.arguments, unit.plugin_arguments, outputs);
  _exit(good ? kExitDone : kExitFailed);
}

UnitResult Collect(int status, const ScratchFolder& scratch, size_t index) {
  UnitResult result;
  if (WIFSIGNALED(status)) {
    result.crash = std::string("killed by ") + strsignal(WTERMSIG(status));
  } else if (WEXITSTATUS(status) == kExitDone) {
    result.end = UnitResult::End::kDone;
  } else if (WEXITSTATUS(status) == kExitFailed) {
    result.end = UnitResult::End::kFailed;
  } else {
    result.crash = "ended with status " + std::to_string(WEXITSTATUS(status));
  }
  result.diagnostics = ReadAll(scratch.File(index, ".err"));
  result.records = ReadAll(scratch.File(index, ".jsonl"));
  result.summary = ReadAll(scratch.File(index, ".fds"));
  return result;
}

}  // namespace

std::string AnalyseUnits(llvm::ArrayRef<Unit> units, unsigned jobs,
                         llvm::function_ref<void(const Unit&, const UnitResult&)> done) {
  ScratchFolder scratch;
  if (scratch.error()) return "cannot make a temporary folder: " + scratch.error().message();
  std::map<pid_t, size_t> running;
  std::map<size_t, UnitResult> waiting;  // finished before their turn
  size_t next_start = 0, next_done = 0;
  while (next_done < units.size()) {
    while (running.size() < jobs && next_start < units.size()) {
      pid_t child = fork();
      if (child < 0) return std::string("cannot start a process: ") + std::strerror(errno);
      if (child == 0) RunChild(units[next_start], scratch, next_start);
      running[child] = next_start++;
    }
    int status = 0;
    pid_t child = waitpid(-1, &status, 0);
    if (child < 0 && errno == EINTR) continue;
    if (child < 0) return std::string("cannot wait for a process: ") + std::strerror(errno);
    auto place = running.find(child);
    if (place == running.end()) continue;
    waiting[place->second] = Collect(status, scratch, place->second);
    running.erase(place);
    for (auto it = waiting.find(next_done); it != waiting.end(); it = waiting.find(++next_done)) {
      done(units[next_done], it->second);
      waiting.erase(it);
    }
  }
  return "";
}

}  // namespace flushdep::tool
