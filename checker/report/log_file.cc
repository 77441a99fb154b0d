// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "checker/report/format.h"
#include "checker/report/json_writer.h"

namespace flushdep {

Sink LogFile::LineSink() {
  line_.Clear();
  return {[](void* line, const char* data, size_t size) {
            static_cast<Line*>(line)->Add({data, size});
          },
          &line_};
}

bool LogFile::Open(std::string_view path, std::string_view version, uint64_t cpus) {
  path_ = path;
  version_ = version;
  cpus_ = cpus;
  return path_.empty() || Create();
}

bool LogFile::Create() {
  pid_ = getpid();
  FixedText<sizeof(name_) - 1> name;
  name.Add(path_).Add(".").Number(static_cast<uint64_t>(pid_)).Add(".jsonl");
  memset(name_, 0, sizeof(name_));
  memcpy(name_, name.view().data(), name.view().size());
  if (!Reopen()) return false;

  char program[4096];
  const ssize_t size = readlink("/proc/self/exe", program, sizeof(program));
  LogHeader header;
  header.version = version_;
  header.program = {program, size > 0 ? static_cast<size_t>(size) : 0};
  header.pid = static_cast<uint64_t>(pid_);
  header.cpus = cpus_;
  WriteJsonHeader(header, LineSink());
  return WriteLine(line_.view());
}

bool LogFile::Reopen() {
  fd_.Set(open(name_, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  return fd_.open();
}

bool LogFile::WriteLine(std::string_view line) {
  ssize_t written;
  do {
    written = write(fd_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(line.size())) return true;
  SayIncomplete(written < 0 ? strerrordesc_np(errno) : "no space for the whole line");
  return false;
}

void LogFile::SayIncomplete(std::string_view why) {
  if (incomplete_) return;
  incomplete_ = true;
  FixedText<4400> message;
  message.Add("flushdep: cannot write records to ").Add(name_).Add(": ").Add(why);
  message.Add("; they are on stderr only from here on\n");
  [[maybe_unused]] const ssize_t said =
      write(STDERR_FILENO, message.view().data(), message.view().size());
}

bool LogFile::Write(const Report& report) {
  if (path_.empty()) return true;
  if (incomplete_) return false;
  const bool ready = getpid() != pid_ ? Create() : fd_.StillOurs() || Reopen();
  if (!ready) {
    SayIncomplete(strerrordesc_np(errno));
    return false;
  }
  WriteJson(report, LineSink());
  return WriteLine(line_.view());
}

}  // namespace flushdep
