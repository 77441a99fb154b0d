// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd008_stale_access.h"

namespace flushdep::plugin {
namespace {

void OnAccess(const AccessEvent& event, Verdicts& verdicts) {
  for (const Handle& handle : event.state.handles) {
    if (handle.put == nullptr || handle.address == 0 ||
        event.values.Base(event.pointer) != handle.address)
      continue;
    Verdict verdict;
    verdict.rule = Rule::FD008;
    verdict.now = event.site;
    verdict.mapped = handle.mapped;
    verdict.put = handle.put;
    verdicts.push_back(verdict);
  }
}

}  // namespace

const StaticRule kStaleAccess = {.on_access = OnAccess};

}  // namespace flushdep::plugin
