/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * annotations.h: what a function does to pages and translations, told to the
 * plugin in the source, and below what a running program tells the checker. Every macro vanishes
 * under a compiler that does not know it (gcc), and none changes generated code: effects are
 * attributes on *functions* and name parameters by index (0 is the return value, 1 the first
 * parameter).
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

/*
 * A function that allocates on behalf of its callers (as filemap_alloc_folio()
 * does): pages are classed by who called it. Such functions lie in a section of their own.
 */
#define FLUSHDEP_WRAPPER __attribute__((noinline, section("flushdep_wrappers")))

/* A function whose loads and stores are left alone; nothing of it is inlined into others. */
#if defined(__clang__)
#define FLUSHDEP_NO_INSTRUMENT __attribute__((disable_sanitizer_instrumentation, noinline))
#else
#define FLUSHDEP_NO_INSTRUMENT
#endif

/*
 * What a running program tells the checker. All vanish at run time where the
 * program is linked without it, and in a kernel that is not built on flushdep's shim.
 *
 * `page` is a pfn, in kernel code a struct page *.
 *
 *   flushdep_class_begin(key, subclass)   pages that this thread allocates from here on are of this
 *   flushdep_class_end()                  class, not of their allocation site's; nests
 *   flushdep_debt_handover(page, to)      the flush that the page owes is now owed by `to`
 *   flushdep_debt_cancel(page)            ... has been done by other means
 *   flushdep_passes(page, token)          the page passes a place: the one that `token` names, or,
 *                                         if that is 0, this code location
 *   flushdep_assert_flushed(page)         reports if a flush is owed, as lockdep_assert_held() does
 *   flushdep_assert_not_mapped(page)      reports if an ephemeral mapping of it is live
 *   flushdep_check_off(), _on()           nothing of this thread is reported in between; nests
 *   FLUSHDEP_UNCHECKED_SCOPE              the same to the end of the block
 */
#ifdef __cplusplus
extern "C" {
#endif
#if !defined(__KERNEL__) || defined(CONFIG_FLUSHDEP_SHIM)
#define FLUSHDEP_HOOK_(declaration) \
  __attribute__((weak, visibility("default"))) extern void declaration
FLUSHDEP_HOOK_(__flushdep_annotate_class(unsigned long key, unsigned int subclass));
FLUSHDEP_HOOK_(__flushdep_annotate_page(unsigned int kind, unsigned long pfn, unsigned long value));
FLUSHDEP_HOOK_(__flushdep_annotate_check(int delta));
#define FLUSHDEP_CALL_(function, arguments) \
  do {                                      \
    if (function) function arguments;       \
  } while (0)
#else
#define FLUSHDEP_CALL_(function, arguments) \
  do {                                      \
  } while (0)
#endif
#ifdef __cplusplus
}
#endif

#ifdef __KERNEL__
#define FLUSHDEP_PFN_(page) page_to_pfn(page)
#else
#define FLUSHDEP_PFN_(page) ((unsigned long)(page))
#endif

/* What __flushdep_annotate_page() is told. */
#define FLUSHDEP_SAY_HANDOVER 1u
#define FLUSHDEP_SAY_CANCEL 2u
#define FLUSHDEP_SAY_PASSES 3u
#define FLUSHDEP_SAY_FLUSHED 4u
#define FLUSHDEP_SAY_NOT_MAPPED 5u
#define FLUSHDEP_SAY_(kind, page, value) \
  FLUSHDEP_CALL_(__flushdep_annotate_page, (kind, FLUSHDEP_PFN_(page), (unsigned long)(value)))

#define flushdep_class_begin(key, subclass) \
  FLUSHDEP_CALL_(__flushdep_annotate_class, ((unsigned long)(key), (subclass)))
#define flushdep_class_end() FLUSHDEP_CALL_(__flushdep_annotate_class, (0, 0))
#define flushdep_debt_handover(page, to) FLUSHDEP_SAY_(FLUSHDEP_SAY_HANDOVER, page, to)
#define flushdep_debt_cancel(page) FLUSHDEP_SAY_(FLUSHDEP_SAY_CANCEL, page, 0)
#define flushdep_passes(page, token) FLUSHDEP_SAY_(FLUSHDEP_SAY_PASSES, page, token)
#define flushdep_assert_flushed(page) FLUSHDEP_SAY_(FLUSHDEP_SAY_FLUSHED, page, 0)
#define flushdep_assert_not_mapped(page) FLUSHDEP_SAY_(FLUSHDEP_SAY_NOT_MAPPED, page, 0)
#define flushdep_check_off() FLUSHDEP_CALL_(__flushdep_annotate_check, (1))
#define flushdep_check_on() FLUSHDEP_CALL_(__flushdep_annotate_check, (-1))

static __inline__ __attribute__((unused)) int flushdep_check_off_once_(void) {
  flushdep_check_off();
  return 0;
}
static __inline__ __attribute__((unused)) void flushdep_check_on_again_(int* unused) {
  (void)unused;
  flushdep_check_on();
}
#define FLUSHDEP_UNCHECKED_SCOPE                                                       \
  int flushdep_unchecked_ __attribute__((unused, cleanup(flushdep_check_on_again_))) = \
      flushdep_check_off_once_()

#endif /* FLUSHDEP_ANNOTATIONS_H */
