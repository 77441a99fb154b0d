// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/symbolizer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "checker/report/format.h"
#include "checker/report/spawn.h"

#ifndef FLUSHDEP_LLVM_SYMBOLIZER
#define FLUSHDEP_LLVM_SYMBOLIZER "llvm-symbolizer-19"
#endif

namespace flushdep {
namespace {

// `name` itself if it is a path, else the first of $PATH's that can be executed;
// null if there is none. The result lives in `buffer` or is `name`.
const char* FindProgram(const char* name, FixedText<4096>* buffer) {
  if (name == nullptr || name[0] == '\0') return nullptr;
  if (strchr(name, '/') != nullptr) return name;
  const char* path = getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const size_t colon = rest.find(':');
    buffer->Clear();
    buffer->Add(rest.substr(0, colon)).Add("/").Add(name).Add(std::string_view("", 1));
    if (!buffer->truncated() && access(buffer->view().data(), X_OK) == 0)
      return buffer->view().data();
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return nullptr;
}

bool Run(char* const* argv, int fd) {
  const char* const names[] = {getenv("FLUSHDEP_SYMBOLIZER"), FLUSHDEP_LLVM_SYMBOLIZER,
                               "llvm-symbolizer-19", "llvm-symbolizer"};
  static FixedText<4096> buffers[4];  // not on what may be a small stack
  const char* paths[5] = {};
  size_t count = 0;
  for (size_t i = 0; i < 4; ++i)
    if (const char* path = FindProgram(names[i], &buffers[i])) paths[count++] = path;
  return SpawnHelper(paths, argv, fd);
}

int64_t NowMs() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
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

void Symbolizer::Fail(std::string_view problem) {
  problem_ = problem;
  failed_ = true;
  Stop();
}

bool Symbolizer::Start() {
  if (failed_) return false;
  if (fd_.StillOurs()) return true;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    Fail("no socket for llvm-symbolizer: too many open files?");
    return false;
  }
  fd_.Set(ends[0]);
  ends[1] = MoveHigh(ends[1]);
  static char name[] = "llvm-symbolizer";
  static char verbose[] = "--verbose";
  static char linkage_names[] = "--no-demangle";
  static char readable_names[] = "--demangle";
  static char inlines[] = "--inlines";
  char* const argv[] = {name, verbose, demangled_ ? readable_names : linkage_names, inlines,
                        nullptr};
  const bool running = Run(argv, ends[1]);
  close(ends[1]);
  if (!running) Fail("llvm-symbolizer could not be started: too many processes?");
  return running;
}

void Symbolizer::Stop() { fd_.Close(); }

bool Symbolizer::Send(std::string_view module, uint64_t offset) {
  FixedText<1024> line;
  line.Add("CODE \"").Add(module).Add("\" ").Address(offset).Add("\n");
  std::string_view rest = line.view();
  while (!rest.empty()) {
    const ssize_t sent = send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// An answer ends in an empty line.
bool Symbolizer::Receive() {
  const int64_t deadline = NowMs() + kTimeoutMs;
  size_ = 0;
  while (size_ < sizeof(answer_)) {
    pollfd wait{fd_.get(), POLLIN, 0};
    const int64_t left = deadline - NowMs();
    const int ready = left <= 0 ? 0 : poll(&wait, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t got = read(fd_.get(), answer_ + size_, sizeof(answer_) - size_);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    size_ += static_cast<size_t>(got);
    if (size_ >= 2 && answer_[size_ - 1] == '\n' && answer_[size_ - 2] == '\n') return LooksRight();
  }
  return false;
}

// A name, then what is known of it: anything else is not llvm-symbolizer.
bool Symbolizer::LooksRight() const {
  const std::string_view text(answer_, size_);
  const size_t name = text.find('\n');
  return text.substr(name + 1, 12) == "  Filename: ";
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
  Fail(
      "llvm-symbolizer cannot be run, or does not answer as it should; set FLUSHDEP_SYMBOLIZER to "
      "one");
  return 0;
}

}  // namespace flushdep
