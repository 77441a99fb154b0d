// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD014: a call that needs interrupts on, or a context that may sleep, is made where this
// function turned them off.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD014_WRONG_CONTEXT_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD014_WRONG_CONTEXT_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kWrongContext;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD014_WRONG_CONTEXT_H_
