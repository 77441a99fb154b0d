// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <iterator>
#include <random>

#include "tests/plugin/random/program.h"

namespace flushdep::random {
namespace {

constexpr int kMaxDepth = 3;

class Generator {
 public:
  Generator(unsigned long seed, bool cxx, Counts& counts)
      : random_(seed), cxx_(cxx), counts_(counts) {}

  Program Make() {
    Program program;
    program.cxx = cxx_;
    const int helpers = Chance(55) ? 1 + Below(2) : 0;
    for (int i = 0; i < helpers; ++i) {
      callable_ = i;
      program.functions.push_back(MakeFunction(/*is_helper=*/true, 3 + Below(4)));
    }
    callable_ = helpers;
    program.functions.push_back(MakeFunction(/*is_helper=*/false, 4 + Below(8)));
    for (int callee : taken_) program.functions[static_cast<size_t>(callee)].address_taken = true;
    return program;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned long>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }

  Place Int() { return {Kind::Int, Below(kNumInts)}; }
  Place IntVariable() { return {Kind::Int, kX + Below(3)}; }
  // The favourites are what makes bugs meet.
  Place Page() { return {Kind::Page, Chance(60) ? Below(2) : Below(kNumPages)}; }
  Place PageVariable() { return {Kind::Page, Chance(60) ? kQ : kQ + Below(kNumPages - 1)}; }
  Place Handle() { return {Kind::Handle, Chance(60) ? kH : Below(kNumHandles)}; }
  Place HandleVariable() { return {Kind::Handle, Chance(70) ? kH : kH + Below(kNumHandles - 1)}; }

  Condition MakeCondition(int depth) {
    Condition condition;
    const int pick = Below(depth > 0 ? 100 : 76);
    if (pick < 20) {
      condition.test = Test::Compare;
      condition.place = Int();
      condition.relation = static_cast<Relation>(Below(4));
      condition.constant = Below(3);
    } else if (pick < 34) {
      condition.test = Test::Bit;
      condition.place = {Kind::Int, Chance(70) ? kFlags : kSharedMode};
      condition.constant = 1 << Below(3);
    } else if (pick < 44) {
      condition.test = Test::PageNull;
      condition.place = Page();
    } else if (pick < 58) {
      condition.test = Test::HandleNull;
      condition.place = Handle();
    } else if (pick < 62) {
      condition.test = Test::PageError;
      condition.place = Page();
    } else if (pick < 70) {
      condition.test = Test::AssignGet;
      condition.place = HandleVariable();
      condition.page = Page();
    } else if (pick < 76) {
      condition.test = Test::Unknown;
    } else if (pick < 84) {
      condition.test = Test::Not;
      condition.parts.push_back(MakeCondition(depth - 1));
    } else {
      condition.test = pick < 92 ? Test::And : Test::Or;
      condition.parts.push_back(MakeCondition(depth - 1));
      condition.parts.push_back(MakeCondition(depth - 1));
    }
    return condition;
  }

  std::unique_ptr<Statement> New(Op op) {
    auto statement = std::make_unique<Statement>();
    statement->op = op;
    ++counts_.of[static_cast<int>(op)];
    return statement;
  }

  Statements Block(int depth, int length) {
    Statements block;
    for (int i = 0; i < length; ++i) AddStatements(block, depth);
    return block;
  }

  void Simple(Statements& block, Op op) {
    auto statement = New(op);
    switch (op) {
      case Op::Alloc:
      case Op::AllocError:
      case Op::NullPage:
        statement->to = PageVariable();
        break;
      case Op::Get:
      case Op::GetReserved:
        statement->to = HandleVariable();
        statement->from = Page();
        break;
      case Op::Put:
      case Op::UnknownHandle:
        statement->from = Handle();
        break;
      case Op::Flush: {
        const int pick = Below(100);
        statement->scope = pick < 45   ? Scope::All
                           : pick < 65 ? Scope::Mm
                           : pick < 72 ? Scope::OtherMm
                           : pick < 86 ? Scope::Kernel
                                       : Scope::Local;
        break;
      }
      case Op::Free:
      case Op::Drop:
      case Op::Ref:
      case Op::Restore:
      case Op::UnknownPage:
        statement->from = Page();
        break;
      case Op::Remove:
        statement->to = IntVariable();
        statement->from = Page();
        break;
      case Op::SetInt:
      case Op::AddInt:
        // Sums are followed, but not bits of sums.
        statement->to = op == Op::AddInt ? Place{Kind::Int, kX} : IntVariable();
        statement->constant = Below(3);
        break;
      case Op::CopyInt:
        statement->to = IntVariable();
        statement->from = Int();
        break;
      case Op::SetBit:
      case Op::ClearBit:
        statement->to = {Kind::Int, kSharedMode};
        statement->constant = 1 << Below(3);
        break;
      case Op::UnknownInt:
        statement->to = IntVariable();
        break;
      case Op::CopyPage:
      case Op::CastPage:
      case Op::FolioPage:
        statement->to = PageVariable();
        statement->from = Page();
        break;
      case Op::CopyHandle:
        statement->to = HandleVariable();
        statement->from = Handle();
        break;
      case Op::NullHandle:
        statement->to = HandleVariable();
        break;
      default:
        break;
    }
    block.push_back(std::move(statement));
  }

  // "h = get(p); if (h) ..." and the like: what real code does.
  void Idiom(Statements& block) {
    const Place page = Page();
    const Place handle = HandleVariable();
    auto get = New(Chance(85) ? Op::Get : Op::GetReserved);
    get->to = handle;
    get->from = page;
    block.push_back(std::move(get));
    auto put = New(Op::Put);
    put->from = handle;
    if (Chance(30) && ladder_ > 0) {
      auto check = New(Op::If);
      check->condition.test = Test::HandleNull;
      check->condition.place = handle;
      auto leave = New(Op::Goto);
      leave->constant = Below(ladder_);
      check->body.push_back(std::move(leave));
      block.push_back(std::move(check));
      block.push_back(std::move(put));
    } else if (Chance(60)) {
      auto check = New(Op::If);
      check->condition.test = Test::Not;
      Condition null;
      null.test = Test::HandleNull;
      null.place = handle;
      check->condition.parts.push_back(std::move(null));
      check->body.push_back(std::move(put));
      block.push_back(std::move(check));
    } else {
      block.push_back(std::move(put));
    }
    if (Chance(45)) Simple(block, Op::Flush);
    if (Chance(60)) {
      auto free = New(Chance(70) ? Op::Free : Op::Drop);
      free->from = page;
      block.push_back(std::move(free));
    }
  }

  void AddLeaving(Statements& block) {
    const int pick = Below(100);
    if (pick < 35) {
      auto leave = New(Op::Return);
      leave->constant = Below(3) - 1;
      block.push_back(std::move(leave));
    } else if (pick < 65 && ladder_ > 0) {
      auto leave = New(Op::Goto);
      leave->constant = Below(ladder_);
      block.push_back(std::move(leave));
    } else if (pick < 75 && has_retry_ && !in_scope_) {
      block.push_back(New(Op::Retry));
    } else if (pick < 85 && loops_ > 0) {
      block.push_back(New(Chance(60) ? Op::Break : Op::Continue));
    } else if (cxx_) {
      block.push_back(New(Op::Throw));
    }
  }

  void AddStatements(Statements& block, int depth) {
    static constexpr Op kSimple[] = {
        Op::Alloc,      Op::AllocError,  Op::Get,         Op::GetReserved,   Op::Put,
        Op::Put,        Op::Flush,       Op::Flush,       Op::Free,          Op::Free,
        Op::Drop,       Op::Ref,         Op::Remove,      Op::Restore,       Op::SetInt,
        Op::CopyInt,    Op::AddInt,      Op::SetBit,      Op::ClearBit,      Op::UnknownInt,
        Op::CopyPage,   Op::CastPage,    Op::FolioPage,   Op::CopyHandle,    Op::NullPage,
        Op::NullHandle, Op::UnknownCall, Op::UnknownPage, Op::UnknownHandle, Op::Asm};
    const int pick = Below(100);
    if (pick < 22) return Idiom(block);
    if (depth <= 0 || pick < 60)
      return Simple(block, kSimple[Below(static_cast<int>(sizeof(kSimple) / sizeof(Op)))]);
    AddCompound(block, depth);
  }

  void AddCompound(Statements& block, int depth) {
    const int pick = Below(100);
    if (pick < 34) {
      auto statement = New(Op::If);
      statement->condition = MakeCondition(2);
      statement->body = Block(depth - 1, 1 + Below(2));
      if (Chance(25)) AddLeaving(statement->body);
      if (Chance(35)) statement->otherwise = Block(depth - 1, 1 + Below(2));
      block.push_back(std::move(statement));
    } else if (pick < 48 && loops_ == 0) {
      const int which = Below(3);
      auto statement = New(which == 0 ? Op::While : which == 1 ? Op::For : Op::DoWhile);
      statement->condition = MakeCondition(1);
      statement->constant = 1 + Below(3);
      ++loops_;
      statement->body = Block(depth - 1, 1 + Below(3));
      if (Chance(25)) AddLeaving(statement->body);
      --loops_;
      block.push_back(std::move(statement));
    } else if (pick < 55) {
      auto statement = New(Op::Switch);
      statement->from = Int();
      const int cases = 1 + Below(3);
      const bool in_loop = loops_ > 0;
      const int saved = loops_;
      loops_ = 0;  // a break would be the switch's
      for (int i = 0; i < cases; ++i) {
        Case one;
        one.value = i;
        one.falls_through = Chance(30);
        one.body = Block(depth - 1, 1 + Below(2));
        statement->cases.push_back(std::move(one));
      }
      if (Chance(50)) {
        Case other;
        other.is_default = true;
        other.body = Block(depth - 1, 1);
        statement->cases.push_back(std::move(other));
      }
      loops_ = in_loop ? saved : 0;
      block.push_back(std::move(statement));
    } else if (pick < 63) {
      auto statement = New(Op::Scope);
      // What is cleaned up: a mapping of a page, or nothing but a flush.
      statement->constant = Below(3);
      statement->from = Page();
      const bool outer = in_scope_;
      in_scope_ = true;
      statement->body = Block(depth - 1, 1 + Below(3));
      if (Chance(30) && statement->constant != 2) {
        auto take = New(Op::TakeBack);
        take->to = HandleVariable();
        statement->body.push_back(std::move(take));
      } else if (Chance(20)) {
        AddLeaving(statement->body);
      }
      in_scope_ = outer;
      block.push_back(std::move(statement));
    } else if (pick < 75 && callable_ > 0) {
      auto statement = New(Chance(25) ? Op::CallPointer : Op::Call);
      statement->callee = Below(callable_);
      if (statement->op == Op::CallPointer) taken_.push_back(statement->callee);
      statement->to = {Kind::Int, kX};
      statement->from = Page();
      statement->other = Handle();
      statement->constant = Chance(50) ? Below(3) : -1;  // -1: n is handed on
      statement->object_is_local = Chance(40);
      block.push_back(std::move(statement));
    } else if (pick < 81) {
      auto statement = New(Op::Ternary);
      statement->condition = MakeCondition(1);
      statement->to = PageVariable();
      statement->from = Page();
      statement->other = Page();
      block.push_back(std::move(statement));
    } else if (pick < 87) {
      auto statement = New(Op::StmtExpr);
      statement->to = PageVariable();
      statement->from = Page();
      statement->body = Block(0, 1 + Below(2));
      block.push_back(std::move(statement));
    } else if (cxx_ && pick < 95 && !in_lambda_) {
      auto statement = New(Op::Try);
      const bool outer = in_scope_;
      in_scope_ = true;
      statement->body = Block(depth - 1, 1 + Below(3));
      if (Chance(70)) {
        auto check = New(Op::If);
        check->condition = MakeCondition(1);
        check->body.push_back(New(Op::Throw));
        statement->body.push_back(std::move(check));
      }
      in_scope_ = outer;
      statement->otherwise = Block(depth - 1, 1 + Below(2));
      block.push_back(std::move(statement));
    } else if (cxx_ && !in_lambda_) {
      auto statement = New(Op::Lambda);
      const int ladder = ladder_, loops = loops_;
      const bool retry = has_retry_;
      ladder_ = loops_ = 0;
      has_retry_ = false;
      in_lambda_ = true;
      statement->body = Block(depth - 1, 1 + Below(3));
      in_lambda_ = false;
      ladder_ = ladder;
      loops_ = loops;
      has_retry_ = retry;
      block.push_back(std::move(statement));
    } else {
      Idiom(block);
    }
  }

  Function MakeFunction(bool is_helper, int length) {
    Function function;
    function.is_helper = is_helper;
    ladder_ = Chance(40) ? 1 + Below(3) : 0;
    // C++ forbids a jump over the initialisation that a cleanup variable is, in both directions.
    has_retry_ = function.has_retry = Chance(10);
    function.recursive = is_helper && Chance(12);
    // Something to work with.
    Statements start;
    for (int page : {kQ, kR, kLocalPage, kArray0, kArray1}) {
      if (!Chance(page == kQ ? 70 : 35)) continue;
      auto fill = New(Chance(60) ? Op::Alloc : Op::CopyPage);
      fill->to = {Kind::Page, page};
      fill->from = {Kind::Page, Chance(50) ? kP : kSharedPage};
      start.push_back(std::move(fill));
    }
    function.body = Block(is_helper ? kMaxDepth - 1 : kMaxDepth, length);
    function.body.insert(function.body.begin(), std::make_move_iterator(start.begin()),
                         std::make_move_iterator(start.end()));
    for (int i = 0; i < ladder_; ++i) function.ladder.emplace_back();
    const int rungs = ladder_;
    ladder_ = 0;
    has_retry_ = false;
    for (int i = 0; i < rungs; ++i)
      function.ladder[static_cast<size_t>(i)] = Block(0, 1 + Below(2));
    return function;
  }

  std::mt19937_64 random_;
  bool cxx_;
  Counts& counts_;
  std::vector<int> taken_;
  int callable_ = 0;
  int ladder_ = 0;
  int loops_ = 0;
  bool has_retry_ = false;
  bool in_scope_ = false;
  bool in_lambda_ = false;
};

}  // namespace

Program Generate(unsigned long seed, bool cxx, Counts& counts) {
  return Generator(seed, cxx, counts).Make();
}

}  // namespace flushdep::random
