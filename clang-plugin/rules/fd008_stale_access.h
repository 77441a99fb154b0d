// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD008: memory is read or written at the address of a mapping that was put.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD008_STALE_ACCESS_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD008_STALE_ACCESS_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kStaleAccess;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD008_STALE_ACCESS_H_
