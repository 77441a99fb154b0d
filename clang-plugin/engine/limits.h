// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far the engine goes for one function. Reaching a bound is a give-up, which is
// counted and reported; `flushdep check --deep` raises them.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_LIMITS_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_LIMITS_H_

namespace flushdep::plugin {

struct Limits {
  unsigned states = 5000;  // different states at block starts, callees included
  unsigned steps = 40000;  // executed elements
  unsigned depth = 10;     // calls inside of each other that are followed
  unsigned recursion = 4;  // activations of one function at a time
};

// Where a call was cut, one more activation must make no difference; else recursion does not
// settle.
inline constexpr unsigned kMaxRecursion = 5;

// Of all functions of a unit together. Beyond, each of the rest gets a tenth of the bounds.
inline constexpr unsigned kMaxUnitSteps = 200000;
inline constexpr unsigned kTiredFactor = 10;

// `--deep`.
inline constexpr unsigned kDeepFactor = 20;
inline constexpr unsigned kDeepDepth = 16;

// A callee without effects is followed for what it returns and stores only if it is small.
inline constexpr unsigned kMaxSmallBlocks = 14;
// Or if it gets the address of a variable, whose contents would be unknown otherwise.
inline constexpr unsigned kMaxLentBlocks = 40;
// In a header, where the small functions of a project are, only without a branch.
inline constexpr unsigned kMaxHeaderBlocks = 3;
// A library's own, that hand on what they get.
inline constexpr unsigned kMaxHandOnBlocks = 6;
inline constexpr unsigned kMaxSmallExits = 8;

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_LIMITS_H_
