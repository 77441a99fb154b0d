// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a clang command line will do, as far as the driver must know: the last
// phase, the inputs and their languages. Read with clang's own option table,
// so separate values (-o FILE, -x LANG, -Xclang ARG) are never taken for inputs.
// Nothing is opened or run.
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_COMMAND_LINE_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace flushdep::driver {

struct CommandLine {
  enum class Phase {
    kInformation,  // --version, -print-...: nothing is compiled
    kPreprocess,   // -E, -M, -MM
    kPrecompile,   // inputs are headers: what becomes code is compiled where they are included
    kSyntax,       // -fsyntax-only, --analyze: no code is generated
    kCompile,      // -S, -c, -emit-ast
    kLink,
  };
  Phase phase = Phase::kLink;
  bool dry_run = false;    // -###
  bool executable = true;  // of a link: neither -shared nor -r
  std::vector<std::string> c_inputs;
  std::vector<std::string> cxx_inputs;
  std::vector<std::string> linker_inputs;  // objects, archives, libraries by file name
  bool only_headers = false;               // are those of C and C++
  bool has_inputs = false;                 // any of the above, or assembler, or -lNAME

  bool compiles_c_family() const { return !c_inputs.empty() || !cxx_inputs.empty(); }
};

// `args` without argv[0], response files expanded; `cxx_driver` as for clang++.
CommandLine ReadCommandLine(llvm::ArrayRef<const char*> args, bool cxx_driver);

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_COMMAND_LINE_H_
