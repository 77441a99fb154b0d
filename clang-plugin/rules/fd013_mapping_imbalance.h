// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD013: a mapping is put twice on one way through the function, or not at all although nobody else
// has its handle.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD013_MAPPING_IMBALANCE_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD013_MAPPING_IMBALANCE_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kMappingImbalance;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD013_MAPPING_IMBALANCE_H_
