// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD018: a page table is freed after its entry was cleared, and before a flush that drops what
// CPUs, lazy ones as well, keep of the upper levels.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD018_UNFLUSHED_TABLE_FREE_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD018_UNFLUSHED_TABLE_FREE_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kUnflushedTableFree;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD018_UNFLUSHED_TABLE_FREE_H_
