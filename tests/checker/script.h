// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A test's machine: submits well-formed events to a Validator of its own and
// keeps the reports. One call per operation of the real machine; nothing is judged here.
#ifndef FLUSHDEP_TESTS_CHECKER_SCRIPT_H_
#define FLUSHDEP_TESTS_CHECKER_SCRIPT_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "checker/event/events.h"
#include "checker/validator.h"

namespace flushdep {

inline constexpr uint64_t kDirectMap = 0x7e8000000000;
inline constexpr uint64_t kMermap = 0x7e9000000000;
inline constexpr uint64_t kSlicePages = 64;

struct MachineOptions {
  uint32_t cpus = 4;
  bool pcid = true;
  uint64_t pfns = 4096;
  uint32_t frames = 0;
  bool inference = false;
  bool advice = false;
  bool pti = false;
  bool broadcast = false;
  LimitValues limits = {};
};

class Script {
 public:
  explicit Script(const MachineOptions& options = {});
  ~Script();

  // Each thread of a test acts as one CPU; cpu and thread id of what follows.
  struct Where {
    uint16_t cpu = 0;
    uint32_t thread = 1;
    uint64_t site = 0;
  };
  Where& where();

  // A MACHINE event, its direct map and its CPUs; the constructor does it once.
  void Boot();
  void MmCreate(uint32_t mm);
  void MmEnd(uint32_t mm);
  void Load(uint16_t cpu, uint32_t mm);
  void Lazy(uint16_t cpu, uint32_t mm);
  void Alloc(uint64_t pfn, uint8_t order = 0);
  void Free(uint64_t pfn, uint8_t order = 0);
  void Transfer(uint64_t pfn);
  void Map(uint32_t mm, uint64_t va, uint64_t pfn, uint32_t npages = 1);
  void Put(uint32_t mm, uint64_t va, uint64_t pfn, uint32_t npages = 1);
  void Unmap(uint64_t pfn, uint32_t npages = 1);  // from the direct map
  void Remap(uint64_t pfn, uint32_t npages = 1);
  void TakeBack(uint64_t pfn);
  void Access(uint64_t va, bool write = false);
  void Cancel(uint64_t pfn);
  void Handover(uint64_t pfn);
  void Publish(uint64_t pfn);
  // 0: flushed and not mapped, 1: flushed, 2: not mapped.
  void Assert(uint64_t pfn, uint64_t what = 0);
  void Get(uint64_t pfn, int count);  // a reference; count after it
  void Drop(uint64_t pfn, int count);
  void Passes(uint64_t pfn, uint64_t token);
  void Pte(uint32_t mm, uint64_t va, uint64_t pfn, uint16_t prot, uint16_t old_prot);
  void Link(uint32_t mm, uint64_t va, uint64_t pfn);
  void Unlink(uint32_t mm, uint64_t va, uint64_t pfn);
  void AccessLost(uint32_t mm, uint64_t va, uint64_t pfn, uint32_t npages = 1);
  void Region(uint32_t mm, uint64_t start, uint64_t end, flushdep_region_type type,
              flushdep_policy policy);
  void MapEnd(uint32_t mm, uint16_t owner_cpu, uint64_t va, uint64_t pfn, bool failed = false);
  void Context(flushdep_context what, int delta, int depth, bool failed = false);
  void WrongContext(flushdep_reason api, flushdep_context what, int depth);
  // Threads and what orders them, as the thread of where().
  void ThreadStart(uint32_t thread, uint16_t cpu, uint32_t creator);
  void ThreadExit(uint32_t thread);
  void Sync(flushdep_sync_op op, uint64_t object, uint64_t lock_class = 0);
  void Lock(uint64_t object, uint64_t lock_class = 0);
  // The name of a lock class, or of what else ids of `kind` are; a long one in pieces.
  void Name(uint64_t object, const std::string& name, uint32_t kind = FLUSHDEP_EV_SYNC);
  void Unlock(uint64_t object, uint64_t lock_class = 0);
  // As thread `thread` on CPU thread - 1, from site `site` on.
  Script& As(uint32_t thread, uint64_t site = 0);
  // The end of the run.
  void Finish() { validator_->Finish(); }

  // Flushes, whole: issue, acknowledgements of `cpus`, return.
  void FlushAll();
  void FlushLocal(bool internal = false);
  void FlushMm(uint32_t mm, const std::vector<uint16_t>& cpus, bool bumps = true);
  void FlushMmRange(uint32_t mm, uint64_t start, uint64_t end, const std::vector<uint16_t>& cpus);
  void FlushKernelRange(uint64_t start, uint64_t end, bool everything);
  // In steps.
  uint64_t Issue(flushdep_event_flush flush, bool internal = false);
  void Ack(uint64_t id, uint16_t cpu);
  void Return(uint64_t id);

  // Address of slot `page` of CPU `cpu`'s slice in `mm`.
  static uint64_t Va(uint32_t mm, uint32_t cpu, uint64_t page) {
    return kMermap + ((uint64_t{mm} * kMaxCpus + cpu) * kSlicePages + page) * 4096;
  }

  Validator& validator() { return *validator_; }
  // Reports so far, as "FD001 pfn=5"; empties the list.
  std::vector<std::string> Take();
  // The last report that was made.
  const RawReport& last() const { return last_; }

 private:
  flushdep_event Event(flushdep_event_kind kind, flushdep_reason reason = FLUSHDEP_WHY_NONE);
  void Submit(const flushdep_event& event) { validator_->Handle(event); }
  void Entry(flushdep_event_kind kind, flushdep_reason reason, uint32_t mm, uint64_t va,
             uint64_t pfn, uint32_t npages, uint8_t level);
  void PageEvent(flushdep_event_kind kind, flushdep_reason reason, uint64_t pfn, uint8_t order);
  static void TakeReport(const RawReport& report, bool in_signal);

  const MachineOptions options_;
  std::unique_ptr<Validator> validator_;
  std::mutex lock_;
  std::vector<std::string> reports_;
  RawReport last_;
  std::atomic<uint64_t> next_flush_{1};
};

}  // namespace flushdep

#endif  // FLUSHDEP_TESTS_CHECKER_SCRIPT_H_
