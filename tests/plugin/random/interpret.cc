// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The oracle: runs a program concretely, once for each sequence of choices. Nothing here
// knows of ranges, joins, symbols or graphs. What is not decided yet (is that pointer null?)
// is decided when the program first asks.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/plugin/random/program.h"

namespace flushdep::random {
namespace {

constexpr size_t kMaxWays = 6000;
// What an unknown number may be: the constants of conditions are 0 to 2, bits 1 to 4, and a few
// steps of at most 2 are added.
constexpr int kNumbers = 14;
constexpr int kLowest = -6;
constexpr unsigned long kMaxWork = 400000;

// What a pointer may still be.
enum : unsigned { kValid = 1, kNull = 2, kError = 4 };

struct Number {
  bool decided = true;
  int value = 0;
  int values = 1;  // what it may be, while undecided: so many
  int lowest = 0;  // from here on
};

struct PageObject {
  unsigned may_be = kValid | kNull | kError;
  bool literal = false;  // NULL as written
  bool allocated = false;
  int references = 0;
  bool shared = false;
};

struct HandleObject {
  unsigned may_be = kValid | kNull | kError;
  bool literal = false;
  bool known = false;  // mapped or put here, and not lost sight of
  int page = -1;
  int mapped = 0;
  int put = 0;
  bool escaped = false;  // stored where the next unknown call may find it
  bool foreign = false;  // read where others have it from, too
};

struct Debt {
  int page = -1;
  bool direct_map = false;
  int put = 0;
  int guard = -1;
  bool fell_short = false;
};

struct Shared {
  std::array<int, 3> at = {-1, -1, -1};  // page, handle, number
  bool is_local = false;
};

enum class Flow { Next, Break, Continue, Return, Goto, Retry, Throw };

struct Impossible {};
struct TooMuch {};

struct Frame {
  const Function* function = nullptr;
  std::array<int, 3> pages = {};  // p, q, r
  std::array<int, 2> array = {};
  std::array<int, 3> handles = {};  // m, h, g
  std::array<int, 3> numbers = {};  // n, flags, x
  Shared* shared = nullptr;
  Shared local;
  int depth = 0;   // a number
  int target = 0;  // of a goto
  int tries = 0;
  int* scoped = nullptr;  // the innermost variable with a cleanup
};

int LineOfPutAtEnd(bool cxx) {
  const std::string text = Preamble(cxx);
  const size_t at = text.find("mermap_put(");
  return static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n')) + 1;
}

class Run {
 public:
  Run(const Program& program, std::vector<std::pair<int, int>>& choices,
      std::map<std::tuple<std::string, int, int>, bool>& found, std::vector<bool>& entered,
      unsigned long& work, int put_line)
      : program_(program),
        choices_(choices),
        found_(found),
        entered_(entered),
        work_(work),
        put_line_(put_line) {}

  void Go(const Function& function) {
    Shared outside;
    outside.at = {NewPage(kValid | kNull | kError), NewForeignHandle(), NewUnknown(24, -8)};
    Frame frame;
    frame.function = &function;
    frame.depth = function.is_helper && function.recursive ? NewUnknown(4, 0) : NewNumber(0);
    frame.pages[0] = NewPage(kValid | kNull | kError);
    frame.handles[0] = NewHandle(kValid | kNull | kError);
    frame.numbers[0] = NewUnknown(kNumbers, kLowest);
    frame.numbers[1] = NewUnknown(16, 0);
    frame.shared = &outside;
    global_ = &outside;
    int out = -1, result = -1;
    try {
      Call(frame, out, result);
    } catch (Impossible&) {
    }
  }

 private:
  int Choose(int n) {
    if (next_ == choices_.size()) choices_.emplace_back(0, n);
    return choices_[next_++].first;
  }
  int NewNumber(int value) {
    numbers_.push_back({true, value, 1, 0});
    return static_cast<int>(numbers_.size()) - 1;
  }
  int NewUnknown(int values, int lowest) {
    numbers_.push_back({false, 0, values, lowest});
    return static_cast<int>(numbers_.size()) - 1;
  }
  int NewPage(unsigned may_be) {
    PageObject page;
    page.may_be = may_be;
    pages_.push_back(page);
    return static_cast<int>(pages_.size()) - 1;
  }
  int NewHandle(unsigned may_be) {
    HandleObject handle;
    handle.may_be = may_be;
    handles_.push_back(handle);
    return static_cast<int>(handles_.size()) - 1;
  }
  int NewForeignHandle() {
    const int handle = NewHandle(kValid | kNull | kError);
    handles_[Index(handle)].foreign = true;
    return handle;
  }
  int NullPage() {
    const int page = NewPage(kNull);
    pages_[Index(page)].literal = true;
    return page;
  }
  int NullHandle() {
    const int handle = NewHandle(kNull);
    handles_[Index(handle)].literal = true;
    return handle;
  }
  static size_t Index(int i) { return static_cast<size_t>(i); }

  int Value(int number) {
    Number& at = numbers_[Index(number)];
    if (!at.decided) {
      at.decided = true;
      // The constants of conditions are 0 to 2, and bits 1 to 4.
      at.value = Choose(at.values) + at.lowest;
      if (at.value != 0)
        std::erase_if(debts_, [&](const Debt& debt) { return debt.guard == number; });
    }
    return at.value;
  }

  // Splits what a pointer may be; true if it is among `which`.
  bool Is(unsigned& may_be, unsigned which) {
    if ((may_be & which) == 0) return false;
    if ((may_be & ~which) == 0) return true;
    const bool is = Choose(2) == 0;
    may_be = is ? may_be & which : may_be & ~which;
    return is;
  }

  int& At(Frame& frame, Place place) {
    switch (place.kind) {
      case Kind::Int:
        if (place.index < 3) return frame.numbers[Index(place.index)];
        return (place.index == kSharedMode ? *frame.shared : frame.local).at[2];
      case Kind::Page:
        if (place.index < 3) return frame.pages[Index(place.index)];
        if (place.index >= kArray0) return frame.array[Index(place.index - kArray0)];
        return (place.index == kSharedPage ? *frame.shared : frame.local).at[0];
      case Kind::Handle:
        if (place.index < 3) return frame.handles[Index(place.index)];
        return (place.index == kSharedMap ? *frame.shared : frame.local).at[1];
    }
    throw TooMuch();
  }
  bool IsShared(const Frame& frame, Place place) const {
    const bool named = (place.kind == Kind::Int && place.index == kSharedMode) ||
                       (place.kind == Kind::Page && place.index == kSharedPage) ||
                       (place.kind == Kind::Handle && place.index == kSharedMap);
    return named && !frame.shared->is_local;
  }
  void Set(Frame& frame, Place place, int value) {
    At(frame, place) = value;
    if (!IsShared(frame, place)) return;
    if (place.kind == Kind::Page) pages_[Index(value)].shared = true;
    if (place.kind == Kind::Handle) handles_[Index(value)].escaped = true;
  }

  void Report(const char* rule, int line, int cause, bool possible) {
    const auto [entry, is_new] = found_.try_emplace({rule, line, cause}, possible);
    entry->second = entry->second && possible;
  }

  int Map(int page, int line, bool may_fail) {
    PageObject& mapped = pages_[Index(page)];
    mapped.may_be &= ~unsigned{kNull};
    if (mapped.may_be == 0) throw Impossible();
    const int handle = NewHandle(may_fail ? kValid | kNull : kValid);
    HandleObject& at = handles_[Index(handle)];
    at.known = true;
    at.page = page;
    at.mapped = line;
    return handle;
  }

  void Put(int handle, int line) {
    HandleObject& at = handles_[Index(handle)];
    if ((at.may_be & kValid) == 0) return;
    at.may_be = kValid;
    if (!at.known) {
      at.known = true;
      at.page = -1;
      at.mapped = 0;
      at.put = line;
      return;
    }
    if (at.put != 0) return Report("FD013", line, at.put, false);
    at.put = line;
    if (at.page < 0) return;
    AddDebt({at.page, false, line, -1, false});
  }
  void AddDebt(Debt debt) {
    std::erase_if(debts_,
                  [&](const Debt& old) { return old.page == debt.page && old.put == debt.put; });
    debts_.push_back(debt);
  }

  void Flush(Scope scope) {
    for (Debt& debt : debts_) {
      bool enough = scope == Scope::All;
      if (debt.direct_map) {
        enough = enough || scope == Scope::Kernel;
      } else {
        enough = enough || scope == Scope::Mm;
      }
      if (enough)
        debt.page = -1;
      else
        debt.fell_short = true;
    }
    std::erase_if(debts_, [](const Debt& debt) { return debt.page < 0; });
  }

  void Free(int page, int line, bool drop) {
    PageObject& at = pages_[Index(page)];
    if ((at.may_be & kValid) == 0) return;
    if (drop && at.references > 0) {
      --at.references;
      return;
    }
    const bool possible = drop && !(at.allocated && !at.shared);
    for (const HandleObject& handle : handles_)
      if (handle.known && handle.page == page && handle.put == 0 && handle.mapped != 0 &&
          (handle.may_be & kValid) != 0)
        Report("FD002", line, handle.mapped, possible);
    for (const Debt& debt : debts_)
      if (debt.page == page) Report(debt.fell_short ? "FD003" : "FD001", line, debt.put, possible);
    std::erase_if(debts_, [&](const Debt& debt) { return debt.page == page; });
    at.allocated = at.shared = false;
    at.references = 0;
    for (HandleObject& handle : handles_)
      if (handle.page == page) handle.page = -1;
  }

  // A call of which nothing is known: what lies open to others may be something else after it.
  void Unknown() {
    if (!pages_[Index(global_->at[0])].literal) global_->at[0] = NewPage(kValid | kNull | kError);
    if (!handles_[Index(global_->at[1])].literal) {
      handles_[Index(global_->at[1])].escaped = true;
      global_->at[1] = NewForeignHandle();
    }
    for (HandleObject& handle : handles_)
      if (handle.escaped || handle.foreign) Forget(handle);
  }
  static void Forget(HandleObject& handle) {
    handle.known = false;
    handle.page = -1;
    handle.mapped = handle.put = 0;
    handle.escaped = false;
  }

  bool Holds(Frame& frame, const Condition& condition) {
    switch (condition.test) {
      case Test::Compare: {
        const int value = Value(At(frame, condition.place));
        switch (condition.relation) {
          case Relation::Equal:
            return value == condition.constant;
          case Relation::Differs:
            return value != condition.constant;
          case Relation::Less:
            return value < condition.constant;
          case Relation::Greater:
            return value > condition.constant;
        }
        return false;
      }
      case Test::Bit:
        return (Value(At(frame, condition.place)) & condition.constant) != 0;
      case Test::PageNull:
        return Is(pages_[Index(At(frame, condition.place))].may_be, kNull);
      case Test::HandleNull:
        return Is(handles_[Index(At(frame, condition.place))].may_be, kNull);
      case Test::PageError:
        return Is(pages_[Index(At(frame, condition.place))].may_be, kError);
      case Test::Not:
        return !Holds(frame, condition.parts[0]);
      case Test::And:
        return Holds(frame, condition.parts[0]) && Holds(frame, condition.parts[1]);
      case Test::Or:
        return Holds(frame, condition.parts[0]) || Holds(frame, condition.parts[1]);
      case Test::AssignGet: {
        const int handle = Map(At(frame, condition.page), condition.line, true);
        Set(frame, condition.place, handle);
        return !Is(handles_[Index(handle)].may_be, kNull);
      }
      case Test::Unknown:
        Unknown();
        return Choose(2) == 0;
    }
    return false;
  }

  Flow Execute(Frame& frame, const Statements& block) {
    for (const auto& statement : block) {
      const Flow flow = Execute(frame, *statement);
      if (flow != Flow::Next) return flow;
    }
    return Flow::Next;
  }

  Flow Loop(Frame& frame, const Statement& at) {
    for (int round = 0;; ++round) {
      if (at.op != Op::DoWhile || round > 0) {
        if (round >= at.constant) return Flow::Next;
        if (at.op != Op::For && !Holds(frame, at.condition)) return Flow::Next;
      }
      const Flow flow = Execute(frame, at.body);
      if (flow == Flow::Break) return Flow::Next;
      if (flow != Flow::Next && flow != Flow::Continue) return flow;
    }
  }

  Flow Switch(Frame& frame, const Statement& at) {
    const int value = Value(At(frame, at.from));
    size_t start = at.cases.size();
    for (size_t i = 0; i < at.cases.size(); ++i)
      if (at.cases[i].is_default || at.cases[i].value == value) {
        start = i;
        if (!at.cases[i].is_default) break;
      }
    for (size_t i = start; i < at.cases.size(); ++i) {
      const Flow flow = Execute(frame, at.cases[i].body);
      if (flow == Flow::Break) return Flow::Next;
      if (flow != Flow::Next) return flow;
      if (!at.cases[i].falls_through) break;
    }
    return Flow::Next;
  }

  Flow ScopeWithCleanup(Frame& frame, const Statement& at) {
    const bool flush = at.constant == 2;
    int mapping = flush ? -1 : Map(At(frame, at.from), at.line, true);
    int* outer = std::exchange(frame.scoped, &mapping);
    const Flow flow = Execute(frame, at.body);
    frame.scoped = outer;
    if (flush)
      Flush(random::Scope::All);
    else if (!Is(handles_[Index(mapping)].may_be, kNull))
      Put(mapping, put_line_);
    return flow;
  }

  Flow CallFunction(Frame& frame, const Statement& at) {
    Frame callee;
    callee.function = &program_.functions[Index(at.callee)];
    callee.shared = at.object_is_local ? &frame.local : frame.shared;
    callee.pages[0] = At(frame, at.from);
    callee.handles[0] = At(frame, at.other);
    callee.numbers[0] = at.constant < 0 ? frame.numbers[kN] : NewNumber(at.constant);
    callee.numbers[1] = frame.numbers[kFlags];
    callee.depth = NewNumber(3);
    int result = -1;
    const Flow flow = Call(callee, frame.pages[kR], result);
    if (flow == Flow::Throw) return flow;
    frame.numbers[kX] = result;
    return Flow::Next;
  }

  Flow Call(Frame& frame, int& out, int& result) {
    if (++work_ > kMaxWork) throw TooMuch();
    frame.pages[1] = NullPage();
    frame.pages[2] = NullPage();
    frame.array = {NullPage(), NullPage()};
    frame.handles[1] = NullHandle();
    frame.handles[2] = NullHandle();
    frame.numbers[2] = NewNumber(0);
    frame.local.at = {NullPage(), NullHandle(), NewNumber(0)};
    frame.local.is_local = true;
    result = -1;
    const Function& function = *frame.function;
    entered_[static_cast<size_t>(&function - program_.functions.data())] = true;
    if (function.recursive && Value(frame.depth) > 0 && Value(frame.numbers[0]) == 1) {
      Frame again;
      again.function = &function;
      again.shared = frame.shared;
      again.pages[0] = frame.pages[0];
      again.handles[0] = frame.handles[0];
      again.numbers[0] = frame.numbers[0];
      again.numbers[1] = frame.numbers[1];
      again.depth = NewNumber(Value(frame.depth) - 1);
      int inner = -1;
      if (Call(again, frame.pages[kR], inner) == Flow::Throw) return Flow::Throw;
      frame.numbers[kX] = inner;
    }
    for (;;) {
      if (function.has_retry && frame.tries++ > 1) {
        result = NewNumber(0);
        return Flow::Next;
      }
      Flow flow = Execute(frame, function.body);
      if (flow == Flow::Retry) continue;
      size_t rung = 0;
      if (flow == Flow::Goto) {
        rung = Index(frame.target);
        flow = Flow::Next;
      }
      for (; flow == Flow::Next && rung < function.ladder.size(); ++rung)
        flow = Execute(frame, function.ladder[rung]);
      if (flow == Flow::Throw) return flow;
      if (flow == Flow::Return) {
        result = NewNumber(frame.target);
        return Flow::Next;
      }
      if (function.is_helper) out = frame.pages[kQ];
      result = frame.numbers[kX];
      return Flow::Next;
    }
  }

  Flow Execute(Frame& frame, const Statement& at) {
    if (++work_ > kMaxWork) throw TooMuch();
    switch (at.op) {
      case Op::Alloc:
      case Op::AllocError: {
        const int page = NewPage(at.op == Op::Alloc ? kValid | kNull : kValid | kError);
        pages_[Index(page)].allocated = true;
        Set(frame, at.to, page);
        return Flow::Next;
      }
      case Op::Get:
      case Op::GetReserved:
        Set(frame, at.to, Map(At(frame, at.from), at.line, at.op == Op::Get));
        return Flow::Next;
      case Op::Put:
        Put(At(frame, at.from), at.line);
        return Flow::Next;
      case Op::Flush:
        Flush(at.scope);
        return Flow::Next;
      case Op::Free:
      case Op::Drop:
        Free(At(frame, at.from), at.line, at.op == Op::Drop);
        return Flow::Next;
      case Op::Ref: {
        PageObject& page = pages_[Index(At(frame, at.from))];
        if ((page.may_be & kValid) != 0 && page.references < 4) ++page.references;
        return Flow::Next;
      }
      case Op::Remove: {
        const int page = At(frame, at.from);
        const int result = NewUnknown(kNumbers, kLowest);
        if ((pages_[Index(page)].may_be & kValid) != 0)
          AddDebt({page, true, at.line, result, false});
        Set(frame, at.to, result);
        return Flow::Next;
      }
      case Op::Restore: {
        const int page = At(frame, at.from);
        std::erase_if(debts_,
                      [&](const Debt& debt) { return debt.direct_map && debt.page == page; });
        return Flow::Next;
      }
      case Op::SetInt:
        Set(frame, at.to, NewNumber(at.constant));
        return Flow::Next;
      case Op::AddInt:
        Set(frame, at.to, NewNumber(Value(At(frame, at.to)) + at.constant));
        return Flow::Next;
      case Op::SetBit:
        Set(frame, at.to, NewNumber(Value(At(frame, at.to)) | at.constant));
        return Flow::Next;
      case Op::ClearBit:
        Set(frame, at.to, NewNumber(Value(At(frame, at.to)) & ~at.constant));
        return Flow::Next;
      case Op::UnknownInt:
        Unknown();
        Set(frame, at.to, NewUnknown(kNumbers, kLowest));
        return Flow::Next;
      case Op::CopyInt:
      case Op::CopyPage:
      case Op::CastPage:
      case Op::FolioPage:
      case Op::CopyHandle:
        Set(frame, at.to, At(frame, at.from));
        return Flow::Next;
      case Op::NullPage:
        Set(frame, at.to, NullPage());
        return Flow::Next;
      case Op::NullHandle:
        Set(frame, at.to, NullHandle());
        return Flow::Next;
      case Op::UnknownCall:
        Unknown();
        return Flow::Next;
      case Op::UnknownPage:
        pages_[Index(At(frame, at.from))].shared = true;
        Unknown();
        return Flow::Next;
      case Op::UnknownHandle:
        Forget(handles_[Index(At(frame, at.from))]);
        Unknown();
        return Flow::Next;
      case Op::If:
        return Execute(frame, Holds(frame, at.condition) ? at.body : at.otherwise);
      case Op::While:
      case Op::For:
      case Op::DoWhile:
        return Loop(frame, at);
      case Op::Switch:
        return Switch(frame, at);
      case Op::Scope:
        return ScopeWithCleanup(frame, at);
      case Op::TakeBack: {
        const int taken = *frame.scoped;
        *frame.scoped = NullHandle();
        Set(frame, at.to, taken);
        return Flow::Next;
      }
      case Op::Return:
        frame.target = at.constant < 0 ? -12 : at.constant;
        return Flow::Return;
      case Op::Goto:
        frame.target = at.constant;
        return Flow::Goto;
      case Op::Retry:
        return Flow::Retry;
      case Op::Break:
        return Flow::Break;
      case Op::Continue:
        return Flow::Continue;
      case Op::Throw:
        return Flow::Throw;
      case Op::Call:
      case Op::CallPointer:
        return CallFunction(frame, at);
      case Op::Ternary: {
        const bool holds = Holds(frame, at.condition);
        Set(frame, at.to, At(frame, holds ? at.from : at.other));
        return Flow::Next;
      }
      case Op::StmtExpr: {
        const Flow flow = Execute(frame, at.body);
        if (flow != Flow::Next) return flow;
        Set(frame, at.to, At(frame, at.from));
        return Flow::Next;
      }
      case Op::Try: {
        const Flow flow = Execute(frame, at.body);
        return flow == Flow::Throw ? Execute(frame, at.otherwise) : flow;
      }
      case Op::Lambda: {
        const Flow flow = Execute(frame, at.body);
        return flow == Flow::Return ? Flow::Next : flow;
      }
      case Op::Asm:
      case Op::kCount:
        return Flow::Next;
    }
    return Flow::Next;
  }

  const Program& program_;
  std::vector<std::pair<int, int>>& choices_;
  std::map<std::tuple<std::string, int, int>, bool>& found_;
  std::vector<bool>& entered_;
  unsigned long& work_;
  const int put_line_;
  size_t next_ = 0;
  Shared* global_ = nullptr;
  std::vector<Number> numbers_;
  std::vector<PageObject> pages_;
  std::vector<HandleObject> handles_;
  std::vector<Debt> debts_;
};

}  // namespace

bool Explore(const Program& program, std::vector<Found>& found) {
  std::vector<bool> entered(program.functions.size(), false);
  std::map<std::tuple<std::string, int, int>, bool> all;
  unsigned long work = 0;
  const int put_line = LineOfPutAtEnd(program.cxx);
  // First what anybody may call, then what nothing came to; callers stand behind callees.
  std::vector<const Function*> order = {&program.functions.back()};
  for (const Function& function : program.functions)
    if (function.address_taken) order.push_back(&function);
  for (auto at = program.functions.rbegin(); at != program.functions.rend(); ++at)
    order.push_back(&*at);
  for (size_t i = 0; i < order.size(); ++i) {
    const Function& function = *order[i];
    const bool first = i < order.size() - program.functions.size();
    if (!first && entered[static_cast<size_t>(&function - program.functions.data())]) continue;
    std::vector<std::pair<int, int>> choices;
    for (size_t ways = 0;; ++ways) {
      if (ways == kMaxWays) return false;
      try {
        Run(program, choices, all, entered, work, put_line).Go(function);
      } catch (TooMuch&) {
        return false;
      }
      while (!choices.empty() && choices.back().first + 1 == choices.back().second)
        choices.pop_back();
      if (choices.empty()) break;
      ++choices.back().first;
    }
  }
  for (const auto& [key, possible] : all)
    found.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), possible});
  return true;
}

}  // namespace flushdep::random
