/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bitfield.h: parts of words, by masks of adjacent bits. */
#ifndef FLUSHDEP_LINUX_BITFIELD_H
#define FLUSHDEP_LINUX_BITFIELD_H

#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* faithful: the lowest bit's number. */
#define __bf_shf(mask) (__builtin_ffsll(mask) - 1)

/* The shim's own: a mask that is a constant, not zero and without gaps; a value that fits. */
#define FLUSHDEP_SHIM_FIELD_CHECK(mask, val, name)                                                 \
	do {                                                                                       \
		BUILD_BUG_ON_MSG(!__builtin_constant_p(mask), name ": mask is not constant");      \
		BUILD_BUG_ON_MSG((mask) == 0, name ": mask is zero");                              \
		BUILD_BUG_ON_MSG(                                                                  \
			__builtin_constant_p(val) ? ~((mask) >> __bf_shf(mask)) & (0 + (val)) : 0, \
			name ": value too large for the field");                                   \
		BUILD_BUG_ON_MSG((((mask) + (1ULL << __bf_shf(mask))) &                            \
				  (((mask) + (1ULL << __bf_shf(mask))) - 1)) != 0,                 \
				 name ": mask has gaps");                                          \
	} while (0)

/* partial: the register's type is not compared with the mask's. */
#define FIELD_MAX(_mask)                                             \
	({                                                           \
		FLUSHDEP_SHIM_FIELD_CHECK(_mask, 0ULL, "FIELD_MAX"); \
		(typeof(_mask))((_mask) >> __bf_shf(_mask));         \
	})
#define FIELD_FIT(_mask, _val)                                              \
	({                                                                  \
		FLUSHDEP_SHIM_FIELD_CHECK(_mask, 0ULL, "FIELD_FIT");        \
		!((((typeof(_mask))(_val)) << __bf_shf(_mask)) & ~(_mask)); \
	})
#define FIELD_PREP(_mask, _val)                                       \
	({                                                            \
		FLUSHDEP_SHIM_FIELD_CHECK(_mask, _val, "FIELD_PREP"); \
		((typeof(_mask))(_val) << __bf_shf(_mask)) & (_mask); \
	})
#define FIELD_GET(_mask, _reg)                                          \
	({                                                              \
		FLUSHDEP_SHIM_FIELD_CHECK(_mask, 0U, "FIELD_GET");      \
		(typeof(_mask))(((_reg) & (_mask)) >> __bf_shf(_mask)); \
	})

/* faithful: a constant expression. */
#define FIELD_PREP_CONST(_mask, _val)                                \
	(BUILD_BUG_ON_ZERO((_mask) == 0) +                           \
	 BUILD_BUG_ON_ZERO(~((_mask) >> __bf_shf(_mask)) & (_val)) + \
	 (((typeof(_mask))(_val) << __bf_shf(_mask)) & (_mask)))

/* faithful */
void __compiletime_error("value does not fit into the mask") __field_overflow(void);

static __always_inline u64 field_multiplier(u64 field)
{
	return field & -field;
}

static __always_inline u64 field_mask(u64 field)
{
	return field / field_multiplier(field);
}

#define field_max(field) ((typeof(field))field_mask(field))

/* One type of words: their integer type, and how they become such integers and back. */
#ifdef __OPTIMIZE__
#define FLUSHDEP_SHIM_FIELD_FITS(v, field)                                 \
	do {                                                               \
		if (__builtin_constant_p(v) && ((v) & ~field_mask(field))) \
			__field_overflow();                                \
	} while (0)
#else
#define FLUSHDEP_SHIM_FIELD_FITS(v, field) ((void)0)
#endif
#define FLUSHDEP_SHIM_FIELD_OPS(type, base, to, from)                                           \
	static __always_inline __##type type##_encode_bits(base v, base field)                  \
	{                                                                                       \
		FLUSHDEP_SHIM_FIELD_FITS(v, field);                                             \
		return to((base)((v & field_mask(field)) * field_multiplier(field)));           \
	}                                                                                       \
	static __always_inline __##type type##_replace_bits(__##type old, base val, base field) \
	{                                                                                       \
		return (old & ~to(field)) | type##_encode_bits(val, field);                     \
	}                                                                                       \
	static __always_inline void type##p_replace_bits(__##type *p, base val, base field)     \
	{                                                                                       \
		*p = type##_replace_bits(*p, val, field);                                       \
	}                                                                                       \
	static __always_inline base type##_get_bits(__##type v, base field)                     \
	{                                                                                       \
		return (from(v) & field) / field_multiplier(field);                             \
	}

FLUSHDEP_SHIM_FIELD_OPS(u8, u8, , )
FLUSHDEP_SHIM_FIELD_OPS(u16, u16, , )
FLUSHDEP_SHIM_FIELD_OPS(u32, u32, , )
FLUSHDEP_SHIM_FIELD_OPS(u64, u64, , )
FLUSHDEP_SHIM_FIELD_OPS(le16, u16, cpu_to_le16, le16_to_cpu)
FLUSHDEP_SHIM_FIELD_OPS(le32, u32, cpu_to_le32, le32_to_cpu)
FLUSHDEP_SHIM_FIELD_OPS(le64, u64, cpu_to_le64, le64_to_cpu)
FLUSHDEP_SHIM_FIELD_OPS(be16, u16, cpu_to_be16, be16_to_cpu)
FLUSHDEP_SHIM_FIELD_OPS(be32, u32, cpu_to_be32, be32_to_cpu)
FLUSHDEP_SHIM_FIELD_OPS(be64, u64, cpu_to_be64, be64_to_cpu)

#endif
