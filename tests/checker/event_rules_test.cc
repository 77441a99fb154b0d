// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rules beyond the free of a page, by events: a bad case, its quiet twin,
// and nothing else reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/checker/script.h"

namespace flushdep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kPage = 5;
constexpr uint64_t kOther = 6;
constexpr uint64_t kUser = 0x7ea000000000;
constexpr uint64_t kVmalloc = 0x7eb000000000;
constexpr uint16_t kRw = FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE | FLUSHDEP_PROT_USER;
constexpr uint16_t kRo = FLUSHDEP_PROT_READ | FLUSHDEP_PROT_USER;

class EventRules : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    MachineOptions options;
    options.inference = GetParam();
    options.frames = 4;
    script_ = std::make_unique<Script>(options);
    s().MmCreate(1);
    s().MmCreate(2);
    s().Load(0, 1);
    s().As(1, 0x100);
    s().Region(1, kUser, kUser + 64 * 4096, FLUSHDEP_REGION_USER, FLUSHDEP_POLICY_USER);
    s().Region(0, kVmalloc, kVmalloc + 64 * 4096, FLUSHDEP_REGION_VMALLOC,
               FLUSHDEP_POLICY_REUSE_ONLY);
    s().Alloc(kPage);
    s().Alloc(kOther);
  }
  std::vector<std::string> Finish() {
    s().Finish();
    return s().Take();
  }
  std::string Message() { return std::string(s().last().message.view()); }
  Script& s() { return *script_; }
  const uint64_t va_ = Script::Va(1, 0, 3);
  std::unique_ptr<Script> script_;
};

INSTANTIATE_TEST_SUITE_P(Inference, EventRules, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "with" : "without"; });

// --- FD009 ---------------------------------------------------------------------

TEST_P(EventRules, FD009AccessThroughAnotherSlice) {
  s().Load(1, 1);
  s().Map(1, va_, kPage);
  s().As(2).Access(va_, true);
  EXPECT_THAT(s().Take(), ElementsAre("FD009 pfn=5"));
}

TEST_P(EventRules, FD009TwinOwnSlice) {
  s().Map(1, va_, kPage);
  s().Access(va_, true);
  EXPECT_THAT(Finish(), IsEmpty());
}

// --- FD011 ---------------------------------------------------------------------

TEST_P(EventRules, FD011PublishedBeforeTheFlush) {
  s().Unmap(kPage);
  s().Publish(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD011 pfn=5"));
  EXPECT_THAT(Message(), HasSubstr("not flushed since it was taken out"));
}

TEST_P(EventRules, FD011TwinFlushed) {
  s().Unmap(kPage);
  s().FlushKernelRange(kDirectMap + kPage * 4096, kDirectMap + (kPage + 1) * 4096, false);
  s().Publish(kPage);
  s().Free(kPage);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, FD011ErrorOfTheRemovalIgnored) {
  s().Publish(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD011 pfn=5"));
  EXPECT_THAT(Message(), HasSubstr("but it is in the direct map"));
}

TEST_P(EventRules, FD011LocalFlushIsNotEnough) {
  s().Unmap(kPage);
  s().FlushLocal();
  s().Publish(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD011 pfn=5"));
}

// --- FD012 ---------------------------------------------------------------------

TEST_P(EventRules, FD012AddressGivenAgain) {
  s().Map(1, va_, kPage);
  s().Put(1, va_, kPage);
  s().Map(1, va_, kOther);
  EXPECT_THAT(s().Take(), ElementsAre("FD012 pfn=6"));
}

TEST_P(EventRules, FD012TwinLocalFlushIsEnoughForTheOwner) {
  s().Load(1, 1);  // may hold it too: due at the free, not here
  s().Map(1, va_, kPage);
  s().Put(1, va_, kPage);
  s().FlushLocal(/*internal=*/true);
  s().Map(1, va_, kOther);
  EXPECT_THAT(s().Take(), IsEmpty());
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

TEST_P(EventRules, FD012TwinTheSamePageAgain) {
  s().Map(1, va_, kPage);
  s().Put(1, va_, kPage);
  s().Map(1, va_, kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_P(EventRules, FD012VmallocMayFreeFirstButNotReuse) {
  s().Pte(0, kVmalloc, kPage, kRw, 0);
  s().Pte(0, kVmalloc, kPage, 0, kRw);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
  s().Pte(0, kVmalloc, kOther, kRw, 0);
  EXPECT_THAT(s().Take(), ElementsAre("FD012 pfn=6"));
}

TEST_P(EventRules, FD012TwinVmallocPurged) {
  s().Pte(0, kVmalloc, kPage, kRw, 0);
  s().Pte(0, kVmalloc, kPage, 0, kRw);
  s().Free(kPage);
  s().FlushKernelRange(kVmalloc, kVmalloc + 4096, false);
  s().Pte(0, kVmalloc, kOther, kRw, 0);
  EXPECT_THAT(Finish(), IsEmpty());
}

// --- FD013 ---------------------------------------------------------------------

TEST_P(EventRules, FD013DoublePut) {
  s().MapEnd(1, 0, va_, kPage, /*failed=*/true);
  EXPECT_THAT(s().Take(), ElementsAre("FD013 pfn=5"));
}

TEST_P(EventRules, FD013PutOnAnotherCpu) {
  s().Load(1, 1);
  s().As(2).MapEnd(1, 0, va_, kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD013 pfn=5"));
  EXPECT_THAT(Message(), HasSubstr("of CPU 0 put on CPU 1"));
}

TEST_P(EventRules, FD013PutInAnotherMm) {
  s().Load(0, 2);
  s().MapEnd(1, 0, va_, kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD013 pfn=5"));
  EXPECT_THAT(Message(), HasSubstr("of mm 1 put in mm 2"));
}

TEST_P(EventRules, FD013TwinPutWhereItBelongs) {
  s().MapEnd(1, 0, va_, kPage);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, FD013MigrationEnabledOnceTooOften) {
  s().Context(FLUSHDEP_CTX_MIGRATE, -1, -1, /*failed=*/true);
  EXPECT_THAT(s().Take().size(), 1u);
  EXPECT_EQ(s().last().rule, Rule::FD013);
}

TEST_P(EventRules, FD013ThreadEndsWithMigrationDisabled) {
  s().Context(FLUSHDEP_CTX_MIGRATE, 1, 1);
  s().ThreadExit(1);
  EXPECT_THAT(s().Take().size(), 1u);
  EXPECT_THAT(Message(), HasSubstr("migration still disabled 1 times"));
}

TEST_P(EventRules, FD013TwinBalanced) {
  s().Context(FLUSHDEP_CTX_MIGRATE, 1, 1);
  s().Context(FLUSHDEP_CTX_MIGRATE, -1, 0);
  s().ThreadExit(1);
  EXPECT_THAT(Finish(), IsEmpty());
}

// --- FD014 ---------------------------------------------------------------------

TEST_P(EventRules, FD014CallsAProducersCallByItsName) {
  const auto own = static_cast<flushdep_reason>(FLUSHDEP_WHY_USER + 1);
  s().Name(own, "my_lock", FLUSHDEP_EV_WRONG_CONTEXT);
  s().Name(own + 1, "my_unlock", FLUSHDEP_EV_WRONG_CONTEXT);
  s().WrongContext(own, FLUSHDEP_CTX_SOFTIRQ, 1);
  EXPECT_EQ(s().last().rule, Rule::FD014);
  EXPECT_EQ(std::string(s().last().message.view()).rfind("my_lock in a softirq", 0), 0u);
}

TEST_P(EventRules, FD014ReservedMappingWithPreemptionOn) {
  s().WrongContext(FLUSHDEP_WHY_MERMAP_GET_RESERVED, FLUSHDEP_CTX_PREEMPT, 0);
  EXPECT_THAT(s().Take().size(), 1u);
  EXPECT_EQ(s().last().rule, Rule::FD014);
  EXPECT_EQ(Message(),
            "mermap_get_reserved with preemption enabled, where its contract does not allow it");
}

// --- FD016 ---------------------------------------------------------------------

TEST_P(EventRules, FD016AreaClosedWithoutAFlush) {
  s().Map(1, va_, kPage);
  s().Put(1, va_, kPage);
  s().AccessLost(1, kUser, kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD016 pfn=5"));
}

TEST_P(EventRules, FD016AreaClosedWithAMappingLive) {
  s().Pte(1, kUser, kPage, kRw, 0);
  s().AccessLost(1, kUser, kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD016 pfn=5"));
  EXPECT_THAT(Message(), HasSubstr("while a mapping of it is live"));
}

TEST_P(EventRules, FD016TwinFlushed) {
  s().Map(1, va_, kPage);
  s().Put(1, va_, kPage);
  s().FlushMm(1, {0});
  s().AccessLost(1, kUser, kPage);
  s().Free(kPage);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, FD016TwinAnotherMmsTranslation) {
  s().Map(1, va_, kPage);
  s().Put(1, va_, kPage);
  s().AccessLost(2, kUser, kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

// --- FD018 ---------------------------------------------------------------------

TEST_P(EventRules, FD018FreedWithoutAFlush) {
  s().Link(1, kUser, kPage);
  s().Unlink(1, kUser, kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD018 pfn=5"));
}

TEST_P(EventRules, FD018TheFlushSkippedALazyCpu) {
  s().Load(1, 1);
  s().Lazy(1, 1);
  s().Link(1, kUser, kPage);
  s().Unlink(1, kUser, kPage);
  s().FlushMm(1, {0});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD018 pfn=5"));
}

TEST_P(EventRules, FD018TwinLazyToo) {
  s().Load(1, 1);
  s().Lazy(1, 1);
  s().Link(1, kUser, kPage);
  s().Unlink(1, kUser, kPage);
  s().FlushMm(1, {0, 1});
  s().Free(kPage);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, FD018TwinOneAddressOfItIsEnough) {
  s().Link(1, kUser, kPage);
  s().Unlink(1, kUser, kPage);
  s().FlushMmRange(1, kUser + 7 * 4096, kUser + 8 * 4096, {0});
  s().Free(kPage);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, FD018StillLinked) {
  s().Link(1, kUser, kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD018 pfn=5"));
  EXPECT_THAT(Message(), HasSubstr("linked into page tables"));
}

// --- FD019 ---------------------------------------------------------------------

TEST_P(EventRules, FD019WriteTakenAwayAndReliedOn) {
  s().Pte(1, kUser, kPage, kRw, 0);
  s().Pte(1, kUser, kPage, kRo, kRw);
  s().Assert(kPage, 1);
  EXPECT_THAT(s().Take(), ElementsAre("FD019 pfn=5"));
}

TEST_P(EventRules, FD019TwinFlushed) {
  s().Pte(1, kUser, kPage, kRw, 0);
  s().Pte(1, kUser, kPage, kRo, kRw);
  s().FlushMm(1, {0});
  s().Assert(kPage, 1);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, FD019TwinMorePermissionOwesNothing) {
  s().Pte(1, kUser, kPage, kRo, 0);
  s().Pte(1, kUser, kPage, kRw, kRo);
  s().Assert(kPage, 1);
  EXPECT_THAT(Finish(), IsEmpty());
}

// --- Policies ----------------------------------------------------------------------

TEST_P(EventRules, UserMemoryMaySkipLazyCpus) {
  s().Load(1, 1);
  s().Lazy(1, 1);
  s().Pte(1, kUser, kPage, kRw, 0);
  s().Pte(1, kUser, kPage, 0, kRw);
  s().FlushMm(1, {0});
  s().Free(kPage);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, UserMemoryNeedsAFlushAllTheSame) {
  s().Load(1, 1);
  s().Lazy(1, 1);
  s().Load(0, 2);
  s().Pte(1, kUser, kPage, kRw, 0);
  s().Pte(1, kUser, kPage, 0, kRw);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

TEST_P(EventRules, TheMermapMayNotSkipLazyCpus) {
  s().Load(1, 1);
  s().Lazy(1, 1);
  s().Map(1, va_, kPage);
  s().Put(1, va_, kPage);
  s().FlushMm(1, {0});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
}

TEST_P(EventRules, IgnoredRegionsAreIgnored) {
  constexpr uint64_t kIgnored = 0x7ea800000000;
  s().Region(1, kIgnored, kIgnored + 64 * 4096, FLUSHDEP_REGION_USER, FLUSHDEP_POLICY_IGNORE);
  s().Pte(1, kIgnored, kPage, kRw, 0);
  s().Pte(1, kIgnored, kPage, 0, kRw);
  s().Free(kPage);
  EXPECT_THAT(Finish(), IsEmpty());
}

TEST_P(EventRules, APageReplacedInAnEntryIsRemoved) {
  s().Pte(1, kUser, kPage, kRw, 0);
  flushdep_event event = {};
  event.kind = FLUSHDEP_EV_PTE_SET;
  event.thread = 1;
  event.u.pte.va = kUser;
  event.u.pte.pfn = kOther;
  event.u.pte.old_pfn = kPage;
  event.u.pte.old_prot = event.u.pte.prot = kRw;
  event.u.pte.mm = 1;
  event.u.pte.npages = 1;
  event.u.pte.level = event.u.pte.old_level = FLUSHDEP_LEVEL_PTE;
  s().validator().Handle(event);
  EXPECT_THAT(s().Take(), IsEmpty());
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

// --- Advice ------------------------------------------------------------------------

class Advice : public ::testing::Test {
 protected:
  void SetUp() override {
    MachineOptions options;
    options.advice = true;
    options.frames = 4;
    script_ = std::make_unique<Script>(options);
    s().MmCreate(1);
    s().Load(0, 1);
    s().As(1, 0x100);
  }
  void Owe(uint64_t pfn) {
    const uint64_t va = Script::Va(1, 0, pfn % 60);
    s().Alloc(pfn);
    s().Map(1, va, pfn);
    s().Put(1, va, pfn);
  }
  std::vector<std::string> Rules() {
    s().Finish();
    std::vector<std::string> rules;
    for (const std::string& report : s().Take())
      if (report[1] == 'A') rules.push_back(report.substr(0, 5));
    return rules;
  }
  Script& s() { return *script_; }
  std::unique_ptr<Script> script_;
};

TEST_F(Advice, FA001FlushesForNothing) {
  for (int i = 0; i < 20; ++i) s().FlushMm(1, {0});
  EXPECT_THAT(Rules(), ElementsAre("FA001"));
  EXPECT_EQ(s().validator().findings(Severity::Possible), 0u);
}

TEST_F(Advice, FA001TwinMostEndSomething) {
  for (uint64_t i = 0; i < 20; ++i) {
    for (uint64_t k = 0; k < 5; ++k) Owe(i * 5 + k);
    s().FlushMm(1, {0});
  }
  EXPECT_THAT(Rules(), IsEmpty());
}

TEST_F(Advice, FA002OneFlushAPage) {
  for (uint64_t i = 0; i < 20; ++i) {
    Owe(i);
    s().FlushMm(1, {0});
    s().Free(i);
  }
  EXPECT_THAT(Rules(), ElementsAre("FA002"));
}

TEST_F(Advice, FA002TwinOneFlushForMany) {
  for (uint64_t i = 0; i < 20; ++i) Owe(i);
  s().FlushMm(1, {0});
  for (uint64_t i = 0; i < 20; ++i) s().Free(i);
  EXPECT_THAT(Rules(), IsEmpty());
}

TEST_F(Advice, FA003EveryCpuForOneMm) {
  for (uint64_t i = 0; i < 20; ++i) {
    for (uint64_t k = 0; k < 5; ++k) Owe(i * 5 + k);
    s().FlushAll();
  }
  EXPECT_THAT(Rules(), ElementsAre("FA003"));
}

TEST_F(Advice, FA004FlushedAgainBeforeTheFree) {
  for (uint64_t i = 0; i < 20; ++i) {
    for (uint64_t k = 0; k < 4; ++k) Owe(i * 4 + k);
    s().where().site = 0x200;
    s().FlushMm(1, {0});
    for (uint64_t k = 0; k < 4; ++k) Owe(500 + i * 4 + k);
    s().where().site = 0x300;
    s().FlushMm(1, {0});
    for (uint64_t k = 0; k < 4; ++k) s().Free(i * 4 + k), s().Free(500 + i * 4 + k);
  }
  EXPECT_THAT(Rules(), ElementsAre("FA004"));
}

TEST_F(Advice, IsOffByDefault) {
  Script quiet({.frames = 4});
  quiet.MmCreate(1);
  quiet.Load(0, 1);
  for (int i = 0; i < 40; ++i) quiet.FlushMm(1, {0});
  quiet.Finish();
  EXPECT_THAT(quiet.Take(), IsEmpty());
}

}  // namespace
}  // namespace flushdep
