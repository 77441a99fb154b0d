// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/live/statistics.h"

#include <unistd.h>

#include "checker/report/format.h"
#include "checker/report/reporter.h"

namespace flushdep {
namespace {

class Printer {
 public:
  explicit Printer(const LimitCounts& limits) : limits_(limits) {}

  void Text(std::string_view text) {
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
  }
  void Line(std::string_view name, uint64_t value) { Put(name, value, 0); }
  void Line(std::string_view name, uint64_t value, Limit limit) {
    Put(name, value, limits_.Max(limit));
  }

 private:
  void Put(std::string_view name, uint64_t value, uint64_t max) {
    FixedText<160> text;
    text.Add(" ").Add(name).Add(":");
    for (size_t used = name.size(); used < 34; ++used) text.Add(" ");
    const Digits digits = Decimal(value);
    for (size_t used = digits.view().size(); used < 11; ++used) text.Add(" ");
    text.Add(digits);
    if (max != 0) text.Add(" [max: ").Number(max).Add("]");
    text.Add("\n");
    Text(text.view());
  }

  const LimitCounts& limits_;
};

void PrintFindings(const Validator& live, uint64_t dropped, Printer& out) {
  const uint64_t all = live.findings(Severity::Advice);
  const uint64_t possible = live.findings(Severity::Possible);
  out.Line("events", live.events());
  out.Line("events dropped in signal handlers", dropped);
  out.Line("events of unknown kinds", live.unknown_events());
  out.Line("errors", live.findings(Severity::Error));
  out.Line("possible errors", possible - live.findings(Severity::Error));
  out.Line("advice", all - possible);
  out.Line("findings suppressed", live.suppressed());
  out.Line("problems reported", live.problems(), Limit::Problems);
}

void PrintTables(Validator& live, Printer& out) {
  State& state = live.state();
  out.Line("stacks", state.stacks().stacks(), Limit::Stacks);
  out.Line("spilled translations", state.shadow().spilled(), Limit::SpilledTranslations);
  out.Line("regions", state.regions(), Limit::Regions);
  if (!live.options().inference) return;
  Inference& inference = state.inference();
  out.Line("threads", inference.threads().count(), Limit::FollowedThreads);
  out.Line("synchronisation objects", inference.contract().objects(), Limit::SyncObjects);
  out.Line("lock-classes", inference.locks().count(), Limit::LockClasses);
  out.Line("lock orders", inference.locks().orders(), Limit::LockOrders);
  out.Line("page-classes", inference.graph().classes(), Limit::Classes);
  out.Line("sites", inference.graph().sites(), Limit::Sites);
  out.Line("direct edges", inference.graph().edges(), Limit::Edges);
  out.Line("life states", inference.graph().states(), Limit::LifeStates);
  out.Line("steps", inference.graph().steps(), Limit::Steps);
  out.Line("pages dropped with a flush owed", inference.drops(), Limit::Drops);
}

void PrintSites(Validator& live, Printer& out) {
  FlushSites& sites = live.state().flush_sites();
  if (!sites.enabled()) return;
  out.Line("flush sites", sites.count(), Limit::FlushSites);
  sites.ForEach([&](const FlushSite& site) {
    FixedText<1200> text;
    text.Add("  flush site ");
    DescribePlace(site.pc, &text);
    text.Add(": ").Number(site.count).Add(" flushes, ");
    text.Number(site.ended).Add(" translations ended, ").Number(site.useless);
    text.Add(" flushes for nothing, ").Number(site.interrupts).Add(" CPUs interrupted, ");
    text.Number(site.idle).Add(" of them for nothing, ").Number(site.early);
    text.Add(" translations flushed early\n");
    out.Text(text.view());
  });
}

}  // namespace

void PrintStatistics(Validator& live, uint64_t dropped_events) {
  Printer out(live.state().limits());
  out.Text("flushdep: statistics\n");
  PrintFindings(live, dropped_events, out);
  PrintTables(live, out);
  PrintSites(live, out);
}

}  // namespace flushdep
