// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks and places in messages.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_DESCRIBE_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_DESCRIBE_H_

#include <unistd.h>

#include "runtime/machine/sync/emit.h"
#include "runtime/machine/sync/state.h"
#include "runtime/machine/text.h"

namespace flushdep {

// 'name' (0xaddress)
inline void AppendLock(Text& text, const flushdep_lock* lock) {
  if (lock->name != nullptr) text << "'" << lock->name << "' ";
  text << "(";
  text.Hex(reinterpret_cast<uint64_t>(lock)) << ")";
}

// 'name' (0xaddress), taken by spin_lock() at 0xsite
inline void AppendHeld(Text& text, const HeldLock& held) {
  AppendLock(text, held.lock);
  text << ", taken by " << CallName(held.reason) << "() at ";
  text.Hex(held.site);
}

inline void AppendCall(Text& text, const Call& call) {
  text << CallName(call.reason) << "() at ";
  text.Hex(call.site);
}

inline void WriteError(const Text& text) {
  if (write(STDERR_FILENO, text.view().data(), text.view().size()) < 0) return;
}

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_DESCRIBE_H_
