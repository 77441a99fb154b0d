// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Golden splats: one report of every run-time rule as text, from events, with code
// locations named by hand and times left out. FLUSHDEP_UPDATE_GOLDEN=1 makes them anew
// (tests/checker/golden/FDnnn.txt, and FDnnn_variant.txt where a rule has several cases); read
// them as a new user would.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "checker/report/text_writer.h"
#include "tests/checker/sample_report.h"
#include "tests/checker/script.h"

namespace flushdep {
namespace {

constexpr uint64_t kA = 5, kB = 6, kLock = 0x1000, kClass = 0x5100, kUser = 0x7ea000000000;

struct Location {
  uint64_t pc;
  const char* function;
  uint32_t line;
};
constexpr Location kLocations[] = {
    {0x100, "pool_alloc", 21},   {0x200, "pool_map", 34},      {0x300, "pool_unmap", 41},
    {0x400, "pool_insert", 52},  {0x500, "pool_drop", 60},     {0x600, "pool_release", 67},
    {0x700, "pool_flush", 75},   {0x800, "pool_irq", 83},      {0x900, "pool_write", 90},
    {0xa00, "pool_publish", 97}, {0xb00, "pool_close", 104},   {0xc00, "pool_protect", 111},
    {0xd00, "table_free", 118},  {0xe00, "table_unlink", 125}, {0xf00, "own_mermap_get", 132},
    {0x680, "pool_evict", 70},   {0x780, "pool_lock", 72},
};

// A report of the script's, with its code locations named.
class Named {
 public:
  explicit Named(const RawReport& raw) {
    report_.rule = raw.rule;
    report_.severity = raw.severity;
    report_.fingerprint = "0123456789abcdef";
    report_.message = raw.message.view();
    report_.pid = 42;
    report_.cpu = raw.cpu;
    for (uint32_t i = 0; i < raw.events_count; ++i) {
      const RawEvent& event = raw.events[i];
      for (uint32_t k = 0; k < event.frames; ++k) frames_[i] = FrameOf(event.pcs[k]);
      events_[i] = {event.role, event.cpu, kNoNumber, event.text, {&frames_[i], event.frames}};
    }
    report_.events = {events_, raw.events_count};
    for (uint32_t i = 0; i < raw.scenario_count; ++i)
      scenario_[i] = {raw.scenario[i].column, raw.scenario[i].text.view()};
    report_.scenario = {scenario_, raw.scenario_count};
    for (uint32_t i = 0; i < 2; ++i)
      if (!raw.column_heads[i].empty()) report_.column_heads[i] = raw.column_heads[i].view();
    report_.remedy = raw.remedy;
    note_ = raw.note.view();
    if (!note_.empty()) report_.notes = {&note_, 1};
    if (raw.class_key != 0) report_.cls = "pool_alloc pool.c:21";
    context_.program = "pool_test";
    context_.version = "0.1.0";
    context_.doing = raw.doing;
  }
  std::string Text() const {
    std::string text;
    WriteText(report_, context_, ToString(&text));
    return text;
  }

 private:
  static Frame FrameOf(uint64_t pc) {
    for (const Location& location : kLocations)
      if (location.pc == pc)
        return {"pool_test", "", pc, location.function, "pool.c", location.line, 2, false};
    return {"pool_test", "", pc, "", "", 0, 0, false};
  }
  Report report_;
  TextContext context_;
  Frame frames_[kMaxRawEvents];
  ReportEvent events_[kMaxRawEvents];
  ScenarioLine scenario_[kMaxScenario];
  std::string_view note_;
};

class Golden : public ::testing::Test {
 protected:
  void SetUp() override {
    script_ = std::make_unique<Script>(MachineOptions{.frames = 4, .inference = true});
    s().MmCreate(1);
    s().MmCreate(2);
    s().Region(1, kUser, kUser + 64 * 4096, FLUSHDEP_REGION_USER, FLUSHDEP_POLICY_USER);
    s().Load(0, 1);
    for (uint32_t thread = 1; thread <= 2; ++thread)
      s().ThreadStart(thread, static_cast<uint16_t>(thread - 1), thread == 1 ? 0 : 1);
    s().As(1, 0x100);
    s().Lock(0x99);
    s().Unlock(0x99);
    s().Alloc(kA);
  }
  Script& s() { return *script_; }
  Script& At(uint64_t pc) {
    s().where().site = pc;
    return s();
  }
  void MapAndPut(uint64_t pfn) {
    At(0x200).Map(1, va_, pfn);
    At(0x300).Put(1, va_, pfn);
  }
  // One report, and its text is what the golden file says.
  void Expect(const std::string& rule, const std::string& variant = "") {
    s().Finish();
    const std::vector<std::string> reports = s().Take();
    ASSERT_EQ(reports.size(), 1u);
    ASSERT_EQ(reports[0].substr(0, 5), rule);
    const std::string text = Named(s().last()).Text();
    const std::string path = std::string(FLUSHDEP_GOLDEN) + "/" + rule + variant + ".txt";
    if (getenv("FLUSHDEP_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
    std::stringstream golden;
    golden << std::ifstream(path).rdbuf();
    EXPECT_EQ(text, golden.str()) << "FLUSHDEP_UPDATE_GOLDEN=1 makes it anew";
  }
  const uint64_t va_ = Script::Va(1, 0, 3);
  std::unique_ptr<Script> script_;
};

TEST_F(Golden, FD001) {
  MapAndPut(kA);
  At(0x600).Free(kA);
  Expect("FD001");
}
TEST_F(Golden, FD001OfTheDirectMap) {
  At(0xc00).Unmap(kA);
  At(0x600).Free(kA);
  Expect("FD001", "_direct_map");
}
TEST_F(Golden, FD001OfUserMemoryInSoftirq) {
  At(0x200).Pte(1, kUser, kA, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_USER, 0);
  At(0x300).Pte(1, kUser, kA, 0, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_USER);
  s().Context(FLUSHDEP_CTX_SOFTIRQ, 1, 1);
  At(0x600).Free(kA);
  Expect("FD001", "_user_softirq");
}
TEST_F(Golden, FD002) {
  At(0x200).Map(1, va_, kA);
  At(0x600).Free(kA);
  Expect("FD002");
}
TEST_F(Golden, FD003) {
  s().Load(1, 1);
  MapAndPut(kA);
  At(0x700).FlushLocal();
  At(0x600).Free(kA);
  Expect("FD003");
}
TEST_F(Golden, FD004) {
  MapAndPut(kA);
  s().Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);
  At(0x700).FlushMm(1, {0});
  s().As(2).Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);
  At(0x600).Free(kA);
  Expect("FD004");
}
TEST_F(Golden, FD004ByAccident) {
  MapAndPut(kA);
  s().FlushLocal(/*internal=*/true);
  At(0x600).Free(kA);
  Expect("FD004", "_accident");
}
TEST_F(Golden, FD005) {
  MapAndPut(kA);
  At(0x400).Get(kA, 2);
  At(0x100).Alloc(kB);
  At(0x400).Get(kB, 2);
  At(0x500).Drop(kB, 1);
  At(0x600).Free(kB);
  Expect("FD005");
}
TEST_F(Golden, FD006) {
  s().Get(kA, 2);
  MapAndPut(kA);
  s().As(2, 0x500).Drop(kA, 1);
  s().As(1, 0x580).Drop(kA, 0);
  At(0x700).FlushMm(1, {0});
  At(0x600).Free(kA);
  Expect("FD006");
}
TEST_F(Golden, FD006OfAFlushBeforeTheDrop) {
  s().Get(kA, 2);
  At(0x200).Map(1, va_, kA);
  s().As(2, 0x300).Put(1, va_, kA);
  s().As(1);
  At(0x700).FlushMm(1, {0});
  s().As(2, 0x500).Drop(kA, 1);
  s().As(1, 0x500).Drop(kA, 0);
  At(0x600).Free(kA);
  Expect("FD006", "_flush_first");
}
TEST_F(Golden, FD007) {
  MapAndPut(kA);
  s().FlushLocal(/*internal=*/true);
  s().Context(FLUSHDEP_CTX_SOFTIRQ, 1, 1);
  At(0x600).Free(kA);
  Expect("FD007");
}
TEST_F(Golden, FD008) {
  MapAndPut(kA);
  At(0x900).Access(va_, true);
  Expect("FD008");
}
TEST_F(Golden, FD009) {
  s().Load(1, 1);
  At(0x200).Map(1, va_, kA);
  s().As(2, 0x900).Access(va_, true);
  Expect("FD009");
}
TEST_F(Golden, FD010) {
  At(0xc00).Unmap(kA);
  At(0x900).Access(kDirectMap + kA * 4096, true);
  Expect("FD010");
}
TEST_F(Golden, FD011) {
  At(0xc00).Unmap(kA);
  At(0xa00).Publish(kA);
  Expect("FD011");
}
TEST_F(Golden, FD012) {
  At(0xf00).Map(1, va_, kA);
  At(0x300).Put(1, va_, kA);
  At(0x100).Alloc(kB);
  At(0xf00).Map(1, va_, kB);
  Expect("FD012");
}
TEST_F(Golden, FD013) {
  MapAndPut(kA);
  At(0x680).MapEnd(1, 0, va_, kA, /*failed=*/true);
  Expect("FD013");
}
TEST_F(Golden, FD014) {
  At(0x200).WrongContext(FLUSHDEP_WHY_MERMAP_GET_RESERVED, FLUSHDEP_CTX_PREEMPT, 0);
  Expect("FD014");
}
TEST_F(Golden, FD015) {
  At(0x600).Free(kA);
  At(0x500).Free(kA);
  Expect("FD015");
}
TEST_F(Golden, FD016) {
  MapAndPut(kA);
  At(0xb00).AccessLost(1, kUser, kA);
  Expect("FD016");
}
TEST_F(Golden, FD017) {
  s().Name(kClass, "pool_lock");
  At(0x780).Lock(kLock, kClass);
  At(0x700).FlushMm(1, {0});
  s().Unlock(kLock, kClass);
  s().As(2, 0x800).Context(FLUSHDEP_CTX_HARDIRQ, 1, 1);
  s().Lock(kLock, kClass);
  Expect("FD017");
}
TEST_F(Golden, FD018) {
  s().Load(1, 1);
  s().Lazy(1, 1);
  s().Link(1, kUser, kA);
  At(0xe00).Unlink(1, kUser, kA);
  At(0x700).FlushMm(1, {0});
  At(0xd00).Free(kA);
  Expect("FD018");
}
TEST_F(Golden, FD019) {
  constexpr uint16_t kRo = FLUSHDEP_PROT_READ | FLUSHDEP_PROT_USER;
  At(0x200).Pte(1, kUser, kA, kRo | FLUSHDEP_PROT_WRITE, 0);
  At(0xc00).Pte(1, kUser, kA, kRo, kRo | FLUSHDEP_PROT_WRITE);
  At(0xa00).Assert(kA, 1);
  Expect("FD019");
}

}  // namespace
}  // namespace flushdep
