// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of free lists: a migratetype and flags, in the place of the bare migratetype.
// Pure: no state, no dependencies beyond the public header.
//
// Not every combination exists. FREETYPE_UNMAPPED is for unmovable pages only, as pages outside
// the direct map cannot be copied and so not be moved; every other combination has no list.
// Two freetypes are equal only if their flags are too.
// Source: the public __GFP_UNMAPPED series (freetype_t, freetype_idx()).
#ifndef FLUSHDEP_RUNTIME_MEMORY_FREETYPE_H_
#define FLUSHDEP_RUNTIME_MEMORY_FREETYPE_H_

#include <cstdint>

#include "runtime/include/flushdep.h"

namespace flushdep {

enum class Migratetype : uint8_t {
  Unmovable = FLUSHDEP_MIGRATE_UNMOVABLE,
  Movable = FLUSHDEP_MIGRATE_MOVABLE,
  Reclaimable = FLUSHDEP_MIGRATE_RECLAIMABLE,
  // The free pages of a pageblock that is being emptied: nobody is served from it.
  Isolate = FLUSHDEP_MIGRATE_ISOLATE,
};
inline constexpr unsigned kNumMigratetypes = FLUSHDEP_MIGRATE_TYPES;
// The first ones are what can be asked for, and what per-CPU lists are kept of.
inline constexpr unsigned kNumPcpMigratetypes = FLUSHDEP_MIGRATE_PCPTYPES;

inline constexpr unsigned kFreetypeUnmapped = FLUSHDEP_FREETYPE_UNMAPPED;
inline constexpr unsigned kFreetypeFlags = kFreetypeUnmapped;

class Freetype {
 public:
  constexpr Freetype() = default;  // unmovable, no flags
  constexpr explicit Freetype(Migratetype migratetype, unsigned flags = 0)
      : bits_(static_cast<uint8_t>(static_cast<unsigned>(migratetype) | flags << kFlagShift)) {}
  // As flushdep.h passes it; what is no freetype has index -1.
  static constexpr Freetype FromBits(unsigned bits) {
    Freetype type;
    type.bits_ = bits <= 0xff ? static_cast<uint8_t>(bits) : uint8_t{0xff};
    return type;
  }
  static constexpr Freetype FromIndex(unsigned index) {
    if (index == kNumMigratetypes) return Freetype(Migratetype::Unmovable, kFreetypeUnmapped);
    return Freetype(static_cast<Migratetype>(index));
  }

  constexpr Migratetype migratetype() const { return static_cast<Migratetype>(bits_ & kTypeMask); }
  constexpr unsigned flags() const { return bits_ >> kFlagShift; }
  constexpr bool unmapped() const { return (flags() & kFreetypeUnmapped) != 0; }
  constexpr unsigned bits() const { return bits_; }

  // Dense, 0 .. kNumFreetypes - 1; -1 for a combination that does not exist.
  constexpr int index() const {
    unsigned type = bits_ & kTypeMask;
    if (type >= kNumMigratetypes) return -1;
    if (flags() == 0) return static_cast<int>(type);
    bool exists = flags() == kFreetypeUnmapped && migratetype() == Migratetype::Unmovable;
    return exists ? static_cast<int>(kNumMigratetypes) : -1;
  }

  // Whole value, flags too: this is what decides whether blocks merge.
  friend constexpr bool operator==(Freetype a, Freetype b) = default;

 private:
  static constexpr unsigned kFlagShift = FLUSHDEP_FREETYPE_FLAG_SHIFT;
  static constexpr unsigned kTypeMask = (1u << kFlagShift) - 1;
  uint8_t bits_ = 0;
};
static_assert(sizeof(Freetype) == 1, "one byte a pageblock");

inline constexpr unsigned kNumFreetypes = kNumMigratetypes + 1;
inline constexpr Freetype kUnmappedFreetype(Migratetype::Unmovable, kFreetypeUnmapped);

// Whom a dry list may take from, in this order (mm/page_alloc.c, fallbacks[]). Unmapped
// blocks are in nobody's list: the flip is the only way in or out.
inline constexpr unsigned kNumFallbacks = 2;
inline constexpr Migratetype kFallbacks[kNumPcpMigratetypes][kNumFallbacks] = {
    {Migratetype::Reclaimable, Migratetype::Movable},    // Unmovable
    {Migratetype::Reclaimable, Migratetype::Unmovable},  // Movable
    {Migratetype::Unmovable, Migratetype::Movable},      // Reclaimable
};

constexpr bool HasFallbacks(Freetype type) {
  return type.flags() == 0 && static_cast<unsigned>(type.migratetype()) < kNumPcpMigratetypes;
}

// The bank of per-CPU lists of a freetype: one per migratetype that can be asked for, and
// an extra one for unmapped; -1 for what has none.
inline constexpr unsigned kNumPcpBanks = kNumPcpMigratetypes + 1;
constexpr int PcpBank(Freetype type) {
  if (type == kUnmappedFreetype) return static_cast<int>(kNumPcpMigratetypes);
  return HasFallbacks(type) ? static_cast<int>(type.migratetype()) : -1;
}

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_FREETYPE_H_
