// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/reporter.h"

#include <errno.h>
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
#include "checker/report/text_writer.h"

namespace flushdep {
namespace {

// Made in static memory by StartReporter(), since a machine boots before
// constructors run; what comes before that has no reports.
struct Output {
  ReportQueue queue;
  SpinLock lock;  // everything below
  Renderer renderer;
  LogFile log_file;
  FixedText<1u << 18> text;
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

std::string_view ProgramName(char* buffer, size_t size) {
  const ssize_t length = readlink("/proc/self/exe", buffer, size);
  const std::string_view path(buffer, length > 0 ? static_cast<size_t>(length) : 0);
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

void WriteOut(Output& out, const RawReport& raw, bool with_symbols) {
  if (out.owner != getpid()) {
    // A forked child must not talk to its parent's symboliser.
    out.owner = getpid();
    out.renderer.StopSymbolizers();
  }
  const Report report = out.renderer.Render(raw, with_symbols);
  char program[512];
  char directory[4096];
  TextContext context;
  context.program = ProgramName(program, sizeof(program));
  context.version = FLUSHDEP_VERSION;
  if (getcwd(directory, sizeof(directory)) != nullptr) context.directory = directory;
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
  WriteAll(STDERR_FILENO, out.text.view());
  out.log_file.Write(report);
}

void Drain(Output& out, bool with_symbols) {
  RawReport raw;
  while (out.queue.Pop(&raw)) WriteOut(out, raw, with_symbols);
}

}  // namespace

bool StartReporter(std::string_view log_path, uint64_t cpus, bool symbolize) {
  Output* out = new (output_memory) Output;
  out->symbols = symbolize;
  out->owner = getpid();
  output.store(out, std::memory_order_release);
  return out->log_file.Open(log_path, FLUSHDEP_VERSION, cpus);
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
    const timespec pause = {0, 10 * 1000 * 1000};
    nanosleep(&pause, nullptr);
    locked = out->lock.TryLock();
  }
  Drain(*out, /*with_symbols=*/false);
  if (locked) out->lock.Unlock();
}

}  // namespace flushdep
