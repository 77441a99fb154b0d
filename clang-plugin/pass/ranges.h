// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a loop will access, known before it: for loads and stores whose address goes on by the same
// step each turn, in a loop whose number of turns is known when it begins.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_RANGES_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_RANGES_H_

#include "clang-plugin/pass/bases.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"

namespace flushdep {

// Bytes from `low` to the end of the access at `last`: its accesses lie in between.
struct LoopRange {
  llvm::Value* flag;       // of the base, known before the loop
  const llvm::SCEV* step;  // null if the address stays
  const llvm::SCEV* low;
  const llvm::SCEV* last;
  uint64_t bytes;  // of that access
  bool write;      // does any of them?
};

struct LoopRanges {
  llvm::SmallVector<LoopRange, 4> ranges;
  llvm::SmallVector<llvm::Instruction*, 16> accesses;  // that lie in them
  const llvm::SCEV* turns = nullptr;                   // but one
  // Steps that may come around in so many turns, for all that is known: to be tested, too.
  llvm::SmallVector<const llvm::SCEV*, 2> steps;
};

// Is what `flag` is of known before the loop?
bool IsKnownBefore(const llvm::Loop& loop, const llvm::Value* flag);

// Is it worth the effort to look for them? Quickly, in any form of loop.
bool MayHaveRanges(const llvm::Loop& loop, Bases& bases, const Spared& spared);

// Of an innermost loop in simplified form that has a preheader. Empty if anything in it could
// change what is mapped, or if some of its accesses are not known.
LoopRanges FindRanges(const llvm::Loop& loop, llvm::ScalarEvolution& evolution, Bases& bases,
                      const Spared& spared);

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_RANGES_H_
