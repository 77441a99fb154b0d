/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * annotations.h: what a function does to pages and translations, told to the
 * plugin in the source. Every macro vanishes under a compiler that does not know
 * it (gcc), and none changes generated code: effects are attributes on
 * *functions* and name parameters by index (0 is the return value, 1 the first parameter).
 *
 * The same effects can be written in a protocol file (docs/protocol.md) for
 * code that cannot be edited.
 */
#ifndef FLUSHDEP_ANNOTATIONS_H
#define FLUSHDEP_ANNOTATIONS_H

#if defined(__clang__)
#define FLUSHDEP_EFFECT_(text) __attribute__((annotate("flushdep:" text)))
#else
#define FLUSHDEP_EFFECT_(text)
#endif

/* Returns a new page that the caller owns; null or an error pointer on failure. */
#define FLUSHDEP_ALLOCATES FLUSHDEP_EFFECT_("allocate ret")
/* Frees the page in parameter `arg`. */
#define FLUSHDEP_FREES(arg) FLUSHDEP_EFFECT_("free " #arg)
/* Drops a reference to the page in parameter `arg`, which may be the last. */
#define FLUSHDEP_DROPS(arg) FLUSHDEP_EFFECT_("drop " #arg)
#define FLUSHDEP_TAKES_REF(arg) FLUSHDEP_EFFECT_("ref " #arg)
/* Maps the page in parameter `page`; the return value is the handle, null on failure. */
#define FLUSHDEP_MAPS(page) FLUSHDEP_EFFECT_("map " #page " handle=ret")
/* Ends the mapping of handle `arg`; a flush is owed from here on. */
#define FLUSHDEP_UNMAPS(arg) FLUSHDEP_EFFECT_("unmap " #arg)
/* Ends the mapping of handle `arg`, flush included. */
#define FLUSHDEP_UNMAPS_AND_FLUSHES(arg) FLUSHDEP_EFFECT_("unmap " #arg " debt=none")
/* Flushes every CPU. */
#define FLUSHDEP_FLUSHES_ALL FLUSHDEP_EFFECT_("flush all")
/* Flushes the mm in parameter `arg` on every CPU that may hold it. */
#define FLUSHDEP_FLUSHES_MM(arg) FLUSHDEP_EFFECT_("flush mm=" #arg)
/* Flushes the calling CPU only. */
#define FLUSHDEP_FLUSHES_LOCAL FLUSHDEP_EFFECT_("flush local")
/* Flushes kernel addresses [first, second parameter) on every CPU. */
#define FLUSHDEP_FLUSHES_KERNEL_RANGE FLUSHDEP_EFFECT_("flush kernel-range")

/*
 * Silences one rule for the statement that follows it, with a reason that
 * reports and the coverage summary quote:
 *     FLUSHDEP_IGNORE("FD001", "flushed by the caller's batch");
 *     __free_page(page);
 */
#if defined(__clang__)
#define FLUSHDEP_IGNORE(rule, why)                 \
  do {                                             \
    (void)sizeof("flushdep-ignore:" rule ":" why); \
  } while (0)
#else
#define FLUSHDEP_IGNORE(rule, why) \
  do {                             \
  } while (0)
#endif

#endif /* FLUSHDEP_ANNOTATIONS_H */
