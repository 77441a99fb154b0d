// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/possible_unflushed_free.h"

#include "checker/event/events.h"
#include "checker/model/state.h"

namespace flushdep {
namespace {

// What page A did on the path, or page B.
struct Headings {
  uint16_t op;
  std::string_view of_a, of_b;
};
constexpr Headings kHeadings[] = {
    {FLUSHDEP_EV_PAGE_ALLOC, "page A: allocated", "page B: allocated"},
    {FLUSHDEP_EV_PTE_SET, "page A: mapped", "page B: mapped"},
    {FLUSHDEP_EV_PTE_CLEAR, "page A: its mapping ended, from here on a flush is owed,",
     "page B: its mapping ended, from here on a flush is owed,"},
    {FLUSHDEP_EV_REF_GET, "page A: reference taken", "page B: reference taken"},
    {FLUSHDEP_EV_REF_PUT, "page A: reference dropped", "page B: reference dropped"},
    {FLUSHDEP_EV_DEBT_HANDOVER, "page A: the duty to flush handed over",
     "page B: the duty to flush handed over"},
};

std::string_view Heading(const FlowPath& path, uint32_t place, uint16_t op) {
  if (place == path.join) return "the place where A and B came by";
  const bool is_a = place < path.join;
  for (const Headings& headings : kHeadings)
    if (headings.op == op) return is_a ? headings.of_a : headings.of_b;
  return is_a ? "page A: passed" : "page B: passed";
}

Role RoleOf(uint16_t op) {
  switch (op) {
    case FLUSHDEP_EV_PAGE_ALLOC:
      return Role::Alloc;
    case FLUSHDEP_EV_PTE_SET:
      return Role::Map;
    case FLUSHDEP_EV_PTE_CLEAR:
      return Role::Put;
    case FLUSHDEP_EV_DEBT_HANDOVER:
      return Role::Handover;
    default:
      return Role::Drop;
  }
}

}  // namespace

bool CheckPossibleUnflushedFree(State& state, const PossibleFree& possible, Verdict* verdict) {
  const FlowPath& path = possible.path;
  FlowGraph& graph = state.inference().graph();
  verdict->rule = path.unflushable ? Rule::FD007 : Rule::FD005;
  verdict->severity = Severity::Possible;
  verdict->doing = "free a page that a CPU can still reach";
  verdict->place = path.free_moment;
  verdict->class_key = graph.Class(path.cls).key;
  FixedText<320>& text = verdict->message;
  text.Add("page A of a class came to a place with a flush owed; page B went on from there to a ");
  text.Add("free without a flush, since it owed none");
  if (path.unflushable) text.Add(", where no flush can run");
  verdict->note.Add(
      "the path that nobody took yet: A's way to that place, then B's to the free; if a flush that "
      "is only made when one is owed stands before that free, a test that frees A there ends this "
      "report");
  verdict->of_what = " of page B's free";
  // The report goes back in time; the scenario forward.
  for (uint32_t i = path.count; i-- > 0;) {
    const FlowNode& node = graph.Node(path.places[i].node);
    verdict->Show(RoleOf(node.op), Heading(path, i, node.op), path.places[i].moment,
                  /*on_path=*/true);
  }
  verdict->Step(0).Add("a mapping of A ends: a flush is owed");
  verdict->Step(0).Add("A comes to the place");
  verdict->Step(0).Add("A goes on as B did");
  verdict->Step(0).Add("free(A)     <-- no flush");
  verdict->Step(1).Add("may still reach A");
  return true;
}

}  // namespace flushdep
