// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD003: a page is freed after a flush that came late enough but reached too
// little: the calling CPU only, another mm, or kernel addresses of one address space.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_FD003_INSUFFICIENT_FLUSH_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_FD003_INSUFFICIENT_FLUSH_H_

#include "clang-plugin/rules/rule.h"

namespace flushdep::plugin {

extern const StaticRule kInsufficientFlush;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_FD003_INSUFFICIENT_FLUSH_H_
