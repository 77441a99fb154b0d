// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD002: a page is freed while a mapping of it that was made here is live.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD002_FREE_WHILE_MAPPED_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD002_FREE_WHILE_MAPPED_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kFreeWhileMapped;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD002_FREE_WHILE_MAPPED_H_
