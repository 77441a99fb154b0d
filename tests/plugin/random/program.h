// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs for the engine's test: a small language of everything that the engine
// claims to follow, which can be printed as C or C++ and run by an interpreter.
#ifndef FLUSHDEP_TESTS_PLUGIN_RANDOM_PROGRAM_H_
#define FLUSHDEP_TESTS_PLUGIN_RANDOM_PROGRAM_H_

#include <memory>
#include <string>
#include <vector>

namespace flushdep::random {

// Every construct, with the name it is counted by.
#define FLUSHDEP_RANDOM_CONSTRUCTS(X)                                                              \
  X(Alloc, "allocation")                                                                           \
  X(AllocError, "allocation with error pointer") X(Get, "map") X(                                  \
      GetReserved, "map that cannot fail") X(Put, "put") X(Flush, "flush") X(Free, "free")         \
      X(Drop, "reference drop") X(Ref, "reference taken") X(Remove, "removal from the direct map") \
          X(Restore, "restore") X(SetInt, "constant") X(CopyInt, "number copied")                  \
              X(AddInt, "counter") X(SetBit, "flag set") X(ClearBit, "flag cleared")               \
                  X(UnknownInt, "unknown result") X(CopyPage, "page alias")                        \
                      X(CastPage, "page alias by cast") X(FolioPage, "page alias by folio") X(     \
                          CopyHandle, "handle alias") X(NullPage, "page variable cleared")         \
                          X(NullHandle, "handle variable cleared") X(UnknownCall, "unknown call")  \
                              X(UnknownPage, "unknown call with page")                             \
                                  X(UnknownHandle, "unknown call with handle") X(If, "if")         \
                                      X(While, "while") X(For, "for") X(DoWhile, "do while") X(    \
                                          Switch, "switch") X(Scope, "scope with cleanup")         \
                                          X(TakeBack, "no_free_ptr") X(Return, "return") X(        \
                                              Goto, "goto out of a ladder") X(Retry, "goto back")  \
                                              X(Break, "break") X(Continue, "continue")            \
                                                  X(Call, "call of a function of the unit")        \
                                                      X(CallPointer, "call through a pointer")     \
                                                          X(Ternary, "conditional operator")       \
                                                              X(StmtExpr, "statement expression")  \
                                                                  X(Try, "try") X(Throw, "throw")  \
                                                                      X(Lambda, "lambda") X(       \
                                                                          Asm, "inline assembly")

enum class Op {
#define X(id, name) id,
  FLUSHDEP_RANDOM_CONSTRUCTS(X)
#undef X
      kCount
};

enum class Kind { Int, Page, Handle };

// A place: of one kind, by number. See kPlaces in print.cc for what each is in the source.
struct Place {
  Kind kind = Kind::Int;
  int index = 0;
};

enum class Test {
  Compare,     // number OP constant
  Bit,         // number & mask
  PageNull,    // !page
  HandleNull,  // !handle
  PageError,   // IS_ERR(page)
  Not,
  And,
  Or,
  AssignGet,  // (handle = mermap_get(page)) != NULL
  Unknown,    // unknown()
};

enum class Relation { Equal, Differs, Less, Greater };

struct Condition {
  Test test = Test::Unknown;
  Place place;
  Place page;  // AssignGet
  Relation relation = Relation::Equal;
  int constant = 0;
  std::vector<Condition> parts;
  int line = 0;  // AssignGet: of the call
};

enum class Scope { All, Mm, OtherMm, Kernel, Local };

struct Statement;
using Statements = std::vector<std::unique_ptr<Statement>>;

struct Case {
  int value = 0;
  bool is_default = false;
  bool falls_through = false;
  Statements body;
};

struct Statement {
  Op op = Op::UnknownCall;
  Place to;    // assigned
  Place from;  // read
  Place other;
  int constant = 0;
  Scope scope = Scope::All;
  Condition condition;
  Statements body;
  Statements otherwise;
  std::vector<Case> cases;
  int callee = -1;
  bool object_is_local = false;  // Call: the structure given to the callee
  int line = 0;
};

struct Function {
  std::string name;
  bool is_helper = false;
  bool recursive = false;
  bool address_taken = false;  // so the engine judges it by itself as well
  Statements body;
  std::vector<Statements> ladder;  // labels out1, out2, ... in order
  bool has_retry = false;
  int line = 0;
  int last_line = 0;
};

// Helpers first; the last function is the one under test.
struct Program {
  std::vector<Function> functions;
  bool cxx = false;
};

// Numbers of places. Page and handle 0 are parameters, the others start as null.
inline constexpr int kNumInts = 5;     // n, flags, x, s->mode, l.mode
inline constexpr int kNumPages = 7;    // p, q, r, s->page, l.page, a[0], a[1]
inline constexpr int kNumHandles = 5;  // m, h, g, s->map, l.map

enum IntPlace { kN, kFlags, kX, kSharedMode, kLocalMode };
enum PagePlace { kP, kQ, kR, kSharedPage, kLocalPage, kArray0, kArray1 };
enum HandlePlace { kM, kH, kG, kSharedMap, kLocalMap };

// A warning: what and where.
struct Found {
  std::string rule;
  int line = 0;   // of the free or second put
  int cause = 0;  // of the put or map
  bool possible = false;
  auto operator<=>(const Found&) const = default;
};

struct Counts {
  unsigned long of[static_cast<int>(Op::kCount)] = {};
};

// Deterministic for a seed.
Program Generate(unsigned long seed, bool cxx, Counts& counts);

// Prints the program with `suffix` on its names and sets the line numbers, the first being
// `first_line`. Returns the text.
std::string Print(Program& program, const std::string& suffix, int first_line);

// Runs every way through the function under test, and through those whose address is taken or
// that nothing calls; false if there are too many.
bool Explore(const Program& program, std::vector<Found>& found);

// What stands in front of the programs of one file.
std::string Preamble(bool cxx);

}  // namespace flushdep::random

#endif  // FLUSHDEP_TESTS_PLUGIN_RANDOM_PROGRAM_H_
