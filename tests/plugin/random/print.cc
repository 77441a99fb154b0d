// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <utility>

#include "tests/plugin/random/program.h"

namespace flushdep::random {
namespace {

const char* const kInts[] = {"n", "flags", "x", "s->mode", "l.mode"};
const char* const kPages[] = {"p", "q", "r", "s->page", "l.page", "a[0]", "a[1]"};
const char* const kHandles[] = {"m", "h", "g", "s->map", "l.map"};

std::string Name(Place place) {
  const char* const* names = place.kind == Kind::Int    ? kInts
                             : place.kind == Kind::Page ? kPages
                                                        : kHandles;
  return names[place.index];
}

class Printer {
 public:
  Printer(Program& program, std::string suffix, int line)
      : program_(program), suffix_(std::move(suffix)), line_(line) {}

  std::string Run() {
    for (Function& function : program_.functions) PrintFunction(function);
    return std::move(text_);
  }

 private:
  void Line(const std::string& text) {
    text_ += std::string(static_cast<size_t>(indent_), '\t') + text + "\n";
    ++line_;
  }
  std::string Unique(const char* stem) { return stem + std::to_string(next_++); }

  // Calls in a condition are on the line that is printed next.
  std::string Text(Condition& condition) {
    static const char* const kRelations[] = {"==", "!=", "<", ">"};
    const std::string name = Name(condition.place);
    switch (condition.test) {
      case Test::Compare:
        return name + " " + kRelations[static_cast<int>(condition.relation)] + " " +
               std::to_string(condition.constant);
      case Test::Bit:
        return "(" + name + " & " + std::to_string(condition.constant) + ")";
      case Test::PageNull:
        return "!" + name;
      case Test::HandleNull:
        return name + " == NULL";
      case Test::PageError:
        return "IS_ERR(" + name + ")";
      case Test::Not:
        return "!(" + Text(condition.parts[0]) + ")";
      case Test::And:
        return "(" + Text(condition.parts[0]) + ") && (" + Text(condition.parts[1]) + ")";
      case Test::Or:
        return "(" + Text(condition.parts[0]) + ") || (" + Text(condition.parts[1]) + ")";
      case Test::AssignGet:
        condition.line = line_;
        return "(" + name + " = mermap_get(" + Name(condition.page) +
               ", PAGE_SIZE, PAGE_KERNEL)) != NULL";
      case Test::Unknown:
        return "unknown()";
    }
    return "0";
  }

  void Body(Statements& block) {
    ++indent_;
    for (auto& statement : block) PrintStatement(*statement);
    --indent_;
  }
  void Braced(const std::string& head, Statements& block) {
    Line(head + " {");
    Body(block);
    Line("}");
  }

  std::string FlushText(Scope scope) {
    switch (scope) {
      case Scope::All:
        return "flush_tlb_all();";
      case Scope::Mm:
        return "flush_tlb_mm(current->mm);";
      case Scope::OtherMm:
        return "flush_tlb_mm(mm_alloc());";
      case Scope::Kernel:
        return "flush_tlb_kernel_range(0x1000, 0x2000);";
      case Scope::Local:
        return "__flush_tlb_all();";
    }
    return ";";
  }

  std::string Simple(const Statement& at) {
    const std::string to = Name(at.to), from = Name(at.from), number = std::to_string(at.constant);
    switch (at.op) {
      case Op::Alloc:
        return to + " = alloc_page(GFP_KERNEL);";
      case Op::AllocError:
        return to + " = alloc_or_error();";
      case Op::Get:
        return to + " = mermap_get(" + from + ", PAGE_SIZE, PAGE_KERNEL);";
      case Op::GetReserved:
        return to + " = mermap_get_reserved(" + from + ", PAGE_KERNEL);";
      case Op::Put:
        return "mermap_put(" + from + ");";
      case Op::Flush:
        return FlushText(at.scope);
      case Op::Free:
        return "__free_page(" + from + ");";
      case Op::Drop:
        return "put_page(" + from + ");";
      case Op::Ref:
        return "get_page(" + from + ");";
      case Op::Remove:
        return to + " = set_direct_map_invalid_noflush(" + from + ");";
      case Op::Restore:
        return "set_direct_map_default_noflush(" + from + ");";
      case Op::SetInt:
        return to + " = " + number + ";";
      case Op::CopyInt:
      case Op::CopyPage:
      case Op::CopyHandle:
        return to + " = " + from + ";";
      case Op::AddInt:
        return at.constant == 1 ? to + "++;" : to + " += " + number + ";";
      case Op::SetBit:
        return to + " |= " + number + ";";
      case Op::ClearBit:
        return to + " &= ~" + number + ";";
      case Op::UnknownInt:
        return to + " = unknown();";
      case Op::CastPage:
        return to + " = (struct page *)(void *)(unsigned long)" + from + ";";
      case Op::FolioPage:
        return to + " = &page_folio(" + from + ")->page;";
      case Op::NullPage:
      case Op::NullHandle:
        return to + " = NULL;";
      case Op::UnknownCall:
        return "unknown();";
      case Op::UnknownPage:
        return "unknown_page(" + from + ");";
      case Op::UnknownHandle:
        return "unknown_handle(" + from + ");";
      case Op::Asm:
        return "__asm__ volatile(\"\" : : \"r\"(n) : \"memory\");";
      case Op::Return:
        return lambda_ ? "return;"
                       : "return " + (at.constant < 0 ? std::string("-ENOMEM") : number) + ";";
      case Op::Goto:
        return "goto out" + std::to_string(at.constant) + ";";
      case Op::Retry:
        return "goto retry;";
      case Op::Break:
        return "break;";
      case Op::Continue:
        return "continue;";
      case Op::Throw:
        return "throw 1;";
      default:
        return ";";
    }
  }

  void PrintScope(Statement& at) {
    Line("{");
    ++indent_;
    const std::string name = Unique("scoped");
    const bool flush = at.constant == 2;
    const std::string value =
        flush ? "1" : "mermap_get(" + Name(at.from) + ", PAGE_SIZE, PAGE_KERNEL)";
    at.line = line_;
    if (program_.cxx)
      Line((flush ? "FlushAtEnd " : "PutAtEnd ") + name + (flush ? ";" : "(" + value + ");"));
    else
      Line((flush ? "int " : "struct mermap_alloc *") + name + " __attribute__((cleanup(" +
           (flush ? "flush_at_end" : "put_at_end") + "))) = " + value + ";");
    scoped_.push_back(name);
    for (auto& statement : at.body) PrintStatement(*statement);
    scoped_.pop_back();
    --indent_;
    Line("}");
  }

  void PrintSwitch(Statement& at) {
    Line("switch (" + Name(at.from) + ") {");
    for (Case& one : at.cases) {
      Line(one.is_default ? "default:" : "case " + std::to_string(one.value) + ":");
      Braced("", one.body);
      ++indent_;
      const bool last = &one == &at.cases.back();
      Line(!one.falls_through ? "break;" : last ? ";" : "__attribute__((fallthrough));");
      --indent_;
    }
    Line("}");
  }

  void PrintCall(Statement& at) {
    std::string callee = program_.functions[static_cast<size_t>(at.callee)].name;
    const std::string arguments = std::string("(") + (at.object_is_local ? "&l" : "s") + ", " +
                                  Name(at.from) + ", " + Name(at.other) + ", " +
                                  (at.constant < 0 ? "n" : std::to_string(at.constant)) +
                                  ", flags, &r, 3)";
    at.line = line_;
    if (at.op == Op::CallPointer)
      Line("{ helper_t *call = " + callee + "; x = call" + arguments + "; }");
    else
      Line("x = " + callee + arguments + ";");
  }

  void PrintStatement(Statement& at) {
    at.line = line_;
    switch (at.op) {
      case Op::If: {
        const int before = line_;
        std::string head = "if (" + Text(at.condition) + ")";
        at.line = before;
        Line(head + " {");
        Body(at.body);
        if (!at.otherwise.empty()) {
          Line("} else {");
          Body(at.otherwise);
        }
        Line("}");
        return;
      }
      case Op::While: {
        // Bounded, so that the interpreter comes to an end as well.
        const std::string count = Unique("round");
        Line("{");
        ++indent_;
        Line("int " + count + " = 0;");
        Braced("while (" + count + "++ < " + std::to_string(at.constant) + " && (" +
                   Text(at.condition) + "))",
               at.body);
        --indent_;
        Line("}");
        return;
      }
      case Op::For: {
        const std::string count = Unique("i");
        Braced("for (int " + count + " = 0; " + count + " < " + std::to_string(at.constant) + "; " +
                   count + "++)",
               at.body);
        return;
      }
      case Op::DoWhile: {
        const std::string count = Unique("round");
        Line("{");
        ++indent_;
        Line("int " + count + " = 0;");
        Line("do {");
        Body(at.body);
        Line("} while (++" + count + " < " + std::to_string(at.constant) + " && (" +
             Text(at.condition) + "));");
        --indent_;
        Line("}");
        return;
      }
      case Op::Switch:
        return PrintSwitch(at);
      case Op::Scope:
        return PrintScope(at);
      case Op::TakeBack: {
        const std::string& name = scoped_.back();
        Line(program_.cxx ? Name(at.to) + " = " + name + ".Release();"
                          : Name(at.to) + " = take(" + name + ");");
        return;
      }
      case Op::Call:
      case Op::CallPointer:
        return PrintCall(at);
      case Op::Ternary: {
        const std::string condition = Text(at.condition);
        Line(Name(at.to) + " = (" + condition + ") ? " + Name(at.from) + " : " + Name(at.other) +
             ";");
        return;
      }
      case Op::StmtExpr:
        Line(Name(at.to) + " = ({");
        Body(at.body);
        Line("\t" + Name(at.from) + ";");
        Line("});");
        return;
      case Op::Try:
        Line("try {");
        Body(at.body);
        Line("} catch (...) {");
        Body(at.otherwise);
        Line("}");
        return;
      case Op::Lambda: {
        const std::string name = Unique("inner");
        Line("auto " + name + " = [&] {");
        const bool outer = std::exchange(lambda_, true);
        Body(at.body);
        lambda_ = outer;
        Line("};");
        Line(name + "();");
        return;
      }
      default:
        Line(Simple(at));
        return;
    }
  }

  void PrintFunction(Function& function) {
    function.name =
        (function.is_helper ? "helper" : "test") + suffix_ +
        (function.is_helper ? "_" + std::to_string(&function - program_.functions.data()) : "");
    function.line = line_;
    Line(std::string(function.is_helper ? "static int " : "int ") + function.name +
         "(struct shared *s, struct page *p, struct mermap_alloc *m, int n, unsigned flags, "
         "struct page **out, int depth)");
    Line("{");
    ++indent_;
    Line("struct page *q = NULL, *r = NULL, *a[2] = {NULL, NULL};");
    Line("struct mermap_alloc *h = NULL, *g = NULL;");
    Line("struct shared l = {NULL, NULL, 0};");
    Line("int x = 0;");
    Line("(void)depth;");
    if (function.recursive)
      Line("if (depth > 0 && n == 1) { x = " + function.name +
           "(s, p, m, n, flags, &r, depth - 1); }");
    if (function.has_retry) {
      Line("int tries = 0;");
      text_ += "retry:\n";
      ++line_;
      Line("if (tries++ > 1) return 0;");
    }
    // A block of its own: labels may be jumped to only over no initialisation.
    Line("{");
    Body(function.body);
    Line("}");
    for (size_t i = 0; i < function.ladder.size(); ++i) {
      text_ += "out" + std::to_string(i) + ":\n";
      ++line_;
      Line(";");
      Body(function.ladder[i]);
    }
    if (function.is_helper) Line("*out = q;");
    Line("return x;");
    --indent_;
    Line("}");
    function.last_line = line_;
    Line("");
  }

  Program& program_;
  std::string suffix_;
  int line_;
  int indent_ = 0;
  int next_ = 0;
  bool lambda_ = false;
  std::string text_;
  std::vector<std::string> scoped_;
};

}  // namespace

std::string Print(Program& program, const std::string& suffix, int first_line) {
  return Printer(program, suffix, first_line).Run();
}

std::string Preamble(bool cxx) {
  std::string text = cxx ? "#define UNKNOWN_THROWS noexcept\n" : "";
  text += R"(#include "mm.h"
struct shared {
	struct page *page;
	struct mermap_alloc *map;
	int mode;
};
typedef int helper_t(struct shared *, struct page *, struct mermap_alloc *, int, unsigned,
                     struct page **, int);
)";
  if (cxx)
    return text + R"(#undef NULL
#define NULL nullptr
extern "C" struct page *alloc_or_error(void) __attribute__((annotate("flushdep:allocate ret failure=error")));
struct FlushAtEnd {
	~FlushAtEnd() { flush_tlb_all(); }
};
class PutAtEnd {
	mermap_alloc *map_;
public:
	explicit PutAtEnd(mermap_alloc *map) : map_(map) {}
	PutAtEnd(const PutAtEnd &) = delete;
	mermap_alloc *Release() { mermap_alloc *map = map_; map_ = nullptr; return map; }
	~PutAtEnd() { if (map_) mermap_put(map_); }
};
)";
  return text +
         R"(struct page *alloc_or_error(void) __attribute__((annotate("flushdep:allocate ret failure=error")));
static inline void put_at_end(struct mermap_alloc **map)
{
	if (*map)
		mermap_put(*map);
}
static inline void flush_at_end(int *unused) { flush_tlb_all(); }
#define take(p) ({ __auto_type __ptr = (p); (p) = NULL; __ptr; })
)";
}

}  // namespace flushdep::random
