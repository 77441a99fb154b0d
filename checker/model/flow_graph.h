// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What lives of pages look like, learned as lockdep learns lock orders: which
// sites a page of a class passes, with a flush owed ("open") or not ("clean").
//
// A *node* is a site within a class: an operation at a code location (and a user's token). An
// *edge* joins two consecutive visits of a page. A *state* is where a life is: its last
// node, open or clean, and the set of nodes that it passed since it last changed between the two or
// was flushed. A *step* leads from a state by a visit to the next: a known step is one probe of
// one table, a new one is recorded under a lock, its edge with the moment first seen.
//
// FD005 is a question about nodes, answered by Judge(): S is a finding iff
//   - a life is at S, open, and has not gone on ("unresolved"; told by Unresolved()),
//   - another passed S clean and came to a free without a flush in between, and
//   - no life that passed S open was flushed explicitly afterwards.
// The last makes a conditional flush silent, and is why the question is asked late: a
// life that is unresolved now may still be flushed.
//
// Not done here: when a page is open (contract.h), what a finding means (rules/).
// Locking: Step() is lock-free for known steps; everything may be called from several threads.
// Limits: classes, sites, edges, states, steps; past one, state 0: a life not learned from.
#ifndef FLUSHDEP_CHECKER_MODEL_FLOW_GRAPH_H_
#define FLUSHDEP_CHECKER_MODEL_FLOW_GRAPH_H_

#include <atomic>
#include <cstdint>

#include "checker/model/flat_table.h"
#include "checker/model/hash_index.h"
#include "checker/model/history.h"
#include "checker/model/limits.h"
#include "checker/model/spinlock.h"

namespace flushdep {

using LifeState = uint32_t;
inline constexpr LifeState kUnknownLife = 0;

// One operation on a page.
struct Visit {
  uint64_t pc;       // code location
  uint64_t token;    // the user's, or 0
  uint16_t op;       // enum flushdep_event_kind
  bool open;         // a flush is owed after it
  bool flushed;      // what was owed before it, or could have been, was flushed explicitly
  bool unflushable;  // a shootdown could not run here
};

struct FlowClass {
  uint64_t key;
  uint32_t subclass;
  uint64_t pages;  // lives begun; counted at new steps only
};

struct FlowNode {
  uint64_t pc;
  uint64_t token;
  uint32_t cls;
  uint16_t op;
  bool resolved;     // a life that passed it open was flushed afterwards
  LifeState stuck;   // a life is here, open and unresolved; 0: none
  LifeState freed;   // a life passed it clean and went on to a free unflushed; 0: none
  bool unflushable;  // ... where a shootdown could not run
  Moment first;
  Moment free_moment;  // of `freed`
};

struct FlowEdge {
  uint32_t from;  // nodes
  uint32_t to;
  bool open;  // before
  Moment first;
};

// The path of a finding: what the stuck life passed since its debt, up to
// the node, and what the freed one passed after it.
struct FlowPath {
  static constexpr uint32_t kMax = 11;
  uint32_t cls = 0;
  uint32_t node = 0;
  uint32_t count = 0;
  uint32_t join = 0;  // index of `node`
  struct Place {
    uint32_t node;
    Moment moment;
  } places[kMax];
  Moment free_moment = {};
  bool unflushable = false;
};

class FlowGraph {
 public:
  explicit FlowGraph(LimitCounts& limits) : limits_(limits) {}
  bool Init();

  // A page of this class was allocated.
  LifeState Begin(uint64_t class_key, uint32_t subclass, const Visit& visit, const Moment& now) {
    const uint64_t key = BeginKey(class_key, subclass, visit);
    if (const Step* step = FindStep(key)) return step->next.load(std::memory_order_relaxed);
    return LearnBegin(key, class_key, subclass, visit, now);
  }
  // A life goes on.
  LifeState Go(LifeState from, const Visit& visit, const Moment& now) {
    if (from == kUnknownLife) return kUnknownLife;
    const uint64_t key = StepKey(from, visit);
    if (const Step* step = FindStep(key)) return step->next.load(std::memory_order_relaxed);
    return Learn(key, from, visit, now);
  }
  // The same for a step that is known: false if it is not, and nothing is learned.
  bool FindBegin(uint64_t class_key, uint32_t subclass, const Visit& visit, LifeState* next) const {
    return Follow(BeginKey(class_key, subclass, visit), next);
  }
  bool FindNext(LifeState from, const Visit& visit, LifeState* next) const {
    return Follow(StepKey(from, visit), next);
  }
  // A life ends in a free.
  void End(LifeState from, const Visit& visit, const Moment& now) { Go(from, visit, now); }
  // A life is where it is, and nothing more will come.
  void Unresolved(LifeState state);
  // What a life owed was flushed without its going on (known only at the end).
  void FlushedLater(LifeState state);

  bool IsOpen(LifeState state) const { return state != kUnknownLife && states_[state].open; }
  uint32_t ClassOf(LifeState state) const { return nodes_[states_[state].last].cls; }
  uint32_t LastNode(LifeState state) const { return states_[state].last; }
  const FlowNode& Node(uint32_t node) const { return nodes_[node]; }
  const FlowClass& Class(uint32_t cls) const { return classes_[cls]; }

  // Calls found(path) for every finding.
  template <typename F>
  void Judge(F&& found) {
    SpinGuard guard(lock_);
    for (uint32_t node = 1; node < node_index_.end(); ++node) {
      const FlowNode& n = nodes_[node];
      if (n.stuck == 0 || n.freed == 0 || n.resolved) continue;
      FlowPath path;
      MakePath(node, &path);
      found(path);
    }
  }

  uint32_t classes() const { return class_index_.count(); }
  uint32_t sites() const { return node_index_.count(); }
  uint32_t edges() const { return edge_index_.count(); }
  uint32_t states() const { return state_index_.count(); }
  uint32_t steps() const { return steps_used_; }

 private:
  struct Step {
    std::atomic<uint64_t> key;  // 0: empty
    std::atomic<LifeState> next;
    uint32_t unused;
  };
  static_assert(sizeof(Step) == 16, "a known edge is one probe");
  struct Set {
    uint32_t parent;
    uint32_t node;
  };
  struct State {
    uint32_t set;
    uint32_t last;  // node
    bool open;
  };

  // A fingerprint of 64 bits: two of a million steps share one with odds of 1 in 10^7.
  static uint64_t StepKey(LifeState from, const Visit& visit) {
    const uint64_t flags = (visit.open ? 1u : 0u) | (visit.flushed ? 2u : 0u) |
                           (visit.unflushable ? 4u : 0u) | uint64_t{visit.op} << 3;
    const uint64_t place = (visit.pc ^ visit.token * 0x9e3779b97f4a7c15ull) * 0xff51afd7ed558ccdull;
    uint64_t key = (place ^ place >> 32 ^ (uint64_t{from} << 24 | flags)) * 0xc4ceb9fe1a85ec53ull;
    key ^= key >> 29;
    return key == 0 ? 1 : key;
  }
  static uint64_t BeginKey(uint64_t class_key, uint32_t subclass, const Visit& visit) {
    return MixBits(StepKey(kUnknownLife, visit) + (class_key ^ uint64_t{subclass} << 48) * 31) | 1;
  }
  bool Follow(uint64_t key, LifeState* next) const {
    const Step* step = FindStep(key);
    if (step == nullptr) return false;
    *next = step->next.load(std::memory_order_relaxed);
    return true;
  }
  const Step* FindStep(uint64_t key) const {
    for (uint64_t i = key & step_mask_;; i = (i + 1) & step_mask_) {
      const uint64_t held = steps_[i].key.load(std::memory_order_acquire);
      if (held == key) return &steps_[i];
      if (held == 0) return nullptr;
    }
  }

  LifeState LearnBegin(uint64_t key, uint64_t class_key, uint32_t subclass, const Visit& visit,
                       const Moment& now);
  LifeState Learn(uint64_t key, LifeState from, const Visit& visit, const Moment& now);
  void AddStep(uint64_t key, LifeState next);
  uint32_t ClassFor(uint64_t class_key, uint32_t subclass);
  uint32_t NodeFor(uint32_t cls, const Visit& visit, const Moment& now);
  void AddEdge(uint32_t from, uint32_t to, bool open, const Moment& now);
  uint32_t SetWith(uint32_t set, uint32_t node);
  bool SetHas(uint32_t set, uint32_t node) const;
  LifeState StateFor(uint32_t set, uint32_t last, bool open);
  void NoteFlushed(uint32_t set);
  void NoteFreed(LifeState from, const Visit& visit, const Moment& now);
  void MakePath(uint32_t node, FlowPath* path) const;
  Moment MomentOfEdge(uint32_t from, uint32_t to) const;

  LimitCounts& limits_;
  SpinLock lock_;
  HashIndex class_index_;
  HashIndex node_index_;
  HashIndex edge_index_;
  HashIndex set_index_;
  HashIndex state_index_;
  FlatTable<FlowClass> classes_;
  FlatTable<FlowNode> nodes_;
  FlatTable<FlowEdge> edges_;
  FlatTable<Set> sets_;
  FlatTable<State> states_;
  FlatTable<Step> steps_;
  uint64_t step_mask_ = 0;
  uint32_t steps_used_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FLOW_GRAPH_H_
