// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/reporter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <new>

#include "checker/live/live.h"
#include "checker/model/limits.h"
#include "checker/model/spinlock.h"
#include "checker/report/format.h"
#include "checker/report/log_file.h"
#include "checker/report/renderer.h"
#include "checker/report/report_queue.h"
#include "checker/report/suppressions.h"
#include "checker/report/text_writer.h"
#include "checker/report/told.h"

namespace flushdep {
namespace {

// Of the report that is being written.
enum class Left : uint8_t { Nothing, Record, TextAndRecord };

// Made in static memory by StartReporter(), since a machine boots before
// constructors run; what comes before that has no reports.
struct Output {
  ReportQueue queue;
  SpinLock lock;  // everything below
  Renderer renderer;
  LogFile log_file;
  RawReport current;  // here and not on a stack, which may be a small one
  Left left = Left::Nothing;
  char program[512];
  char directory[4096];
  FixedText<1u << 18> text;
  Suppressions suppressions;
  char suppression_text[1u << 16];
  ReportFates fates;
  Told told;
  bool symbols = true;
  pid_t owner = 0;
  bool told_symbolizer_problem = false;
};
alignas(Output) char output_memory[sizeof(Output)];
std::atomic<Output*> output{nullptr};

constexpr int kRawDrainTries = 500;  // of 10 ms

void WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      // The program made it non-blocking and the reader is slow: no reason to lose a report.
      pollfd room{fd, POLLOUT, 0};
      poll(&room, 1, -1);
      continue;
    }
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

std::string_view ProgramPath(char* buffer, size_t size) {
  const ssize_t length = readlink("/proc/self/exe", buffer, size);
  return {buffer, length > 0 ? static_cast<size_t>(length) : 0};
}

void MakeText(Output& out, const Report& report, const RawReport& raw, bool with_symbols) {
  TextContext context;
  context.module = ProgramPath(out.program, sizeof(out.program));
  context.program = context.module.substr(context.module.rfind('/') + 1);
  context.version = FLUSHDEP_VERSION;
  if (getcwd(out.directory, sizeof(out.directory)) != nullptr) context.directory = out.directory;
  context.doing = raw.doing;
  out.text.Clear();
  WriteText(report, context,
            {[](void* text, const char* data, size_t size) {
               static_cast<FixedText<1u << 18>*>(text)->Add({data, size});
             },
             &out.text});
  const std::string_view problem = out.renderer.Problem();
  if (with_symbols && !out.told_symbolizer_problem && !problem.empty()) {
    out.told_symbolizer_problem = true;
    out.text.Add("flushdep: ").Add(problem).Add("\n");
  }
}

// Writes what of out.current is not written yet.
void WriteCurrent(Output& out, bool with_symbols) {
  if (out.owner != getpid()) {
    // A forked child must not talk to its parent's symboliser.
    out.owner = getpid();
    out.renderer.StopSymbolizers();
    out.told = {};
  }
  const Report report = out.renderer.Render(out.current, with_symbols);
  if (out.left == Left::TextAndRecord && out.suppressions.Match(report)) {
    out.left = Left::Nothing;
    out.fates.suppressed(out.current);
    return;
  }
  if (out.left == Left::TextAndRecord && out.told.Before(report, out.current.doing)) {
    out.left = Left::Nothing;
    out.fates.repeated(out.current);
    return;
  }
  if (out.left == Left::TextAndRecord) {
    MakeText(out, report, out.current, with_symbols);
    WriteAll(STDERR_FILENO, out.text.view());
    out.left = Left::Record;
  }
  out.log_file.Write(report);
  out.left = Left::Nothing;
}

void Drain(Output& out, bool with_symbols) {
  while (out.queue.Pop(&out.current)) {
    out.left = Left::TextAndRecord;
    WriteCurrent(out, with_symbols);
  }
}

}  // namespace

bool StartReporter(std::string_view log_path, uint64_t cpus, bool symbolize, ReportFates fates) {
  Output* out = new (output_memory) Output;
  out->fates = fates;
  out->symbols = symbolize;
  out->owner = getpid();
  output.store(out, std::memory_order_release);
  return out->log_file.Open(log_path, FLUSHDEP_VERSION, cpus);
}

bool LoadSuppressions(std::string_view path, FixedText<4500>* problem) {
  Output* out = output.load(std::memory_order_acquire);
  FixedText<4096> name;
  name.Add(path).Add(std::string_view("\0", 1));
  problem->Add("FLUSHDEP_OPTIONS: suppressions=").Add(path).Add(": ");
  const int fd = open(name.view().data(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    problem->Add(strerrordesc_np(errno));
    return false;
  }
  size_t size = 0;
  ssize_t got = 1;
  while (got > 0 && size < sizeof(out->suppression_text)) {
    got = read(fd, out->suppression_text + size, sizeof(out->suppression_text) - size);
    if (got > 0) size += static_cast<size_t>(got);
  }
  const int error = errno;
  close(fd);
  if (got < 0) {
    problem->Add(strerrordesc_np(error));
    return false;
  }
  if (size == sizeof(out->suppression_text)) {
    problem->Add("more than 64 KiB");
    return false;
  }
  const Suppressions::Problem bad = out->suppressions.Parse({out->suppression_text, size});
  problem->Add(bad.line).Add(": ").Add(bad.text);
  return bad.text.empty();
}

void ListSuppressions() {
  Output* out = output.load(std::memory_order_acquire);
  for (uint32_t i = 0; out != nullptr && i < out->suppressions.size(); ++i) {
    const Suppressions::Line& line = out->suppressions[i];
    if (line.count == 0) continue;
    FixedText<1024> text;
    text.Add("flushdep: suppressed ").Number(line.count).Add(": ").Add(line.type).Add(":");
    text.Add(line.pattern).Add("\n");
    WriteAll(STDERR_FILENO, text.view());
  }
}

std::string_view LogFileName() {
  const Output* out = output.load(std::memory_order_acquire);
  return out == nullptr ? "" : out->log_file.name();
}

bool RecordsIncomplete() {
  const Output* out = output.load(std::memory_order_acquire);
  return out != nullptr && out->log_file.incomplete();
}

void QueueReport(const RawReport& report) {
  // A full queue in a signal handler: better without symbols than not at all.
  while (!output.load(std::memory_order_acquire)->queue.Push(report)) DrainReportsRaw();
}

void DescribePlace(uint64_t pc, FixedText<1200>* text) {
  Output* out = output.load(std::memory_order_acquire);
  if (out == nullptr) return;
  CheckerScope scope;
  SpinGuard guard(out->lock);
  text->Add(out->renderer.Place(pc, out->symbols));
}

void DrainReports() {
  Output* out = output.load(std::memory_order_acquire);
  if (out == nullptr) return;
  CheckerScope scope;
  SpinGuard guard(out->lock);
  Drain(*out, out->symbols);
}

// The lock may be held by the very code that crashed, and then forever; or by
// another thread, in the middle of a report that must not be torn or lost.
void DrainReportsRaw() {
  Output* out = output.load(std::memory_order_acquire);
  if (out == nullptr) return;
  const bool inside = InsideChecker();
  CheckerScope scope;
  bool locked = out->lock.TryLock();
  for (int tries = 0; !locked && !inside && tries < kRawDrainTries; ++tries) {
    const timespec pause = {0, 10'000'000};
    nanosleep(&pause, nullptr);
    locked = out->lock.TryLock();
  }
  // What crashed may have been the writing of a report.
  if (out->left != Left::Nothing) WriteCurrent(*out, /*with_symbols=*/false);
  Drain(*out, /*with_symbols=*/false);
  if (locked) out->lock.Unlock();
}

}  // namespace flushdep
