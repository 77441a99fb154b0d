/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/slab.h: small allocations.
 *
 * They come from the host's heap, not from pages of the simulated machine:
 * AddressSanitizer and the like see them, virt_to_page() of them is nothing.
 */
#ifndef FLUSHDEP_LINUX_SLAB_H
#define FLUSHDEP_LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

/* partial: see above; sizes and alignment as the kernel's. */
#define ZERO_SIZE_PTR	      ((void *)16)
#define ZERO_OR_NULL_PTR(x)   ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)
#define KMALLOC_MAX_SIZE      (1UL << 22)
#define ARCH_KMALLOC_MINALIGN 8
void *kmalloc(size_t size, gfp_t flags) __malloc;
void *kzalloc(size_t size, gfp_t flags) __malloc;
void *kmalloc_array(size_t n, size_t size, gfp_t flags) __malloc;
void *kcalloc(size_t n, size_t size, gfp_t flags) __malloc;
void *__must_check krealloc(const void *p, size_t new_size, gfp_t flags);
size_t ksize(const void *objp);
void kfree(const void *objp);
void kfree_sensitive(const void *objp);
/* faithful: by type; the flags may be left out. */
#define __default_gfp(a, b, ...) b
#define default_gfp(...)	 __default_gfp(, ##__VA_ARGS__, GFP_KERNEL)
#define kmalloc_obj(P, ...)	 ((typeof(P) *)kmalloc(sizeof(P), default_gfp(__VA_ARGS__)))
#define kzalloc_obj(P, ...)	 ((typeof(P) *)kzalloc(sizeof(P), default_gfp(__VA_ARGS__)))
#define kmalloc_objs(P, COUNT, ...) \
	((typeof(P) *)kmalloc_array((COUNT), sizeof(P), default_gfp(__VA_ARGS__)))
#define kzalloc_objs(P, COUNT, ...) \
	((typeof(P) *)kcalloc((COUNT), sizeof(P), default_gfp(__VA_ARGS__)))

/* partial: one node, whose number is not looked at. */
#define kmalloc_node(size, flags, node) ((void)(node), kmalloc(size, flags))
#define kzalloc_node(size, flags, node) ((void)(node), kzalloc(size, flags))

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))

/* partial: a named size with a constructor; objects are not reused by name. */
#define SLAB_HWCACHE_ALIGN   0x00002000U
#define SLAB_PANIC	     0x00040000U
#define SLAB_ACCOUNT	     0x04000000U
#define SLAB_RECLAIM_ACCOUNT 0x00020000U
struct kmem_cache;
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *s);
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags) __malloc;
void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags) __malloc;
void kmem_cache_free(struct kmem_cache *s, void *objp);
#define KMEM_CACHE(__struct, __flags)                                                       \
	kmem_cache_create(#__struct, sizeof(struct __struct), __alignof__(struct __struct), \
			  (__flags), NULL)

#endif
