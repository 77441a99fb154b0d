// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The allocator's statistics, as structs and as the text of /proc/buddyinfo, /proc/pagetypeinfo
// and /proc/vmstat. Counts are consistent while nothing else runs. No heap; one write a line.
#ifndef FLUSHDEP_RUNTIME_MEMORY_MEMINFO_H_
#define FLUSHDEP_RUNTIME_MEMORY_MEMINFO_H_

#include <string_view>

#include "runtime/include/flushdep.h"

namespace flushdep {

flushdep_mem_stats ReadMemStats();
// A line of vmstat, by its name; false if there is none.
bool ReadVmstat(std::string_view name, uint64_t* value);
void PrintMeminfo(int fd);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_MEMINFO_H_
