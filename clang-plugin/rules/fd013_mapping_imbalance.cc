// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd013_mapping_imbalance.h"

namespace flushdep::plugin {
namespace {

void OnUnmap(const UnmapEvent& event, Verdicts& verdicts) {
  for (const Handle& handle : event.state.handles) {
    if (handle.value != event.handle || handle.put == nullptr) continue;
    Verdict verdict;
    verdict.rule = Rule::FD013;
    verdict.now = event.call;
    verdict.mapped = handle.mapped;
    verdict.put = handle.put;
    verdicts.push_back(verdict);
  }
}

// What is still mapped, and nobody else has the handle of.
void OnEnd(const EndEvent& event, Verdicts& verdicts) {
  for (const Handle& handle : event.state.handles) {
    if (handle.put != nullptr || handle.mapped == nullptr || handle.escaped || handle.shared ||
        handle.contained)
      continue;
    Verdict verdict;
    verdict.rule = Rule::FD013;
    verdict.now = handle.mapped;
    verdict.mapped = handle.mapped;
    verdicts.push_back(verdict);
  }
}

}  // namespace

const StaticRule kMappingImbalance = {.on_unmap = OnUnmap, .on_end = OnEnd};

}  // namespace flushdep::plugin
