// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What pages go through, told to the flow graph: allocation, mappings, references,
// hand-overs, the free; and whether a flush is owed at each.
#include "checker/model/state.h"

namespace flushdep {

// Of what the page owed so far, as its thread can rely on it now.
State::Standing State::StandingOf(uint64_t pfn, Shadow::Guard& page, uint32_t thread) {
  Standing standing{false, false};
  if (!page.any_stale()) return standing;
  bool any = false;
  page.FilterStale([&](const StaleTranslation& stale) {
    if (IsGranted(pfn, page, stale) || HasEnded(stale.space)) return true;
    any = true;
    if (!standing.open) standing.open = IsContractOpen(pfn, stale, thread);
    return true;
  });
  standing.flushed = any && !standing.open;
  return standing;
}

void State::BeginLife(const flushdep_event& event, uint64_t pfn, uint64_t class_key,
                      const Moment& now) {
  if (!inference_.HasLife(pfn)) return;
  inference_.Touch(pfn);
  const Visit visit{event.site, 0, event.kind, false, false, false};
  PageLife& life = inference_.Life(pfn);
  life = PageLife{};
  life.state = inference_.graph().Begin(class_key, event.u.page.subclass, visit, now);
  life.flushes = inference_.flushes();
}

// The page passes a site.
void State::Pass(const flushdep_event& event, uint64_t pfn, Standing standing, const Moment& now,
                 uint64_t token) {
  PageLife& life = inference_.Life(pfn);
  if (life.state == kUnknownLife) return;
  // A token names the place, wherever the compiler has copied its code to.
  const uint64_t pc = token != 0 ? 0 : event.site;
  Visit visit{pc, token, event.kind, standing.open, false, false};
  // What was owed was flushed; or nothing was, and there was a flush all the same.
  visit.flushed = inference_.graph().IsOpen(life.state)
                      ? standing.flushed
                      : inference_.FlushedSince(life.flushes, event.thread);
  life.state = inference_.graph().Go(life.state, visit, now);
  life.flushes = inference_.flushes();
}

void State::EndLife(const flushdep_event& event, uint64_t pfn, Standing standing, bool unflushable,
                    const Moment& now) {
  PageLife& life = inference_.Life(pfn);
  if (life.state != kUnknownLife && !inference_.CheckerOff(event.thread)) {
    Visit visit{event.site, 0, FLUSHDEP_EV_PAGE_FREE, false, standing.flushed, unflushable};
    if (!inference_.graph().IsOpen(life.state))
      visit.flushed = inference_.FlushedSince(life.flushes, event.thread);
    inference_.graph().End(life.state, visit, now);
  }
  if ((life.flags & kDropped) != 0) {
    DropRecord drop;
    inference_.TakeDrop(pfn, &drop);
    inference_.ForgetReferences(pfn);
  }
  life = PageLife{};
}

// Lives that end with the run, with a flush owed: stuck where they are, unless
// somebody has flushed since.
void State::CollectUnresolved() {
  inference_.ForEachLife([&](uint64_t pfn) {
    Shadow::Guard page(shadow_, pfn);
    const PageLife& life = inference_.Life(pfn);
    if (!inference_.graph().IsOpen(life.state) || (life.flags & kHandedOver) != 0) return;
    // Thread 0: whatever returned counts.
    const Standing standing = StandingOf(pfn, page, 0);
    if (standing.open)
      inference_.graph().Unresolved(life.state);
    else if (standing.flushed)
      inference_.graph().FlushedLater(life.state);
  });
}

// REF_GET and REF_PUT: sites of the page's life; and who drops it with a flush owed. A reference
// to a block is one to all of its pages; of the others only those that owe something matter.
void State::ApplyReference(const flushdep_event& event, const Moment& now) {
  const uint64_t first = event.u.ref.pfn;
  if (!inference_.enabled() || !shadow_.Has(first) || (event.flags & FLUSHDEP_F_FAILED) != 0)
    return;
  uint64_t pages = 1;
  {
    Shadow::Guard head(shadow_, first);
    if (head.is_head()) pages <<= head.order();
  }
  for (uint64_t pfn = first; pfn < first + pages && shadow_.Has(pfn); ++pfn)
    PassReference(event, pfn, now);
}

void State::PassReference(const flushdep_event& event, uint64_t pfn, const Moment& now) {
  Shadow::Guard page(shadow_, pfn);
  PageLife& life = inference_.Life(pfn);
  const bool concerned = page.any_stale() || (life.flags & kDropped) != 0;
  if (!concerned && pfn != event.u.ref.pfn) return;
  const bool drops = event.kind == FLUSHDEP_EV_REF_PUT;
  const bool last = drops && event.u.ref.count == 0;
  // Before anything is judged: at the last drop all other holders are done.
  if (drops && concerned) {
    inference_.DropReference(event.thread, pfn, last);
    life.flags |= kDropped;
  }
  const Standing standing = StandingOf(pfn, page, event.thread);
  const uint64_t token = event.u.ref.delta == 0 ? event.u.ref.holder : 0;
  Pass(event, pfn, standing, now, token);
  if (last && (life.flags & kDropped) != 0) inference_.NoteLastDrop(pfn, clock_.Tick(), event.site);
  if (!drops || last || !standing.open || (life.flags & kHandedOver) != 0) return;
  if (inference_.CheckerOff(event.thread)) return;
  inference_.AddDrop({pfn,
                      event.thread,
                      inference_.OrderNow(event.thread),
                      {life.put_slot, life.put_clock},
                      kNever,
                      now,
                      event.site,
                      false});
}

void State::ApplyHandover(const flushdep_event& event, const Moment& now) {
  if (!inference_.enabled()) return;
  const uint64_t first = event.u.page.pfn;
  for (uint64_t pfn = first; pfn < first + event.u.page.npages && shadow_.Has(pfn); ++pfn) {
    Shadow::Guard page(shadow_, pfn);
    Pass(event, pfn, StandingOf(pfn, page, event.thread), now);
    inference_.Life(pfn).flags |= kHandedOver;
    history_.Store(pfn, &RareHistory::handover, now);
  }
}

}  // namespace flushdep
