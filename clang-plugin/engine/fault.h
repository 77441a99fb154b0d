// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Faults that the engine's own test plants, one at a time, to see that it would find them. Only
// the build of that test has them (FLUSHDEP_PLANT_FAULTS); in the product this is `false`.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_FAULT_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_FAULT_H_

#ifdef FLUSHDEP_PLANT_FAULTS
#include <cstdlib>
#endif

namespace flushdep::plugin {

// A new one goes to the end; the test tries each.
enum class Fault {
  None,
  PostfixIsPrefix,
  FalseEdgeNotAssumed,
  NullHandleStaysMapped,
  FailedRemovalOwes,
  LocalFlushIsEnough,
  OtherMmIsEnough,
  KernelFlushMissesDirectMap,
  ReferencesNotCounted,
  EveryDropIsLast,
  StoresDoNotEscape,
  CallsForgetNothing,
  LivenessOfOneWay,
  RangesDoNotTellApart,
  DebtsDoNotTellApart,
  ReturnValueLost,
  ArgumentLost,
  RecursionNotRaised,
  DefaultTakesAll,
  ConditionalFlipped,
  NothingIsUnwound,
  SymbolsDoNotAge,
  BitsAreNotKnown,
  kCount
};

#ifdef FLUSHDEP_PLANT_FAULTS
inline bool Planted(Fault fault) {
  static const char* const text = std::getenv("FLUSHDEP_FAULT");
  static const int number = text != nullptr ? std::atoi(text) : 0;
  return number == static_cast<int>(fault);
}
#else
constexpr bool Planted(Fault) { return false; }
#endif

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_FAULT_H_
