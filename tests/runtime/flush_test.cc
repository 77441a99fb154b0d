// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which CPUs each flush call reaches, what it asks and what it does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::ElementsAre;

constexpr uint64_t kPage = 4096;

// A thread that sits on a CPU of its own, in `mm`, until it is destroyed.
class Resident {
 public:
  explicit Resident(flushdep_mm* mm)
      : thread_([this, mm] {
          flushdep_mm_switch(mm);
          std::unique_lock<std::mutex> lock(mutex_);
          cpu_ = flushdep_cpu_current();
          ready_ = true;
          changed_.notify_all();
          changed_.wait(lock, [this] { return stop_; });
        }) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return ready_; });
  }
  ~Resident() {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      stop_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }
  unsigned cpu() const { return cpu_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ = false;
  bool stop_ = false;
  unsigned cpu_ = 0;
  std::thread thread_;
};

struct Flush {
  std::vector<unsigned> acked;
  flushdep_event issue;
  flushdep_event last;
};

// Runs `call` and takes its one flush apart: ISSUE, ACKs, RETURN, one id.
Flush Record(const std::function<void()>& call) {
  Clear();
  call();
  Flush flush = {};
  std::vector<flushdep_event> events = Events();
  EXPECT_GE(events.size(), 2u);
  flush.issue = events.front();
  flush.last = events.back();
  EXPECT_EQ(flush.issue.kind, FLUSHDEP_EV_FLUSH_ISSUE);
  EXPECT_EQ(flush.last.kind, FLUSHDEP_EV_FLUSH_RETURN);
  for (const flushdep_event& event : events) {
    EXPECT_EQ(event.u.flush.id, flush.issue.u.flush.id);
    EXPECT_EQ(event.thread, flush.issue.thread);
    EXPECT_NE(event.site, 0u);
    if (event.kind == FLUSHDEP_EV_FLUSH_ACK) flush.acked.push_back(event.cpu);
  }
  EXPECT_EQ(flush.acked.size() + 2, events.size());
  return flush;
}

TEST(FlushTest, AllReachesEveryCpuIdleOnesToo) {
  flushdep_cpu_current();
  Flush flush = Record(flushdep_flush_all);
  EXPECT_THAT(flush.acked, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(flush.issue.u.flush.req_what, FLUSHDEP_FLUSH_EVERYTHING);
  EXPECT_EQ(flush.issue.u.flush.req_who, FLUSHDEP_CPUS_ALL);
  EXPECT_EQ(flush.issue.reason, FLUSHDEP_WHY_FLUSH_ALL);
  EXPECT_EQ(flush.issue.u.flush.gen, 0u);
}

TEST(FlushTest, LocalReachesThisCpuOnly) {
  ASSERT_EQ(flushdep_cpu_migrate(2), 0);
  Flush flush = Record(flushdep_flush_local);
  EXPECT_THAT(flush.acked, ElementsAre(2));
  EXPECT_EQ(flush.issue.u.flush.req_what, FLUSHDEP_FLUSH_EVERYTHING);
  EXPECT_EQ(flush.issue.u.flush.req_who, FLUSHDEP_CPUS_LOCAL);
  ASSERT_EQ(flushdep_cpu_migrate(0), 0);
}

TEST(FlushTest, MmRangeReachesLoadedCpusSkipsLazyOnesAndBumpsTheGeneration) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* mm = flushdep_mm_create();
  flushdep_mm_switch(mm);
  // CPU 1 goes lazy on the mm, CPU 2 runs it, CPU 3 runs another.
  auto lazy = std::make_unique<Resident>(mm);
  Resident busy(mm);
  Resident other(first);
  ASSERT_EQ(lazy->cpu(), 1u);
  lazy.reset();
  auto range = [&] { flushdep_flush_mm_range(mm, 0, kPage); };
  Flush flush = Record(range);
  EXPECT_THAT(flush.acked, ElementsAre(0, 2));
  const flushdep_event_flush& issue = flush.issue.u.flush;
  EXPECT_EQ(issue.mm, flushdep_mm_id(mm));
  EXPECT_EQ(issue.req_what, FLUSHDEP_FLUSH_SPACE_RANGE);
  EXPECT_EQ(issue.req_who, FLUSHDEP_CPUS_SPACE);
  EXPECT_EQ(issue.eff_who, FLUSHDEP_CPUS_SPACE_BUSY);
  EXPECT_EQ(issue.flags, static_cast<uint32_t>(FLUSHDEP_FLUSH_BUMPS_GEN));
  EXPECT_EQ(issue.gen, 2u);
  EXPECT_EQ(Record(range).issue.u.flush.gen, 3u);
  EXPECT_THAT(Record([&] { flushdep_flush_page(mm, 5 * kPage + 7); }).acked, ElementsAre(0, 2));
  flushdep_mm_switch(first);
  // Not loaded here any more: no IPI, and the next load learns the generation.
  EXPECT_THAT(Record(range).acked, ElementsAre(2));
  Clear();
  flushdep_mm_switch(mm);
  ASSERT_EQ(Events().size(), 1u);
  EXPECT_EQ(Events()[0].u.mm.tlb_gen, 5u);
  flushdep_mm_switch(first);
  flushdep_mm_put(mm);
}

// Page tables may have gone: lazy CPUs are asked too, and load the kernel's mm (flush_tlb_func()).
TEST(FlushTest, FreedTablesReachLazyCpusWhichDropTheMm) {
  flushdep_mm* first = flushdep_mm_current();
  for (bool range : {false, true}) {
    flushdep_mm* mm = flushdep_mm_create();
    flushdep_mm_switch(mm);
    {
      Resident lazy(mm);
    }
    Clear();
    if (range)
      flushdep_flush_mm_range_tables(mm, 0, kPage);
    else
      flushdep_flush_mm(mm);
    EXPECT_THAT(Kinds(),
                ElementsAre("FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_ACK", "CPU_LOAD", "FLUSH_RETURN"));
    std::vector<flushdep_event> events = Events();
    EXPECT_EQ(events[0].u.flush.eff_who, FLUSHDEP_CPUS_SPACE);
    EXPECT_EQ(events[0].u.flush.flags, static_cast<uint32_t>(FLUSHDEP_FLUSH_BUMPS_GEN) |
                                           static_cast<uint32_t>(FLUSHDEP_FLUSH_TABLES));
    EXPECT_EQ(events[1].cpu, 0u);
    EXPECT_EQ(events[1].u.flush.eff_what,
              range ? FLUSHDEP_FLUSH_SPACE_RANGE : FLUSHDEP_FLUSH_SPACE);
    EXPECT_EQ(events[2].cpu, 1u);
    EXPECT_EQ(events[2].u.flush.eff_what, FLUSHDEP_FLUSH_SPACE);
    EXPECT_EQ(events[3].cpu, 1u);
    EXPECT_EQ(events[3].u.mm.mm, FLUSHDEP_SPACE_KERNEL);
    EXPECT_EQ(events[3].u.mm.old_mm, flushdep_mm_id(mm));
    // It has it no longer.
    EXPECT_THAT(Record([&] { flushdep_flush_mm(mm); }).acked, ElementsAre(0));
    flushdep_mm_switch(first);
    flushdep_mm_put(mm);
  }
}

TEST(FlushTest, ABatchAsksCpusThatHadItsMmsLoadedAndAreBehind) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* one = flushdep_mm_create();
  flushdep_mm* two = flushdep_mm_create();
  Resident in_one(one);      // CPU 1
  Resident in_two(two);      // CPU 2
  Resident in_other(first);  // CPU 3
  flushdep_tlb_batch batch = {};
  Clear();
  flushdep_flush_batch_add(&batch, one);
  flushdep_flush_batch_add(&batch, two);
  // Each add: nobody is asked, but the generation is new.
  EXPECT_THAT(Kinds(), ElementsAre("FLUSH_ISSUE", "FLUSH_TARGET", "FLUSH_RETURN", "FLUSH_ISSUE",
                                   "FLUSH_TARGET", "FLUSH_RETURN"));
  EXPECT_EQ(Events()[0].u.flush.gen, 2u);
  EXPECT_EQ(Events()[0].u.flush.req_who, FLUSHDEP_CPUS_MASK);
  EXPECT_EQ(Events()[1].u.target.cpus, 0u);
  EXPECT_EQ(batch.cpus[0], 6u);
  Clear();
  flushdep_flush_batch(&batch);
  EXPECT_THAT(Kinds(),
              ElementsAre("FLUSH_ISSUE", "FLUSH_TARGET", "FLUSH_ACK", "FLUSH_ACK", "FLUSH_RETURN"));
  std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[0].u.flush.req_what, FLUSHDEP_FLUSH_NON_GLOBAL);
  EXPECT_EQ(events[0].u.flush.eff_who, FLUSHDEP_CPUS_MASK);
  EXPECT_EQ(events[1].u.target.id, events[0].u.flush.id);
  EXPECT_EQ(events[1].u.target.cpus, 6u);
  EXPECT_EQ(events[1].u.target.last, 1u);
  EXPECT_EQ(events[2].cpu, 1u);
  EXPECT_EQ(events[2].u.flush.mm, flushdep_mm_id(one));
  EXPECT_EQ(events[2].u.flush.eff_what, FLUSHDEP_FLUSH_SPACE);
  EXPECT_EQ(events[3].u.flush.mm, flushdep_mm_id(two));
  EXPECT_EQ(batch.cpus[0], 0u);
  // What another flush did meanwhile is not done again.
  flushdep_flush_batch_add(&batch, one);
  flushdep_flush_mm(one);
  Clear();
  flushdep_flush_batch(&batch);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ACK), 0u);
  flushdep_mm_put(one);
  flushdep_mm_put(two);
}

TEST(FlushTest, MmRangeIsRoundedAndPromotedPastThirtyThreePages) {
  flushdep_mm* mm = flushdep_mm_current();
  Flush small = Record([&] { flushdep_flush_mm_range(mm, 10 * kPage + 1, 43 * kPage - 1); });
  EXPECT_EQ(small.issue.u.flush.start, 10 * kPage);
  EXPECT_EQ(small.issue.u.flush.end, 43 * kPage);
  EXPECT_EQ(small.issue.u.flush.eff_what, FLUSHDEP_FLUSH_SPACE_RANGE);
  EXPECT_EQ(small.issue.u.flush.flags & FLUSHDEP_FLUSH_PROMOTED, 0u);
  Flush large = Record([&] { flushdep_flush_mm_range(mm, 10 * kPage, 44 * kPage); });
  EXPECT_EQ(large.issue.u.flush.req_what, FLUSHDEP_FLUSH_SPACE_RANGE);
  EXPECT_EQ(large.issue.u.flush.eff_what, FLUSHDEP_FLUSH_SPACE);
  EXPECT_NE(large.issue.u.flush.flags & FLUSHDEP_FLUSH_PROMOTED, 0u);
}

TEST(FlushTest, KernelRangeReachesEveryCpuAndIsPromotedToEverything) {
  flushdep_cpu_current();
  uint64_t start = FLUSHDEP_WINDOW_START;
  Flush small = Record([&] { flushdep_flush_kernel_range(start, start + 33 * kPage); });
  EXPECT_THAT(small.acked, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(small.issue.u.flush.mm, FLUSHDEP_SPACE_KERNEL);
  EXPECT_EQ(small.issue.u.flush.eff_what, FLUSHDEP_FLUSH_KERNEL_RANGE);
  Flush large = Record([&] { flushdep_flush_kernel_range(start, start + 34 * kPage); });
  EXPECT_THAT(large.acked, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(large.issue.u.flush.req_what, FLUSHDEP_FLUSH_KERNEL_RANGE);
  EXPECT_EQ(large.issue.u.flush.eff_what, FLUSHDEP_FLUSH_EVERYTHING);
  EXPECT_NE(large.issue.u.flush.flags & FLUSHDEP_FLUSH_PROMOTED, 0u);
}

TEST(FlushTest, ARangeToTheTopOfAddressesDoesNotWrap) {
  flushdep_cpu_current();
  Flush flush = Record([] { flushdep_flush_kernel_range(0, ~0ul); });
  EXPECT_EQ(flush.issue.u.flush.end, ~0ull & ~(kPage - 1));
  EXPECT_EQ(flush.issue.u.flush.eff_what, FLUSHDEP_FLUSH_EVERYTHING);
}

TEST(FlushTest, SiteIsTheCallerAndIdsAreNew) {
  flushdep_cpu_current();
  Flush one = Record(flushdep_flush_all);
  Flush two = Record(flushdep_flush_all);
  EXPECT_NE(one.issue.u.flush.id, two.issue.u.flush.id);
}

}  // namespace
}  // namespace flushdep::testing
