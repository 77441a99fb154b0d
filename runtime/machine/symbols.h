// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of the running executable by name, from its ELF symbol table. Reads the file;
// for start-up and tests, not for paths that are taken often. No heap.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYMBOLS_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYMBOLS_H_

#include <cstdint>
#include <string_view>

namespace flushdep {

struct FunctionBounds {
  uint64_t start;
  uint64_t end;
};

// 0; -ENOENT: no such function, or no symbol table (stripped); -EEXIST: several of that
// name (static ones of several files).
int FindFunction(std::string_view name, FunctionBounds* bounds);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYMBOLS_H_
