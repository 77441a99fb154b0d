// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What producers call their own calls: `reason` from FLUSHDEP_WHY_USER up, named by NAME events of
// the kind WRONG_CONTEXT. A few dozen; further ones stay without a name.
//
// Locking: its own. A name is told once, before it is asked for.
#ifndef FLUSHDEP_CHECKER_MODEL_CALL_NAMES_H_
#define FLUSHDEP_CHECKER_MODEL_CALL_NAMES_H_

#include <cstdint>
#include <cstring>
#include <string_view>

#include "checker/event/events.h"
#include "checker/model/spinlock.h"

namespace flushdep {

class CallNames {
 public:
  // The first piece; more of a name is cut off.
  void Set(const flushdep_event_name& name) {
    if (name.index != 0) return;
    SpinGuard guard(lock_);
    for (Named& named : names_) {
      if (named.api != 0 && named.api != name.object) continue;
      named.api = name.object;
      memcpy(named.text, name.text, sizeof(name.text));
      return;
    }
  }
  // Empty if it has none.
  std::string_view Of(uint32_t api) {
    SpinGuard guard(lock_);
    for (const Named& named : names_)
      if (api != 0 && named.api == api) return named.text;
    return {};
  }

 private:
  struct Named {
    uint64_t api;
    char text[sizeof(flushdep_event_name{}.text) + 1];
  };
  static constexpr uint32_t kMax = 64;
  SpinLock lock_;
  Named names_[kMax] = {};
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_CALL_NAMES_H_
