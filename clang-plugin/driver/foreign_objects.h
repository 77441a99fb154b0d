// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects that no flushdep-clang compiled. Linked into a checked program they
// would be blind spots, so the link refuses them unless told otherwise.
//
// Judged are ELF relocatable objects given by name: one that holds a compiler's
// output (its .comment section names one) must have the stamp. Passed are
// archives, shared libraries, LLVM bitcode, hand-written assembler, and what
// cannot be read at all (clang or the linker will say so better).
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_FOREIGN_OBJECTS_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_FOREIGN_OBJECTS_H_

#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"

namespace flushdep::driver {

// One line per object that must not be linked, naming object and reason; no full stop.
std::vector<std::string> FindForeignObjects(llvm::ArrayRef<std::string> linker_inputs);

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_FOREIGN_OBJECTS_H_
