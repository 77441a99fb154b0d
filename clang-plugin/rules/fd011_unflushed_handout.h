// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD011: a page that was taken out of the direct map is shown to others before the flush.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD011_UNFLUSHED_HANDOUT_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD011_UNFLUSHED_HANDOUT_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kUnflushedHandout;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD011_UNFLUSHED_HANDOUT_H_
