// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD001: a page is freed, or a reference dropped that may be the last, while a
// flush is owed for it and none was made since the put (or since the removal from the
// direct map). A drop that may not be the last makes it "possible".
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD001_UNFLUSHED_FREE_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD001_UNFLUSHED_FREE_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kUnflushedFree;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD001_UNFLUSHED_FREE_H_
