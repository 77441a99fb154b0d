// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The short way in (hot.h), what inference adds to it: steps of a page's life that were taken
// before, looked up and nothing more. A step is found before anything is changed, and taken
// when the page's entry has been; not found means that the event goes the long way, which
// learns it. lives.cc does the same from events.
//
// Locking: the life is its page's, and who takes this way has the page to himself (hot.h).
#ifndef FLUSHDEP_CHECKER_MODEL_HOT_LIVES_H_
#define FLUSHDEP_CHECKER_MODEL_HOT_LIVES_H_

#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/inference.h"

namespace flushdep {

// Who does it, where: what an event would say. Goes in registers.
struct Who {
  uint64_t site;
  uint32_t thread;
  uint16_t cpu;         // that the caller runs on until it is back out of the producer
  uint16_t reason = 0;  // enum flushdep_reason
};
static_assert(sizeof(Who) == 16);

// How deep the thread is in scopes that name the class of what it allocates.
inline constinit thread_local int t_class_scopes __attribute__((tls_model("initial-exec"))) = 0;

// Functions that are no place of their own: pages that they allocate are of their callers'
// classes. Return addresses into them are in (start, stop].
struct WrapperCode {
  uint64_t start, stop;
  bool Has(uint64_t pc) const { return pc > start && pc <= stop; }
};
inline constinit WrapperCode g_wrappers = {};

class LifeStep {
 public:
  // PAGE_ALLOC.
  bool FindBegin(Inference& inference, uint64_t pfn, Who who) {
    if (t_class_scopes != 0 || g_wrappers.Has(who.site)) return false;
    life_ = &inference.Life(pfn);
    flushes_ = inference.flushes();
    const Visit visit{who.site, 0, FLUSHDEP_EV_PAGE_ALLOC, false, false, false};
    return inference.IsTouched(pfn) &&
           inference.graph().FindBegin(/*class_key=*/who.site, /*subclass=*/0, visit, &next_);
  }
  void TakeBegin() { *life_ = {next_, flushes_, 0, 0, 0}; }

  // What a page passes that owes nothing so far; `open`: from here on it does.
  bool Find(Inference& inference, uint64_t pfn, Who who, uint16_t op, bool open) {
    return Find(inference, pfn, {who.site, 0, op, open, false, false});
  }
  void Take() {
    life_->state = next_;
    life_->flushes = flushes_;
  }

  // The put that makes it owe a flush: when that was, in the order of threads.
  bool FindPut(const Inference& inference, Who who) {
    slot_ = inference.SlotOn(who.cpu, who.thread);
    if (slot_ == kNoThread) return false;
    clock_ = inference.OrderOf(slot_).clock;
    return true;
  }
  void TakePut() {
    Take();
    life_->put_clock = clock_;
    life_->put_slot = static_cast<uint16_t>(slot_);
  }

  // PAGE_FREE. `flushed`: something was owed, and the thread's own flush ended it.
  bool FindEnd(Inference& inference, uint64_t pfn, Who who, bool flushed) {
    // Dropped or handed over: who did what in which order is looked into.
    if (inference.Life(pfn).flags != 0) return false;
    bool unflushable;
    return inference.CanShootDownOn(who.cpu, who.thread, &unflushable) &&
           Find(inference, pfn, {who.site, 0, FLUSHDEP_EV_PAGE_FREE, false, flushed, unflushable});
  }
  void TakeEnd() { *life_ = PageLife{}; }

 private:
  bool Find(Inference& inference, uint64_t pfn, Visit visit) {
    life_ = &inference.Life(pfn);
    flushes_ = inference.flushes();
    next_ = kUnknownLife;
    if (life_->state == kUnknownLife) return true;
    // A flush since the last step may have been for this page; not that it owed one.
    if (!inference.graph().IsOpen(life_->state)) {
      if (life_->flushes != flushes_) return false;
      visit.flushed = false;
    }
    return inference.graph().FindNext(life_->state, visit, &next_);
  }

  PageLife* life_ = nullptr;
  LifeState next_ = kUnknownLife;
  uint32_t flushes_ = 0;
  ThreadSlot slot_ = kNoThread;
  uint32_t clock_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_HOT_LIVES_H_
