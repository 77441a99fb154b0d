// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/possible_unflushed_free.h"

#include "checker/event/events.h"
#include "checker/model/state.h"

namespace flushdep {
namespace {

std::string_view Heading(uint16_t op) {
  switch (op) {
    case FLUSHDEP_EV_PAGE_ALLOC:
      return "allocated";
    case FLUSHDEP_EV_PTE_SET:
      return "mapped";
    case FLUSHDEP_EV_PTE_CLEAR:
      return "put, from here on a flush is owed,";
    case FLUSHDEP_EV_REF_GET:
      return "reference taken";
    case FLUSHDEP_EV_REF_PUT:
      return "reference dropped";
    case FLUSHDEP_EV_DEBT_HANDOVER:
      return "the duty to flush handed over";
    default:
      return "passed";
  }
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
  text.Add(
      "one page of a class came to a place with a flush owed; another went on from there to a ");
  text.Add("free without a flush, since it owed none");
  if (path.unflushable) text.Add(", where no flush can run");
  verdict->note.Add(
      "the path that nobody took yet: the first page's way to that place, "
      "then the second's to the free");
  // The report goes back in time; the scenario forward.
  for (uint32_t i = path.count; i-- > 0;) {
    const FlowNode& node = graph.Node(path.places[i].node);
    std::string_view heading = Heading(node.op);
    if (i == path.join) heading = "the place where both came by";
    verdict->Show(RoleOf(node.op), heading, path.places[i].moment, /*on_path=*/true);
  }
  verdict->Step(0).Add("put(page)      a flush is owed");
  verdict->Step(0).Add("comes to the place");
  verdict->Step(0).Add("goes on as the other page did");
  verdict->Step(0).Add("free(page)     <-- no flush");
  verdict->Step(1).Add("still reaches the page");
  return true;
}

}  // namespace flushdep
