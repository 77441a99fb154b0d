// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contents of variables, fields and pointees in a state: load, store, and what
// an unknown call may have changed. Silence is preferred: what may have changed
// is forgotten, and what is forgotten is never reported.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_MEMORY_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_MEMORY_H_

#include "clang-plugin/engine/context.h"
#include "llvm/ADT/ArrayRef.h"

namespace flushdep::plugin {

// A symbol for what `site` gave just now. One that is still in use from an earlier time
// at the same place becomes an older generation first.
ValueId NewSymbol(FunctionContext& context, State& state, const void* site, RegionId place,
                  clang::QualType type);

// What `region` holds, as the expression `site` reads it. Unknown contents become a
// symbol of that expression: a symbol of the place would nest in itself when a
// loop follows pointers.
ValueId Load(FunctionContext& context, State& state, RegionId region, const clang::Expr* site,
             clang::QualType type);

void Store(FunctionContext& context, State& state, RegionId region, ValueId value);

// Makes `to` an object of `type` equal to `from`; both hold the same from here on.
void CopyObject(FunctionContext& context, State& state, RegionId from, RegionId to,
                clang::QualType type, const clang::Expr* site);

// Bytes of it are somewhere else now, by what name is not known.
void NoteCopies(const FunctionContext& context, State& state, RegionId region);

// It may hold anything from here on.
void ForgetPlace(const FunctionContext& context, State& state, RegionId region);

// A pointer was read, or came about, of which nothing is known: a handle that may be meant is not
// known by its names only from here on. `region` is where it was read, or 0.
void NoteUnknownPointer(const FunctionContext& context, State& state, RegionId region,
                        clang::QualType type);

// What is kept where others find it may be put by them from here on.
void ShareHandles(State& state);

// Forgets the contents of a place and its parts.
void Clear(FunctionContext& context, State& state, RegionId region);

// A call about which nothing is declared got these values.
void ForgetAfterCall(FunctionContext& context, State& state, llvm::ArrayRef<ValueId> arguments);

// Was it read where others may have it from, too?
bool IsForeign(const FunctionContext& context, ValueId value);

// A call may have done anything to mappings, flushes and owners.
void ForgetTypestate(State& state);

// Where a lock is taken: pointers that others may have changed.
void ForgetShared(FunctionContext& context, State& state);

// A number that this way wrote, of which nothing is known: a test of it tells something about the
// way, but not what.
ValueId Uncertain(FunctionContext& context, State& state, const void* site, clang::QualType type);
bool IsUncertain(const ValueTable& values, ValueId value);

// Was anything at `place`, or in it, written on this way, rather than read or zeroed?
bool IsWritten(const FunctionContext& context, const State& state, RegionId place);

// Makes all that is at `place` uncertain.
void Scramble(FunctionContext& context, State& state, RegionId place, const clang::Expr* site);

// p[index] of an array that is at `array`, or of the one number there.
RegionId ElementOf(ValueTable& values, RegionId array, ValueId index);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_MEMORY_H_
