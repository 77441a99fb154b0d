// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which file a program counter is in, and where in it.
#ifndef FLUSHDEP_CHECKER_REPORT_MODULES_H_
#define FLUSHDEP_CHECKER_REPORT_MODULES_H_

#include <cstdint>
#include <string_view>

namespace flushdep {

struct ModuleAddress {
  char path[512];     // absolute where the loader knows it; "" if none
  char build_id[65];  // lower-case hex, "" if the module has none
  uint64_t offset;    // address as the file's own headers count
};

// False if no loaded module holds `pc`; then only offset (= pc) is set.
// Takes the loader's lock (dl_iterate_phdr): not from a signal handler that may
// have interrupted the loader.
bool FindModule(uint64_t pc, ModuleAddress* out);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_MODULES_H_
