/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kasan.h: KASAN, whose place the host's sanitizers take. */
#ifndef FLUSHDEP_LINUX_KASAN_H
#define FLUSHDEP_LINUX_KASAN_H

#include <linux/types.h>

struct page;

/* empty: the host's AddressSanitizer knows the heap without help. */
static inline void kasan_disable_current(void)
{
}

static inline void kasan_enable_current(void)
{
}

#define kasan_poison_pages(page, order, init)	((void)(page))
#define kasan_unpoison_pages(page, order, init) ((void)(page), false)
#define kasan_unpoison_range(address, size)	((void)(address))
#define kasan_check_byte(address)		((void)(address), true)
#define kasan_reset_tag(addr)			((void *)(addr))
#define kasan_enabled()				false
#define kasan_hw_tags_enabled()			false
#define page_kasan_tag(page)			((void)(page), (u8)0xff)
#define page_kasan_tag_set(page, tag)		((void)(page))
#define page_kasan_tag_reset(page)		((void)(page))

#endif
