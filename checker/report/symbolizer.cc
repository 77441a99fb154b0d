// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/symbolizer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checker/report/format.h"

#ifndef FLUSHDEP_LLVM_SYMBOLIZER
#define FLUSHDEP_LLVM_SYMBOLIZER "llvm-symbolizer-19"
#endif

namespace flushdep {
namespace {

// Everything the child needs, made before it exists: it shares our memory
// until exec and must not allocate.
struct Launch {
  int fd;
  const char* paths[4];
  char* const* argv;
};

alignas(16) char child_stack[64 * 1024];

[[noreturn]] int RunChild(void* data) {
  const Launch& launch = *static_cast<Launch*>(data);
  dup2(launch.fd, STDIN_FILENO);
  dup2(launch.fd, STDOUT_FILENO);
  // Complaints about modules without symbols are no business of the program's.
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const char* path : launch.paths)
    if (path != nullptr) execvp(path, launch.argv);
  _exit(127);
}

// A value after "  Key: " on a line, or nothing.
bool Field(std::string_view line, std::string_view key, std::string_view* value) {
  if (line.substr(0, 2) != "  ") return false;
  line.remove_prefix(2);
  if (line.substr(0, key.size()) != key || line.substr(key.size(), 2) != ": ") return false;
  *value = line.substr(key.size() + 2);
  return true;
}

uint32_t ToNumber(std::string_view text) {
  uint32_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') break;
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return value;
}

}  // namespace

std::string_view TextArena::Copy(std::string_view text) {
  const size_t room = sizeof(bytes_) - used_;
  if (text.size() > room) text = text.substr(0, room);
  char* const start = bytes_ + used_;
  memcpy(start, text.data(), text.size());
  used_ += text.size();
  return {start, text.size()};
}

bool Symbolizer::Start() {
  if (fd_ >= 0) return true;
  if (failed_) return false;
  failed_ = true;  // until proven otherwise
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    problem_ = "no socket for llvm-symbolizer";
    return false;
  }
  static char name[] = "llvm-symbolizer";
  static char verbose[] = "--verbose";
  static char raw[] = "--no-demangle";
  static char inlines[] = "--inlines";
  static char* const argv[] = {name, verbose, raw, inlines, nullptr};
  Launch launch{ends[1],
                {getenv("FLUSHDEP_SYMBOLIZER"), FLUSHDEP_LLVM_SYMBOLIZER, "llvm-symbolizer-19",
                 "llvm-symbolizer"},
                argv};
  // No exit signal: a wait() of the program's must not see this child.
  const int child =
      clone(RunChild, child_stack + sizeof(child_stack), CLONE_VM | CLONE_VFORK, &launch);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    problem_ = "llvm-symbolizer could not be started";
    return false;
  }
  fd_ = ends[0];
  failed_ = false;
  return true;
}

void Symbolizer::Stop() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

bool Symbolizer::Send(std::string_view module, uint64_t offset) {
  FixedText<1024> line;
  line.Add("CODE \"").Add(module).Add("\" ").Address(offset).Add("\n");
  std::string_view rest = line.view();
  while (!rest.empty()) {
    const ssize_t sent = send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// An answer ends in an empty line.
bool Symbolizer::Receive() {
  size_ = 0;
  while (size_ < sizeof(answer_)) {
    pollfd wait{fd_, POLLIN, 0};
    const int ready = poll(&wait, 1, kTimeoutMs);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t got = read(fd_, answer_ + size_, sizeof(answer_) - size_);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    size_ += static_cast<size_t>(got);
    if (size_ >= 2 && answer_[size_ - 1] == '\n' && answer_[size_ - 2] == '\n') return true;
  }
  return false;
}

size_t Symbolizer::Parse(TextArena& arena, Source* out, size_t capacity) {
  std::string_view rest(answer_, size_);
  size_t count = 0;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    std::string_view value;
    if (line.empty()) break;
    if (line[0] != ' ') {
      if (count == capacity) break;
      out[count] = Source{};
      if (line != "??") out[count].frame.function = arena.Copy(line);
      ++count;
      continue;
    }
    if (count == 0) continue;
    Source& source = out[count - 1];
    if (Field(line, "Filename", &value) && value != "??") source.frame.file = arena.Copy(value);
    if (Field(line, "Function start line", &value)) source.start_line = ToNumber(value);
    if (Field(line, "Line", &value)) source.frame.line = ToNumber(value);
    if (Field(line, "Column", &value)) source.frame.column = ToNumber(value);
  }
  for (size_t i = 0; i + 1 < count; ++i) out[i].frame.inlined = true;
  const bool nothing = count == 1 && out[0].frame.function.empty() && out[0].frame.file.empty();
  return nothing ? 0 : count;
}

size_t Symbolizer::Symbolize(std::string_view module, uint64_t offset, TextArena& arena,
                             Source* out, size_t capacity) {
  if (module.empty() || module.find('"') != std::string_view::npos || !Start()) return 0;
  if (Send(module, offset) && Receive()) return Parse(arena, out, capacity);
  problem_ = "llvm-symbolizer cannot be run, or stopped answering; set FLUSHDEP_SYMBOLIZER to one";
  failed_ = true;
  Stop();
  return 0;
}

}  // namespace flushdep
