// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/flow_graph.h"

#include "checker/event/events.h"

namespace flushdep {
namespace {

// The operations that end a life.
bool EndsLife(uint16_t op) { return op == FLUSHDEP_EV_PAGE_FREE; }

}  // namespace

bool FlowGraph::Init() {
  const uint32_t steps = limits_.Max(Limit::Steps);
  const uint32_t states = limits_.Max(Limit::LifeStates);
  uint64_t slots = 16;
  while (slots < 2ull * steps) slots *= 2;
  step_mask_ = slots - 1;
  steps_used_ = 0;
  return class_index_.Init(limits_.Max(Limit::Classes)) &&
         node_index_.Init(limits_.Max(Limit::Sites)) &&
         edge_index_.Init(limits_.Max(Limit::Edges)) && set_index_.Init(states) &&
         state_index_.Init(states) && classes_.Init(size_t{class_index_.max()} + 1) &&
         nodes_.Init(size_t{node_index_.max()} + 1) && edges_.Init(size_t{edge_index_.max()} + 1) &&
         sets_.Init(size_t{states} + 1) && states_.Init(size_t{states} + 1) && steps_.Init(slots);
}

LifeState FlowGraph::LearnBegin(uint64_t key, uint64_t class_key, uint32_t subclass,
                                const Visit& visit, const Moment& now) {
  SpinGuard guard(lock_);
  if (const Step* step = FindStep(key)) return step->next.load(std::memory_order_relaxed);
  const uint32_t cls = ClassFor(class_key, subclass);
  const uint32_t node = cls == 0 ? 0 : NodeFor(cls, visit, now);
  const LifeState next = node == 0 ? kUnknownLife : StateFor(SetWith(0, node), node, visit.open);
  AddStep(key, next);
  return next;
}

LifeState FlowGraph::Learn(uint64_t key, LifeState from, const Visit& visit, const Moment& now) {
  SpinGuard guard(lock_);
  if (const Step* step = FindStep(key)) return step->next.load(std::memory_order_relaxed);
  const State& old = states_[from];
  if (old.open && visit.flushed) NoteFlushed(old.set);
  if (EndsLife(visit.op)) {
    if (!old.open && !visit.flushed) NoteFreed(from, visit, now);
    AddStep(key, kUnknownLife);
    return kUnknownLife;
  }
  const uint32_t node = NodeFor(nodes_[old.last].cls, visit, now);
  LifeState next = kUnknownLife;
  if (node != 0) {
    AddEdge(old.last, node, old.open, now);
    // The set is of the nodes passed since the debt came, or went.
    const bool same_stretch = old.open == visit.open && !visit.flushed;
    uint32_t set = same_stretch ? old.set : 0;
    if (!SetHas(set, node)) set = SetWith(set, node);
    next = StateFor(set, node, visit.open);
  }
  AddStep(key, next);
  return next;
}

// A step that cannot be kept is computed anew each time.
void FlowGraph::AddStep(uint64_t key, LifeState next) {
  if (steps_used_ == limits_.Max(Limit::Steps)) return limits_.Hit(Limit::Steps);
  uint64_t i = key & step_mask_;
  while (steps_[i].key.load(std::memory_order_relaxed) != 0) i = (i + 1) & step_mask_;
  steps_[i].next.store(next, std::memory_order_relaxed);
  steps_[i].key.store(key, std::memory_order_release);
  ++steps_used_;
}

uint32_t FlowGraph::ClassFor(uint64_t class_key, uint32_t subclass) {
  const uint64_t key = class_key ^ MixBits(subclass);
  if (const uint32_t cls = class_index_.Find(key)) return cls;
  const uint32_t cls = class_index_.Insert(key);
  if (cls == 0)
    limits_.Hit(Limit::Classes);
  else
    classes_[cls] = {class_key, subclass, 0};
  return cls;
}

uint32_t FlowGraph::NodeFor(uint32_t cls, const Visit& visit, const Moment& now) {
  const uint64_t key =
      MixBits(visit.pc + visit.token * 0x9e3779b97f4a7c15ull) ^ (uint64_t{cls} << 32 | visit.op);
  if (const uint32_t node = node_index_.Find(key)) return node;
  const uint32_t node = node_index_.Insert(key);
  if (node == 0) {
    limits_.Hit(Limit::Sites);
    return 0;
  }
  FlowNode& n = nodes_[node];
  n = FlowNode{};
  n.pc = visit.pc;
  n.token = visit.token;
  n.cls = cls;
  n.op = visit.op;
  n.first = now;
  return node;
}

void FlowGraph::AddEdge(uint32_t from, uint32_t to, bool open, const Moment& now) {
  const uint64_t key = uint64_t{from} << 32 | uint64_t{to} << 1 | (open ? 1 : 0);
  if (edge_index_.Find(key) != 0) return;
  const uint32_t edge = edge_index_.Insert(key);
  if (edge == 0) return limits_.Hit(Limit::Edges);
  edges_[edge] = {from, to, open, now};
}

uint32_t FlowGraph::SetWith(uint32_t set, uint32_t node) {
  const uint64_t key = uint64_t{set} << 32 | node;
  if (const uint32_t found = set_index_.Find(key)) return found;
  const uint32_t made = set_index_.Insert(key);
  if (made == 0)
    limits_.Hit(Limit::LifeStates);
  else
    sets_[made] = {set, node};
  return made;
}

bool FlowGraph::SetHas(uint32_t set, uint32_t node) const {
  for (; set != 0; set = sets_[set].parent)
    if (sets_[set].node == node) return true;
  return false;
}

LifeState FlowGraph::StateFor(uint32_t set, uint32_t last, bool open) {
  if (set == 0) return kUnknownLife;
  const uint64_t key = uint64_t{set} << 32 | uint64_t{last} << 1 | (open ? 1 : 0);
  if (const LifeState found = state_index_.Find(key)) return found;
  const LifeState made = state_index_.Insert(key);
  if (made == kUnknownLife)
    limits_.Hit(Limit::LifeStates);
  else
    states_[made] = {set, last, open};
  return made;
}

void FlowGraph::NoteFlushed(uint32_t set) {
  for (; set != 0; set = sets_[set].parent) nodes_[sets_[set].node].resolved = true;
}

void FlowGraph::NoteFreed(LifeState from, const Visit& visit, const Moment& now) {
  for (uint32_t set = states_[from].set; set != 0; set = sets_[set].parent) {
    FlowNode& node = nodes_[sets_[set].node];
    // A free where no flush could run says more.
    if (node.freed != 0 && (node.unflushable || !visit.unflushable)) continue;
    node.freed = from;
    node.free_moment = now;
    node.unflushable = visit.unflushable;
  }
}

void FlowGraph::Unresolved(LifeState state) {
  if (!IsOpen(state)) return;
  SpinGuard guard(lock_);
  FlowNode& node = nodes_[states_[state].last];
  if (node.stuck == 0) node.stuck = state;
}

void FlowGraph::FlushedLater(LifeState state) {
  if (!IsOpen(state)) return;
  SpinGuard guard(lock_);
  NoteFlushed(states_[state].set);
}

Moment FlowGraph::MomentOfEdge(uint32_t from, uint32_t to) const {
  for (uint64_t open : {uint64_t{1}, uint64_t{0}})
    if (const uint32_t edge = edge_index_.Find(uint64_t{from} << 32 | uint64_t{to} << 1 | open))
      return edges_[edge].first;
  return nodes_[to].first;
}

void FlowGraph::MakePath(uint32_t node, FlowPath* path) const {
  const FlowNode& n = nodes_[node];
  path->cls = n.cls;
  path->node = node;
  path->free_moment = n.free_moment;
  path->unflushable = n.unflushable;
  // Sets are read backwards. Of a long way the last part is shown, up to the node ...
  uint32_t before[FlowPath::kMax];
  uint32_t count = 0;
  for (uint32_t set = states_[n.stuck].set; set != 0; set = sets_[set].parent)
    if (sets_[set].node != node && count < FlowPath::kMax / 2) before[count++] = sets_[set].node;
  uint32_t last = 0;
  const auto add = [&](uint32_t next) {
    path->places[path->count++] = {next, last == 0 ? nodes_[next].first : MomentOfEdge(last, next)};
    last = next;
  };
  while (count > 0) add(before[--count]);
  path->join = path->count;
  add(node);
  // ... and the first part after it.
  uint32_t after[FlowPath::kMax];
  for (uint32_t set = states_[n.freed].set; set != 0 && sets_[set].node != node;
       set = sets_[set].parent)
    if (count < FlowPath::kMax) after[count++] = sets_[set].node;
  while (count > 0 && path->count < FlowPath::kMax) add(after[--count]);
}

}  // namespace flushdep
